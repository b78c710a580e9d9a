//! The configuration API: who may call it, and how it says no.

pub(crate) mod token_policies;

use crate::{
    bearer::{self, Authorization},
    parameters::ParametersError,
    provider::{Provider, ProviderError},
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use policy::{admin_scope, token_policy::PropertyError};
use serde_json::json;
use store::StoreError;

/// Why a call is refused. The body is always `{"errors":"…"}`, a text.
// Inferred: 401, 404, 400 and 422 exist, their texts are not documented; 403
// with "Forbidden" is (domain notes, section 10).
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("Unauthorized")]
    Unauthorized,
    /// Expired, unknown, revoked, another customer's, or without a scope for it.
    #[error("Forbidden")]
    Forbidden,
    #[error("Not Found")]
    NotFound,
    #[error("the body is not a JSON object: {0}")]
    Malformed(String),
    #[error(transparent)]
    Body(#[from] ParametersError),
    #[error(transparent)]
    Property(#[from] PropertyError),
    #[error(transparent)]
    Failed(#[from] ProviderError),
}

impl From<StoreError> for ConfigError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl IntoResponse for ConfigError {
    fn into_response(self) -> Response {
        let mut text = self.to_string();
        let status = match &self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Body(error) => error.status(),
            Self::Property(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Failed(error) => {
                tracing::error!(%error, "the configuration API failed");
                "Internal Server Error".clone_into(&mut text);
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        let mut response = (
            status,
            [(header::CACHE_CONTROL, "no-store")],
            Json(json!({"errors": text})),
        )
            .into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(r#"Bearer realm="configuration API""#),
            );
        }
        response
    }
}

impl Provider {
    /// Lets a call through, or not: there must be a live administrative token
    /// of this customer with a scope that covers the method on the path, which
    /// is relative to `/{customerId}/`.
    ///
    /// Returns the customer's id.
    pub(crate) async fn admit(
        &self,
        customer: &str,
        headers: &HeaderMap,
        method: &Method,
        path: &str,
    ) -> Result<String, ConfigError> {
        let customer = self
            .customer(customer, headers)
            .await?
            .ok_or(ConfigError::NotFound)?;
        let Authorization::Bearer(token) = bearer::authorization(headers) else {
            return Err(ConfigError::Unauthorized);
        };
        let token = self
            .live_access_token(&customer.id, token)
            .await?
            // A person's token is no key to the configuration, whatever it carries.
            .filter(|token| token.person_id.is_none())
            .ok_or(ConfigError::Forbidden)?;
        if admin_scope::allows(&token.scope, method.as_str(), path) {
            Ok(customer.id)
        } else {
            Err(ConfigError::Forbidden)
        }
    }
}
