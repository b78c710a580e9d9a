//! The token endpoint: what a code becomes.

use crate::{
    authorize::shannon_bits,
    world::{Browser, START, World},
};
use http::StatusCode;
use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
use oidc::jwt::Jwt;
use serde_json::{Map, Value};

/// Verifies a signature with another implementation, and returns header and claims.
pub(crate) async fn verified(
    world: &World,
    token: &str,
) -> (Map<String, Value>, Map<String, Value>) {
    let jwks = world.get(&world.path("login/jwk")).await.body;
    let jwks: JwkSet = serde_json::from_str(&jwks).unwrap();
    let kid = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
    let jwk = jwks.find(&kid).unwrap();
    let key = DecodingKey::from_jwk(jwk).unwrap();
    let algorithm = jwk.common.key_algorithm.unwrap().to_string();
    let mut validation = Validation::new(algorithm.parse().unwrap());
    validation.validate_exp = false;
    validation.validate_aud = false;
    let claims = jsonwebtoken::decode(token, &key, &validation)
        .unwrap()
        .claims;
    (Jwt::decode(token).unwrap().header, claims)
}

fn names(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[tokio::test]
async fn a_code_becomes_an_access_token_a_refresh_token_and_an_id_token() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let answer = browser
        .sign_in_as(&world.request("openid profile"), 0)
        .await;
    world.clock.advance(7);
    let reply = world.redeem(&answer.callback()["code"]).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let token = reply.json();
    assert_eq!(
        names(&token),
        [
            "access_token",
            "expires_in",
            "token_type",
            "scope",
            "refresh_token",
            "id_token"
        ]
    );
    assert_eq!(token["token_type"], "Bearer");
    assert_eq!(token["expires_in"], 3600);
    assert_eq!(token["scope"], "openid profile");
    let access_token = token["access_token"].as_str().unwrap();
    assert_eq!(access_token.len(), 64);
    assert!(shannon_bits(access_token) > 96.0);

    let (header, claims) = verified(&world, token["id_token"].as_str().unwrap()).await;
    assert_eq!(header["alg"], "RS256");
    assert_eq!(header["typ"], "JWT");
    let mut names: Vec<&str> = claims.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "acr",
            "at_hash",
            "aud",
            "auth_time",
            "exp",
            "global_sub",
            "iat",
            "iss",
            "jti",
            "nonce",
            "sid",
            "sub"
        ]
    );
    assert_eq!(claims["iss"], world.issuer());
    assert_eq!(claims["aud"], world.seed.clients[0].id);
    assert_eq!(claims["sub"], world.seed.people[0].profile.uuid);
    assert_eq!(claims["nonce"], "nonce-1");
    assert_eq!(claims["auth_time"], START.0);
    assert_eq!(claims["iat"], START.0 + 7);
    assert_eq!(claims["exp"], START.0 + 7 + 3600);
    let jti = claims["jti"].as_str().unwrap();
    assert!(jti.starts_with("ID.") && jti.len() == 46, "{jti}");
    assert_eq!(claims["at_hash"], at_hash(access_token));
}

fn at_hash(access_token: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use sha2::{Digest as _, Sha256};
    URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16])
}

#[tokio::test]
async fn a_policy_may_ask_for_jwt_access_tokens() {
    let world = World::new().await;
    let code = world.code_for(&world.server_request("openid email")).await;
    let token = world.redeem_as_server(&code).await.json();
    let access_token = token["access_token"].as_str().unwrap();
    let (header, claims) = verified(&world, access_token).await;
    assert_eq!(header["typ"], "at+jwt");
    assert_eq!(claims["iss"], world.issuer());
    assert_eq!(claims["sub"], world.seed.people[0].profile.uuid);
    assert_eq!(claims["client_id"], world.seed.clients[1].id);
    assert_eq!(claims["aud"][0], world.seed.clients[1].id);
    assert_eq!(claims["scope"], "openid email");
    assert_eq!(claims["iat"], START.0);
    assert_eq!(claims["exp"], START.0 + 3600);
    assert!(claims["jti"].is_string());
    assert_eq!(world.userinfo(access_token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_scope_outside_the_policy_is_dropped_without_an_error_and_the_rest_is_stated() {
    let world = World::new().await;
    let token = world.login("address profile poa-profiles-api openid").await;
    assert_eq!(token["scope"], "profile openid");
}

#[tokio::test]
async fn without_openid_in_the_policy_a_login_gets_no_id_token() {
    let world = World::new().await;
    let customer = &world.seed.customer_id;
    let mut policy = world.seed.token_policies[0].clone();
    policy.allowed_scopes = oidc::scope::Scope::parse("profile phone").scope;
    world
        .store
        .replace_token_policy(customer, &policy)
        .await
        .unwrap();
    let token = world.login("openid profile").await;
    assert_eq!(
        names(&token),
        [
            "access_token",
            "expires_in",
            "token_type",
            "scope",
            "refresh_token"
        ]
    );
    assert_eq!(token["scope"], "profile");
    // Nothing granted is stated as well.
    assert_eq!(world.login("openid").await["scope"], "");
}

#[tokio::test]
async fn the_policy_counts_as_it_stands_when_the_person_signs_in() {
    let world = World::new().await;
    let customer = &world.seed.customer_id;
    let code = world.code("openid profile").await;
    let mut policy = world.seed.token_policies[0].clone();
    policy.allowed_scopes = oidc::scope::Scope::parse("openid").scope;
    policy.access_token_lifetime = 60;
    world
        .store
        .replace_token_policy(customer, &policy)
        .await
        .unwrap();
    let token = world.redeem(&code).await.json();
    assert_eq!(token["scope"], "openid profile");
    assert_eq!(token["expires_in"], 60);
    assert_eq!(world.login("openid profile").await["scope"], "openid");
}
