//! What the endpoints have in common that clients post to.

use crate::{
    client_address::ClientAddress,
    client_auth::{ClientAuthError, Presented, PresentedError},
    oauth_error::ErrorResponse,
    parameters::{Parameters, ParametersError, query_pairs},
    provider::{Provider, ProviderError},
};
use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use oidc::error::ErrorCode;
use policy::client::Client;
use store::StoreError;

/// A form that a client sent, who has proved that it is that client.
pub(crate) struct ClientRequest {
    /// The customer's id.
    pub(crate) customer: String,
    pub(crate) client: Client,
    pub(crate) parameters: Parameters,
}

/// Why such a request is refused, whatever it asks for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientRequestError {
    #[error("There is no customer with this id")]
    UnknownCustomer,
    #[error("Parameters belong into the body, not into the address")]
    InQuery,
    #[error(transparent)]
    Parameters(#[from] ParametersError),
    #[error("The parameter {0} is missing")]
    Missing(&'static str),
    #[error(transparent)]
    Client(#[from] ClientAuthError),
    #[error(transparent)]
    Failed(#[from] ProviderError),
}

impl From<PresentedError> for ClientRequestError {
    fn from(error: PresentedError) -> Self {
        Self::Client(error.into())
    }
}

impl From<StoreError> for ClientRequestError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl ClientRequest {
    /// Reads the form and authenticates the client.
    pub(crate) async fn read(
        provider: &Provider,
        customer: &str,
        request: Request,
    ) -> Result<Self, ClientRequestError> {
        let headers = request.headers().clone();
        let from = ClientAddress::of(request.extensions());
        let customer = provider
            .customer(customer, &headers)
            .await?
            .ok_or(ClientRequestError::UnknownCustomer)?;
        refuse_query(request.uri().query())?;
        let parameters = Parameters::form_or_multipart(request).await?;
        let presented = Presented::read(&headers, &parameters)?;
        let client = provider
            .authenticate(&customer.id, &presented, from)
            .await?;
        Ok(Self {
            customer: customer.id,
            client,
            parameters,
        })
    }

    /// The value of a parameter that must be there.
    pub(crate) fn required(&self, name: &'static str) -> Result<&str, ClientRequestError> {
        self.parameters
            .get(name)
            .ok_or(ClientRequestError::Missing(name))
    }
}

/// Secrets in an address end up in logs, so that nothing is taken from there.
/// [RFC 6749 section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)
fn refuse_query(query: Option<&str>) -> Result<(), ClientRequestError> {
    const OURS: [&str; 10] = [
        "grant_type",
        "code",
        "refresh_token",
        "redirect_uri",
        "client_id",
        "client_secret",
        "code_verifier",
        "scope",
        "token",
        "token_type_hint",
    ];
    if query_pairs(query)
        .iter()
        .any(|(name, _)| OURS.contains(&name.as_str()))
    {
        return Err(ClientRequestError::InQuery);
    }
    Ok(())
}

impl IntoResponse for ClientRequestError {
    /// [RFC 6749 section 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)
    fn into_response(self) -> Response {
        let (status, code) = match &self {
            Self::UnknownCustomer => (StatusCode::NOT_FOUND, ErrorCode::InvalidRequest),
            Self::Parameters(error) => (error.status(), ErrorCode::InvalidRequest),
            Self::InQuery | Self::Missing(_) => {
                (StatusCode::BAD_REQUEST, ErrorCode::InvalidRequest)
            }
            Self::Client(error) => match error.answer() {
                Some(answer) => answer,
                None => return failed(&self),
            },
            Self::Failed(_) => return failed(&self),
        };
        // Only the code: a description may hold what was sent.
        tracing::info!(error = code.as_str(), "refused a client's request");
        let mut response = ErrorResponse::new(status, code, &self.to_string());
        if status == StatusCode::UNAUTHORIZED {
            response.challenge = Some(r#"Basic realm="clients""#.to_owned());
        }
        if let Self::Client(ClientAuthError::TooManyWrong(seconds)) = &self {
            response.retry_after = Some(*seconds);
        }
        response.into_response()
    }
}

fn failed(error: &ClientRequestError) -> Response {
    tracing::error!(%error, "a client's request failed");
    ErrorResponse::server_error().into_response()
}

impl ClientAuthError {
    /// Status and code; `None` when it is not the client's doing.
    fn answer(&self) -> Option<(StatusCode, ErrorCode)> {
        match self {
            Self::Presented(PresentedError::TwoMethods | PresentedError::TwoClients) => {
                Some((StatusCode::BAD_REQUEST, ErrorCode::InvalidRequest))
            }
            Self::Presented(PresentedError::Malformed | PresentedError::Nobody)
            | Self::Unproven => Some((StatusCode::UNAUTHORIZED, ErrorCode::InvalidClient)),
            // No code is made for it. This one tells the client that it may come
            // again, as the status does.
            // https://www.rfc-editor.org/rfc/rfc6585#section-4
            Self::TooManyWrong(_) => Some((
                StatusCode::TOO_MANY_REQUESTS,
                ErrorCode::TemporarilyUnavailable,
            )),
            Self::Failed(_) => None,
        }
    }
}
