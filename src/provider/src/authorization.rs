//! An authorization request on its way to a response: a chain of stages, each
//! with its own type and only the data that is valid there.
//!
//! [`Received`] → [`KnownClient`] → [`SafeRedirect`] → [`Checked`] →
//! [`Interacted`] → [`AuthorizationResponse`]. Before [`SafeRedirect`] only a
//! [`PageError`] is possible; from there on only a [`RedirectError`]. So nothing
//! is ever sent to an address that is not registered.
//! [RFC 6749 section 4.1.2.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1)
//!
//! Every stage has its own file. Outside this module only [`Received`] can be
//! made, so that nobody can skip a stage.
//!
//! [`KnownClient`]: known_client::KnownClient
//! [`SafeRedirect`]: safe_redirect::SafeRedirect
//! [`Interacted`]: interacted::Interacted
//! [`AuthorizationResponse`]: response::AuthorizationResponse
//! [`PageError`]: crate::page::PageError

mod answer;
mod checked;
mod expected;
mod front_channel;
mod interacted;
mod known_client;
pub(crate) mod prompt;
mod received;
mod redirect_uri;
mod response;
mod response_mode;
mod safe_redirect;

pub(crate) use answer::RedirectError;
pub(crate) use checked::{Checked, Turn};
pub(crate) use prompt::Screen as FirstScreen;
pub(crate) use received::Received;
pub(crate) use safe_redirect::SafeRedirect;
