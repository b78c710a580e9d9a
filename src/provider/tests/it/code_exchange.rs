//! The token endpoint: which exchange fits a code.

use crate::world::{Browser, CALLBACK, Reply, World, query, verifier};
use http::StatusCode;
use oidc::authorization::AuthorizationRequest;

/// The public client's request for a code, with one parameter changed or left out.
async fn exchange(world: &World, code: &str, name: &str, value: Option<&str>) -> Reply {
    let verifier = verifier();
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("client_id", world.seed.clients[0].id.as_str()),
        ("redirect_uri", CALLBACK),
        ("code", code),
        ("code_verifier", verifier.as_str()),
    ];
    form.retain(|(own, _)| *own != name);
    form.extend(value.map(|value| (name, value)));
    world.token(&form, None).await
}

#[tokio::test]
async fn an_exchange_that_does_not_fit_its_code_is_refused_and_costs_nothing() {
    let world = World::new().await;
    let code = world.code("openid").await;
    let other_verifier = "b".repeat(43);
    let table = [
        ("code_verifier", None, "code_verifier is missing"),
        (
            "code_verifier",
            Some(other_verifier.as_str()),
            "code_verifier does not belong to the code_challenge",
        ),
        (
            "code_verifier",
            Some("short"),
            "code_verifier is not 43 to 128 unreserved characters",
        ),
        (
            "redirect_uri",
            None,
            "redirect_uri is missing: repeat the one of the authorization request",
        ),
        (
            "redirect_uri",
            Some("http://127.0.0.1/callback"),
            "redirect_uri differs from the one in the authorization request",
        ),
        ("code", Some("unknown"), "The code is unknown"),
    ];
    for (name, value, description) in table {
        let reply = exchange(&world, &code, name, value).await;
        assert_eq!(reply.error(400, "invalid_grant"), description);
    }
    let reply = exchange(&world, &code, "code", None).await;
    assert_eq!(
        reply.error(400, "invalid_request"),
        "The parameter code is missing"
    );
    let reply = exchange(&world, &code, "grant_type", None).await;
    reply.error(400, "invalid_request");
    for grant in ["implicit", "password", "Authorization_Code"] {
        let reply = exchange(&world, &code, "grant_type", Some(grant)).await;
        reply.error(400, "unsupported_grant_type");
    }
    let reply = world.redeem_as_server(&code).await;
    assert_eq!(
        reply.error(400, "invalid_grant"),
        "The code was issued to another client"
    );
    assert_eq!(world.redeem(&code).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_verifier_without_a_challenge_is_refused() {
    let world = World::new().await;
    let code = world.code_for(&world.server_request("openid")).await;
    let verifier = verifier();
    let form = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", CALLBACK),
        ("code", &code),
        ("code_verifier", verifier.as_str()),
    ];
    let reply = world
        .token(&form, Some(&world.server_authorization()))
        .await;
    assert_eq!(
        reply.error(400, "invalid_grant"),
        "code_verifier was sent, but the request had no code_challenge"
    );
}

#[tokio::test]
async fn a_code_lives_five_minutes() {
    let world = World::new().await;
    let (early, late) = (world.code("openid").await, world.code("openid").await);
    world.clock.advance(299);
    assert_eq!(world.redeem(&early).await.status, StatusCode::OK);
    world.clock.advance(1);
    let reply = world.redeem(&late).await;
    assert_eq!(reply.error(400, "invalid_grant"), "The code has expired");
}

#[tokio::test]
async fn another_customers_code_is_unknown() {
    let world = World::new().await;
    let key = provider::SandboxKey::generate();
    let other = world.provider.ensure_sandbox(&key).await.unwrap();
    let clients = world.store.clients(&other.id).await.unwrap();
    let code = world.code("openid").await;
    let verifier = verifier();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", clients[0].id.as_str()),
        ("redirect_uri", CALLBACK),
        ("code", code.as_str()),
        ("code_verifier", verifier.as_str()),
    ];
    let path = format!("/{}/login/token", other.id);
    let reply = world.post_form(&path, &form, None).await;
    assert_eq!(reply.error(400, "invalid_grant"), "The code is unknown");
}

#[tokio::test]
async fn a_native_app_repeats_the_port_it_asked_with() {
    let world = World::new().await;
    let uri = "http://127.0.0.1:49152/callback";
    let request = AuthorizationRequest {
        redirect_uri: Some(uri.to_owned()),
        ..world.request("openid")
    };
    let reply = Browser::new(&world).sign_in_as(&request, 0).await;
    let code = query(reply.location())["code"].clone();
    let reply = exchange(
        &world,
        &code,
        "redirect_uri",
        Some("http://127.0.0.1/callback"),
    )
    .await;
    reply.error(400, "invalid_grant");
    let reply = exchange(&world, &code, "redirect_uri", Some(uri)).await;
    assert_eq!(reply.status, StatusCode::OK);
}
