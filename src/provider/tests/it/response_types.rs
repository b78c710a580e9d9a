//! Response types: what the authorization endpoint hands out, and what for.

use crate::{
    authorization_response::Told,
    token::verified,
    world::{Browser, CALLBACK, Reply, START, World},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::StatusCode;
use oidc::{
    authorization::AuthorizationRequest,
    jwt::Jwt,
    response_type::{ResponseMode, ResponseType},
    scope::Scope,
    signing_algorithm::SigningAlgorithm,
};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// Lets the login policy of the demo's clients allow these response types.
pub(crate) async fn allow(world: &World, response_types: &[&str]) {
    let mut policy = world.seed.login_policies[0].clone();
    policy.allowed_response_types = response_types.iter().map(|&own| own.to_owned()).collect();
    let customer = &world.seed.customer_id;
    world
        .store
        .replace_login_policy(customer, &policy)
        .await
        .unwrap();
}

/// A provider whose clients may use every response type.
pub(crate) async fn everything_allowed() -> World {
    let world = World::new().await;
    allow(&world, &ResponseType::ALL.map(ResponseType::as_str)).await;
    world
}

/// A request of the public client.
pub(crate) fn request(
    world: &World,
    response_type: ResponseType,
    mode: Option<ResponseMode>,
) -> AuthorizationRequest {
    AuthorizationRequest {
        response_type: Some(response_type.as_str().to_owned()),
        response_mode: mode.map(|mode| mode.as_str().to_owned()),
        ..world.request("openid profile")
    }
}

/// The parameters of a good response besides `state` and `iss`.
fn issued(response_type: ResponseType) -> Vec<&'static str> {
    let mut names = Vec::new();
    if response_type.has_token() {
        names.extend(["access_token", "expires_in", "scope", "token_type"]);
    }
    if response_type.has_code() {
        names.push("code");
    }
    if response_type.has_id_token() {
        names.push("id_token");
    }
    names.sort_unstable();
    names
}

fn refused(told: &Told, mode: ResponseMode, error: &str) -> String {
    assert_eq!(told.mode, mode);
    assert_eq!(told.parameters["error"], error, "{told:?}");
    assert_eq!(told.parameters["state"], "state-1");
    let names: Vec<&String> = told.parameters.keys().collect();
    assert_eq!(names, ["error", "error_description", "iss", "state"]);
    told.parameters["error_description"].clone()
}

/// `at_hash` and `c_hash` of an RS256 token.
fn half_hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..16])
}

async fn id_token_of(world: &World, parameters: &impl Parameters) -> Map<String, Value> {
    verified(world, parameters.value("id_token")).await.1
}

/// What has named values.
trait Parameters {
    fn value(&self, name: &str) -> &str;
}

impl Parameters for Told {
    fn value(&self, name: &str) -> &str {
        &self.parameters[name]
    }
}

impl Parameters for Value {
    fn value(&self, name: &str) -> &str {
        self[name].as_str().unwrap()
    }
}

/// Asserts everything that is promised of a good response. G10, G11, G13, G14,
/// G15, G34, G43, G48
async fn check(world: &World, response_type: ResponseType, told: &Told) {
    let mut names = issued(response_type);
    names.extend(["iss", "state"]);
    names.sort_unstable();
    let own: Vec<&String> = told.parameters.keys().collect();
    assert_eq!(own, names, "{response_type}");
    assert_eq!(told.value("state"), "state-1");
    assert_eq!(told.value("iss"), world.issuer());
    if response_type.has_token() {
        assert_eq!(told.value("token_type"), "Bearer");
        assert_eq!(told.value("expires_in"), "3600");
        assert_eq!(told.value("scope"), "openid profile");
        let claims = world.userinfo(told.value("access_token")).await.json();
        assert_eq!(claims["given_name"], "Alice");
    }
    let mut front = None;
    if response_type.has_id_token() {
        let claims = id_token_of(world, told).await;
        let hash = |name: &str| told.parameters.get(name).map(|text| json!(half_hash(text)));
        assert_eq!(claims.get("at_hash").cloned(), hash("access_token"));
        assert_eq!(claims.get("c_hash").cloned(), hash("code"));
        assert_eq!(claims["nonce"], "nonce-1");
        assert_eq!(claims["aud"], world.seed.clients[0].id);
        assert_eq!(claims["auth_time"], START.0);
        // Scope claims only where there is no access token to get them with. G49
        let alone = response_type == ResponseType::IdToken;
        assert_eq!(claims.contains_key("given_name"), alone, "{response_type}");
        front = Some(claims);
    }
    if response_type.has_code() {
        assert!(told.value("code").len() >= 22);
        let token = world.redeem(told.value("code")).await.json();
        let back = id_token_of(world, &token).await;
        assert_eq!(back["nonce"], "nonce-1");
        assert_eq!(back["at_hash"], half_hash(token.value("access_token")));
        if let Some(front) = front {
            for name in ["iss", "sub", "aud", "auth_time", "acr", "sid"] {
                assert_eq!(front[name], back[name], "{name}");
            }
            assert_ne!(front["jti"], back["jti"]);
        }
    }
}

// oidcc-server of all three plans, and of the form post plans
#[tokio::test]
async fn every_response_type_works_in_every_mode_that_can_carry_it() {
    let world = everything_allowed().await;
    let browser = Browser::new(&world);
    let reply = browser.sign_in_as(&world.request("openid"), 0).await;
    reply.callback();
    for response_type in ResponseType::ALL {
        for mode in [None].into_iter().chain(ResponseMode::ALL.map(Some)) {
            let request = request(&world, response_type, mode);
            let told = browser.authorize(&request).await.told(CALLBACK);
            let default = response_type.default_mode();
            if mode == Some(ResponseMode::Query) && default != ResponseMode::Query {
                let description = refused(&told, default, "invalid_request");
                assert_eq!(description, "response_mode query cannot carry tokens");
            } else {
                assert_eq!(told.mode, mode.unwrap_or(default));
                check(&world, response_type, &told).await;
            }
        }
    }
}

#[tokio::test]
async fn every_response_type_works_after_a_sign_in() {
    let world = everything_allowed().await;
    for response_type in ResponseType::ALL {
        for mode in [response_type.default_mode(), ResponseMode::FormPost] {
            let browser = Browser::new(&world);
            let request = request(&world, response_type, Some(mode));
            let told = browser.sign_in_as(&request, 0).await.told(CALLBACK);
            assert_eq!(told.mode, mode);
            check(&world, response_type, &told).await;
            // The session came with the response, also when that was a page.
            let silent = AuthorizationRequest {
                prompt: Some("none".to_owned()),
                ..request
            };
            let told = browser.authorize(&silent).await.told(CALLBACK);
            check(&world, response_type, &told).await;
        }
    }
}

#[tokio::test]
async fn the_order_of_words_does_not_matter() {
    let world = World::new().await;
    allow(&world, &["token code id_token", "code"]).await;
    let browser = Browser::new(&world);
    browser.sign_in_as(&world.request("openid"), 0).await;
    for (text, works) in [
        ("id_token token code", true),
        ("code id_token token", true),
        ("code token", false),
        ("code id_token token token", false),
        ("code  id_token token", false),
        ("code,id_token,token", false),
    ] {
        let request = AuthorizationRequest {
            response_type: Some(text.to_owned()),
            ..world.request("openid profile")
        };
        let told = browser.authorize(&request).await.told(CALLBACK);
        if works {
            check(&world, ResponseType::CodeIdTokenToken, &told).await;
        } else {
            refused(&told, ResponseMode::Fragment, "unsupported_response_type");
        }
    }
}

#[tokio::test]
async fn a_type_that_the_login_policy_does_not_list_is_refused() {
    let world = World::new().await;
    for listed in ResponseType::ALL {
        allow(&world, &[listed.as_str()]).await;
        for wanted in ResponseType::ALL.into_iter().filter(|own| *own != listed) {
            let request = request(&world, wanted, None);
            let told = Browser::new(&world)
                .authorize(&request)
                .await
                .told(CALLBACK);
            let mode = wanted.default_mode();
            let description = refused(&told, mode, "unsupported_response_type");
            assert!(description.starts_with("unsupported response type"));
        }
    }
    allow(&world, &["token", "nonsense"]).await;
    for (text, mode) in [
        ("token", ResponseMode::Fragment),
        ("nonsense", ResponseMode::Query),
        ("code", ResponseMode::Query),
    ] {
        let request = AuthorizationRequest {
            response_type: Some(text.to_owned()),
            ..world.request("openid")
        };
        let told = Browser::new(&world)
            .authorize(&request)
            .await
            .told(CALLBACK);
        refused(&told, mode, "unsupported_response_type");
    }
}

// oidcc-response-type-missing
#[tokio::test]
async fn a_missing_response_type_is_told_in_the_query_or_where_the_client_wants_it() {
    let world = everything_allowed().await;
    for mode in [None].into_iter().chain(ResponseMode::ALL.map(Some)) {
        let request = AuthorizationRequest {
            response_type: None,
            ..request(&world, ResponseType::Code, mode)
        };
        let told = world
            .get(&world.authorize_path(&request))
            .await
            .told(CALLBACK);
        let mode = mode.unwrap_or(ResponseMode::Query);
        let description = refused(&told, mode, "invalid_request");
        assert_eq!(description, "response_type is missing");
    }
}

// oidcc-ensure-request-without-nonce-fails,
// oidcc-ensure-request-without-nonce-succeeds-for-code-flow
#[tokio::test]
async fn a_nonce_is_demanded_where_an_id_token_comes_without_a_code() {
    let world = everything_allowed().await;
    let browser = Browser::new(&world);
    browser.sign_in_as(&world.request("openid"), 0).await;
    for response_type in ResponseType::ALL {
        let request = AuthorizationRequest {
            nonce: None,
            ..request(&world, response_type, None)
        };
        let told = browser.authorize(&request).await.told(CALLBACK);
        if response_type.has_id_token() {
            refused(&told, ResponseMode::Fragment, "invalid_request");
        } else {
            let token = world.redeem(told.value("code")).await.json();
            assert!(!id_token_of(&world, &token).await.contains_key("nonce"));
        }
    }
}

// oidcc-ensure-request-with-valid-pkce-succeeds
#[tokio::test]
async fn a_public_client_needs_pkce_wherever_a_code_is_issued() {
    let world = everything_allowed().await;
    let browser = Browser::new(&world);
    browser.sign_in_as(&world.request("openid"), 0).await;
    for response_type in ResponseType::ALL {
        let mut request = request(&world, response_type, None);
        request.code_challenge = None;
        request.code_challenge_method = None;
        let told = browser.authorize(&request).await.told(CALLBACK);
        if response_type.has_code() {
            refused(&told, response_type.default_mode(), "invalid_request");
        } else {
            check(&world, response_type, &told).await;
        }
        // Nor is it demanded of a client that has a secret.
        request.client_id = Some(world.seed.clients[1].id.clone());
        let told = browser.authorize(&request).await.told(CALLBACK);
        assert!(!told.parameters.contains_key("error"), "{told:?}");
    }
}

#[tokio::test]
async fn replaying_the_code_revokes_the_token_that_came_with_it() {
    let world = everything_allowed().await;
    let browser = Browser::new(&world);
    browser.sign_in_as(&world.request("openid"), 0).await;
    for response_type in [ResponseType::CodeToken, ResponseType::CodeIdTokenToken] {
        let request = request(&world, response_type, None);
        let told = browser.authorize(&request).await.told(CALLBACK);
        let other = browser.authorize(&request).await.told(CALLBACK);
        let token = world.redeem(told.value("code")).await.json();
        let works = |reply: Reply| reply.status == StatusCode::OK;
        for access_token in [told.value("access_token"), token.value("access_token")] {
            assert!(works(world.userinfo(access_token).await));
        }
        let again = world.redeem(told.value("code")).await;
        again.error(400, "invalid_grant");
        for access_token in [told.value("access_token"), token.value("access_token")] {
            let reply = world.userinfo(access_token).await;
            reply.error(401, "invalid_token");
        }
        assert!(works(world.userinfo(other.value("access_token")).await));
    }
}

/// Lets the public client's token policy allow these scopes.
async fn allow_scopes(world: &World, scopes: &str) {
    let mut policy = world.seed.token_policies[0].clone();
    policy.allowed_scopes = Scope::parse(scopes).scope;
    let customer = &world.seed.customer_id;
    world
        .store
        .replace_token_policy(customer, &policy)
        .await
        .unwrap();
}

#[tokio::test]
async fn without_a_granted_openid_there_is_no_id_token() {
    let world = everything_allowed().await;
    allow_scopes(&world, "profile").await;
    let browser = Browser::new(&world);
    browser.sign_in_as(&world.request("openid"), 0).await;
    for response_type in ResponseType::ALL {
        let told = browser
            .authorize(&request(&world, response_type, None))
            .await
            .told(CALLBACK);
        if response_type == ResponseType::IdToken {
            let description = refused(&told, ResponseMode::Fragment, "invalid_scope");
            assert!(description.contains("does not allow openid"));
            continue;
        }
        let names = issued(response_type);
        let expected = names.iter().filter(|name| **name != "id_token");
        for name in expected {
            assert!(told.parameters.contains_key(*name), "{name}");
        }
        assert!(!told.parameters.contains_key("id_token"));
        assert!(!told.parameters.contains_key("error"));
        if response_type.has_token() {
            assert_eq!(told.value("scope"), "profile");
            let reply = world.userinfo(told.value("access_token")).await;
            reply.error(403, "insufficient_scope");
        }
    }
}

// oidcc-claims-essential, oidcc-scope-*
#[tokio::test]
async fn claims_of_the_front_channel_go_where_the_response_type_has_them_go() {
    let world = everything_allowed().await;
    allow_scopes(&world, "openid email").await;
    let browser = Browser::new(&world);
    browser.sign_in_as(&world.request("openid"), 0).await;
    let asked = |response_type| AuthorizationRequest {
        claims: Some(r#"{"id_token":{"name":{"essential":true}}}"#.to_owned()),
        scope: Some("openid email".to_owned()),
        ..request(&world, response_type, None)
    };
    for (response_type, email) in [
        (ResponseType::IdToken, true),
        (ResponseType::IdTokenToken, false),
        (ResponseType::CodeIdToken, false),
    ] {
        let told = browser
            .authorize(&asked(response_type))
            .await
            .told(CALLBACK);
        let claims = id_token_of(&world, &told).await;
        assert!(claims["name"].as_str().unwrap().starts_with("Alice"));
        assert_eq!(claims.contains_key("email"), email, "{response_type}");
    }
}

#[tokio::test]
async fn a_token_of_the_front_channel_is_shaped_by_the_policies_and_the_client() {
    let world = everything_allowed().await;
    let customer = &world.seed.customer_id;
    let mut client = world.seed.clients[1].clone();
    client.id_token_signed_response_alg = Some(SigningAlgorithm::Es256);
    let replaced = world.store.replace_client(customer, &client).await;
    replaced.unwrap().unwrap();
    let browser = Browser::new(&world);
    browser.sign_in_as(&world.request("openid"), 0).await;
    let request = AuthorizationRequest {
        client_id: Some(client.id),
        ..request(&world, ResponseType::CodeIdTokenToken, None)
    };
    let told = browser.authorize(&request).await.told(CALLBACK);
    let header = Jwt::decode(told.value("id_token")).unwrap().header;
    assert_eq!(header["alg"], "ES256");
    verified(&world, told.value("id_token")).await;
    // Its token policy asks for JWTs.
    let (_, claims) = verified(&world, told.value("access_token")).await;
    assert_eq!(claims["scope"], "openid profile");
}
