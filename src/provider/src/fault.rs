//! What goes wrong on request.
//!
//! The catalogue is `policy::fault`; here is what the provider does about it.
//! Nothing is wrong unless somebody switched it on for the customer, over the
//! configuration API, and the configuration API itself is never wrong: neither
//! its endpoints nor the administrative tokens that open it, so that a fault can
//! always be switched off.
//!
//! Start at [`Active`]. Each file below is one place where things go wrong, and
//! is called from there in one line; `attend.rs` surrounds whole endpoints.

mod access_token;
mod active;
mod asking;
mod attend;
mod authorization;
mod documents;
mod grant;
mod id_token;
mod logout;
mod transport;
mod userinfo;

pub(crate) use access_token::{expire, scopes};
pub(crate) use active::{Active, Faults};
pub use attend::HEADER;
pub(crate) use attend::attend;
pub(crate) use authorization::{refuses_everybody, spoil_response};
pub(crate) use documents::{spoil_jwks, spoil_metadata};
pub(crate) use grant::{refuse_code, refuse_refresh, refuses_scope};
pub(crate) use id_token::spoil_id_token;
pub(crate) use logout::logout_state;
pub(crate) use userinfo::spoil_userinfo;

/// Stands where another's name belongs.
const SOMEBODY_ELSE: &str = "somebody-else";
/// An issuer that nobody is.
/// [RFC 2606 section 2](https://www.rfc-editor.org/rfc/rfc2606#section-2)
const OTHER_ISSUER: &str = "https://other-issuer.invalid";
