//! Clients that register themselves. Names in comments are those of the public
//! certification tests.

use crate::{
    log,
    world::{Browser, CALLBACK, PUBLIC_URL, Reply, START, World, basic, query, verifier},
};
use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use oidc::{authorization::AuthorizationRequest, jwt::Jwt};
use provider::{SandboxKey, Settings, screen::AboutClient};
use serde_json::{Value, json};
use store::Store;

const REGISTER: &str = "login/register";

/// A provider that only its own machine reaches.
async fn on_loopback() -> World {
    log::keep();
    let store = Store::open("sqlite::memory:").await.unwrap();
    let settings = Settings {
        loopback: true,
        ..Settings::default()
    };
    World::with(store, settings).await
}

async fn post(world: &World, path: &str, content_type: &str, body: &str) -> Reply {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, content_type)
        .body(Body::from(body.to_owned()))
        .unwrap();
    world.send(request).await
}

async fn register(world: &World, metadata: &Value) -> Reply {
    let path = world.path(REGISTER);
    post(world, &path, "application/json", &metadata.to_string()).await
}

/// A client with these members besides the usual address.
async fn registered(world: &World, members: Value) -> Value {
    let mut metadata = json!({ "redirect_uris": [CALLBACK] });
    let members = members.as_object().unwrap().clone();
    metadata.as_object_mut().unwrap().extend(members);
    let reply = register(world, &metadata).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    reply.json()
}

async fn shown(world: &World, client: &Value) -> Reply {
    let uri = text(client, "registration_client_uri");
    let path = uri.strip_prefix(PUBLIC_URL).unwrap();
    let authorization = format!("Bearer {}", text(client, "registration_access_token"));
    world.get_with(path, &authorization).await
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {value}"))
}

fn request(world: &World, client: &Value) -> AuthorizationRequest {
    AuthorizationRequest {
        client_id: Some(text(client, "client_id").to_owned()),
        ..world.server_request("openid profile email")
    }
}

fn authorization(client: &Value) -> String {
    basic(text(client, "client_id"), text(client, "client_secret"))
}

/// A whole login of a confidential client.
async fn login(world: &World, client: &Value) -> Value {
    let code = world.code_for(&request(world, client)).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", CALLBACK),
        ("code", &code),
    ];
    let reply = world.token(&form, Some(&authorization(client))).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    reply.json()
}

async fn discovery(world: &World, customer: &str) -> Value {
    let path = format!("/{customer}/login/.well-known/openid-configuration");
    world.get(&path).await.json()
}

#[tokio::test]
async fn a_client_registers_reads_itself_and_signs_somebody_in() {
    let world = on_loopback().await;
    let discovered = discovery(&world, &world.seed.customer_id).await;
    let endpoint = format!("{PUBLIC_URL}{}", world.path(REGISTER));
    assert_eq!(discovered["registration_endpoint"], endpoint);

    let client = registered(&world, json!({ "client_name": "Mine" })).await;
    assert_eq!(client["client_secret_expires_at"], 0);
    assert_eq!(client["client_id_issued_at"], START.0);
    assert_eq!(client["client_name"], "Mine");
    assert_eq!(client["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!(client["response_types"], json!(["code"]));
    assert_eq!(client["grant_types"], json!(["authorization_code"]));
    assert_eq!(text(&client, "client_id").len(), 36);
    assert_eq!(
        text(&client, "registration_client_uri"),
        format!("{endpoint}/{}", text(&client, "client_id"))
    );

    let reply = shown(&world, &client).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.json(), client);

    let tokens = login(&world, &client).await;
    assert_eq!(tokens["scope"], "openid profile email");
    let reply = world.userinfo(text(&tokens, "access_token")).await;
    assert_eq!(reply.json()["email"], "alice@example.com");
}

#[tokio::test]
async fn a_public_client_has_no_secret_and_needs_pkce() {
    let world = on_loopback().await;
    let metadata = json!({
        "token_endpoint_auth_method": "none",
        "application_type": "native",
        "redirect_uris": ["http://127.0.0.1/cb"],
    });
    let client = registered(&world, metadata).await;
    assert!(client.get("client_secret").is_none());
    assert!(client.get("client_secret_expires_at").is_none());
    let mut request = request(&world, &client);
    request.redirect_uri = Some("http://127.0.0.1:49152/cb".to_owned());
    let refused = Browser::new(&world).authorize(&request).await;
    assert!(refused.location().contains("error=invalid_request"));

    let verifier = verifier();
    request.code_challenge = Some(verifier.challenge().as_str().to_owned());
    request.code_challenge_method = Some("S256".to_owned());
    let reply = Browser::new(&world).sign_in_as(&request, 0).await;
    let code = query(reply.location())["code"].clone();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", text(&client, "client_id")),
        ("redirect_uri", "http://127.0.0.1:49152/cb"),
        ("code", &code),
        ("code_verifier", verifier.as_str()),
    ];
    let reply = world.token(&form, None).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
}

#[tokio::test]
async fn clients_register_only_where_they_may() {
    // The demo customer of a server that others reach, too.
    let world = World::new().await;
    let demo = world.seed.customer_id.clone();
    let key = SandboxKey::generate();
    let sandbox = world.provider.ensure_sandbox(&key).await.unwrap().id;
    let loopback = on_loopback().await;
    let key = SandboxKey::generate();
    let local = loopback.provider.ensure_sandbox(&key).await.unwrap().id;

    let metadata = json!({ "redirect_uris": [CALLBACK] }).to_string();
    for (world, customer) in [(&world, &demo), (&world, &sandbox), (&loopback, &local)] {
        let path = format!("/{customer}/{REGISTER}");
        let reply = post(world, &path, "application/json", &metadata).await;
        reply.error(404, "invalid_request");
        let reply = world.get(&format!("{path}/any")).await;
        reply.error(404, "invalid_request");
        let discovered = discovery(world, customer).await;
        assert!(discovered.get("registration_endpoint").is_none());
    }
    let path = format!("/nobody/{REGISTER}");
    let reply = post(&loopback, &path, "application/json", &metadata).await;
    reply.error(404, "invalid_request");
}

#[tokio::test]
async fn only_get_and_post_exist_and_no_other_origin_may_ask() {
    let world = on_loopback().await;
    let client = registered(&world, json!({})).await;
    let item = format!("{REGISTER}/{}", text(&client, "client_id"));
    for (method, path) in [
        (Method::PUT, item.as_str()),
        (Method::DELETE, &item),
        (Method::GET, REGISTER),
    ] {
        let request = Request::builder().method(method).uri(world.path(path));
        let reply = world.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    let preflight = Request::builder()
        .method(Method::OPTIONS)
        .uri(world.path(REGISTER))
        .header(header::ORIGIN, "https://evil.example")
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST");
    let reply = world.send(preflight.body(Body::empty()).unwrap()).await;
    assert_eq!(reply.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn a_registration_is_shown_only_for_its_own_token() {
    let world = on_loopback().await;
    let client = registered(&world, json!({})).await;
    let other = registered(&world, json!({})).await;
    let path = |id: &str| world.path(&format!("{REGISTER}/{id}"));
    let id = text(&client, "client_id");
    let own = text(&client, "registration_access_token");
    for (id, token) in [
        (
            id,
            format!("Bearer {}", text(&other, "registration_access_token")),
        ),
        (id, format!("Bearer {}", text(&client, "client_secret"))),
        (id, format!("Basic {own}")),
        (id, "Bearer".to_owned()),
        (world.seed.clients[0].id.as_str(), format!("Bearer {own}")),
        ("nobody", format!("Bearer {own}")),
    ] {
        let reply = world.get_with(&path(id), &token).await;
        reply.error(401, "invalid_token");
        let challenge = reply.header("www-authenticate").unwrap();
        assert!(challenge.starts_with("Bearer "), "{challenge}");
    }
    world.get(&path(id)).await.error(401, "invalid_token");
    // Nor does it open anything else.
    world.userinfo(own).await.error(401, "invalid_token");
    let reply = world
        .get_with(
            &world.path("config/tokenPolicies"),
            &format!("Bearer {own}"),
        )
        .await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_cannot_be_registered_is_refused_with_its_code() {
    let world = on_loopback().await;
    let before = world.store.clients(&world.seed.customer_id).await.unwrap();
    let uris = |uris: Value| json!({ "redirect_uris": uris });
    let with = |name: &str, value: Value| json!({ "redirect_uris": [CALLBACK], name: value });
    for (metadata, code) in [
        // oidcc-redirect-uri-regfrag
        (
            uris(json!(["https://a.test/cb#part"])),
            "invalid_redirect_uri",
        ),
        (uris(json!(["http://a.test/cb"])), "invalid_redirect_uri"),
        (uris(json!(["javascript:alert(1)"])), "invalid_redirect_uri"),
        (
            uris(json!(["https://a.test/\r\nSet-Cookie:x"])),
            "invalid_redirect_uri",
        ),
        (uris(json!([])), "invalid_redirect_uri"),
        (uris(json!({ "0": CALLBACK })), "invalid_redirect_uri"),
        (json!({}), "invalid_redirect_uri"),
        // oidcc-3rd_party-init-login-nohttps
        (
            with("initiate_login_uri", json!("http://a.test/login")),
            "invalid_client_metadata",
        ),
        // oidcc-idtoken-unsigned: not offered
        (
            with("id_token_signed_response_alg", json!("none")),
            "invalid_client_metadata",
        ),
        // oidcc-userinfo-rs256: not offered
        (
            with("userinfo_signed_response_alg", json!("RS256")),
            "invalid_client_metadata",
        ),
        // oidcc-registration-sector-uri, -sector-bad: no pairwise subjects
        (
            with("subject_type", json!("pairwise")),
            "invalid_client_metadata",
        ),
        (
            with("sector_identifier_uri", json!("https://a.test/uris")),
            "invalid_client_metadata",
        ),
        // oidcc-registration-jwks-uri: not offered
        (
            with("token_endpoint_auth_method", json!("private_key_jwt")),
            "invalid_client_metadata",
        ),
        (
            with("request_uris", json!(["https://a.test/r"])),
            "invalid_client_metadata",
        ),
        (
            with("response_types", json!(["token"])),
            "invalid_client_metadata",
        ),
        (
            with("grant_types", json!(["client_credentials"])),
            "invalid_client_metadata",
        ),
        (
            with("logo_uri", json!("javascript:alert(1)")),
            "invalid_client_metadata",
        ),
        (
            with("client_name", json!("a".repeat(201))),
            "invalid_client_metadata",
        ),
        (
            with("login_policy", json!("nobody's")),
            "invalid_client_metadata",
        ),
        (with("login_policy", json!(7)), "invalid_client_metadata"),
        (
            with("token_policy", json!("nobody's")),
            "invalid_client_metadata",
        ),
        (with("token_policy", json!([])), "invalid_client_metadata"),
    ] {
        let description = register(&world, &metadata).await.error(400, code);
        assert!(!description.is_empty(), "{metadata}");
    }
    let after = world.store.clients(&world.seed.customer_id).await.unwrap();
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let world = on_loopback().await;
    let path = world.path(REGISTER);
    let good = json!({ "redirect_uris": [CALLBACK] }).to_string();
    let deep = "[".repeat(10_000);
    for body in [
        "",
        "{",
        "[]",
        "null",
        "\"x\"",
        "\u{0}",
        &deep,
        "redirect_uris=x",
    ] {
        let reply = post(&world, &path, "application/json", body).await;
        reply.error(400, "invalid_client_metadata");
    }
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "",
        "json",
    ] {
        let reply = post(&world, &path, content_type, &good).await;
        reply.error(400, "invalid_client_metadata");
    }
    let huge = json!({ "redirect_uris": [CALLBACK], "x": "a".repeat(100_000) }).to_string();
    let reply = post(&world, &path, "application/json", &huge).await;
    reply.error(413, "invalid_client_metadata");
    let reply = post(&world, &path, "application/json; charset=utf-8", &good).await;
    assert_eq!(reply.status, StatusCode::CREATED);
}

/// oidcc-registration-logo-uri, -policy-uri, -tos-uri
#[tokio::test]
async fn what_a_client_says_of_itself_is_told_on_the_sign_in_screen() {
    let world = on_loopback().await;
    let metadata = json!({
        "client_uri": "https://a.test/",
        "logo_uri": "https://a.test/logo.png",
        "policy_uri": "https://a.test/policy",
        "tos_uri": "https://a.test/terms",
    });
    let client = registered(&world, metadata).await;
    let about = async |request: &AuthorizationRequest| {
        let browser = Browser::new(&world);
        let interaction = browser.authorize(request).await.interaction();
        browser.sign_in_screen(&interaction).await.about
    };
    let told = about(&request(&world, &client)).await;
    let uri = |path: &str| Some(format!("https://a.test/{path}"));
    let expected = AboutClient {
        home: uri(""),
        logo: uri("logo.png"),
        policy: uri("policy"),
        terms: uri("terms"),
    };
    assert_eq!(told, expected);
    let silent = registered(&world, json!({})).await;
    for request in [request(&world, &silent), world.request("openid")] {
        assert_eq!(about(&request).await, AboutClient::default());
    }
}

/// oidcc-registration-logo-uri, -policy-uri, -tos-uri, oidcc-3rd_party-init-login
#[tokio::test]
async fn what_is_registered_is_answered_and_what_is_unknown_is_not() {
    let world = on_loopback().await;
    let metadata = json!({
        "redirect_uris": [CALLBACK],
        "post_logout_redirect_uris": ["https://a.test/bye"],
        "contacts": ["dev@a.test"],
        "client_uri": "https://a.test/",
        "logo_uri": "https://a.test/logo.png",
        "policy_uri": "https://a.test/policy",
        "tos_uri": "https://a.test/terms",
        "initiate_login_uri": "https://a.test/login",
    });
    let mut sent = metadata.clone();
    sent["x-unknown"] = json!({ "deep": [1] });
    sent["jwks_uri"] = json!("https://a.test/keys");
    sent["scope"] = json!("openid unheard-of profile");
    let client = registered(&world, sent).await;
    for answer in [client.clone(), shown(&world, &client).await.json()] {
        for (name, value) in metadata.as_object().unwrap() {
            assert_eq!(answer[name], *value, "{name}");
        }
        for name in ["x-unknown", "jwks_uri", "client_name"] {
            assert!(answer.get(name).is_none(), "{name}");
        }
        // What the token policy will let through.
        assert_eq!(answer["scope"], "openid profile");
    }
}

#[tokio::test]
async fn a_client_gets_the_policies_that_fit_or_those_it_names() {
    let world = on_loopback().await;
    let seed = &world.seed;
    let check = |client: &Value, login: usize, token: usize| {
        assert_eq!(client["login_policy"], seed.login_policies[login].id);
        assert_eq!(client["token_policy"], seed.token_policies[token].id);
    };
    check(&registered(&world, json!({})).await, 0, 1);
    for types in [json!(["id_token"]), json!(["code", "code token"])] {
        let client = registered(&world, json!({ "response_types": types })).await;
        check(&client, 1, 1);
    }
    let named = json!({
        "login_policy": seed.login_policies[1].id,
        "token_policy": seed.token_policies[0].id,
    });
    let client = registered(&world, named).await;
    check(&client, 1, 0);
    assert_eq!(login(&world, &client).await["scope"], "openid profile");

    let refused = json!({
        "redirect_uris": [CALLBACK],
        "response_types": ["code id_token"],
        "login_policy": seed.login_policies[0].id,
    });
    let reply = register(&world, &refused).await;
    let description = reply.error(400, "invalid_client_metadata");
    assert!(description.contains("code id_token"), "{description}");

    // A policy of administrators makes no administrator.
    let named = json!({ "token_policy": seed.token_policies[2].id });
    let client = registered(&world, named).await;
    let form = [("grant_type", "client_credentials"), ("scope", "*:**")];
    let reply = world.token(&form, Some(&authorization(&client))).await;
    reply.error(400, "unauthorized_client");
}

#[tokio::test]
async fn a_type_no_login_policy_allows_cannot_be_registered() {
    let world = on_loopback().await;
    let second = &world.seed.login_policies[1].id;
    let customer = &world.seed.customer_id;
    let mut policy = world
        .store
        .login_policy(customer, second)
        .await
        .unwrap()
        .unwrap();
    policy.allowed_response_types = vec!["code".to_owned(), "id_token".to_owned()];
    world
        .store
        .replace_login_policy(customer, &policy)
        .await
        .unwrap();
    let metadata = json!({ "redirect_uris": [CALLBACK], "response_types": ["id_token token"] });
    let reply = register(&world, &metadata).await;
    reply.error(400, "invalid_client_metadata");
    registered(&world, json!({ "response_types": ["id_token"] })).await;
}

#[tokio::test]
async fn a_client_may_ask_for_what_it_registered_and_for_no_more() {
    let world = on_loopback().await;
    let ask = async |client: &Value| {
        let mut request = request(&world, client);
        request.response_type = Some("code id_token".to_owned());
        Browser::new(&world).authorize(&request).await
    };
    let client = registered(&world, json!({})).await;
    let refused = ask(&client).await;
    assert!(
        refused
            .location()
            .contains("error=unsupported_response_type")
    );
    let metadata = json!({ "response_types": ["code", "code id_token"] });
    let client = registered(&world, metadata).await;
    ask(&client).await.interaction();
}

/// oidcc-idtoken-rs256, and the same for the other algorithms
#[tokio::test]
async fn id_tokens_are_signed_as_the_client_registered() {
    let world = on_loopback().await;
    for (registered_alg, expected) in [
        (json!(null), "RS256"),
        (json!("RS256"), "RS256"),
        (json!("ES256"), "ES256"),
        (json!("EdDSA"), "EdDSA"),
    ] {
        let metadata = json!({ "id_token_signed_response_alg": registered_alg });
        let client = registered(&world, metadata).await;
        assert_eq!(client["id_token_signed_response_alg"], expected);
        let tokens = login(&world, &client).await;
        let header = Jwt::decode(text(&tokens, "id_token")).unwrap().header;
        assert_eq!(header["alg"], expected);
        assert!(header["kid"].is_string());
    }
}

/// oidcc-ensure-redirect-uri-in-authorization-request
#[tokio::test]
async fn of_two_registered_addresses_none_is_taken_when_none_is_sent() {
    let world = on_loopback().await;
    let uris = json!([CALLBACK, "https://play.example/other"]);
    let client = registered(&world, json!({ "redirect_uris": uris })).await;
    let mut request = request(&world, &client);
    request.redirect_uri = None;
    let reply = Browser::new(&world).authorize(&request).await;
    reply.page(400, "invalid_redirect_uri");
}

/// oidcc-redirect-uri-query-OK, -query-mismatch, -query-added
#[tokio::test]
async fn the_query_of_an_address_is_kept_and_must_be_the_registered_one() {
    let world = on_loopback().await;
    let with_query = format!("{CALLBACK}?foo=bar");
    let client = registered(&world, json!({ "redirect_uris": [with_query] })).await;
    let mut asked = request(&world, &client);
    asked.redirect_uri = Some(with_query.clone());
    let reply = Browser::new(&world).sign_in_as(&asked, 0).await;
    let callback = reply.callback();
    assert_eq!(callback["foo"], "bar");
    assert!(callback.contains_key("code"));

    let plain = registered(&world, json!({})).await;
    for (client, uri) in [
        (&client, format!("{CALLBACK}?foo=baz")),
        (&client, CALLBACK.to_owned()),
        (&plain, with_query),
    ] {
        let mut asked = request(&world, client);
        asked.redirect_uri = Some(uri);
        let reply = Browser::new(&world).authorize(&asked).await;
        reply.page(400, "invalid_redirect_uri");
    }
}

/// oidcc-refresh-token: the second client's attempt
#[tokio::test]
async fn a_refresh_token_is_good_for_the_client_it_was_issued_to() {
    let world = on_loopback().await;
    let metadata = json!({ "grant_types": ["authorization_code", "refresh_token"] });
    let first = registered(&world, metadata.clone()).await;
    let second = registered(&world, metadata).await;
    let tokens = login(&world, &first).await;
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", text(&tokens, "refresh_token")),
    ];
    let reply = world.token(&form, Some(&authorization(&second))).await;
    reply.error(400, "invalid_grant");
    let reply = world.token(&form, Some(&authorization(&first))).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
}

#[tokio::test]
async fn two_clients_may_register_by_one_name_and_are_told_apart() {
    let world = on_loopback().await;
    let metadata = json!({ "client_name": "Storefront" });
    let mut names = Vec::new();
    for _ in 0..3 {
        let client = registered(&world, metadata.clone()).await;
        assert_eq!(client["client_name"], "Storefront");
        names.push(format!("Storefront ({})", &text(&client, "client_id")[..8]));
    }
    let clients = world.store.clients(&world.seed.customer_id).await.unwrap();
    let kept: Vec<String> = clients
        .into_iter()
        .skip(3)
        .map(|client| client.name)
        .collect();
    assert_eq!(kept, names);
}

#[tokio::test]
async fn a_change_over_the_configuration_api_shows() {
    let world = on_loopback().await;
    let client = registered(&world, json!({})).await;
    let customer = &world.seed.customer_id;
    let id = text(&client, "client_id");
    let mut kept = world.store.client(customer, id).await.unwrap().unwrap();
    kept.redirect_uris = vec!["https://a.test/new".to_owned()];
    kept.secret = Some("another".to_owned());
    world
        .store
        .replace_client(customer, &kept)
        .await
        .unwrap()
        .unwrap();
    let shown_now = shown(&world, &client).await.json();
    assert_eq!(shown_now["redirect_uris"], json!(["https://a.test/new"]));
    assert_eq!(shown_now["client_secret"], "another");
    world.store.delete_client(customer, id).await.unwrap();
    shown(&world, &client).await.error(401, "invalid_token");
}

#[tokio::test]
async fn of_more_than_a_hundred_clients_those_used_longest_ago_go() {
    let world = on_loopback().await;
    let used = registered(&world, json!({})).await;
    let unused = registered(&world, json!({})).await;
    world.clock.advance(10);
    login(&world, &used).await;
    for _ in 0..99 {
        registered(&world, json!({})).await;
    }
    let reply = shown(&world, &used).await;
    assert_eq!(reply.status, StatusCode::OK);
    shown(&world, &unused).await.error(401, "invalid_token");
    let clients = world.store.clients(&world.seed.customer_id).await.unwrap();
    assert_eq!(clients.len(), 103);
    // Those that did not register themselves stay.
    assert_eq!(clients[..3], world.seed.clients);
}

#[tokio::test]
async fn clients_that_register_at_once_all_get_one_of_their_own() {
    let world = on_loopback().await;
    let one = || registered(&world, json!({ "client_name": "Same" }));
    let (a, b, c, d) = tokio::join!(one(), one(), one(), one());
    let ids: std::collections::HashSet<&str> = [&a, &b, &c, &d]
        .map(|client| text(client, "client_id"))
        .into();
    assert_eq!(ids.len(), 4);
}

#[tokio::test]
async fn nothing_secret_of_a_registration_is_logged() {
    let world = on_loopback().await;
    let client = registered(&world, json!({ "client_name": "Quiet client" })).await;
    shown(&world, &client).await;
    let bad = json!({ "redirect_uris": ["quiet-address"] });
    register(&world, &bad)
        .await
        .error(400, "invalid_redirect_uri");
    let log = log::taken();
    assert!(log.contains("a client registered itself"), "{log}");
    for secret in [
        text(&client, "client_secret"),
        text(&client, "registration_access_token"),
        "Quiet client",
        "quiet-address",
    ] {
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
}
