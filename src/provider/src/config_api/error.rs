//! How the configuration API says no.

use crate::{parameters::ParametersError, provider::ProviderError, signing::RotateError};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use policy::body::PropertyError;
use schemars::JsonSchema;
use serde::Serialize;
use store::{ClientRefusal, StoreError};

/// Why a call is refused. The body is always `{"errors":"…"}`, a text.
// Inferred: 401, 404, 400, 409 and 422 exist, their texts are not documented
// but for those of policies in use, of properties that are missing and of some
// that cannot change; 403 with "Forbidden" is (domain notes, sections 1.9 and 10).
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("Unauthorized")]
    Unauthorized,
    /// Expired, unknown, revoked, another customer's, or without a scope for it.
    #[error("Forbidden")]
    Forbidden,
    #[error("Not Found")]
    NotFound,
    #[error("Method Not Allowed")]
    MethodNotAllowed,
    #[error("the body is not a JSON object: {0}")]
    Malformed(serde_json::Error),
    #[error(transparent)]
    Body(#[from] ParametersError),
    #[error(transparent)]
    Property(#[from] PropertyError),
    /// A policy that clients use, with a list of them that is itself JSON.
    #[error("{0}")]
    InUse(String),
    #[error("{0}")]
    Conflict(&'static str),
    /// The document is not the one that `If-Match` names.
    #[error("the document is not the one If-Match names: it was changed meanwhile")]
    Changed,
    /// See [`StoreError::Full`].
    #[error("the customer has as many {0} as it may have")]
    Full(&'static str),
    #[error(
        "what this customer began with was not kept when it was made; reset it on the playground's page"
    )]
    NoBeginning,
    #[error("{problem}")]
    TooMany { problem: String, retry_after: i64 },
    #[error(transparent)]
    Failed(#[from] ProviderError),
}

/// The body of every refusal.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Errors")]
struct Errors {
    /// What is wrong, for people.
    errors: String,
}

impl ConfigError {
    /// The schema of the body, whatever the error.
    pub(crate) fn schema(schemas: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemas.subschema_for::<Errors>()
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Body(error) => error.status(),
            Self::Property(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::InUse(_) | Self::Conflict(_) | Self::Full(_) | Self::NoBeginning => {
                StatusCode::CONFLICT
            }
            Self::Changed => StatusCode::PRECONDITION_FAILED,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<StoreError> for ConfigError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full(what) => Self::Full(what),
            // The customer was reset or swept away meanwhile.
            StoreError::Orphan => Self::NotFound,
            other => Self::Failed(other.into()),
        }
    }
}

impl From<ClientRefusal> for ConfigError {
    // Inferred: that a policy which is not there is a wrong property, and a name
    // that is taken a conflict.
    fn from(refusal: ClientRefusal) -> Self {
        match refusal {
            ClientRefusal::NotFound => Self::NotFound,
            ClientRefusal::NameTaken => Self::Conflict("another client has this name"),
            ClientRefusal::NoTokenPolicy => {
                PropertyError::new("tokenPolicy", "there is no such token policy").into()
            }
            ClientRefusal::NoLoginPolicy => {
                PropertyError::new("loginPolicy", "there is no such login policy").into()
            }
        }
    }
}

impl From<RotateError> for ConfigError {
    fn from(error: RotateError) -> Self {
        match error {
            RotateError::TooMany { retry_after } => Self::TooMany {
                problem: error.to_string(),
                retry_after,
            },
            RotateError::UnknownCustomer => Self::NotFound,
            RotateError::Failed(error) => Self::Failed(error),
        }
    }
}

impl IntoResponse for ConfigError {
    fn into_response(self) -> Response {
        let status = self.status();
        let errors = match &self {
            Self::Failed(error) => {
                tracing::error!(%error, "the configuration API failed");
                "Internal Server Error".to_owned()
            }
            other => other.to_string(),
        };
        let mut response = (
            status,
            [(header::CACHE_CONTROL, "no-store")],
            Json(Errors { errors }),
        )
            .into_response();
        let headers = response.headers_mut();
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(r#"Bearer realm="configuration API""#),
            );
        }
        if let Self::TooMany { retry_after, .. } = self {
            headers.insert(header::RETRY_AFTER, retry_after.into());
        }
        response
    }
}
