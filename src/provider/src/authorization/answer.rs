//! Where the client is told what, and how it gets there.

use super::response::AuthorizationResponse;
use crate::provider::ProviderError;
use oidc::{
    error::{ErrorCode, OAuthError},
    response_type::ResponseMode,
};

/// Where and how the client is answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(super) redirect_uri: String,
    /// Whether the redirect URI leads back to this deployment.
    pub(super) own: bool,
    pub(super) mode: ResponseMode,
    pub(super) state: Option<String>,
    pub(super) issuer: String,
}

impl Answer {
    /// The response with these parameters, `state`, and `iss`.
    /// [RFC 9207 section 2](https://www.rfc-editor.org/rfc/rfc9207#section-2)
    pub(super) fn with(
        &self,
        mut parameters: Vec<(&'static str, String)>,
    ) -> AuthorizationResponse {
        parameters.extend(self.state.clone().map(|state| ("state", state)));
        parameters.push(("iss", self.issuer.clone()));
        AuthorizationResponse {
            redirect_uri: self.redirect_uri.clone(),
            own: self.own,
            mode: self.mode,
            parameters,
        }
    }

    /// Logs a failure once and turns it into what the client is told.
    pub(super) fn failed(&self, customer: &str, error: &ProviderError) -> RedirectError {
        tracing::error!(customer, %error, "the provider failed");
        self.refuse(
            ErrorCode::ServerError,
            "The provider could not read or write its data",
        )
    }

    pub(super) fn refuse(&self, code: ErrorCode, description: &str) -> RedirectError {
        let OAuthError {
            error,
            error_description,
        } = OAuthError::new(code, description);
        let mut parameters = vec![("error", error)];
        parameters.extend(error_description.map(|text| ("error_description", text)));
        RedirectError {
            code,
            response: self.with(parameters),
        }
    }
}

/// A problem the client is told.
/// [Core section 3.1.2.6](https://openid.net/specs/openid-connect-core-1_0.html#AuthError)
#[derive(Clone, Debug)]
pub(crate) struct RedirectError {
    code: ErrorCode,
    pub(super) response: AuthorizationResponse,
}

impl RedirectError {
    /// What is told, noted in the log by its code.
    pub(crate) fn into_response(self) -> AuthorizationResponse {
        tracing::info!(
            error = self.code.as_str(),
            "refused an authorization request"
        );
        self.response
    }
}
