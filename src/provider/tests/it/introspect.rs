//! The introspection endpoint.

use crate::{
    refresh::text,
    world::{Reply, START, World, basic},
};
use http::{Method, Request, StatusCode};
use proptest::prelude::*;
use serde_json::{Value, json};

const INACTIVE: &str = r#"{"active":false}"#;

/// The configuration client asks.
async fn introspect(world: &World, token: &str) -> Reply {
    introspect_as(world, &world.configuration_authorization(), token).await
}

async fn introspect_as(world: &World, authorization: &str, token: &str) -> Reply {
    let path = world.path("login/token/introspect");
    world
        .post_form(&path, &[("token", token)], Some(authorization))
        .await
}

async fn assert_inactive(world: &World, token: &str) {
    let reply = introspect(world, token).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.body, INACTIVE);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
}

fn names(answer: &Value) -> Vec<&String> {
    answer.as_object().unwrap().keys().collect()
}

#[tokio::test]
async fn an_access_token_is_described_in_the_documented_order() {
    let world = World::new().await;
    let code = world
        .code_for(&world.server_request("phone openid profile email address"))
        .await;
    world.clock.advance(5);
    let token = world.redeem_as_server(&code).await.json();
    let reply = introspect_as(
        &world,
        &world.server_authorization(),
        text(&token, "access_token"),
    )
    .await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let answer = reply.json();
    assert_eq!(
        names(&answer),
        [
            "active",
            "scope",
            "client_id",
            "token_type",
            "exp",
            "iat",
            "sub",
            "aud"
        ]
    );
    let client = &world.seed.clients[1].id;
    assert_eq!(
        answer,
        json!({
            "active": true,
            "scope": "address email openid phone profile",
            "client_id": client,
            "token_type": "Bearer",
            "exp": START.0 + 5 + 3600,
            "iat": START.0 + 5,
            "sub": world.seed.people[0].profile.uuid,
            "aud": [client, world.issuer()],
        })
    );
}

#[tokio::test]
async fn a_refresh_token_is_described_and_never_taken_for_an_access_token() {
    let world = World::new().await;
    let token = world.login("profile openid").await;
    let answer = introspect(&world, text(&token, "refresh_token"))
        .await
        .json();
    assert_eq!(answer["active"], true);
    assert_eq!(answer["scope"], "openid profile");
    assert_eq!(answer["exp"], START.0 + 7_776_000);
    assert_eq!(answer["sub"], world.seed.people[0].profile.uuid);
    assert_eq!(answer.get("token_type"), None);
}

#[tokio::test]
async fn an_administrative_token_without_scope_is_active_all_the_same() {
    let world = World::new().await;
    let client = &world.seed.clients[2].id;
    let token = world.administrative("XXXXX").await;
    let answer = introspect(&world, text(&token, "access_token"))
        .await
        .json();
    assert_eq!(
        answer,
        json!({
            "active": true,
            "client_id": client,
            "token_type": "Bearer",
            "exp": START.0 + 3600,
            "iat": START.0,
            "sub": client,
            "aud": [client, world.issuer()],
        })
    );
    let token = world.administrative("openid *:** .:**").await;
    let answer = introspect(&world, text(&token, "access_token"))
        .await
        .json();
    assert_eq!(answer["scope"], "*:** .:** openid");
}

#[tokio::test]
async fn a_token_that_does_not_count_is_inactive_and_no_more_is_said() {
    let world = World::new().await;
    let huge = "x".repeat(10_000);
    for token in ["unknown", &huge, "a.b.c", "\0", "Bearer x"] {
        assert_inactive(&world, token).await;
    }
    let token = world.login("openid").await;
    // An ID token is no token to use anywhere.
    assert_inactive(&world, text(&token, "id_token")).await;

    let refreshed = world.refresh(text(&token, "refresh_token")).await.json();
    assert_inactive(&world, text(&token, "refresh_token")).await;
    let access_token = text(&refreshed, "access_token");
    world.clock.advance(3599);
    let answer = introspect(&world, access_token).await.json();
    assert_eq!(answer["active"], true);
    world.clock.advance(1);
    assert_inactive(&world, access_token).await;

    // The replay kills the family.
    let reply = world.refresh(text(&token, "refresh_token")).await;
    reply.error(400, "invalid_grant");
    assert_inactive(&world, text(&refreshed, "refresh_token")).await;
}

#[tokio::test]
async fn another_customers_token_is_inactive() {
    let world = World::new().await;
    let token = world.login("openid").await;
    let key = provider::SandboxKey::generate();
    let other = world.provider.ensure_sandbox(&key).await.unwrap();
    let clients = world.store.clients(&other.id).await.unwrap();
    let configuration = clients.iter().find(|c| c.login_policy.is_none()).unwrap();
    let authorization = basic(&configuration.id, configuration.secret.as_deref().unwrap());
    let path = format!("/{}/login/token/introspect", other.id);
    let form = [("token", text(&token, "access_token"))];
    let reply = world.post_form(&path, &form, Some(&authorization)).await;
    assert_eq!(reply.body, INACTIVE);
}

#[tokio::test]
async fn a_login_client_is_told_of_its_own_tokens_only() {
    let world = World::new().await;
    let public = world.login("openid").await;
    let administrative = world.administrative("*:**").await;
    let code = world.code_for(&world.server_request("openid")).await;
    let own = world.redeem_as_server(&code).await.json();
    let server = world.server_authorization();
    for (token, shown) in [
        (text(&own, "access_token"), true),
        (text(&own, "refresh_token"), true),
        (text(&public, "access_token"), false),
        (text(&public, "refresh_token"), false),
        (text(&administrative, "access_token"), false),
    ] {
        let answer = introspect_as(&world, &server, token).await.json();
        assert_eq!(answer["active"], shown);
        assert_eq!(answer.as_object().unwrap().len() > 1, shown);
        let answer = introspect(&world, token).await.json();
        assert_eq!(answer["active"], true);
    }
}

/// More form fields, and an `Authorization` header.
type Attempt<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>);

#[tokio::test]
async fn who_has_no_secret_is_not_answered() {
    let world = World::new().await;
    let token = world.login("openid").await;
    let access_token = text(&token, "access_token");
    let [public, server, _] = &world.seed.clients[..] else {
        panic!("three clients")
    };
    let path = world.path("login/token/introspect");
    let bearer = format!("Bearer {access_token}");
    let wrong = basic(&server.id, "wrong");
    let attempts: [Attempt<'_>; 6] = [
        (&[], None),
        (&[("client_id", &public.id)], None),
        (&[("client_id", &server.id)], None),
        (&[("client_id", "unknown"), ("client_secret", "x")], None),
        (&[], Some(&bearer)),
        (&[], Some(&wrong)),
    ];
    for (more, authorization) in attempts {
        let mut form = vec![("token", access_token)];
        form.extend(more);
        let reply = world.post_form(&path, &form, authorization).await;
        reply.error(401, "invalid_client");
        assert_eq!(
            reply.header("www-authenticate"),
            Some(r#"Basic realm="clients""#)
        );
    }
    let form = [
        ("token", access_token),
        ("client_id", server.id.as_str()),
        ("client_secret", server.secret.as_deref().unwrap()),
    ];
    let reply = world.post_form(&path, &form, None).await;
    assert_eq!(reply.body, INACTIVE);
}

#[tokio::test]
async fn a_wrong_hint_changes_nothing() {
    let world = World::new().await;
    let token = world.login("openid").await;
    let path = world.path("login/token/introspect");
    let authorization = world.configuration_authorization();
    for name in ["access_token", "refresh_token"] {
        for hint in ["access_token", "refresh_token", "id_token", "öäü", ""] {
            let form = [("token", text(&token, name)), ("token_type_hint", hint)];
            let reply = world.post_form(&path, &form, Some(&authorization)).await;
            assert_eq!(reply.json()["active"], true, "{name} {hint}");
        }
    }
}

#[tokio::test]
async fn without_a_token_in_a_form_there_is_nothing_to_ask() {
    let world = World::new().await;
    let path = world.path("login/token/introspect");
    let authorization = world.configuration_authorization();
    for form in [&[][..], &[("token", "")], &[("token", "a"), ("token", "b")]] {
        let reply = world.post_form(&path, form, Some(&authorization)).await;
        reply.error(400, "invalid_request");
    }
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let request = Request::builder().method(method).uri(&path);
        let reply = world
            .send(request.body(axum::body::Body::empty()).unwrap())
            .await;
        assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(reply.header("allow"), Some("POST"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn a_text_that_is_no_token_is_inactive_whatever_it_is(token in r"\PC{1,200}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::new().await;
            world.login("openid").await;
            assert_inactive(&world, &token).await;
        });
    }
}
