//! The userinfo endpoint.

use crate::world::{World, encode};
use axum::body::Body;
use http::{Request, StatusCode, header};

const PATH: &str = "profiles/oidc/userinfo";

async fn access_token(world: &World, scope: &str) -> String {
    let token = world.login(scope).await;
    token["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_answer_holds_the_claims_of_the_granted_scopes_in_alphabetical_order() {
    let world = World::new().await;
    let token = access_token(&world, "openid profile email address").await;
    let reply = world.userinfo(&token).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    insta::assert_snapshot!(reply.body, @r#"{"birthdate":"1990-04-12","family_name":"Archer","gender":"female","given_name":"Alice","global_sub":"capture-v1://playground/user/00000000-0000-4000-8000-000000000041","name":"Alice Archer","nickname":"Al","preferred_username":"alice.archer","sub":"00000000-0000-4000-8000-000000000041","updated_at":1736931600}"#);
}

#[tokio::test]
async fn the_token_may_come_by_header_in_any_case_or_by_form_body() {
    let world = World::new().await;
    let token = access_token(&world, "openid").await;
    let path = world.path(PATH);
    let expected = world.userinfo(&token).await.body;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let authorization = format!("{scheme} {token}");
        assert_eq!(world.get_with(&path, &authorization).await.body, expected);
        let reply = world.post_form(&path, &[], Some(&authorization)).await;
        assert_eq!(reply.body, expected);
        let bare = Request::post(&path).header(header::AUTHORIZATION, &authorization);
        let reply = world.send(bare.body(Body::empty()).unwrap()).await;
        assert_eq!(reply.body, expected);
    }
    let reply = world
        .post_form(&path, &[("access_token", &token)], None)
        .await;
    assert_eq!(reply.body, expected);
}

#[tokio::test]
async fn a_token_in_the_address_or_in_two_places_is_refused() {
    let world = World::new().await;
    let token = access_token(&world, "openid").await;
    let path = world.path(PATH);
    let form = [("access_token", token.as_str())];
    let with_query = format!("{path}?{}", encode(&form));
    world.get(&with_query).await.error(400, "invalid_request");
    let authorization = format!("Bearer {token}");
    let reply = world.get_with(&with_query, &authorization).await;
    reply.error(400, "invalid_request");
    let reply = world.post_form(&path, &form, Some(&authorization)).await;
    reply.error(400, "invalid_request");
    // A body belongs to POST.
    let reply = world.get_with(&path, &format!("Basic {token}")).await;
    reply.error(400, "invalid_request");
}

#[tokio::test]
async fn without_a_good_token_nothing_is_told() {
    let world = World::new().await;
    let path = world.path(PATH);
    let reply = world.get(&path).await;
    reply.error(401, "invalid_token");
    assert_eq!(
        reply.header("www-authenticate"),
        Some(r#"Bearer realm="userinfo""#)
    );
    let token = world.login("openid").await;
    let id_token = token["id_token"].as_str().unwrap();
    for text in ["unknown", id_token, &"x".repeat(4000)] {
        let reply = world.userinfo(text).await;
        reply.error(401, "invalid_token");
        let challenge = reply.header("www-authenticate").unwrap();
        assert!(
            challenge.contains(r#"error="invalid_token""#),
            "{challenge}"
        );
    }
}

#[tokio::test]
async fn an_access_token_expires_when_its_policy_says() {
    let world = World::new().await;
    let token = access_token(&world, "openid").await;
    world.clock.advance(3599);
    assert_eq!(world.userinfo(&token).await.status, StatusCode::OK);
    world.clock.advance(1);
    world.userinfo(&token).await.error(401, "invalid_token");
}

#[tokio::test]
async fn an_administrative_token_speaks_for_nobody() {
    let world = World::new().await;
    let token = world.administrative("*:** openid").await;
    let reply = world
        .userinfo(token["access_token"].as_str().unwrap())
        .await;
    reply.error(403, "insufficient_scope");
}

#[tokio::test]
async fn without_openid_the_scope_is_insufficient() {
    let world = World::new().await;
    let mut policy = world.seed.token_policies[0].clone();
    policy.allowed_scopes = oidc::scope::Scope::parse("profile").scope;
    let customer = &world.seed.customer_id;
    world
        .store
        .replace_token_policy(customer, &policy)
        .await
        .unwrap();
    let token = access_token(&world, "openid profile").await;
    let reply = world.userinfo(&token).await;
    reply.error(403, "insufficient_scope");
    let challenge = reply.header("www-authenticate").unwrap();
    assert!(challenge.contains(r#"scope="openid""#), "{challenge}");
}

#[tokio::test]
async fn an_edited_policy_leaves_issued_tokens_alone() {
    let world = World::new().await;
    let token = access_token(&world, "openid profile").await;
    let before = world.userinfo(&token).await.body;
    let mut policy = world.seed.token_policies[0].clone();
    policy.allowed_scopes = oidc::scope::Scope::default();
    let customer = &world.seed.customer_id;
    world
        .store
        .replace_token_policy(customer, &policy)
        .await
        .unwrap();
    assert_eq!(world.userinfo(&token).await.body, before);
}

#[tokio::test]
async fn another_customers_token_is_unknown() {
    let world = World::new().await;
    let token = access_token(&world, "openid").await;
    let key = provider::SandboxKey::generate();
    let other = world.provider.ensure_sandbox(&key).await.unwrap();
    let path = format!("/{}/{PATH}", other.id);
    let reply = world.get_with(&path, &format!("Bearer {token}")).await;
    reply.error(401, "invalid_token");
}
