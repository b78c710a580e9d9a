//! The token endpoint: codes and client authentication.

use crate::{
    authorize::shannon_bits,
    world::{Browser, CALLBACK, Reply, START, World, basic, encode, verifier},
};
use axum::body::Body;
use http::{Request, StatusCode, header};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use oidc::{authorization::AuthorizationRequest, jwt::Jwt};
use serde_json::{Map, Value};
use std::sync::Arc;
use store::Store;

/// Verifies a signature with another implementation, and returns header and claims.
async fn verified(world: &World, token: &str) -> (Map<String, Value>, Map<String, Value>) {
    let jwks = world.get(&world.path("login/jwk")).await.body;
    let jwks: JwkSet = serde_json::from_str(&jwks).unwrap();
    let kid = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
    let key = DecodingKey::from_jwk(jwks.find(&kid).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
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
async fn a_code_becomes_an_access_token_and_an_id_token() {
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
        ["access_token", "expires_in", "token_type", "scope"]
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
    for grant in ["refresh_token", "password", "Authorization_Code"] {
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
async fn reusing_a_code_revokes_its_tokens() {
    let world = World::new().await;
    let code = world.code("openid").await;
    let token = world.redeem(&code).await.json();
    let access_token = token["access_token"].as_str().unwrap();
    let other = world.login("openid").await;
    assert_eq!(world.userinfo(access_token).await.status, StatusCode::OK);
    // Also long after the code has expired.
    world.clock.advance(600);
    world.redeem(&code).await.error(400, "invalid_grant");
    world
        .userinfo(access_token)
        .await
        .error(401, "invalid_token");
    world.redeem(&code).await.error(400, "invalid_grant");
    let other = other["access_token"].as_str().unwrap();
    assert_eq!(world.userinfo(other).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_replayed_jwt_access_token_dies_too() {
    let world = World::new().await;
    let code = world.code_for(&world.server_request("openid")).await;
    let token = world.redeem_as_server(&code).await.json();
    world
        .redeem_as_server(&code)
        .await
        .error(400, "invalid_grant");
    let access_token = token["access_token"].as_str().unwrap();
    world
        .userinfo(access_token)
        .await
        .error(401, "invalid_token");
}

/// Twelve requests with one code at the same time.
async fn race(world: Arc<World>) {
    let code = world.code("openid").await;
    let tasks: Vec<_> = (0..12)
        .map(|_| {
            let (world, code) = (Arc::clone(&world), code.clone());
            tokio::spawn(async move { world.redeem(&code).await })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        let reply = task.await.unwrap();
        if reply.status == StatusCode::OK {
            won += 1;
        } else {
            reply.error(400, "invalid_grant");
        }
    }
    assert_eq!(won, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twelve_parallel_exchanges_one_wins() {
    race(Arc::new(World::new().await)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twelve_parallel_exchanges_one_wins_in_a_file_too() {
    crate::log::keep();
    let path = format!(
        "{}/race-{}.sqlite",
        env!("CARGO_TARGET_TMPDIR"),
        provider::random::key()
    );
    let store = Store::open(&format!("sqlite:{path}")).await.unwrap();
    let world = Arc::new(World::on(store).await);
    for _ in 0..10 {
        race(Arc::clone(&world)).await;
    }
    world.store.close().await;
    std::fs::remove_file(path).unwrap();
}

/// More form fields, and an `Authorization` header.
type Proof<'a> = (&'a [(&'a str, &'a str)], Option<String>);

#[tokio::test]
async fn a_confidential_client_proves_itself_in_one_of_two_ways() {
    let world = World::new().await;
    let request = world.server_request("openid");
    let client = &world.seed.clients[1];
    let (id, secret) = (client.id.as_str(), client.secret.as_deref().unwrap());
    let escaped = id.replace('-', "%2D").replace('0', "%30");
    let proofs: [Proof<'_>; 5] = [
        (&[], Some(basic(id, secret))),
        (&[], Some(basic(id, secret).replacen("Basic", "bAsIc", 1))),
        // Form-encoded before it was joined, as it should be.
        (&[], Some(basic(&escaped, secret))),
        (&[("client_id", id)], Some(basic(id, secret))),
        (&[("client_id", id), ("client_secret", secret)], None),
    ];
    for (more, authorization) in proofs {
        let code = world.code_for(&request).await;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("redirect_uri", CALLBACK),
            ("code", &code),
        ];
        form.extend(more);
        let reply = world.token(&form, authorization.as_deref()).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    }
}

#[tokio::test]
async fn a_client_that_does_not_prove_itself_is_refused() {
    let world = World::new().await;
    let [public, confidential, _] = &world.seed.clients[..] else {
        panic!("three clients")
    };
    let (id, secret) = (
        confidential.id.as_str(),
        confidential.secret.as_deref().unwrap(),
    );
    let code = world.code_for(&world.server_request("openid")).await;
    let attempt = async |more: &[(&str, &str)], authorization: Option<String>| {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("redirect_uri", CALLBACK),
            ("code", &code),
        ];
        form.extend(more);
        world.token(&form, authorization.as_deref()).await
    };
    let unproven: [Proof<'_>; 13] = [
        (&[], None),
        (&[("client_id", id)], None),
        (&[("client_id", "unknown")], None),
        (&[("client_id", id), ("client_secret", "wrong")], None),
        (&[("client_id", "unknown"), ("client_secret", secret)], None),
        // A public client has no secret, not even an empty one in a header.
        (&[("client_id", &public.id), ("client_secret", "x")], None),
        (&[], Some(basic(&public.id, ""))),
        (&[], Some(basic(id, ""))),
        (&[], Some(basic(id, &secret[1..]))),
        (&[], Some(basic("unknown", secret))),
        (&[], Some("Basic !!!".to_owned())),
        (&[], Some("Basic bm9jb2xvbg==".to_owned())),
        (&[], Some(format!("Bearer {secret}"))),
    ];
    for (more, authorization) in unproven {
        let reply = attempt(more, authorization.clone()).await;
        reply.error(401, "invalid_client");
        let challenge = reply.header("www-authenticate").unwrap();
        assert!(
            challenge.starts_with("Basic "),
            "{more:?} {authorization:?}"
        );
    }
    let unclear: [Proof<'_>; 2] = [
        (
            &[("client_id", id), ("client_secret", secret)],
            Some(basic(id, secret)),
        ),
        (&[("client_id", &public.id)], Some(basic(id, secret))),
    ];
    for (more, authorization) in unclear {
        let reply = attempt(more, authorization).await;
        reply.error(400, "invalid_request");
    }
    assert_eq!(world.redeem_as_server(&code).await.status, StatusCode::OK);
}

#[tokio::test]
async fn credentials_in_the_address_are_refused() {
    let world = World::new().await;
    let client = &world.seed.clients[1];
    let secret = client.secret.as_deref().unwrap();
    let path = format!(
        "{}?{}",
        world.path("login/token"),
        encode(&[("client_id", &client.id), ("client_secret", secret)])
    );
    let form = [("grant_type", "client_credentials")];
    world
        .post_form(&path, &form, None)
        .await
        .error(400, "invalid_request");
}

#[tokio::test]
async fn a_repeated_parameter_is_refused() {
    let world = World::new().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", "a"),
        ("scope", "b"),
    ];
    let reply = world.token(&form, None).await;
    assert_eq!(
        reply.error(400, "invalid_request"),
        "The parameter scope is there more than once"
    );
}

fn multipart(fields: &[(&str, &str)]) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str("--x\r\nContent-Disposition: form-data; name=\"");
        body.push_str(name);
        body.push_str("\"\r\n\r\n");
        body.push_str(value);
        body.push_str("\r\n");
    }
    body + "--x--\r\n"
}

async fn send(world: &World, content_type: &str, body: String, authorization: &str) -> Reply {
    let request = Request::post(world.path("login/token"))
        .header(header::CONTENT_TYPE, content_type)
        .header(header::AUTHORIZATION, authorization)
        .body(Body::from(body))
        .unwrap();
    world.send(request).await
}

#[tokio::test]
async fn multipart_forms_are_taken_and_json_is_not() {
    let world = World::new().await;
    let authorization = world.server_authorization();
    let code = world.code_for(&world.server_request("openid")).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", CALLBACK),
        ("code", code.as_str()),
    ];
    let json = r#"{"grant_type":"authorization_code"}"#.to_owned();
    let reply = send(&world, "application/json", json, &authorization).await;
    reply.error(400, "invalid_request");
    let reply = send(
        &world,
        "multipart/form-data; boundary=x",
        multipart(&fields),
        &authorization,
    )
    .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let twice = multipart(&[("scope", "a"), ("scope", "b")]);
    let reply = send(
        &world,
        "multipart/form-data; boundary=x",
        twice,
        &authorization,
    )
    .await;
    reply.error(400, "invalid_request");
    let broken = multipart(&fields).replace("--x--", "");
    let reply = send(
        &world,
        "multipart/form-data; boundary=x",
        broken,
        &authorization,
    )
    .await;
    reply.error(400, "invalid_request");
}

#[tokio::test]
async fn huge_bodies_and_endless_fields_are_refused() {
    let world = World::new().await;
    let authorization = world.server_authorization();
    let huge = "x".repeat(5_000_000);
    let form = "application/x-www-form-urlencoded";
    let reply = send(&world, form, format!("code={huge}"), &authorization).await;
    reply.error(413, "invalid_request");
    let body = multipart(&[("code", &huge)]);
    let reply = send(
        &world,
        "multipart/form-data; boundary=x",
        body,
        &authorization,
    )
    .await;
    reply.error(413, "invalid_request");
    let fields: Vec<String> = (0..10_000).map(|n| format!("f{n}")).collect();
    let reply = send(&world, form, fields.join("&"), &authorization).await;
    reply.error(400, "invalid_request");
    let path = world.path("auth-ui/login");
    let reply = world.post_form(&path, &[("email", &huge)], None).await;
    reply.page(413, "bad_form");
    let reply = world
        .post_form(&world.path("login/authorize"), &[("state", &huge)], None)
        .await;
    reply.page(413, "bad_form");
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
    let code = crate::world::query(reply.location())["code"].clone();
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
