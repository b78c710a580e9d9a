//! What tokens are made of.

use crate::{
    provider::{Provider, ProviderError},
    random,
    signing::{self, TYPE_ACCESS_TOKEN, TYPE_JWT},
};
use oidc::scope::Scope;
use policy::{profile::Profile, release::global_sub, token_policy::TokenPolicy};
use serde_json::{Map, Value, json};
use store::{Code, Login, Token, TokenKind};

/// How strongly people sign in: with a password.
// Inferred: real clients ask for this value; what is answered is not documented
// (domain notes, section 1.2).
const ACR: &str = "urn:akamai-ic:nist:800-63-3:aal:1";

/// Whom an access token speaks for.
#[derive(Clone, Copy)]
pub(crate) enum Subject<'a> {
    /// A person who signed in.
    Person(&'a Profile),
    /// The client itself: an administrative token.
    Client,
}

/// An access token to be made.
pub(crate) struct Access<'a> {
    pub(crate) customer: &'a str,
    pub(crate) client: &'a str,
    pub(crate) subject: Subject<'a>,
    pub(crate) scope: &'a Scope,
    /// The login it comes from; `None` for an administrative token.
    pub(crate) login: Option<&'a Login>,
    pub(crate) grant_id: &'a str,
}

/// A token as it travels and as it is kept.
pub(crate) struct Made {
    pub(crate) text: String,
    pub(crate) kept: Token,
}

/// Makes an access token in the form the policy asks for.
pub(crate) fn access_token(
    provider: &Provider,
    policy: &TokenPolicy,
    access: &Access<'_>,
) -> Result<Made, ProviderError> {
    let now = provider.now();
    let expires_at = now.plus(policy.access_token_lifetime.into());
    let mut kept = Token {
        kind: TokenKind::Access,
        customer_id: access.customer.to_owned(),
        client_id: access.client.to_owned(),
        person_id: match access.subject {
            Subject::Person(profile) => Some(profile.uuid.clone()),
            Subject::Client => None,
        },
        scope: access.scope.clone(),
        login: access.login.cloned(),
        grant_id: access.grant_id.to_owned(),
        jti: None,
        issued_at: now,
        expires_at,
        revoked: false,
        used_at: None,
    };
    let text = if policy.use_access_jwt {
        let jti = random::key();
        let claims = access_claims(provider, access, &kept, &jti);
        kept.jti = Some(jti);
        provider.0.signer.sign(TYPE_ACCESS_TOKEN, &claims)?
    } else {
        random::opaque_token()
    };
    Ok(Made { text, kept })
}

/// [RFC 9068 section 2.2](https://www.rfc-editor.org/rfc/rfc9068#section-2.2)
// Inferred: the payload is not documented (domain notes, section 5.4). The
// audience is what introspection samples show: the client, then the issuer.
fn access_claims(
    provider: &Provider,
    access: &Access<'_>,
    kept: &Token,
    jti: &str,
) -> Map<String, Value> {
    let issuer = provider.issuer(access.customer);
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("aud", json!([access.client, issuer]));
    put("iss", json!(issuer));
    match access.subject {
        Subject::Person(profile) => {
            put("sub", json!(profile.uuid));
            put("global_sub", global_sub(profile));
        }
        Subject::Client => {
            put("sub", json!(access.client));
        }
    }
    put("client_id", json!(access.client));
    if !access.scope.is_empty() {
        put("scope", json!(access.scope.to_string()));
    }
    put("iat", json!(kept.issued_at));
    put("exp", json!(kept.expires_at));
    put("jti", json!(jti));
    claims
}

/// Makes an ID token. The claims of scopes are not in it: they are at userinfo.
/// [Core section 2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken),
/// [section 5.4](https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims)
// Inferred: which claims stand in it beyond the documented ones, and that it
// lives as long as the access token (domain notes, sections 5.3 and 10).
pub(crate) fn id_token(
    provider: &Provider,
    policy: &TokenPolicy,
    code: &Code,
    person: &Profile,
    access_token: &str,
) -> Result<String, ProviderError> {
    let now = provider.now();
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("iss", json!(provider.issuer(&code.customer_id)));
    put("sub", json!(person.uuid));
    put("aud", json!(code.client_id));
    put("iat", json!(now));
    put("exp", json!(now.plus(policy.access_token_lifetime.into())));
    put("jti", json!(format!("ID.{}", random::key())));
    put("auth_time", json!(code.login.auth_time));
    put("acr", json!(ACR));
    if let Some(sid) = &code.login.sid {
        put("sid", json!(sid));
    }
    if let Some(nonce) = &code.nonce {
        put("nonce", json!(nonce));
    }
    put("at_hash", json!(signing::at_hash(access_token)));
    put("global_sub", global_sub(person));
    Ok(provider.0.signer.sign(TYPE_JWT, &claims)?)
}
