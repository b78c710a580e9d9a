//! The token endpoint.
//! [RFC 6749 section 3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)

use crate::{
    client_request::{ClientRequest, ClientRequestError},
    grant::{authorization_code, client_credentials, refresh_token},
    oauth_error::ErrorResponse,
    provider::{Provider, ProviderError},
};
use axum::{
    Json,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use oidc::{
    error::ErrorCode,
    token::{GrantType, TokenResponse},
};
use store::StoreError;

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    #[error(transparent)]
    Request(#[from] ClientRequestError),
    #[error("The grant type is not supported")]
    UnsupportedGrantType,
    #[error("{0}")]
    UnauthorizedClient(&'static str),
    #[error("{0}")]
    InvalidGrant(&'static str),
    #[error("{0}")]
    InvalidScope(&'static str),
}

impl From<StoreError> for TokenError {
    fn from(error: StoreError) -> Self {
        Self::Request(error.into())
    }
}

impl From<ProviderError> for TokenError {
    fn from(error: ProviderError) -> Self {
        Self::Request(error.into())
    }
}

impl IntoResponse for TokenError {
    /// [RFC 6749 section 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)
    fn into_response(self) -> Response {
        let code = match self {
            Self::Request(error) => return error.into_response(),
            Self::UnsupportedGrantType => ErrorCode::UnsupportedGrantType,
            Self::UnauthorizedClient(_) => ErrorCode::UnauthorizedClient,
            Self::InvalidGrant(_) => ErrorCode::InvalidGrant,
            Self::InvalidScope(_) => ErrorCode::InvalidScope,
        };
        tracing::info!(error = code.as_str(), "refused a token");
        ErrorResponse::new(StatusCode::BAD_REQUEST, code, &self.to_string()).into_response()
    }
}

/// Exchanges a grant for tokens.
pub(crate) async fn post(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, TokenError> {
    let received = ClientRequest::read(&provider, &customer, request).await?;
    let token = exchange(&provider, &received).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(token)).into_response())
}

async fn exchange(
    provider: &Provider,
    received: &ClientRequest,
) -> Result<TokenResponse, TokenError> {
    match GrantType::parse(received.required("grant_type")?) {
        Some(GrantType::AuthorizationCode) => {
            authorization_code::exchange(provider, received).await
        }
        Some(GrantType::RefreshToken) => refresh_token::exchange(provider, received).await,
        Some(GrantType::ClientCredentials) => {
            client_credentials::exchange(provider, received).await
        }
        None => Err(TokenError::UnsupportedGrantType),
    }
}
