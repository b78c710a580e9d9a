//! The revocation endpoint.
//! [RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)

use crate::{
    client_request::{ClientRequest, ClientRequestError},
    oauth_error::ErrorResponse,
    provider::Provider,
};
use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use oidc::error::ErrorCode;
use store::{StoreError, Token, TokenKind};

/// Why nothing is revoked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RevokeError {
    #[error(transparent)]
    Request(#[from] ClientRequestError),
    /// [RFC 7009 section 2.1](https://www.rfc-editor.org/rfc/rfc7009#section-2.1):
    /// refused, and the client is told. The code is the one that stands for
    /// tokens issued to another client.
    // Inferred: the documents say that only the issuing client may revoke, not
    // how another is refused (domain notes, section 1.5).
    #[error("The token was issued to another client")]
    OtherClient,
}

impl From<StoreError> for RevokeError {
    fn from(error: StoreError) -> Self {
        Self::Request(error.into())
    }
}

impl IntoResponse for RevokeError {
    /// [RFC 7009 section 2.2.1](https://www.rfc-editor.org/rfc/rfc7009#section-2.2.1)
    fn into_response(self) -> Response {
        match self {
            Self::Request(error) => error.into_response(),
            Self::OtherClient => ErrorResponse::new(
                StatusCode::BAD_REQUEST,
                ErrorCode::InvalidGrant,
                &self.to_string(),
            )
            .into_response(),
        }
    }
}

/// Takes a token back. A token that is not there, or no longer counts, is as
/// good as revoked; a `token_type_hint` changes nothing, known or not.
/// [RFC 7009 section 2.2](https://www.rfc-editor.org/rfc/rfc7009#section-2.2)
// Inferred: the empty answer is the specification's; no sample was found
// (domain notes, section 1.5).
pub(crate) async fn post(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, RevokeError> {
    let received = ClientRequest::read(&provider, &customer, request).await?;
    let text = received.required("token")?;
    let found = provider.store().token(&received.customer, text).await?;
    if let Some(token) = found {
        if token.client_id != received.client.id {
            return Err(RevokeError::OtherClient);
        }
        revoke(&provider, &token, text).await?;
    }
    Ok([(header::CACHE_CONTROL, "no-store")].into_response())
}

/// An access token goes alone. With a refresh token goes everything that came
/// from the same login, or else the access tokens would outlive it.
async fn revoke(provider: &Provider, token: &Token, text: &str) -> Result<(), StoreError> {
    let Token {
        customer_id: customer,
        client_id: client,
        ..
    } = token;
    match token.kind {
        TokenKind::Access => {
            provider.store().revoke_token(customer, text).await?;
            tracing::info!(customer, client, "revoked an access token");
        }
        TokenKind::Refresh => {
            let revoked = provider
                .store()
                .revoke_grant(customer, &token.grant_id)
                .await?;
            tracing::info!(customer, client, revoked, "revoked the tokens of a login");
        }
    }
    Ok(())
}
