//! The revocation endpoint.

use crate::{
    refresh::text,
    response_types::{everything_allowed, request},
    world::{Browser, CALLBACK, Reply, World, basic},
};
use http::{Method, Request, StatusCode};
use oidc::response_type::ResponseType;
use serde_json::Value;

/// The public client takes a token back.
async fn revoke(world: &World, token: &str) -> Reply {
    let form = [
        ("token", token),
        ("client_id", world.seed.clients[0].id.as_str()),
    ];
    world
        .post_form(&world.path("login/token/revoke"), &form, None)
        .await
}

async fn revoke_with(world: &World, authorization: &str, token: &str) -> Reply {
    let path = world.path("login/token/revoke");
    world
        .post_form(&path, &[("token", token)], Some(authorization))
        .await
}

fn assert_done(reply: &Reply) {
    assert_eq!((reply.status, reply.body.as_str()), (StatusCode::OK, ""));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
}

async fn is_active(world: &World, token: &str) -> bool {
    let path = world.path("login/token/introspect");
    let authorization = world.configuration_authorization();
    let form = [("token", token)];
    let reply = world.post_form(&path, &form, Some(&authorization)).await;
    reply.json()["active"] == true
}

/// Asserts which tokens of an answer count, everywhere they could be used.
async fn assert_counts(world: &World, answer: &Value, access: bool, refresh: bool) {
    let access_token = text(answer, "access_token");
    let refresh_token = text(answer, "refresh_token");
    assert_eq!(is_active(world, access_token).await, access);
    assert_eq!(is_active(world, refresh_token).await, refresh);
    let reply = world.userinfo(access_token).await;
    if access {
        assert_eq!(reply.status, StatusCode::OK);
    } else {
        reply.error(401, "invalid_token");
    }
}

#[tokio::test]
async fn a_revoked_access_token_stops_working_at_once_and_alone() {
    let world = World::new().await;
    let token = world.login("openid").await;
    let other = world.login("openid").await;
    assert_done(&revoke(&world, text(&token, "access_token")).await);
    assert_counts(&world, &token, false, true).await;
    assert_counts(&world, &other, true, true).await;
    // Refreshing brings a new one.
    let refreshed = world.refresh(text(&token, "refresh_token")).await.json();
    assert_counts(&world, &refreshed, true, true).await;
}

#[tokio::test]
async fn with_a_refresh_token_go_the_access_tokens_of_its_login() {
    let world = World::new().await;
    let first = world.login("openid").await;
    let other = world.login("openid").await;
    let second = world.refresh(text(&first, "refresh_token")).await.json();
    assert_done(&revoke(&world, text(&second, "refresh_token")).await);
    assert_counts(&world, &first, false, false).await;
    assert_counts(&world, &second, false, false).await;
    assert_counts(&world, &other, true, true).await;
    let reply = world.refresh(text(&second, "refresh_token")).await;
    assert_eq!(
        reply.error(400, "invalid_grant"),
        "The refresh token is revoked"
    );
}

#[tokio::test]
async fn with_a_refresh_token_goes_what_the_front_channel_brought() {
    let world = everything_allowed().await;
    let browser = Browser::new(&world);
    let request = request(&world, ResponseType::CodeToken, None);
    browser.sign_in_as(&world.request("openid"), 0).await;
    let told = browser.authorize(&request).await.told(CALLBACK);
    let token = world.redeem(&told.parameters["code"]).await.json();
    let access_token = &told.parameters["access_token"];
    assert!(is_active(&world, access_token).await);
    assert_done(&revoke(&world, text(&token, "refresh_token")).await);
    assert!(!is_active(&world, access_token).await);
    assert_counts(&world, &token, false, false).await;
}

#[tokio::test]
async fn a_used_refresh_token_still_names_the_login_to_revoke() {
    let world = World::new().await;
    let first = world.login("openid").await;
    let second = world.refresh(text(&first, "refresh_token")).await.json();
    assert_done(&revoke(&world, text(&first, "refresh_token")).await);
    assert_counts(&world, &second, false, false).await;
}

#[tokio::test]
async fn a_confidential_client_revokes_with_its_secret_only() {
    let world = World::new().await;
    let server = &world.seed.clients[1];
    let (id, secret) = (server.id.as_str(), server.secret.as_deref().unwrap());
    let code = world.code_for(&world.server_request("openid")).await;
    let token = world.redeem_as_server(&code).await.json();
    // A JWT is revoked like any other.
    let access_token = text(&token, "access_token");
    let path = world.path("login/token/revoke");
    let form = [("token", access_token), ("client_id", id)];
    let reply = world.post_form(&path, &form, None).await;
    reply.error(401, "invalid_client");
    let reply = revoke_with(&world, &basic(id, "wrong"), access_token).await;
    reply.error(401, "invalid_client");
    assert_counts(&world, &token, true, true).await;
    assert_done(&revoke_with(&world, &basic(id, secret), access_token).await);
    assert_counts(&world, &token, false, true).await;
    let form = [
        ("token", text(&token, "refresh_token")),
        ("client_id", id),
        ("client_secret", secret),
    ];
    assert_done(&world.post_form(&path, &form, None).await);
    assert_counts(&world, &token, false, false).await;
}

#[tokio::test]
async fn only_the_client_that_a_token_was_issued_to_may_revoke_it() {
    let world = World::new().await;
    let token = world.login("openid").await;
    let administrative = world.administrative("*:**").await;
    for authorization in [
        world.server_authorization(),
        world.configuration_authorization(),
    ] {
        for name in ["access_token", "refresh_token"] {
            let reply = revoke_with(&world, &authorization, text(&token, name)).await;
            assert_eq!(
                reply.error(400, "invalid_grant"),
                "The token was issued to another client"
            );
        }
    }
    let reply = revoke(&world, text(&administrative, "access_token")).await;
    reply.error(400, "invalid_grant");
    assert_counts(&world, &token, true, true).await;
    assert!(is_active(&world, text(&administrative, "access_token")).await);
}

#[tokio::test]
async fn an_administrative_token_can_be_revoked_by_its_client() {
    let world = World::new().await;
    let token = world.administrative("*:**").await;
    let access_token = text(&token, "access_token");
    let path = world.path("config/tokenPolicies");
    let bearer = format!("Bearer {access_token}");
    assert_eq!(world.get_with(&path, &bearer).await.status, StatusCode::OK);
    let authorization = world.configuration_authorization();
    assert_done(&revoke_with(&world, &authorization, access_token).await);
    let reply = world.get_with(&path, &bearer).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_does_not_count_any_more_is_as_good_as_revoked() {
    let world = World::new().await;
    let token = world.login("openid").await;
    let huge = "x".repeat(10_000);
    for text in ["unknown", &huge, "\0", text(&token, "id_token")] {
        assert_done(&revoke(&world, text).await);
    }
    for _ in 0..2 {
        assert_done(&revoke(&world, text(&token, "access_token")).await);
    }
    let late = world.login("openid").await;
    world.clock.advance(3600);
    assert_done(&revoke(&world, text(&late, "access_token")).await);
}

#[tokio::test]
async fn another_customers_token_is_unknown_and_stays() {
    let world = World::new().await;
    let token = world.login("openid").await;
    let key = provider::SandboxKey::generate();
    let other = world.provider.ensure_sandbox(&key).await.unwrap();
    let clients = world.store.clients(&other.id).await.unwrap();
    let form = [
        ("token", text(&token, "refresh_token")),
        ("client_id", clients[0].id.as_str()),
    ];
    let path = format!("/{}/login/token/revoke", other.id);
    assert_done(&world.post_form(&path, &form, None).await);
    assert_counts(&world, &token, true, true).await;
}

#[tokio::test]
async fn a_hint_changes_nothing_known_or_not() {
    let world = World::new().await;
    let path = world.path("login/token/revoke");
    for name in ["access_token", "refresh_token"] {
        for hint in ["access_token", "refresh_token", "id_token", "öäü"] {
            let token = world.login("openid").await;
            let form = [
                ("token", text(&token, name)),
                ("token_type_hint", hint),
                ("client_id", world.seed.clients[0].id.as_str()),
            ];
            assert_done(&world.post_form(&path, &form, None).await);
            assert_counts(&world, &token, false, name == "access_token").await;
        }
    }
}

#[tokio::test]
async fn without_a_client_or_a_token_nothing_is_revoked() {
    let world = World::new().await;
    let path = world.path("login/token/revoke");
    let token = world.login("openid").await;
    let form = [("token", text(&token, "access_token"))];
    let reply = world.post_form(&path, &form, None).await;
    reply.error(401, "invalid_client");
    let form = [("client_id", world.seed.clients[0].id.as_str())];
    let reply = world.post_form(&path, &form, None).await;
    assert_eq!(
        reply.error(400, "invalid_request"),
        "The parameter token is missing"
    );
    assert_counts(&world, &token, true, true).await;
    let request = Request::builder().method(Method::GET).uri(&path);
    let reply = world
        .send(request.body(axum::body::Body::empty()).unwrap())
        .await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
}
