//! The introspection endpoint.
//! [RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)

use crate::{
    client_auth::ClientAuthError,
    client_request::{ClientRequest, ClientRequestError},
    provider::Provider,
    token::audience,
};
use axum::{
    Json,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
};
use http::header;
use oidc::{scope::ScopeToken, time::UnixTime};
use policy::client::{Client, ClientKind, ClientType};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Token, TokenKind};

/// What is told of a token that counts, in the documented order.
/// [RFC 7662 section 2.2](https://www.rfc-editor.org/rfc/rfc7662#section-2.2)
#[derive(Serialize)]
struct Description {
    active: bool,
    /// In alphabetical order, as the documented sample is. Left out when nothing
    /// was granted.
    // Inferred: the order and the leaving out (domain notes, sections 1.4 and 10).
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    client_id: String,
    /// Left out for a refresh token, which no resource server may take for an
    /// access token.
    // Inferred: the documented sample is an access token's.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    exp: UnixTime,
    iat: UnixTime,
    /// The person, or the client of an administrative token.
    // Inferred: for administrative tokens nothing is documented (domain notes,
    // section 1.4); this is what a JWT of the same kind holds.
    sub: String,
    aud: Value,
}

/// Tells whether a token counts, and what it stands for. A wrong
/// `token_type_hint` changes nothing: all tokens are looked for alike.
pub(crate) async fn post(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, ClientRequestError> {
    let received = ClientRequest::read(&provider, &customer, request).await?;
    // Who has no secret cannot prove anything, and anybody could fish for tokens.
    // https://www.rfc-editor.org/rfc/rfc7662#section-2.1
    if received.client.client_type == ClientType::Public {
        return Err(ClientAuthError::Unproven.into());
    }
    let text = received.required("token")?;
    let found = provider.store().token(&received.customer, text).await?;
    let answer = found
        .filter(|token| counts(token, provider.now()) && is_shown(token, &received.client))
        .map_or_else(
            || Json(json!({"active": false})).into_response(),
            |token| Json(Description::new(&provider, token)).into_response(),
        );
    Ok(([(header::CACHE_CONTROL, "no-store")], answer).into_response())
}

/// Whether the token could be used now.
fn counts(token: &Token, now: UnixTime) -> bool {
    !token.revoked && token.used_at.is_none() && now < token.expires_at
}

/// Whether the client is told of the token: a login client of its own tokens, a
/// configuration client of all of its customer's. To a login client the tokens
/// of others are unknown, so that one application cannot look into what people
/// do with another. A configuration client administers the customer anyway; it
/// is what a resource server that serves several clients asks with, and what
/// the documented story of the token without scope is told with.
/// [RFC 7662 section 4](https://www.rfc-editor.org/rfc/rfc7662#section-4)
// Inferred: documented is only that a client's id and secret are needed (domain
// notes, section 1.4).
fn is_shown(token: &Token, client: &Client) -> bool {
    token.client_id == client.id || client.kind() == ClientKind::Configuration
}

impl Description {
    fn new(provider: &Provider, token: Token) -> Self {
        let mut scope: Vec<&str> = token.scope.iter().map(ScopeToken::as_str).collect();
        scope.sort_unstable();
        let scope = (!scope.is_empty()).then(|| scope.join(" "));
        Self {
            active: true,
            scope,
            token_type: (token.kind == TokenKind::Access).then_some("Bearer"),
            exp: token.expires_at,
            iat: token.issued_at,
            aud: audience(provider, &token),
            sub: token.person_id.unwrap_or_else(|| token.client_id.clone()),
            client_id: token.client_id,
        }
    }
}
