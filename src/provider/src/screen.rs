//! What a person is shown, as data: whoever mounts the router draws it.

pub use crate::interaction::{SignInMessage, SignInView};
use axum::response::{IntoResponse, Response};
use http::header;

/// Which of the provider's addresses show a screen, so that whoever mounts the
/// router knows them. They begin below `/{customer}`.
pub const PATHS: [&str; 1] = ["/{customer}/auth-ui/login"];

/// One of Hosted Login's screens. As a response it is a short text and carries
/// this value as an extension, so that a real page can be put in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screen {
    /// `signIn`.
    SignIn(Box<SignInView>),
}

impl Screen {
    /// The screen in a few words.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::SignIn(_) => "Sign in",
        }
    }

    /// Whether a form on it may be answered with a redirect to another site.
    /// Browsers that are told where forms may lead must not be told so here.
    #[must_use]
    pub const fn leads_away(&self) -> bool {
        match self {
            Self::SignIn(_) => true,
        }
    }
}

impl IntoResponse for Screen {
    fn into_response(self) -> Response {
        let mut response = (
            [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            format!("{}\n", self.title()),
        )
            .into_response();
        response.extensions_mut().insert(self);
        response
    }
}
