//! A code becomes tokens.
//! [RFC 6749 section 4.1.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3)

use super::login_tokens::{Exchange, LoginTokens};
use crate::{
    client_request::ClientRequest, endpoint::token::TokenError, fault, provider::Provider,
};
use oidc::{
    pkce::{CodeChallenge, CodeVerifier},
    token::TokenResponse,
};
use policy::client::{Client, ClientKind};
use store::Code;

pub(crate) async fn exchange(
    provider: &Provider,
    received: &ClientRequest,
) -> Result<TokenResponse, TokenError> {
    let ClientRequest {
        customer, client, ..
    } = received;
    if client.kind() == ClientKind::Configuration {
        return Err(TokenError::UnauthorizedClient(
            "A configuration client cannot sign people in",
        ));
    }
    let text = received.required("code")?;
    fault::refuse_code(provider, received).await?;
    let code = redeemable(provider, received, text).await?;
    let tokens = make(provider, received, &code).await?;
    let taken = provider
        .store()
        .redeem_code(customer, text, provider.now(), &tokens.kept())
        .await?;
    if !taken {
        // Another request with the same code was faster.
        return Err(replayed(provider, customer, &code).await?);
    }
    tracing::info!(customer, client = client.id, "exchanged a code");
    Ok(tokens.answer())
}

/// The code, if it can still be exchanged and the request fits it.
async fn redeemable(
    provider: &Provider,
    received: &ClientRequest,
    text: &str,
) -> Result<Code, TokenError> {
    let ClientRequest {
        customer,
        client,
        parameters,
    } = received;
    let (code, used) = provider
        .store()
        .code(customer, text)
        .await?
        .ok_or(TokenError::InvalidGrant("The code is unknown"))?;
    if used {
        return Err(replayed(provider, customer, &code).await?);
    }
    if provider.now() >= code.expires_at {
        return Err(TokenError::InvalidGrant("The code has expired"));
    }
    check_client(&code, client)?;
    check_redirect_uri(&code, parameters.get("redirect_uri"))?;
    check_verifier(&code, parameters.get("code_verifier"))?;
    Ok(code)
}

async fn make(
    provider: &Provider,
    received: &ClientRequest,
    code: &Code,
) -> Result<LoginTokens, TokenError> {
    let person = provider
        .store()
        .person(&received.customer, &code.person_id)
        .await?
        .ok_or(TokenError::InvalidGrant("The person is gone"))?;
    let policy = provider
        .token_policy_of(&received.customer, &received.client)
        .await?;
    let exchange = Exchange {
        provider,
        received,
        policy: &policy,
        person: &person.profile,
        login: &code.login,
        grant_id: &code.grant_id,
        scope: &code.scope,
        whole_scope: &code.scope,
        nonce: code.nonce.as_deref(),
        refreshed: false,
    };
    Ok(exchange.make().await?)
}

/// Revokes what was made from the code: one of the two who had it stole it.
/// [RFC 6749 section 4.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2)
async fn replayed(
    provider: &Provider,
    customer: &str,
    code: &Code,
) -> Result<TokenError, TokenError> {
    let revoked = provider
        .store()
        .revoke_grant(customer, &code.grant_id)
        .await?;
    tracing::warn!(
        customer,
        client = code.client_id,
        revoked,
        "a code was used twice"
    );
    Ok(TokenError::InvalidGrant(
        "The code was used before; the tokens made from it are revoked",
    ))
}

fn check_client(code: &Code, client: &Client) -> Result<(), TokenError> {
    if code.client_id == client.id {
        Ok(())
    } else {
        Err(TokenError::InvalidGrant(
            "The code was issued to another client",
        ))
    }
}

// Inferred: a missing redirect_uri is answered like a different one (domain
// notes, section 8).
fn check_redirect_uri(code: &Code, redirect_uri: Option<&str>) -> Result<(), TokenError> {
    match redirect_uri {
        Some(uri) if uri == code.redirect_uri => Ok(()),
        Some(_) => Err(TokenError::InvalidGrant(
            "redirect_uri differs from the one in the authorization request",
        )),
        None => Err(TokenError::InvalidGrant(
            "redirect_uri is missing: repeat the one of the authorization request",
        )),
    }
}

/// Both directions: a challenge demands its verifier, and a verifier a challenge.
/// [RFC 7636 section 4.6](https://www.rfc-editor.org/rfc/rfc7636#section-4.6),
/// [RFC 9700 section 2.1.1](https://www.rfc-editor.org/rfc/rfc9700#section-2.1.1)
fn check_verifier(code: &Code, verifier: Option<&str>) -> Result<(), TokenError> {
    let problem = match (&code.code_challenge, verifier) {
        (None, None) => return Ok(()),
        (Some(_), None) => "code_verifier is missing",
        (None, Some(_)) => "code_verifier was sent, but the request had no code_challenge",
        (Some(challenge), Some(verifier)) => {
            let challenge = CodeChallenge::parse(challenge);
            match (challenge, CodeVerifier::new(verifier)) {
                (_, Err(_)) => "code_verifier is not 43 to 128 unreserved characters",
                (Some(challenge), Ok(verifier)) if challenge.matches(&verifier) => return Ok(()),
                _ => "code_verifier does not belong to the code_challenge",
            }
        }
    };
    Err(TokenError::InvalidGrant(problem))
}
