//! A configuration client gets an administrative token.
//! [RFC 6749 section 4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)

use crate::{
    client_request::ClientRequest,
    endpoint::token::TokenError,
    fault,
    provider::Provider,
    token::{self, Subject},
};
use oidc::{scope::Scope, token::TokenResponse};
use policy::{client::ClientKind, grant::grant_administrative};

pub(crate) async fn exchange(
    provider: &Provider,
    received: &ClientRequest,
) -> Result<TokenResponse, TokenError> {
    let ClientRequest {
        customer,
        client,
        parameters,
    } = received;
    if client.kind() != ClientKind::Configuration {
        return Err(TokenError::UnauthorizedClient(
            "Only a configuration client can get an administrative token",
        ));
    }
    let policy = provider.token_policy_of(customer, client).await?;
    let requested = Scope::parse(parameters.get("scope").unwrap_or_default()).scope;
    if fault::refuses_scope(provider, customer, client, &requested).await? {
        return Err(TokenError::InvalidScope(
            "The token policy does not allow all of the scope, and the fault scope-refused is switched on",
        ));
    }
    let granted = grant_administrative(&requested, &policy).scope;
    let access = token::access_token(
        provider,
        &token::Issue {
            customer,
            client,
            policy: &policy,
            subject: Subject::Client,
            scope: &granted,
            login: None,
            grant_id: &provider.grant_id(),
        },
    )
    .await?;
    provider
        .store()
        .insert_tokens(&[(access.text.as_str(), &access.kept)])
        .await?;
    tracing::info!(
        customer,
        client = client.id,
        "issued an administrative token"
    );
    Ok(TokenResponse {
        access_token: access.text,
        expires_in: Some(policy.access_token_lifetime.into()),
        token_type: "Bearer".to_owned(),
        // Inferred: left out rather than empty (domain notes, section 10).
        scope: (!granted.is_empty()).then(|| granted.to_string()),
        refresh_token: None,
        id_token: None,
    })
}
