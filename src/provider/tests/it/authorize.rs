//! The authorization endpoint.

use crate::world::{Browser, CALLBACK, Reply, World, encode, query, verifier};
use axum::body::Body;
use http::{Request, StatusCode, header};
use oidc::authorization::AuthorizationRequest;

/// Asserts an error redirect with state and issuer, and returns its description.
fn refused(world: &World, reply: &Reply, error: &str) -> String {
    let mut answer = reply.told(CALLBACK).parameters;
    assert_eq!(answer.remove("error").as_deref(), Some(error), "{answer:?}");
    assert_eq!(answer.remove("state").as_deref(), Some("state-1"));
    assert_eq!(answer.remove("iss"), Some(world.issuer()));
    let description = answer.remove("error_description").unwrap();
    assert!(answer.is_empty(), "{answer:?}");
    description
}

#[tokio::test]
async fn state_nonce_and_issuer_come_back_unchanged() {
    let world = World::new().await;
    let odd = format!("-._~ +&=%20\"é#{}", "x".repeat(2000));
    let request = AuthorizationRequest {
        state: Some(odd.clone()),
        nonce: Some(odd.clone()),
        ..world.request("openid")
    };
    let browser = Browser::new(&world);
    let answer = browser.sign_in_as(&request, 0).await.callback();
    assert_eq!(answer["state"], odd);
    assert_eq!(answer["iss"], world.issuer());
    let names: Vec<&String> = answer.keys().collect();
    assert_eq!(names, ["code", "iss", "state"]);
    let token = world.redeem(&answer["code"]).await.json();
    let id_token = oidc::jwt::Jwt::decode(token["id_token"].as_str().unwrap()).unwrap();
    assert_eq!(id_token.payload["nonce"], odd);
}

#[tokio::test]
async fn nothing_is_echoed_that_was_not_sent() {
    let world = World::new().await;
    let request = AuthorizationRequest {
        state: None,
        nonce: None,
        ..world.request("openid")
    };
    let answer = Browser::new(&world)
        .sign_in_as(&request, 0)
        .await
        .callback();
    assert!(!answer.contains_key("state"));
    let token = world.redeem(&answer["code"]).await.json();
    let id_token = oidc::jwt::Jwt::decode(token["id_token"].as_str().unwrap()).unwrap();
    assert!(!id_token.payload.contains_key("nonce"));
}

#[tokio::test]
async fn a_code_is_long_and_never_the_same() {
    let world = World::new().await;
    let (one, other) = (world.code("openid").await, world.code("openid").await);
    assert_ne!(one, other);
    for code in [one, other] {
        assert!(shannon_bits(&code) > 96.0, "{code}");
    }
}

/// Entropy per character times length, as the certification tests estimate it.
pub(crate) fn shannon_bits(text: &str) -> f64 {
    let length = f64::from(u32::try_from(text.len()).unwrap());
    let per_character: f64 = (0..=u8::MAX)
        .map(|byte| text.bytes().filter(|own| *own == byte).count())
        .filter(|count| *count > 0)
        .map(|count| f64::from(u32::try_from(count).unwrap()) / length)
        .map(|share| -share * share.log2())
        .sum();
    per_character * length
}

#[tokio::test]
async fn a_registered_query_is_kept() {
    let world = World::new().await;
    let uri = format!("{CALLBACK}?shop=1");
    let mut client = world.seed.clients[0].clone();
    client.redirect_uris.push(uri.clone());
    let customer = &world.seed.customer_id;
    world
        .store
        .replace_client(customer, &client)
        .await
        .unwrap()
        .unwrap();
    let request = AuthorizationRequest {
        redirect_uri: Some(uri.clone()),
        ..world.request("openid")
    };
    let reply = Browser::new(&world).sign_in_as(&request, 0).await;
    assert!(reply.location().starts_with(&format!("{uri}&code=")));
    assert_eq!(reply.callback()["shop"], "1");
}

#[tokio::test]
async fn a_request_with_a_bad_client_or_address_never_redirects() {
    let world = World::new().await;
    let good = world.request("openid");
    let with_client = |id: Option<&str>| AuthorizationRequest {
        client_id: id.map(str::to_owned),
        ..good.clone()
    };
    let with_uri = |uri: Option<&str>| AuthorizationRequest {
        redirect_uri: uri.map(str::to_owned),
        ..good.clone()
    };
    let configuration = world.seed.clients[2].id.clone();
    for (request, title) in [
        (with_client(None), "The request names no client"),
        (with_client(Some("")), "The request names no client"),
        (
            with_client(Some("11111111-1111-4111-8111-111111111111")),
            "There is no such client",
        ),
        (
            with_client(Some("0123456789abcdef0123456789abcdef")),
            "There is no such client",
        ),
        (
            with_client(Some(&configuration)),
            "This client cannot sign people in",
        ),
    ] {
        let reply = world.get(&world.authorize_path(&request)).await;
        let page = reply.page(400, "invalid_client_id");
        assert_eq!(page.title, title);
        assert!(page.explanation.contains("`invalid client_id`"), "{page}");
        assert_eq!(page.customer, world.seed.customer_id);
    }
    for request in [
        with_uri(None),
        with_uri(Some("https://evil.example/callback")),
        with_uri(Some("https://play.example/callback/more")),
        with_uri(Some("https://play.example/callback?added=1")),
        with_uri(Some("https://play.example/callback#fragment")),
        with_uri(Some("https://PLAY.example/callback")),
        with_uri(Some("https://play.example/callback/../callback")),
        with_uri(Some("http://localhost:9090/callback")),
    ] {
        let reply = world.get(&world.authorize_path(&request)).await;
        let page = reply.page(400, "invalid_redirect_uri");
        assert!(page.title.contains("redirect URI"), "{page}");
        assert!(
            page.explanation.contains("`invalid redirect_uri`"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn a_public_client_may_choose_the_port_of_a_loopback_address() {
    let world = World::new().await;
    let uri = Some("http://127.0.0.1:49152/callback".to_owned());
    let public = AuthorizationRequest {
        redirect_uri: uri.clone(),
        ..world.request("openid")
    };
    let reply = Browser::new(&world).sign_in_as(&public, 0).await;
    let start = "http://127.0.0.1:49152/callback?code=";
    assert!(reply.location().starts_with(start));
    let confidential = AuthorizationRequest {
        redirect_uri: uri,
        ..world.server_request("openid")
    };
    let reply = world.get(&world.authorize_path(&confidential)).await;
    reply.page(400, "invalid_redirect_uri");
}

#[tokio::test]
async fn a_repeated_parameter_is_refused() {
    let world = World::new().await;
    let path = world.authorize_path(&world.request("openid"));
    let reply = world.get(&format!("{path}&scope=openid")).await;
    let description = refused(&world, &reply, "invalid_request");
    assert_eq!(description, "The parameter scope is there more than once");
    // Not even parameters we do not know may come twice.
    let reply = world.get(&format!("{path}&foo=1&foo=2")).await;
    refused(&world, &reply, "invalid_request");
    // Which state counts is unclear, so that none is sent.
    let reply = world.get(&format!("{path}&state=state-2")).await;
    assert!(!reply.callback().contains_key("state"));
    let reply = world.get(&format!("{path}&redirect_uri=x")).await;
    reply.page(400, "invalid_redirect_uri");
    let reply = world.get(&format!("{path}&client_id=x")).await;
    reply.page(400, "invalid_client_id");
}

/// What is done to a good request, the error and its description.
type Change = (fn(&mut AuthorizationRequest), &'static str, &'static str);

/// Asserts that each change of a good request is answered with its error.
async fn check_changes(table: &[Change]) {
    let world = World::new().await;
    for (change, error, description) in table {
        let mut request = world.request("openid");
        change(&mut request);
        let reply = world.get(&world.authorize_path(&request)).await;
        assert_eq!(refused(&world, &reply, error), *description);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
    }
}

#[tokio::test]
async fn a_wrong_response_type_or_scope_is_told_to_the_client() {
    const UNSUPPORTED: &str = "unsupported response type: the login policy does not allow it";
    const OPENID: &str = "Scope must include 'openid'";
    check_changes(&[
        (
            |request| request.response_type = None,
            "invalid_request",
            "response_type is missing",
        ),
        (
            |request| request.response_type = Some("token".into()),
            "unsupported_response_type",
            "unsupported response type: it is not offered",
        ),
        (
            |request| request.response_type = Some("code id_token".into()),
            "unsupported_response_type",
            UNSUPPORTED,
        ),
        (
            |request| request.response_mode = Some("web_message".into()),
            "invalid_request",
            "response_mode must be query, fragment or form_post",
        ),
        (|request| request.scope = None, "invalid_scope", OPENID),
        (
            |request| request.scope = Some("profile OPENID".into()),
            "invalid_scope",
            OPENID,
        ),
    ])
    .await;
}

#[tokio::test]
async fn missing_or_weak_pkce_of_a_public_client_is_told_to_it() {
    check_changes(&[
        (
            |request| {
                request.code_challenge = None;
                request.code_challenge_method = None;
            },
            "invalid_request",
            "code_challenge is missing: a public client must use PKCE",
        ),
        (
            |request| request.code_challenge = None,
            "invalid_request",
            "code_challenge_method is there without code_challenge",
        ),
        (
            |request| request.code_challenge_method = Some("plain".into()),
            "invalid_request",
            "code_challenge_method must be S256",
        ),
        (
            |request| request.code_challenge_method = None,
            "invalid_request",
            "code_challenge_method must be S256",
        ),
        (
            |request| request.code_challenge = Some("short".into()),
            "invalid_request",
            "code_challenge must be 43 characters of base64url",
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_is_not_supported_is_refused_and_not_ignored() {
    check_changes(&[
        (
            |request| request.request = Some("a.b.c".into()),
            "request_not_supported",
            "The parameter request is not supported",
        ),
        (
            |request| request.request_uri = Some("https://x.example".into()),
            "request_uri_not_supported",
            "The parameter request_uri is not supported",
        ),
        (
            |request| request.prompt = Some("none login".into()),
            "invalid_request",
            "prompt none cannot stand beside other values",
        ),
        (
            |request| request.registration = Some("{}".into()),
            "registration_not_supported",
            "The parameter registration is not supported",
        ),
        (
            |request| request.prompt = Some("login create".into()),
            "invalid_request",
            "prompt create cannot stand beside other values",
        ),
        (
            |request| request.prompt = Some("wait".into()),
            "invalid_request",
            "prompt has a value that is not supported",
        ),
        (
            |request| request.max_age = Some("-1".into()),
            "invalid_request",
            "max_age must be a number of seconds",
        ),
    ])
    .await;
}

#[tokio::test]
async fn prompt_none_never_asks() {
    check_changes(&[(
        |request| request.prompt = Some("none".into()),
        "login_required",
        "prompt is none and nobody who may answer is signed in recently enough",
    )])
    .await;
}

#[tokio::test]
async fn a_client_without_a_login_policy_cannot_sign_people_in() {
    let world = World::new().await;
    let mut client = world.seed.clients[0].clone();
    client.login_policy = None;
    let customer = &world.seed.customer_id;
    world
        .store
        .replace_client(customer, &client)
        .await
        .unwrap()
        .unwrap();
    let reply = world
        .get(&world.authorize_path(&world.request("openid")))
        .await;
    reply.page(400, "invalid_client_id");
}

#[tokio::test]
async fn a_confidential_client_may_leave_pkce_out_or_use_it() {
    let world = World::new().await;
    let without = world.server_request("openid");
    let code = world.code_for(&without).await;
    assert_eq!(world.redeem_as_server(&code).await.status, StatusCode::OK);
    let with = AuthorizationRequest {
        code_challenge: Some(verifier().challenge().as_str().to_owned()),
        code_challenge_method: Some("S256".to_owned()),
        ..without
    };
    let code = world.code_for(&with).await;
    let reply = world.redeem_as_server(&code).await;
    reply.error(400, "invalid_grant");
}

#[tokio::test]
async fn what_nobody_knows_or_nobody_needs_is_ignored() {
    let world = World::new().await;
    let request = AuthorizationRequest {
        prompt: Some("consent".to_owned()),
        login_hint: Some("alice@example.com".to_owned()),
        ..world.request("openid")
    };
    let path = world.authorize_path(&request);
    let more = "extra=foobar&display=popup&ui_locales=se&claims_locales=se&acr_values=1+2";
    world.get(&format!("{path}&{more}")).await.interaction();
}

#[tokio::test]
async fn the_request_may_come_as_a_form_and_in_any_order() {
    let world = World::new().await;
    let request = world.request("profile openid");
    let mut parameters = request.parameters();
    parameters.reverse();
    let form: Vec<(&str, &str)> = parameters
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    let reply = world
        .post_form(&world.path("login/authorize"), &form, None)
        .await;
    reply.interaction();
    let json = Request::post(world.path("login/authorize"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(encode(&form)))
        .unwrap();
    world.send(json).await.page(400, "bad_form");
}

#[tokio::test]
async fn a_session_is_used_again_without_asking() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let first = browser.sign_in_as(&world.request("openid"), 2).await;
    world.clock.advance(100);
    for prompt in [None, Some("none".to_owned())] {
        let request = AuthorizationRequest {
            prompt,
            ..world.request("openid")
        };
        let code = browser.authorize(&request).await.callback()["code"].clone();
        let again = id_token(&world.redeem(&code).await);
        assert_eq!(again["sub"], world.seed.people[2].profile.uuid);
        assert_eq!(again["auth_time"], crate::world::START.0);
    }
    assert_eq!(
        id_token(&world.redeem(&first.callback()["code"]).await)["auth_time"],
        crate::world::START.0
    );
}

fn id_token(reply: &Reply) -> serde_json::Map<String, serde_json::Value> {
    let token = reply.json();
    let text = token["id_token"]
        .as_str()
        .unwrap_or_else(|| panic!("{token}"));
    oidc::jwt::Jwt::decode(text).unwrap().payload
}

#[tokio::test]
async fn a_session_ends_after_half_a_day() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    browser.sign_in_as(&world.request("openid"), 0).await;
    world.clock.advance(43_199);
    browser.authorize(&world.request("openid")).await.callback();
    world.clock.advance(1);
    browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
}

#[tokio::test]
async fn prompt_login_asks_in_spite_of_a_session() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    browser.sign_in_as(&world.request("openid"), 0).await;
    world.clock.advance(1);
    for prompt in ["login", "select_account", "login consent"] {
        let request = AuthorizationRequest {
            prompt: Some(prompt.to_owned()),
            ..world.request("openid")
        };
        browser.authorize(&request).await.interaction();
        let reply = browser.sign_in_as(&request, 1).await;
        let id_token = id_token(&world.redeem(&reply.callback()["code"]).await);
        assert_eq!(id_token["auth_time"], crate::world::START.0 + 1);
        assert_eq!(id_token["sub"], world.seed.people[1].profile.uuid);
    }
}

#[tokio::test]
async fn max_age_asks_again_when_the_session_is_older() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let request = |max_age: &str, prompt: Option<&str>| AuthorizationRequest {
        max_age: Some(max_age.to_owned()),
        prompt: prompt.map(str::to_owned),
        ..world.request("openid")
    };
    browser.sign_in_as(&request("15000", None), 0).await;
    world.clock.advance(2);
    browser.authorize(&request("10000", None)).await.callback();
    browser.authorize(&request("2", None)).await.callback();
    let reply = browser.authorize(&request("1", Some("none"))).await;
    refused(&world, &reply, "login_required");
    let reply = browser.sign_in_as(&request("1", None), 0).await;
    // Nought is another word for prompt=login, even within the same second.
    browser.authorize(&request("0", None)).await.interaction();
    let id_token = id_token(&world.redeem(&reply.callback()["code"]).await);
    assert_eq!(id_token["auth_time"], crate::world::START.0 + 2);
}

#[tokio::test]
async fn an_error_description_keeps_to_the_allowed_characters() {
    let world = World::new().await;
    let path = world.authorize_path(&world.request("openid"));
    let reply = world
        .get(&format!(
            "{path}&a%0D%0A%22%5C%C3%A9=1&a%0D%0A%22%5C%C3%A9=2"
        ))
        .await;
    let description = query(reply.location())["error_description"].clone();
    assert!(
        description
            .bytes()
            .all(|b| matches!(b, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e)),
        "{description}"
    );
}

#[tokio::test]
async fn thousands_of_parameters_are_refused_at_once() {
    let world = World::new().await;
    let path = world.authorize_path(&world.request("openid"));
    let with =
        |count: usize| (0..count).fold(path.clone(), |path, number| format!("{path}&{number}"));
    world.get(&with(50)).await.interaction();
    let query = with(10_000);
    world.get(&query).await.page(400, "too_many_parameters");
    let (endpoint, form) = query.split_once('?').unwrap();
    let request = Request::post(endpoint)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap();
    world.send(request).await.page(400, "too_many_parameters");
}
