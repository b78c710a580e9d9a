//! What else an authorization request may say.

use crate::{
    authorization_response::Told,
    response_types::{allow, everything_allowed, request},
    world::{Browser, CALLBACK, PUBLIC_URL, START, World},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use oidc::{
    authorization::AuthorizationRequest,
    jwt::Jwt,
    response_type::{ResponseMode, ResponseType},
};
use serde_json::{Map, Value, json};

const MODES: [ResponseMode; 3] = ResponseMode::ALL;

/// A response type that the mode can carry.
const fn carried_by(mode: ResponseMode) -> ResponseType {
    match mode {
        ResponseMode::Query => ResponseType::Code,
        ResponseMode::Fragment => ResponseType::CodeIdToken,
        ResponseMode::FormPost => ResponseType::IdTokenToken,
    }
}

pub(crate) fn error(told: &Told) -> (&str, &str) {
    let text = |name: &str| told.parameters[name].as_str();
    (text("error"), text("error_description"))
}

/// A browser in which this person has signed in.
pub(crate) async fn signed_in(world: &World, person: usize) -> Browser<'_> {
    let browser = Browser::new(world);
    let reply = browser.sign_in_as(&world.request("openid"), person).await;
    reply.callback();
    browser
}

pub(crate) async fn ask(browser: &Browser<'_>, request: &AuthorizationRequest) -> Told {
    browser.authorize(request).await.told(CALLBACK)
}

pub(crate) fn silent(request: &AuthorizationRequest) -> AuthorizationRequest {
    AuthorizationRequest {
        prompt: Some("none".to_owned()),
        ..request.clone()
    }
}

/// The ID token of a code of the public client.
pub(crate) async fn id_token(world: &World, told: &Told) -> String {
    let token = world.redeem(&told.parameters["code"]).await.json();
    token["id_token"].as_str().unwrap().to_owned()
}

pub(crate) fn claims(id_token: &str) -> Map<String, Value> {
    Jwt::decode(id_token).unwrap().payload
}

// oidcc-display-page, oidcc-display-popup, oidcc-ui-locales,
// oidcc-claims-locales, oidcc-login-hint,
// oidcc-ensure-request-with-acr-values-succeeds,
// oidcc-ensure-request-with-unknown-parameter-succeeds
#[tokio::test]
async fn wishes_about_the_page_and_unknown_parameters_are_no_errors() {
    let world = everything_allowed().await;
    let browser = signed_in(&world, 0).await;
    for wish in [
        "display=page",
        "display=popup",
        "display=touch",
        "display=wap",
        "display=hologram",
        "ui_locales=se",
        "ui_locales=%22%3E%3Cscript%3E",
        "claims_locales=se",
        "login_hint=somebody%40example.com",
        "acr_values=1+2",
        "acr_values=urn:akamai-ic:nist:800-63-3:aal:2",
        "extra=foobar",
        "audience=https%3A%2F%2Fapi.example",
    ] {
        for mode in MODES {
            let request = request(&world, carried_by(mode), Some(mode));
            let path = format!("{}&{wish}", world.authorize_path(&request));
            let told = browser.get(&path).await.told(CALLBACK);
            assert!(!told.parameters.contains_key("error"), "{wish} {told:?}");
        }
        let path = world.authorize_path(&world.request("openid"));
        world.get(&format!("{path}&{wish}")).await.interaction();
    }
    let told = ask(&browser, &world.request("openid")).await;
    let claims = claims(&id_token(&world, &told).await);
    assert_eq!(claims["acr"], "urn:akamai-ic:nist:800-63-3:aal:1");
}

// oidcc-prompt-none-not-logged-in
#[tokio::test]
async fn without_a_session_prompt_none_is_an_error_in_every_mode() {
    let world = everything_allowed().await;
    let state: String = ('!'..='~').chain('!'..='B').collect();
    assert_eq!(state.len(), 128);
    for mode in MODES {
        let request = AuthorizationRequest {
            state: Some(state.clone()),
            ..silent(&request(&world, carried_by(mode), Some(mode)))
        };
        let reply = world.get(&world.authorize_path(&request)).await;
        assert_eq!(reply.header("set-cookie"), None);
        let told = reply.told(CALLBACK);
        assert_eq!((told.mode, error(&told).0), (mode, "login_required"));
        assert_eq!(told.parameters["state"], state);
        assert_eq!(told.parameters["iss"], world.issuer());
        assert_eq!(told.parameters.len(), 4);
    }
}

// oidcc-prompt-none-logged-in
#[tokio::test]
async fn with_a_session_prompt_none_is_silent_in_every_mode() {
    let world = everything_allowed().await;
    let browser = signed_in(&world, 2).await;
    world.clock.advance(60);
    for mode in MODES {
        let request = silent(&request(&world, carried_by(mode), Some(mode)));
        let told = ask(&browser, &request).await;
        assert_eq!(told.mode, mode);
        let token = match told.parameters.get("id_token") {
            Some(token) => token.clone(),
            None => id_token(&world, &told).await,
        };
        let claims = claims(&token);
        assert_eq!(claims["sub"], world.seed.people[2].profile.uuid);
        assert_eq!(claims["auth_time"], START.0);
    }
}

// oidcc-max-age-1, oidcc-max-age-10000
#[tokio::test]
async fn max_age_may_be_any_number_of_seconds() {
    let world = World::new().await;
    let browser = signed_in(&world, 0).await;
    world.clock.advance(2);
    let aged = |max_age: &str| AuthorizationRequest {
        max_age: Some(max_age.to_owned()),
        ..world.request("openid")
    };
    for enough in ["2", "15000", "4294967296", "18446744073709551615"] {
        let told = ask(&browser, &aged(enough)).await;
        let claims = claims(&id_token(&world, &told).await);
        assert_eq!(claims["auth_time"], START.0, "{enough}");
    }
    for little in ["0", "1"] {
        browser.authorize(&aged(little)).await.interaction();
        let told = ask(&browser, &silent(&aged(little))).await;
        assert_eq!(error(&told).0, "login_required");
    }
    for nonsense in ["-1", "1.5", "soon", "0x10", "18446744073709551616"] {
        let told = ask(&browser, &aged(nonsense)).await;
        let expected = ("invalid_request", "max_age must be a number of seconds");
        assert_eq!(error(&told), expected);
    }
}

#[tokio::test]
async fn prompt_create_asks_in_spite_of_a_session() {
    let world = World::new().await;
    let browser = signed_in(&world, 0).await;
    let request = AuthorizationRequest {
        prompt: Some("create".to_owned()),
        ..world.request("openid")
    };
    assert_eq!(browser.authorize(&request).await.status, 303);
    let location = browser.authorize(&request).await.location().to_owned();
    let own = format!("{PUBLIC_URL}{}", world.path("auth-ui/"));
    assert!(location.starts_with(&own), "{location}");
}

pub(crate) fn with_claims(world: &World, text: &str) -> AuthorizationRequest {
    AuthorizationRequest {
        claims: Some(text.to_owned()),
        ..world.request("openid")
    }
}

// G47
#[tokio::test]
async fn an_essential_acr_that_nobody_can_reach_is_an_error() {
    let world = everything_allowed().await;
    let browser = signed_in(&world, 0).await;
    let ours = "urn:akamai-ic:nist:800-63-3:aal:1";
    for (acr, met) in [
        (json!({"essential": true}), true),
        (json!({"essential": true, "values": [ours]}), true),
        (json!({"essential": true, "values": ["other", ours]}), true),
        (json!({"essential": true, "value": ours}), true),
        (json!({"values": ["other"]}), true),
        (json!({"essential": false, "value": "other"}), true),
        (json!({"essential": true, "values": ["other"]}), false),
        (json!({"essential": true, "value": [ours]}), false),
    ] {
        let text = json!({"id_token": {"acr": acr}}).to_string();
        let told = ask(&browser, &with_claims(&world, &text)).await;
        if met {
            let claims = claims(&id_token(&world, &told).await);
            assert_eq!(claims["acr"], ours, "{text}");
        } else {
            assert_eq!(error(&told).0, "unmet_authentication_requirements");
            let implicit = AuthorizationRequest {
                claims: Some(text),
                ..request(&world, ResponseType::IdToken, None)
            };
            let told = ask(&browser, &implicit).await;
            assert_eq!(told.mode, ResponseMode::Fragment);
            assert_eq!(error(&told).0, "unmet_authentication_requirements");
        }
    }
}

#[tokio::test]
async fn claims_that_cannot_be_read_are_refused() {
    let world = World::new().await;
    let many: Vec<String> = (0..300).map(|n| format!(r#""c{n}":null"#)).collect();
    let many = format!(r#"{{"userinfo":{{{}}}}}"#, many.join(","));
    let deep = format!("{}{}", "[".repeat(2000), "]".repeat(2000));
    for (text, problem) in [
        ("x", "claims must be a JSON object"),
        ("[]", "claims must be a JSON object"),
        (&deep, "claims must be a JSON object"),
        (
            r#"{"id_token":{"name":"Alice"}}"#,
            "claims: what is said about a claim must be null or an object",
        ),
        (&many, "claims asks for too many claims"),
    ] {
        let request = with_claims(&world, text);
        let told = world
            .get(&world.authorize_path(&request))
            .await
            .told(CALLBACK);
        assert_eq!(error(&told), ("invalid_request", problem));
    }
}

// oidcc-claims-essential
#[tokio::test]
async fn claims_asked_for_by_name_come_where_they_were_asked_for() {
    let world = World::new().await;
    let browser = signed_in(&world, 0).await;
    let text = r#"{"userinfo":{"name":{"essential":true}},"id_token":{"email":null},"x":1}"#;
    let told = ask(&browser, &with_claims(&world, text)).await;
    let token = world.redeem(&told.parameters["code"]).await.json();
    let held = claims(token["id_token"].as_str().unwrap());
    let told = world.userinfo(token["access_token"].as_str().unwrap());
    let told = told.await.json();
    assert_eq!(held["email"], "alice@example.com");
    assert!(told["name"].as_str().unwrap().starts_with("Alice"));
    assert!(held.get("name").is_none() && told.get("email").is_none());
}

// oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported,
// oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported
#[tokio::test]
async fn request_objects_are_refused_cleanly_in_every_mode() {
    let world = everything_allowed().await;
    let inner = json!({"client_id": world.seed.clients[0].id, "redirect_uri": CALLBACK});
    let object = format!(
        "{}.{}.",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#),
        URL_SAFE_NO_PAD.encode(inner.to_string())
    );
    for mode in MODES {
        let good = request(&world, carried_by(mode), Some(mode));
        for (name, value) in [
            ("request", object.as_str()),
            ("request_uri", "https://client.example/request.jwt"),
            ("request_uri", "urn:ietf:params:oauth:request_uri:x"),
            ("registration", r#"{"client_name":"x"}"#),
        ] {
            let more = oidc::authorization::encoded_parameter(name, value);
            let path = format!("{}&{more}", world.authorize_path(&good));
            let told = world.get(&path).await.told(CALLBACK);
            assert_eq!(told.mode, mode);
            assert_eq!(error(&told).0, format!("{name}_not_supported"));
        }
        // oidcc-ensure-request-object-with-redirect-uri: the inner address does
        // not count, nor does any default.
        let mut request = good.clone();
        request.request = Some(object.clone());
        for outside in [None, Some("https://evil.example/cb".to_owned())] {
            request.redirect_uri = outside;
            let reply = world.get(&world.authorize_path(&request)).await;
            reply.page(400, "invalid_redirect_uri");
        }
    }
}

#[tokio::test]
async fn what_is_not_utf_8_is_refused_and_not_altered() {
    let world = World::new().await;
    let mut request = world.request("openid");
    request.state = None;
    let path = world.authorize_path(&request);
    let told = world
        .get(&format!("{path}&state=a%FFb"))
        .await
        .told(CALLBACK);
    let expected = ("invalid_request", "The parameter state is not UTF-8");
    assert_eq!(error(&told), expected);
    assert!(!told.parameters.contains_key("state"));
    let path = path.replace("nonce=nonce-1", "nonce=%C3&state=s");
    let told = world.get(&path).await.told(CALLBACK);
    let expected = ("invalid_request", "The parameter nonce is not UTF-8");
    assert_eq!(error(&told), expected);
    assert_eq!(told.parameters["state"], "s");
}

// fapi2-...-ensure-authorization-request-with-long-nonce, -with-long-state
#[tokio::test]
async fn state_and_nonce_come_back_unaltered_in_every_mode() {
    let world = everything_allowed().await;
    let browser = signed_in(&world, 0).await;
    let odd = "-._~ +&=%20%00\"'<>&amp;</form>\\/?#\t\u{7f}\u{85}é\u{2028}\u{1f600}";
    for text in [odd.to_owned(), "x".repeat(2048), odd.repeat(30)] {
        for mode in MODES {
            for response_type in [ResponseType::Code, carried_by(mode)] {
                let request = AuthorizationRequest {
                    state: Some(text.clone()),
                    nonce: Some(text.clone()),
                    ..request(&world, response_type, Some(mode))
                };
                let told = ask(&browser, &request).await;
                assert_eq!(told.parameters["state"], text);
                let token = match told.parameters.get("id_token") {
                    Some(token) => token.clone(),
                    None => id_token(&world, &told).await,
                };
                assert_eq!(claims(&token)["nonce"], text);
                let refused = AuthorizationRequest {
                    scope: None,
                    ..request
                };
                let told = ask(&browser, &refused).await;
                assert_eq!(error(&told).0, "invalid_scope");
                assert_eq!(told.parameters["state"], text);
            }
        }
    }
}

// fapi2-...-user-rejects-authentication; G20
#[tokio::test]
async fn a_cancelled_sign_in_is_told_in_every_mode() {
    let world = everything_allowed().await;
    for mode in MODES {
        let browser = Browser::new(&world);
        let request = request(&world, carried_by(mode), Some(mode));
        let interaction = browser.authorize(&request).await.interaction();
        let form = [("interaction", interaction.as_str()), ("action", "cancel")];
        let told = browser.submit(&form).await.told(CALLBACK);
        assert_eq!(told.mode, mode);
        let expected = ("access_denied", "The person cancelled the sign-in");
        assert_eq!(error(&told), expected);
        assert_eq!(told.parameters["state"], "state-1");
        assert_eq!(told.parameters["iss"], world.issuer());
    }
}

#[tokio::test]
async fn what_the_policy_forbids_meanwhile_is_not_finished() {
    let world = everything_allowed().await;
    let browser = Browser::new(&world);
    let request = request(&world, ResponseType::CodeIdToken, None);
    let interaction = browser.authorize(&request).await.interaction();
    allow(&world, &["code"]).await;
    let person = &world.seed.people[0].profile.uuid;
    let form = [("interaction", interaction.as_str()), ("person", person)];
    let told = browser.submit(&form).await.told(CALLBACK);
    assert_eq!(told.mode, ResponseMode::Fragment);
    assert_eq!(error(&told).0, "unsupported_response_type");
}
