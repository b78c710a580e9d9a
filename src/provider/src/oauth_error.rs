//! Errors that are answered with a JSON body.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use oidc::error::{ErrorCode, OAuthError};

/// An error of an endpoint that programs call.
/// [RFC 6749 section 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)
pub(crate) struct ErrorResponse {
    pub(crate) status: StatusCode,
    pub(crate) error: OAuthError,
    pub(crate) challenge: Option<String>,
    /// After how many seconds it is worth trying again.
    pub(crate) retry_after: Option<i64>,
}

impl ErrorResponse {
    pub(crate) fn new(status: StatusCode, code: ErrorCode, description: &str) -> Self {
        Self {
            status,
            error: OAuthError::new(code, description),
            challenge: None,
            retry_after: None,
        }
    }

    pub(crate) fn unknown_customer() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            ErrorCode::InvalidRequest,
            "There is no customer with this id",
        )
    }

    pub(crate) fn server_error() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::ServerError,
            "The provider could not read or write its data",
        )
    }
}

impl IntoResponse for ErrorResponse {
    fn into_response(self) -> Response {
        let mut response = (
            self.status,
            [(header::CACHE_CONTROL, "no-store")],
            Json(self.error),
        )
            .into_response();
        if let Some(Ok(challenge)) = self.challenge.map(HeaderValue::try_from) {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
