//! What the client is told, and where.

use oidc::{
    authorization::append_query,
    error::{ErrorCode, OAuthError},
};

/// Where and how the client is answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) issuer: String,
}

impl Answer {
    /// The redirect URI with the answer added; a registered query is kept.
    /// [RFC 9207 section 2](https://www.rfc-editor.org/rfc/rfc9207#section-2) for `iss`
    pub(super) fn location(&self, parameters: &[(&str, &str)]) -> String {
        let state = self.state.as_deref().map(|state| ("state", state));
        let all = parameters
            .iter()
            .copied()
            .chain(state)
            .chain([("iss", self.issuer.as_str())]);
        append_query(&self.redirect_uri, all)
    }

    pub(super) fn refuse(&self, code: ErrorCode, description: &str) -> RedirectError {
        RedirectError {
            answer: self.clone(),
            error: OAuthError::new(code, description),
        }
    }
}

/// A problem the client is told by redirect.
#[derive(Clone, Debug)]
pub(crate) struct RedirectError {
    answer: Answer,
    error: OAuthError,
}

impl RedirectError {
    /// Where the browser goes.
    pub(crate) fn location(&self) -> String {
        let mut parameters = vec![("error", self.error.error.as_str())];
        if let Some(description) = &self.error.error_description {
            parameters.push(("error_description", description));
        }
        self.answer.location(&parameters)
    }

    /// The error code, for the log.
    pub(crate) fn code(&self) -> &str {
        &self.error.error
    }
}
