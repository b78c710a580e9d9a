//! What tokens are made of.

use crate::{
    fault,
    provider::{Provider, ProviderError},
    random,
    signing::{TYPE_ACCESS_TOKEN, TYPE_JWT, half_hash},
};
use oidc::{claims_request::ClaimsRequest, scope::Scope, signing_algorithm::SigningAlgorithm};
use policy::{
    client::Client,
    login_policy::LoginPolicy,
    profile::Profile,
    release::{self, Sources, global_sub},
    token_policy::TokenPolicy,
};
use serde_json::{Map, Value, json};
use store::{Login, Token, TokenKind};

/// How strongly people sign in: with a password.
// Inferred: real clients ask for this value; what is answered is not documented
// (domain notes, section 1.2).
pub(crate) const ACR: &str = "urn:akamai-ic:nist:800-63-3:aal:1";

/// Whom an access token speaks for.
#[derive(Clone, Copy)]
pub(crate) enum Subject<'a> {
    /// A person who signed in.
    Person(&'a Profile),
    /// The client itself: an administrative token.
    Client,
}

impl Provider {
    /// Lets a token expire now, as if its time had run out; `false` when it did
    /// not count any more. For showing what happens then without waiting for an
    /// hour; no endpoint does it. What a JWT says of itself stays: here it is the
    /// database that decides.
    /// The caller must have made sure that the visitor owns the customer.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn expire_token(&self, customer: &str, token: &str) -> Result<bool, ProviderError> {
        let expired = self
            .store()
            .expire_token(customer, token, self.now())
            .await?;
        Ok(expired)
    }
}

/// What an access or refresh token is to be made of.
pub(crate) struct Issue<'a> {
    pub(crate) customer: &'a str,
    pub(crate) client: &'a Client,
    /// The client's, as it stands now.
    pub(crate) policy: &'a TokenPolicy,
    pub(crate) subject: Subject<'a>,
    /// What is granted.
    pub(crate) scope: &'a Scope,
    /// The login it comes from; `None` for an administrative token.
    pub(crate) login: Option<&'a Login>,
    /// What links all tokens of one login.
    pub(crate) grant_id: &'a str,
}

/// A token as it travels and as it is kept.
pub(crate) struct Made {
    pub(crate) text: String,
    pub(crate) kept: Token,
}

impl Issue<'_> {
    fn kept(&self, provider: &Provider, kind: TokenKind, lifetime: u32) -> Token {
        let now = provider.now();
        Token {
            kind,
            customer_id: self.customer.to_owned(),
            client_id: self.client.id.clone(),
            person_id: match self.subject {
                Subject::Person(profile) => Some(profile.uuid.clone()),
                Subject::Client => None,
            },
            scope: self.scope.clone(),
            login: self.login.cloned(),
            grant_id: self.grant_id.to_owned(),
            jti: None,
            issued_at: now,
            expires_at: now.plus(lifetime.into()),
            revoked: false,
            used_at: None,
        }
    }
}

/// Makes an access token in the form the policy asks for. Nothing is kept yet.
pub(crate) async fn access_token(
    provider: &Provider,
    issue: &Issue<'_>,
) -> Result<Made, ProviderError> {
    let lifetime = issue.policy.access_token_lifetime;
    let mut kept = issue.kept(provider, TokenKind::Access, lifetime);
    fault::expire(provider, issue, &mut kept).await;
    let text = if issue.policy.use_access_jwt {
        let jti = random::key();
        let claims = access_claims(provider, issue, &kept, &jti);
        kept.jti = Some(jti);
        let algorithm = algorithm(issue.client);
        provider
            .keys()
            .sign(issue.customer, algorithm, TYPE_ACCESS_TOKEN, &claims)
            .await?
    } else {
        random::opaque_token()
    };
    Ok(Made { text, kept })
}

/// Makes a refresh token, which is always opaque. Nothing is kept yet.
/// [RFC 6749 section 1.5](https://www.rfc-editor.org/rfc/rfc6749#section-1.5)
pub(crate) fn refresh_token(provider: &Provider, issue: &Issue<'_>) -> Made {
    let lifetime = issue.policy.refresh_token_lifetime;
    Made {
        text: random::opaque_token(),
        kept: issue.kept(provider, TokenKind::Refresh, lifetime),
    }
}

/// [RFC 9068 section 2.2](https://www.rfc-editor.org/rfc/rfc9068#section-2.2)
// Inferred: the payload is not documented (domain notes, section 5.4).
fn access_claims(
    provider: &Provider,
    issue: &Issue<'_>,
    kept: &Token,
    jti: &str,
) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("aud", audience(provider, kept));
    put("iss", json!(provider.issuer(issue.customer)));
    match issue.subject {
        Subject::Person(profile) => {
            put("sub", json!(profile.uuid));
            put("global_sub", global_sub(profile));
        }
        Subject::Client => {
            put("sub", json!(issue.client.id));
        }
    }
    put("client_id", json!(issue.client.id));
    if !issue.scope.is_empty() {
        put("scope", json!(issue.scope.to_string()));
    }
    put("iat", json!(kept.issued_at));
    put("exp", json!(kept.expires_at));
    put("jti", json!(jti));
    claims
}

/// Whom a token is for, as introspection samples show it: the client, then the
/// issuer.
// Inferred: the samples' second value is a site or issuer URL (domain notes,
// section 1.4).
pub(crate) fn audience(provider: &Provider, token: &Token) -> Value {
    json!([token.client_id, provider.issuer(&token.customer_id)])
}

/// An ID token to be made.
pub(crate) struct IdToken<'a> {
    pub(crate) customer: &'a str,
    pub(crate) client: &'a Client,
    /// The client's, as it stands now.
    pub(crate) policy: &'a TokenPolicy,
    /// The client's, as it stands now.
    pub(crate) login_policy: &'a LoginPolicy,
    pub(crate) person: &'a Profile,
    /// What is granted.
    pub(crate) scope: &'a Scope,
    pub(crate) login: &'a Login,
    /// The request's; a refreshed ID token has none.
    /// [Core section 12.2](https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse)
    pub(crate) nonce: Option<&'a str>,
    /// The access token it comes with, for `at_hash`.
    pub(crate) access_token: Option<&'a str>,
    /// The code it comes with, for `c_hash`.
    /// [Core section 3.3.2.11](https://openid.net/specs/openid-connect-core-1_0.html#HybridIDToken)
    pub(crate) code: Option<&'a str>,
    /// Whether the request can lead to no access token: then the claims of the
    /// granted scopes are in it.
    /// [Core section 5.4](https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims)
    pub(crate) alone: bool,
    /// Whether it comes of a refresh.
    pub(crate) refreshed: bool,
}

/// Makes an ID token: the protocol's claims, then those about the person that
/// [`release::id_token`] lets into it.
/// [Core section 2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)
// Inferred: which claims stand in it beyond the documented ones, and that it
// lives as long as the access token (domain notes, sections 5.3 and 10).
pub(crate) async fn id_token(
    provider: &Provider,
    id_token: &IdToken<'_>,
) -> Result<String, ProviderError> {
    let asked = asked_claims(id_token.login);
    let sources = Sources {
        claims: asked.as_ref(),
        login_policy: Some(id_token.login_policy),
    };
    let released = release::id_token(id_token.scope, id_token.person, &sources, id_token.alone);
    let mut claims = protocol_claims(provider, id_token);
    for (name, value) in released {
        claims.entry(name).or_insert(value);
    }
    let flaw = fault::spoil_id_token(provider, id_token, &mut claims).await?;
    let (customer, algorithm) = (id_token.customer, algorithm(id_token.client));
    provider
        .keys()
        .sign_as(customer, algorithm, TYPE_JWT, &claims, flaw.as_ref())
        .await
}

fn protocol_claims(provider: &Provider, id_token: &IdToken<'_>) -> Map<String, Value> {
    let algorithm = algorithm(id_token.client);
    let now = provider.now();
    let expires_at = now.plus(id_token.policy.access_token_lifetime.into());
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("iss", json!(provider.issuer(id_token.customer)));
    put("sub", json!(id_token.person.uuid));
    put("aud", json!(id_token.client.id));
    put("iat", json!(now));
    put("exp", json!(expires_at));
    put("jti", json!(format!("ID.{}", random::key())));
    put("auth_time", json!(id_token.login.auth_time));
    put("acr", json!(ACR));
    if let Some(sid) = &id_token.login.sid {
        put("sid", json!(sid));
    }
    if let Some(nonce) = id_token.nonce {
        put("nonce", json!(nonce));
    }
    if let Some(access_token) = id_token.access_token {
        put("at_hash", json!(half_hash(algorithm, access_token)));
    }
    if let Some(code) = id_token.code {
        put("c_hash", json!(half_hash(algorithm, code)));
    }
    put("global_sub", global_sub(id_token.person));
    claims
}

/// What the login's `claims` parameter asks for. It was read before it was kept.
pub(crate) fn asked_claims(login: &Login) -> Option<ClaimsRequest> {
    ClaimsRequest::parse(login.claims.as_deref()?).ok()
}

/// What a client's tokens are signed with: its ID tokens, and its access tokens
/// if they are JWTs. There is one setting for both, so that a client which asks
/// for no ID token can have another algorithm, too.
pub(crate) fn algorithm(client: &Client) -> SigningAlgorithm {
    client.id_token_signed_response_alg.unwrap_or_default()
}
