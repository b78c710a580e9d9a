//! Asking the person: what the screens show and what their forms do.
//!
//! An address that shows something answers with a [`Screen`], a form with a
//! redirect, or with its [`Screen`] again and what is wrong with it. What waits
//! meanwhile is in the store, [bound](waiting) to the browser it began in.
//!
//! [`Screen`]: crate::screen::Screen

mod form;
mod session;
pub(crate) mod sign_in;
mod waiting;

pub use sign_in::{SignInMessage, SignInView};
