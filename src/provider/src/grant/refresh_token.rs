//! A refresh token becomes new tokens, and a new refresh token takes its place.
//! [RFC 6749 section 6](https://www.rfc-editor.org/rfc/rfc6749#section-6),
//! [RFC 9700 section 4.14.2](https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2)

use super::login_tokens::{Exchange, LoginTokens};
use crate::{
    client_request::ClientRequest,
    endpoint::token::TokenError,
    fault,
    provider::{Provider, ProviderError},
};
use oidc::{scope::Scope, token::TokenResponse};
use policy::{
    client::{Client, ClientKind},
    grant::grant_login,
};
use store::{Token, TokenKind};

pub(crate) async fn exchange(
    provider: &Provider,
    received: &ClientRequest,
) -> Result<TokenResponse, TokenError> {
    let ClientRequest {
        customer, client, ..
    } = received;
    if client.kind() == ClientKind::Configuration {
        return Err(TokenError::UnauthorizedClient(
            "A configuration client has no refresh tokens: it gets a new administrative token",
        ));
    }
    let text = received.required("refresh_token")?;
    fault::refuse_refresh(provider, received).await?;
    let former = live(provider, customer, client, text).await?;
    let tokens = make(provider, received, &former).await?;
    let taken = provider
        .store()
        .rotate_refresh_token(customer, text, provider.now(), &tokens.kept())
        .await?;
    if !taken {
        // Another request with the same refresh token was faster.
        return Err(replayed(provider, customer, &former).await?);
    }
    tracing::info!(customer, client = client.id, "exchanged a refresh token");
    Ok(tokens.answer())
}

async fn make(
    provider: &Provider,
    received: &ClientRequest,
    former: &Token,
) -> Result<LoginTokens, TokenError> {
    let (Some(login), Some(person)) = (&former.login, &former.person_id) else {
        return Err(ProviderError::Dangling("the login of a refresh token").into());
    };
    let person = provider
        .store()
        .person(&received.customer, person)
        .await?
        .ok_or(TokenError::InvalidGrant("The person is gone"))?;
    let requested = requested(former, received.parameters.get("scope"))?;
    let policy = provider
        .token_policy_of(&received.customer, &received.client)
        .await?;
    // The policy counts as it stands now: what it no longer allows is dropped,
    // and what it allows again comes back.
    // Inferred: domain notes, section 10.
    let scope = grant_login(&requested, &policy).scope;
    let exchange = Exchange {
        provider,
        received,
        policy: &policy,
        person: &person.profile,
        login,
        grant_id: &former.grant_id,
        scope: &scope,
        // A narrowed request narrows one access token, not the login.
        // [RFC 6749 section 6](https://www.rfc-editor.org/rfc/rfc6749#section-6)
        whole_scope: &former.scope,
        nonce: None,
        refreshed: true,
    };
    Ok(exchange.make().await?)
}

/// The client's refresh token, if it can still be exchanged.
async fn live(
    provider: &Provider,
    customer: &str,
    client: &Client,
    text: &str,
) -> Result<Token, TokenError> {
    let found = provider.store().token(customer, text).await?;
    let token = found
        .filter(|token| token.kind == TokenKind::Refresh)
        .ok_or(TokenError::InvalidGrant("The refresh token is unknown"))?;
    if token.client_id != client.id {
        return Err(TokenError::InvalidGrant(
            "The refresh token was issued to another client",
        ));
    }
    if token.used_at.is_some() {
        return Err(replayed(provider, customer, &token).await?);
    }
    if token.revoked {
        return Err(TokenError::InvalidGrant("The refresh token is revoked"));
    }
    if provider.now() >= token.expires_at {
        return Err(TokenError::InvalidGrant("The refresh token has expired"));
    }
    Ok(token)
}

/// Revokes every token of the login: one of the two who had the refresh token
/// stole it, and nobody knows which.
/// [RFC 9700 section 4.14.2](https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2)
// Inferred: that the old token is dead after a refresh (domain notes, sections
// 5.4 and 10). There is no time in which both work.
async fn replayed(
    provider: &Provider,
    customer: &str,
    token: &Token,
) -> Result<TokenError, TokenError> {
    let revoked = provider
        .store()
        .revoke_grant(customer, &token.grant_id)
        .await?;
    tracing::warn!(
        customer,
        client = token.client_id,
        revoked,
        "a refresh token was used twice"
    );
    Ok(TokenError::InvalidGrant(
        "The refresh token was used before; all tokens of its login are revoked",
    ))
}

/// What is asked for: what the login was granted, or less.
fn requested(token: &Token, scope: Option<&str>) -> Result<Scope, TokenError> {
    let Some(text) = scope.filter(|text| text.bytes().any(|byte| byte != b' ')) else {
        return Ok(token.scope.clone());
    };
    let mut words = text.split(' ').filter(|word| !word.is_empty());
    if words.any(|word| !token.scope.contains(word)) {
        return Err(TokenError::InvalidScope(
            "scope names something that the login was not granted",
        ));
    }
    Ok(Scope::parse(text).scope)
}
