//! Screens that only say something.

use crate::screen::Screen;
use axum::response::{IntoResponse, Response};

/// What is said, and nothing asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Logout Success.
    LoggedOut,
    /// The person does not want to be signed out.
    StillSignedIn,
    /// `resetPasswordSuccess`, where no sign-in waits.
    PasswordChanged,
    /// The person does not want to sign in, and there is nowhere to go back to.
    Cancelled,
}

impl IntoResponse for Notice {
    fn into_response(self) -> Response {
        Screen::Notice(self).into_response()
    }
}
