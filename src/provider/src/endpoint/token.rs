//! The token endpoint.
//! [RFC 6749 section 3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)

use crate::{
    client_auth::{Presented, PresentedError},
    grant::{authorization_code, client_credentials, refresh_token},
    oauth_error::ErrorResponse,
    parameters::{Parameters, ParametersError, query_pairs},
    provider::{Provider, ProviderError},
};
use axum::{
    Json,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use oidc::{
    error::ErrorCode,
    token::{GrantType, TokenResponse},
};
use policy::client::Client;
use store::StoreError;

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    #[error(transparent)]
    Parameters(#[from] ParametersError),
    #[error(transparent)]
    Presented(#[from] PresentedError),
    #[error("Parameters belong into the body, not into the address")]
    InQuery,
    #[error("The parameter {0} is missing")]
    Missing(&'static str),
    #[error("Unknown client, or the client did not prove itself")]
    InvalidClient,
    #[error("The grant type is not supported")]
    UnsupportedGrantType,
    #[error("{0}")]
    UnauthorizedClient(&'static str),
    #[error("{0}")]
    InvalidGrant(&'static str),
    #[error("{0}")]
    InvalidScope(&'static str),
    #[error(transparent)]
    Failed(#[from] ProviderError),
}

impl From<StoreError> for TokenError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl IntoResponse for TokenError {
    /// [RFC 6749 section 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)
    fn into_response(self) -> Response {
        let (status, code) = match &self {
            Self::Parameters(error) => (error.status(), ErrorCode::InvalidRequest),
            Self::Presented(PresentedError::TwoMethods | PresentedError::TwoClients)
            | Self::InQuery
            | Self::Missing(_) => (StatusCode::BAD_REQUEST, ErrorCode::InvalidRequest),
            Self::Presented(PresentedError::Malformed | PresentedError::Nobody)
            | Self::InvalidClient => (StatusCode::UNAUTHORIZED, ErrorCode::InvalidClient),
            Self::UnsupportedGrantType => {
                (StatusCode::BAD_REQUEST, ErrorCode::UnsupportedGrantType)
            }
            Self::UnauthorizedClient(_) => (StatusCode::BAD_REQUEST, ErrorCode::UnauthorizedClient),
            Self::InvalidGrant(_) => (StatusCode::BAD_REQUEST, ErrorCode::InvalidGrant),
            Self::InvalidScope(_) => (StatusCode::BAD_REQUEST, ErrorCode::InvalidScope),
            Self::Failed(error) => {
                tracing::error!(%error, "the token endpoint failed");
                return ErrorResponse::server_error().into_response();
            }
        };
        // Only the code: a description may hold what was sent.
        tracing::info!(error = code.as_str(), "refused a token");
        let mut response = ErrorResponse::new(status, code, &self.to_string());
        if status == StatusCode::UNAUTHORIZED {
            response.challenge = Some(r#"Basic realm="token endpoint""#.to_owned());
        }
        response.into_response()
    }
}

/// Exchanges a grant for tokens.
pub(crate) async fn post(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, Response> {
    let headers = request.headers().clone();
    let customer = provider
        .customer_or_error(&customer, &headers)
        .await
        .map_err(IntoResponse::into_response)?;
    let token = exchange(&provider, &customer.id, &headers, request)
        .await
        .map_err(IntoResponse::into_response)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(token)).into_response())
}

async fn exchange(
    provider: &Provider,
    customer: &str,
    headers: &HeaderMap,
    request: Request,
) -> Result<TokenResponse, TokenError> {
    refuse_query(request.uri().query())?;
    let parameters = Parameters::form_or_multipart(request).await?;
    let grant_type = parameters
        .get("grant_type")
        .ok_or(TokenError::Missing("grant_type"))?;
    let client = authenticate(provider, customer, headers, &parameters).await?;
    match GrantType::parse(grant_type) {
        Some(GrantType::AuthorizationCode) => {
            authorization_code::exchange(provider, customer, &client, &parameters).await
        }
        Some(GrantType::RefreshToken) => {
            refresh_token::exchange(provider, customer, &client, &parameters).await
        }
        Some(GrantType::ClientCredentials) => {
            client_credentials::exchange(provider, customer, &client, &parameters).await
        }
        None => Err(TokenError::UnsupportedGrantType),
    }
}

/// Secrets in an address end up in logs, so that nothing is taken from there.
/// [RFC 6749 section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)
fn refuse_query(query: Option<&str>) -> Result<(), TokenError> {
    const OURS: [&str; 8] = [
        "grant_type",
        "code",
        "refresh_token",
        "redirect_uri",
        "client_id",
        "client_secret",
        "code_verifier",
        "scope",
    ];
    if query_pairs(query)
        .iter()
        .any(|(name, _)| OURS.contains(&name.as_str()))
    {
        return Err(TokenError::InQuery);
    }
    Ok(())
}

async fn authenticate(
    provider: &Provider,
    customer: &str,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Client, TokenError> {
    let presented = Presented::read(headers, parameters)?;
    let client = provider
        .store()
        .client(customer, &presented.client_id)
        .await?;
    let proven = presented.proves(client.as_ref());
    client.filter(|_| proven).ok_or(TokenError::InvalidClient)
}
