//! The token endpoint: what a refresh token becomes.

use crate::{
    authorize::shannon_bits,
    world::{START, World, basic},
};
use http::StatusCode;
use oidc::{jwt::Jwt, scope::Scope};
use policy::token_policy::TokenPolicy;
use proptest::prelude::*;
use serde_json::{Map, Value};
use store::{Login, Token, TokenKind};

/// A text member of an answer.
pub(crate) fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {answer}"))
}

pub(crate) fn id_token(answer: &Value) -> Map<String, Value> {
    Jwt::decode(text(answer, "id_token")).unwrap().payload
}

async fn set_policy(world: &World, change: impl FnOnce(&mut TokenPolicy)) {
    let mut policy = world.seed.token_policies[0].clone();
    change(&mut policy);
    let replaced = world
        .store
        .replace_token_policy(&world.seed.customer_id, &policy)
        .await
        .unwrap();
    assert!(replaced);
}

#[tokio::test]
async fn a_login_brings_a_refresh_token_that_is_exchanged_for_new_tokens() {
    let world = World::new().await;
    let first = world.login("openid profile").await;
    let refresh_token = text(&first, "refresh_token");
    assert_eq!(refresh_token.len(), 64);
    assert!(shannon_bits(refresh_token) > 96.0);
    let shape = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    assert!(refresh_token.chars().all(shape));

    world.clock.advance(100);
    let reply = world.refresh(refresh_token).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let second = reply.json();
    let names: Vec<&String> = second.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "access_token",
            "expires_in",
            "token_type",
            "scope",
            "refresh_token",
            "id_token"
        ]
    );
    assert_eq!(second["scope"], "openid profile");
    assert_eq!(second["expires_in"], 3600);
    for name in ["access_token", "refresh_token", "id_token"] {
        assert_ne!(second[name], first[name], "{name}");
    }
    // The former access token lives on until it expires; both work.
    for answer in [&first, &second] {
        let reply = world.userinfo(text(answer, "access_token")).await;
        assert_eq!(reply.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_refreshed_id_token_tells_of_the_same_login() {
    let world = World::new().await;
    let first = world.login("openid profile").await;
    world.clock.advance(100);
    let second = world.refresh(text(&first, "refresh_token")).await.json();
    world.clock.advance(100);
    let third = world.refresh(text(&second, "refresh_token")).await.json();
    let before = id_token(&first);
    assert_eq!(before["nonce"], "nonce-1");
    for (answer, seconds) in [(&second, 100), (&third, 200)] {
        let after = id_token(answer);
        for name in ["iss", "sub", "aud", "auth_time", "acr", "sid", "global_sub"] {
            assert_eq!(after[name], before[name], "{name}");
        }
        // None before, so that there is none after.
        // https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse
        assert_eq!((before.get("azp"), after.get("azp")), (None, None));
        assert!(!after.contains_key("nonce"));
        assert_eq!(after["iat"], START.0 + seconds);
        assert_eq!(after["exp"], START.0 + seconds + 3600);
        assert_ne!(after["jti"], before["jti"]);
        assert_ne!(after["at_hash"], before["at_hash"]);
    }
}

#[tokio::test]
async fn a_confidential_client_must_prove_itself_to_refresh() {
    let world = World::new().await;
    let code = world.code_for(&world.server_request("openid")).await;
    let first = world.redeem_as_server(&code).await.json();
    let client = &world.seed.clients[1];
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", client.id.as_str()),
        ("refresh_token", text(&first, "refresh_token")),
    ];
    world.token(&form, None).await.error(401, "invalid_client");
    let wrong = basic(&client.id, "wrong");
    let reply = world.token(&form, Some(&wrong)).await;
    reply.error(401, "invalid_client");
    let reply = world
        .token(&form, Some(&world.server_authorization()))
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    // A JWT access token, as the policy asks; the refresh token stays opaque.
    assert!(Jwt::decode(text(&reply.json(), "access_token")).is_ok());
    assert_eq!(text(&reply.json(), "refresh_token").len(), 64);
}

#[tokio::test]
async fn a_public_client_must_say_who_it_is() {
    let world = World::new().await;
    let first = world.login("openid").await;
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", text(&first, "refresh_token")),
    ];
    world.token(&form, None).await.error(401, "invalid_client");
    let reply = world.refresh(text(&first, "refresh_token")).await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn a_refresh_token_is_good_for_its_own_client_only_and_a_refusal_costs_nothing() {
    let world = World::new().await;
    let first = world.login("openid").await;
    let refresh_token = text(&first, "refresh_token");
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
    ];
    let reply = world
        .token(&form, Some(&world.server_authorization()))
        .await;
    assert_eq!(
        reply.error(400, "invalid_grant"),
        "The refresh token was issued to another client"
    );
    let configuration = &world.seed.clients[2];
    let secret = configuration.secret.as_deref().unwrap();
    let reply = world
        .token(&form, Some(&basic(&configuration.id, secret)))
        .await;
    reply.error(400, "unauthorized_client");
    assert_eq!(world.refresh(refresh_token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_no_live_refresh_token_is_refused() {
    let world = World::new().await;
    let first = world.login("openid").await;
    let huge = "x".repeat(10_000);
    for text in [
        "unknown",
        text(&first, "access_token"),
        text(&first, "id_token"),
        &huge,
        "\0",
    ] {
        let reply = world.refresh(text).await;
        assert_eq!(
            reply.error(400, "invalid_grant"),
            "The refresh token is unknown"
        );
    }
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", world.seed.clients[0].id.as_str()),
    ];
    let reply = world.token(&form, None).await;
    assert_eq!(
        reply.error(400, "invalid_request"),
        "The parameter refresh_token is missing"
    );
}

#[tokio::test]
async fn a_refresh_token_opens_nothing_by_itself() {
    let world = World::new().await;
    let token = world.login("openid").await;
    let refresh_token = text(&token, "refresh_token");
    let reply = world.userinfo(refresh_token).await;
    reply.error(401, "invalid_token");
    let path = world.path("config/tokenPolicies");
    for name in ["refresh_token", "access_token", "id_token"] {
        let bearer = format!("Bearer {}", text(&token, name));
        let reply = world.get_with(&path, &bearer).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{name}");
    }
    // Nor is it a code.
    let reply = world.redeem(refresh_token).await;
    assert_eq!(reply.error(400, "invalid_grant"), "The code is unknown");
}

#[tokio::test]
async fn a_refresh_token_lives_as_long_as_its_policy_says_and_each_new_one_anew() {
    let world = World::new().await;
    set_policy(&world, |policy| policy.refresh_token_lifetime = 100).await;
    let first = world.login("openid").await;
    let late = world.login("openid").await;
    world.clock.advance(99);
    let reply = world.refresh(text(&first, "refresh_token")).await;
    let second = reply.json();
    world.clock.advance(1);
    let reply = world.refresh(text(&late, "refresh_token")).await;
    assert_eq!(
        reply.error(400, "invalid_grant"),
        "The refresh token has expired"
    );
    world.clock.advance(98);
    let reply = world.refresh(text(&second, "refresh_token")).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
}

#[tokio::test]
async fn a_used_refresh_token_kills_its_whole_family_and_no_other() {
    let world = World::new().await;
    let first = world.login("openid").await;
    let other = world.login("openid").await;
    let second = world.refresh(text(&first, "refresh_token")).await.json();
    let third = world.refresh(text(&second, "refresh_token")).await.json();
    let reply = world.refresh(text(&first, "refresh_token")).await;
    assert_eq!(
        reply.error(400, "invalid_grant"),
        "The refresh token was used before; all tokens of its login are revoked"
    );
    for answer in [&first, &second, &third] {
        let reply = world.userinfo(text(answer, "access_token")).await;
        reply.error(401, "invalid_token");
        let reply = world.refresh(text(answer, "refresh_token")).await;
        reply.error(400, "invalid_grant");
    }
    let reply = world.userinfo(text(&other, "access_token")).await;
    assert_eq!(reply.status, StatusCode::OK);
    let reply = world.refresh(text(&other, "refresh_token")).await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn another_client_with_a_used_refresh_token_kills_nothing() {
    let world = World::new().await;
    let first = world.login("openid").await;
    let second = world.refresh(text(&first, "refresh_token")).await.json();
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", text(&first, "refresh_token")),
    ];
    let reply = world
        .token(&form, Some(&world.server_authorization()))
        .await;
    reply.error(400, "invalid_grant");
    let reply = world.refresh(text(&second, "refresh_token")).await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn a_replayed_code_kills_the_refresh_tokens_too() {
    let world = World::new().await;
    let code = world.code("openid").await;
    let first = world.redeem(&code).await.json();
    let second = world.refresh(text(&first, "refresh_token")).await.json();
    world.redeem(&code).await.error(400, "invalid_grant");
    for answer in [&first, &second] {
        let reply = world.userinfo(text(answer, "access_token")).await;
        reply.error(401, "invalid_token");
    }
    let reply = world.refresh(text(&second, "refresh_token")).await;
    assert_eq!(
        reply.error(400, "invalid_grant"),
        "The refresh token is revoked"
    );
}

#[tokio::test]
async fn nobody_is_refreshed_who_is_gone() {
    let world = World::new().await;
    let first = world.login("openid").await;
    let person = &world.seed.people[0].profile.uuid;
    let deleted = world
        .store
        .delete_person(&world.seed.customer_id, person)
        .await
        .unwrap();
    assert!(deleted);
    let reply = world.refresh(text(&first, "refresh_token")).await;
    reply.error(400, "invalid_grant");
}

#[tokio::test]
async fn a_refresh_may_narrow_one_access_token_and_not_the_login() {
    let world = World::new().await;
    let first = world.login("openid profile").await;
    let narrow = world
        .refresh_for(text(&first, "refresh_token"), "openid")
        .await
        .json();
    assert_eq!(narrow["scope"], "openid");
    let claims = world.userinfo(text(&narrow, "access_token")).await.json();
    assert_eq!(claims.get("name"), None);
    let bare = world
        .refresh_for(text(&narrow, "refresh_token"), "profile")
        .await
        .json();
    assert_eq!(bare["scope"], "profile");
    // Without openid it is plain OAuth.
    assert_eq!(bare.get("id_token"), None);
    let reply = world.userinfo(text(&bare, "access_token")).await;
    reply.error(403, "insufficient_scope");
    let whole = world.refresh(text(&bare, "refresh_token")).await.json();
    assert_eq!(whole["scope"], "openid profile");
    let claims = world.userinfo(text(&whole, "access_token")).await.json();
    assert_eq!(claims["name"], "Alice Archer");
}

#[tokio::test]
async fn a_scope_of_nothing_but_spaces_asks_for_everything() {
    let world = World::new().await;
    let first = world.login("openid profile").await;
    let reply = world.refresh_for(text(&first, "refresh_token"), "  ").await;
    assert_eq!(reply.json()["scope"], "openid profile");
}

#[tokio::test]
async fn a_refresh_may_not_widen() {
    let world = World::new().await;
    // Asked for at the login, and dropped by the policy.
    let first = world.login("openid address").await;
    assert_eq!(first["scope"], "openid");
    let refresh_token = text(&first, "refresh_token");
    set_policy(&world, |policy| {
        policy.allowed_scopes = Scope::parse("openid profile address").scope;
    })
    .await;
    for scope in [
        "openid profile",
        "address",
        "OPENID",
        "openid\tprofile",
        "openid,profile",
        "\"",
    ] {
        let reply = world.refresh_for(refresh_token, scope).await;
        reply.error(400, "invalid_scope");
    }
    let reply = world.refresh(refresh_token).await;
    assert_eq!(reply.json()["scope"], "openid");
}

#[tokio::test]
async fn a_refresh_follows_the_policy_as_it_stands_now() {
    let world = World::new().await;
    let first = world.login("profile openid").await;
    set_policy(&world, |policy| {
        policy.allowed_scopes = Scope::parse("openid").scope;
        policy.access_token_lifetime = 60;
    })
    .await;
    let second = world.refresh(text(&first, "refresh_token")).await.json();
    assert_eq!(second["scope"], "openid");
    assert_eq!(second["expires_in"], 60);
    // What was granted may be asked for; the policy drops it without an error.
    let third = world
        .refresh_for(text(&second, "refresh_token"), "openid profile")
        .await
        .json();
    assert_eq!(third["scope"], "openid");
    set_policy(&world, |policy| policy.allowed_scopes = Scope::default()).await;
    let fourth = world.refresh(text(&third, "refresh_token")).await.json();
    assert_eq!(fourth["scope"], "");
    assert_eq!(fourth.get("id_token"), None);
    set_policy(&world, |_| {}).await;
    let fifth = world.refresh(text(&fourth, "refresh_token")).await.json();
    assert_eq!(fifth["scope"], "profile openid");
}

#[tokio::test]
async fn refresh_tokens_are_kept_with_a_client_and_a_policy_that_are_swapped() {
    let world = World::new().await;
    let first = world.login("openid profile").await;
    let customer = &world.seed.customer_id;
    let mut client = world.seed.clients[0].clone();
    client
        .token_policy
        .clone_from(&world.seed.token_policies[1].id);
    assert!(
        world
            .store
            .replace_client(customer, &client)
            .await
            .unwrap()
            .is_ok()
    );
    let second = world.refresh(text(&first, "refresh_token")).await.json();
    assert_eq!(second["scope"], "openid profile");
    assert!(Jwt::decode(text(&second, "access_token")).is_ok());
}

#[tokio::test]
async fn another_customers_refresh_token_is_unknown() {
    let world = World::new().await;
    let first = world.login("openid").await;
    let key = provider::SandboxKey::generate();
    let other = world.provider.ensure_sandbox(&key).await.unwrap();
    let clients = world.store.clients(&other.id).await.unwrap();
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", clients[0].id.as_str()),
        ("refresh_token", text(&first, "refresh_token")),
    ];
    let path = format!("/{}/login/token", other.id);
    let reply = world.post_form(&path, &form, None).await;
    assert_eq!(
        reply.error(400, "invalid_grant"),
        "The refresh token is unknown"
    );
}

/// Keeps a refresh token of the public client with this scope.
async fn keep_refresh_token(world: &World, text: &str, scope: &str) {
    let scope = Scope::parse(scope).scope;
    let token = Token {
        kind: TokenKind::Refresh,
        customer_id: world.seed.customer_id.clone(),
        client_id: world.seed.clients[0].id.clone(),
        person_id: Some(world.seed.people[0].profile.uuid.clone()),
        scope: scope.clone(),
        login: Some(Login {
            requested: scope,
            claims: None,
            auth_time: START,
            sid: None,
        }),
        grant_id: text.to_owned(),
        jti: None,
        issued_at: START,
        expires_at: START.plus(1000),
        revoked: false,
        used_at: None,
    };
    world.store.insert_tokens(&[(text, &token)]).await.unwrap();
}

const SCOPES: [&str; 6] = ["openid", "profile", "email", "address", "phone", "other"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_sequence_of_refreshes_and_policies_brings_more_than_the_login_had(
        granted in proptest::sample::subsequence(&SCOPES[..5], 0..5),
        steps in proptest::collection::vec(
            (
                proptest::option::of(proptest::sample::subsequence(&SCOPES[..], 1..6)),
                proptest::sample::subsequence(&SCOPES[..5], 0..5),
            ),
            1..5,
        ),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::new().await;
            let mut refresh_token = "the first refresh token".to_owned();
            keep_refresh_token(&world, &refresh_token, &granted.join(" ")).await;
            for (asked, allowed) in steps {
                set_policy(&world, |policy| {
                    policy.allowed_scopes = Scope::parse(&allowed.join(" ")).scope;
                }).await;
                let reply = match &asked {
                    Some(asked) => world.refresh_for(&refresh_token, &asked.join(" ")).await,
                    None => world.refresh(&refresh_token).await,
                };
                let asked = asked.unwrap_or_else(|| granted.clone());
                if asked.iter().any(|scope| !granted.contains(scope)) {
                    reply.error(400, "invalid_scope");
                    continue;
                }
                let expected: Vec<&str> =
                    asked.into_iter().filter(|scope| allowed.contains(scope)).collect();
                let answer = reply.json();
                assert_eq!(text(&answer, "scope"), expected.join(" "));
                assert_eq!(answer.get("id_token").is_some(), expected.contains(&"openid"));
                text(&answer, "refresh_token").clone_into(&mut refresh_token);
            }
        });
    }
}
