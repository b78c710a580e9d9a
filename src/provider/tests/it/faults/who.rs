//! Who suffers from a fault, and who is told of it.

use super::{Switches, announced};
use crate::world::{Browser, CALLBACK, World, encode};
use axum::body::Body;
use http::{Method, Request, StatusCode};
use oidc::jwt::Jwt;
use provider::SandboxKey;
use serde_json::{Value, json};

fn alg(tokens: &Value) -> Value {
    let jwt = Jwt::decode(tokens["id_token"].as_str().unwrap()).unwrap();
    jwt.header["alg"].clone()
}

async fn server_login(world: &World) -> Value {
    let code = world.code_for(&world.server_request("openid")).await;
    let reply = world.redeem_as_server(&code).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    reply.json()
}

#[tokio::test]
async fn a_fault_of_one_client_is_nobody_elses() {
    let world = World::new().await;
    let switches = Switches::new(&world).await;
    let [public, server] = [0, 1].map(|index| world.seed.clients[index].id.clone());
    switches
        .on(&json!({"name": "alg-none", "client": server}))
        .await;
    assert_eq!(alg(&world.login("openid").await), "RS256");
    assert_eq!(alg(&server_login(&world).await), "none");
    let outage = json!({"name": "http-500", "client": public, "endpoints": ["token", "authorize", "userinfo"]});
    let id = switches.on(&outage).await;
    let tokens = server_login(&world).await;
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(world.userinfo(access_token).await.status, StatusCode::OK);
    assert_eq!(switches.hits(&id).await, 0);
    let path = world.authorize_path(&world.request("openid"));
    world.get(&path).await.page(500, "fault");
    world.redeem("any").await.error(500, "server_error");
    // The same by a form, by multipart and by Basic.
    let body = world.request("openid").url("");
    let request = Request::post(world.path("login/authorize"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body.trim_start_matches('?').to_owned()))
        .unwrap();
    world.send(request).await.page(500, "fault");
    let multipart = format!(
        "--x\r\nContent-Disposition: form-data; name=\"client_id\"\r\n\r\n{public}\r\n--x--\r\n"
    );
    let request = Request::post(world.path("login/token"))
        .header("content-type", "multipart/form-data; boundary=x")
        .body(Body::from(multipart))
        .unwrap();
    world.send(request).await.error(500, "server_error");
    let basic = crate::world::basic(&public, "any");
    world
        .token(&[], Some(&basic))
        .await
        .error(500, "server_error");
    assert_eq!(switches.hits(&id).await, 5);
}

#[tokio::test]
async fn the_client_of_an_access_token_is_known_at_userinfo() {
    let world = World::new().await;
    let switches = Switches::new(&world).await;
    let tokens = world.login("openid").await;
    let others = server_login(&world).await;
    let [token, others] = [&tokens, &others].map(|own| own["access_token"].as_str().unwrap());
    let client = &world.seed.clients[0].id;
    for name in ["userinfo-wrong-sub", "http-503"] {
        switches.on(&json!({"name": name, "client": client})).await;
        let reply = world.userinfo(others).await;
        assert_eq!(announced(&reply), None);
        assert_eq!(reply.json()["sub"], world.seed.people[0].profile.uuid);
    }
    world
        .userinfo(token)
        .await
        .error(503, "temporarily_unavailable");
    let path = world.path("profiles/oidc/userinfo");
    let reply = world
        .post_form(&path, &[("access_token", token)], None)
        .await;
    reply.error(503, "temporarily_unavailable");
    world.userinfo("unknown").await.error(401, "invalid_token");
}

#[tokio::test]
async fn a_customers_faults_are_no_other_customers() {
    let world = World::new().await;
    let switches = Switches::new(&world).await;
    let other = world
        .provider
        .ensure_sandbox(&SandboxKey::generate())
        .await
        .unwrap();
    for name in ["discovery-wrong-issuer", "http-429", "jwks-empty"] {
        switches.on(&json!({"name": name})).await;
    }
    for rest in ["login/.well-known/openid-configuration", "login/jwk"] {
        let reply = world.get(&format!("/{}/{rest}", other.id)).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(announced(&reply), None);
        assert_eq!(reply.header("cache-control"), Some("no-cache"));
        // However the address is written.
        let encoded = format!("/%30{}/{rest}", &world.seed.customer_id[1..]);
        assert_eq!(world.get(&encoded).await.status.as_u16(), 429);
    }
    // Nor has a customer any that nobody knows.
    for id in ["nobody".to_owned(), "n".repeat(5000)] {
        let reply = world.get(&format!("/{id}/login/jwk")).await;
        assert_eq!((reply.status.as_u16(), announced(&reply)), (404, None));
    }
}

#[tokio::test]
async fn every_answer_says_which_faults_are_on_that_may_be_the_askers() {
    let world = World::new().await;
    let switches = Switches::new(&world).await;
    let [public, server] = [0, 1].map(|index| world.seed.clients[index].id.clone());
    switches.on(&json!({"name": "refresh-refused"})).await;
    switches
        .on(&json!({"name": "bad-signature", "client": public}))
        .await;
    switches
        .on(&json!({"name": "slow", "client": server, "times": 1, "value": 1}))
        .await;
    switches.on(&json!({"name": "refresh-refused"})).await;
    let (all, publics) = (
        "refresh-refused, bad-signature, slow",
        "refresh-refused, bad-signature",
    );
    // Where nobody says who they are, all are named.
    for rest in [
        "login/.well-known/openid-configuration",
        "login/jwk",
        "config/openapi.json",
        "config/faults",
        "auth-ui/login?interaction=none",
    ] {
        let reply = world.get(&world.path(rest)).await;
        assert_eq!(announced(&reply), Some(all), "{rest}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{rest}");
    }
    let browser = Browser::new(&world);
    let reply = browser.authorize(&world.request("openid")).await;
    assert_eq!(announced(&reply), Some(publics));
    // A person who signs in is told as well.
    let interaction = reply.interaction();
    let view = browser.sign_in_screen(&interaction).await;
    assert_eq!(view.faults, ["refresh-refused", "bad-signature"]);
    let uuid = &world.seed.people[0].profile.uuid;
    let reply = browser
        .submit(&[("interaction", &interaction), ("person", uuid)])
        .await;
    assert_eq!(announced(&reply), Some(all));
    let reply = world.redeem(&reply.callback()["code"]).await;
    assert_eq!(announced(&reply), Some(publics));
    assert_eq!(
        reply.header("access-control-expose-headers"),
        Some("WWW-Authenticate, Retry-After, OIDC-Playground-Faults")
    );
    // Also on refusals, of endpoints and of clients.
    assert_eq!(announced(&world.token(&[], None).await), Some(all));
    let basic = world.server_authorization();
    let reply = world.token(&[], Some(&basic)).await;
    assert_eq!(announced(&reply), Some("refresh-refused, slow"));
    // That was its last time.
    let reply = world.token(&[], Some(&basic)).await;
    assert_eq!(announced(&reply), Some("refresh-refused"));
    switches.all_off().await;
    let interaction = browser.authorize(&world.request("openid")).await;
    assert_eq!(announced(&interaction), None);
}

#[tokio::test]
async fn whoever_signs_out_with_proof_comes_back_as_wrong_as_they_should() {
    let world = World::new().await;
    let switches = Switches::new(&world).await;
    let customer = &world.seed.customer_id;
    let mut client = world.seed.clients[0].clone();
    client.post_logout_redirect_uris = vec![CALLBACK.to_owned()];
    world
        .store
        .replace_client(customer, &client)
        .await
        .unwrap()
        .unwrap();
    let hint = world.login("openid").await;
    let sent = [
        ("id_token_hint", hint["id_token"].as_str().unwrap()),
        ("post_logout_redirect_uri", CALLBACK),
        ("state", "out-1"),
    ];
    let path = world.path(&format!("login/end_session?{}", encode(&sent)));
    let back = async || {
        let reply = world.get(&path).await;
        reply.location().strip_prefix(CALLBACK).unwrap().to_owned()
    };
    assert_eq!(back().await, "?state=out-1");
    for (name, expected) in [
        ("logout-wrong-state", "?state=somebody-else"),
        ("logout-missing-state", ""),
    ] {
        let other = &world.seed.clients[1].id;
        switches.on(&json!({"name": name, "client": other})).await;
        assert_eq!(back().await, "?state=out-1");
        switches
            .on(&json!({"name": name, "client": client.id}))
            .await;
        assert_eq!(back().await, expected);
        switches.all_off().await;
    }
}

#[tokio::test]
async fn a_refused_scope_is_refused_to_programs_too_but_never_the_allowed_one() {
    let world = World::new().await;
    let switches = Switches::new(&world).await;
    switches.on(&json!({"name": "scope-refused"})).await;
    let basic = world.configuration_authorization();
    let ask = async |scope: &str| {
        let form = [("grant_type", "client_credentials"), ("scope", scope)];
        world.token(&form, Some(&basic)).await
    };
    ask("*:config/** XXXXX").await.error(400, "invalid_scope");
    let reply = ask("*:config/**").await;
    assert_eq!(reply.json()["scope"], "*:config/**");
    assert_eq!(
        world.login("openid profile").await["scope"],
        "openid profile"
    );
    let path = world.authorize_path(&world.request("openid phone"));
    let reply = world.get(&path).await;
    assert_eq!(reply.callback()["error"], "invalid_scope");
    assert_eq!(reply.callback()["state"], "state-1");
}

#[tokio::test]
async fn a_reset_takes_the_faults_along() {
    let world = World::new().await;
    let switches = Switches::new(&world).await;
    switches.on(&json!({"name": "http-500"})).await;
    let path = world.path("login/jwk");
    assert_eq!(world.get(&path).await.status.as_u16(), 500);
    let reply = switches
        .call(Method::POST, "config/reset", &json!({}))
        .await;
    assert_eq!(reply.status.as_u16(), 204);
    let reply = world.get(&path).await;
    assert_eq!((reply.status.as_u16(), announced(&reply)), (200, None));
}
