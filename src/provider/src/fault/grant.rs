//! Grants that are refused.

use crate::{
    client_request::ClientRequest,
    endpoint::token::TokenError,
    provider::{Provider, ProviderError},
};
use oidc::scope::{Scope, ScopeToken};
use policy::{client::Client, fault::FaultName};

/// Refuses a code, whatever it is worth.
pub(crate) async fn refuse_code(
    provider: &Provider,
    received: &ClientRequest,
) -> Result<(), TokenError> {
    const WHY: &str = "The code is refused: the fault code-refused is switched on";
    refuse(provider, received, FaultName::CodeRefused, WHY).await
}

/// The same of a refresh token.
pub(crate) async fn refuse_refresh(
    provider: &Provider,
    received: &ClientRequest,
) -> Result<(), TokenError> {
    const WHY: &str = "The refresh token is refused: the fault refresh-refused is switched on";
    refuse(provider, received, FaultName::RefreshRefused, WHY).await
}

async fn refuse(
    provider: &Provider,
    received: &ClientRequest,
    name: FaultName,
    why: &'static str,
) -> Result<(), TokenError> {
    let client = &received.client.id;
    let active = provider.active(&received.customer, Some(client)).await;
    match active.take(name).await {
        Some(_) => Err(TokenError::InvalidGrant(why)),
        None => Ok(()),
    }
}

/// Whether a request is refused because it asks for what the policy does not
/// allow, instead of being granted the rest.
/// [RFC 6749 section 3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)
pub(crate) async fn refuses_scope(
    provider: &Provider,
    customer: &str,
    client: &Client,
    requested: &Scope,
) -> Result<bool, ProviderError> {
    let active = provider.active(customer, Some(&client.id)).await;
    if !active.names().contains(&FaultName::ScopeRefused) {
        return Ok(false);
    }
    let policy = provider.token_policy_of(customer, client).await?;
    let allows = |token: &ScopeToken| policy.allowed_scopes.contains(token.as_str());
    Ok(!requested.iter().all(allows) && active.take(FaultName::ScopeRefused).await.is_some())
}
