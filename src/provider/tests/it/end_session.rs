//! The end session endpoint, by the ids of the public certification tests.

use crate::world::{Browser, Reply, World, encode, query, session_cookie};
use axum::body::Body;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Request, StatusCode, header};
use policy::client::Client;
use provider::{
    SandboxKey, Screen,
    screen::{ConfirmLogoutView, Notice},
};
use serde_json::{Value, json};

const TARGET: &str = "https://app.example/signed-out";

/// A world in which the public client may be returned to after signing out.
async fn world() -> World {
    let world = World::new().await;
    register(&world, &world.seed.clients[0], &[TARGET]).await;
    world
}

async fn register(world: &World, client: &Client, targets: &[&str]) {
    let client = Client {
        post_logout_redirect_uris: targets.iter().map(|uri| (*uri).to_owned()).collect(),
        ..client.clone()
    };
    let customer = &world.seed.customer_id;
    let replaced = world.store.replace_client(customer, &client).await;
    replaced.unwrap().unwrap();
}

/// A browser in which the person with this number is signed in, and the ID
/// token the client got.
async fn signed_in(world: &World, person: usize) -> (Browser<'_>, String) {
    let browser = Browser::new(world);
    let answer = browser.sign_in_as(&world.request("openid"), person).await;
    let token = world.redeem(&answer.callback()["code"]).await.json();
    let id_token = token["id_token"].as_str().unwrap().to_owned();
    (browser, id_token)
}

async fn is_signed_in(world: &World, browser: &Browser<'_>) -> bool {
    let mut silent = world.request("openid");
    silent.prompt = Some("none".to_owned());
    let answer = browser.authorize(&silent).await.callback();
    match answer.get("error") {
        Some(error) => {
            assert_eq!(error, "login_required");
            false
        }
        None => true,
    }
}

async fn end(browser: &Browser<'_>, world: &World, parameters: &[(&str, &str)]) -> Reply {
    let query = encode(parameters);
    browser
        .get(&world.path(&format!("login/end_session?{query}")))
        .await
}

fn asked(reply: &Reply) -> ConfirmLogoutView {
    match reply.screen(200) {
        Screen::ConfirmLogout(view) => (**view).clone(),
        other => panic!("{other:?}"),
    }
}

async fn answer(browser: &Browser<'_>, view: &ConfirmLogoutView, action: &str) -> Reply {
    let form = [
        ("interaction", view.interaction.as_str()),
        ("action", action),
    ];
    browser.post("logout", &form).await
}

fn claims(id_token: &str) -> Value {
    let payload = id_token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// The same claims under another header, without a signature.
fn unsigned(id_token: &str, alg: &str) -> String {
    let header = json!({"alg": alg, "typ": "JWT"}).to_string();
    let payload = id_token.split('.').nth(1).unwrap();
    format!("{}.{payload}.", URL_SAFE_NO_PAD.encode(header))
}

#[tokio::test]
async fn a_hint_and_a_registered_target_sign_out_at_once_and_lead_back_with_the_state() {
    // oidcc-rp-initiated-logout
    let world = world().await;
    let (browser, hint) = signed_in(&world, 0).await;
    assert!(is_signed_in(&world, &browser).await);
    let state = "aZ9-._~+/= &".repeat(11)[..128].to_owned();
    let parameters = [
        ("id_token_hint", hint.as_str()),
        ("post_logout_redirect_uri", TARGET),
        ("state", &state),
    ];
    let reply = end(&browser, &world, &parameters).await;
    assert!(reply.location().starts_with(&format!("{TARGET}?")));
    let back = query(reply.location());
    assert_eq!(back.len(), 1);
    assert_eq!(back["state"], state);
    assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(
        browser.cookie(&session_cookie(&world.seed.customer_id)),
        None
    );
    assert!(!is_signed_in(&world, &browser).await);
}

#[tokio::test]
async fn without_a_state_none_is_sent_back() {
    // oidcc-rp-initiated-logout-no-state
    let world = world().await;
    let (browser, hint) = signed_in(&world, 0).await;
    let parameters = [
        ("id_token_hint", hint.as_str()),
        ("post_logout_redirect_uri", TARGET),
    ];
    let reply = end(&browser, &world, &parameters).await;
    assert_eq!(reply.location(), TARGET);
    assert!(!is_signed_in(&world, &browser).await);
}

#[tokio::test]
async fn a_registered_query_is_kept() {
    let world = world().await;
    let target = "https://app.example/out?a=b";
    register(&world, &world.seed.clients[0], &[target]).await;
    let (browser, hint) = signed_in(&world, 0).await;
    let parameters = [
        ("id_token_hint", hint.as_str()),
        ("post_logout_redirect_uri", target),
        ("state", "s"),
    ];
    let reply = end(&browser, &world, &parameters).await;
    assert_eq!(reply.location(), "https://app.example/out?a=b&state=s");
}

#[tokio::test]
async fn a_target_that_is_not_registered_is_never_led_to() {
    // oidcc-rp-initiated-logout-bad-post-logout-redirect-uri,
    // oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri
    let world = world().await;
    // Registered by another client of the customer.
    let other = "https://other.example/out";
    register(
        &world,
        &world.seed.clients[1],
        &[other, "javascript:alert(1)"],
    )
    .await;
    let (browser, hint) = signed_in(&world, 0).await;
    let client = world.seed.clients[0].id.clone();
    for target in [
        "https://app.example/signed-out/x",
        "https://app.example/signed-out?foo=bar",
        "https://app.example/signed-out#f",
        "https://APP.example/signed-out",
        "https://evil.example/",
        "//app.example/signed-out",
        "javascript:alert(1)",
        other,
        // A redirect URI is no target.
        crate::world::CALLBACK,
    ] {
        for proof in [("id_token_hint", &hint), ("client_id", &client)] {
            let parameters = [
                (proof.0, proof.1.as_str()),
                ("post_logout_redirect_uri", target),
                ("state", "s"),
            ];
            let reply = end(&browser, &world, &parameters).await;
            let page = reply.page(400, "invalid_post_logout_redirect_uri");
            assert_eq!(page.title, "Something went wrong");
        }
    }
    let second = world.seed.clients[1].id.clone();
    let parameters = [
        ("client_id", second.as_str()),
        ("post_logout_redirect_uri", "javascript:alert(1)"),
    ];
    let reply = end(&browser, &world, &parameters).await;
    reply.page(400, "invalid_post_logout_redirect_uri");
    // Nor when no client is named.
    let reply = end(&browser, &world, &[("post_logout_redirect_uri", TARGET)]).await;
    reply.page(400, "invalid_post_logout_redirect_uri");
    assert!(is_signed_in(&world, &browser).await);
}

#[tokio::test]
async fn without_a_hint_the_person_is_asked_first() {
    // oidcc-rp-initiated-logout-no-id-token-hint
    let world = world().await;
    let (browser, _) = signed_in(&world, 0).await;
    let client = world.seed.clients[0].id.clone();
    let parameters = [
        ("client_id", client.as_str()),
        ("post_logout_redirect_uri", TARGET),
        ("state", "s"),
    ];
    let reply = end(&browser, &world, &parameters).await;
    let view = asked(&reply);
    assert_eq!(view.client_name.as_deref(), Some("Storefront"));
    assert_eq!(view.email, "alice@example.com");
    assert!(!view.everywhere);
    assert_eq!(view.action, world.path("auth-ui/logout"));
    assert!(is_signed_in(&world, &browser).await);

    let reply = answer(&browser, &view, "logout").await;
    assert_eq!(reply.location(), format!("{TARGET}?state=s"));
    assert!(!is_signed_in(&world, &browser).await);
    // The question was answered.
    answer(&browser, &view, "logout")
        .await
        .page(400, "interaction_gone");
}

#[tokio::test]
async fn who_declines_stays_signed_in_and_where_they_are() {
    let world = world().await;
    let (browser, _) = signed_in(&world, 0).await;
    let client = world.seed.clients[0].id.clone();
    let parameters = [
        ("client_id", client.as_str()),
        ("post_logout_redirect_uri", TARGET),
    ];
    for action in ["stay", "", "anything"] {
        let view = asked(&end(&browser, &world, &parameters).await);
        let reply = answer(&browser, &view, action).await;
        assert_eq!(reply.notice(), Notice::StillSignedIn);
        answer(&browser, &view, "logout")
            .await
            .page(400, "interaction_gone");
    }
    assert!(is_signed_in(&world, &browser).await);
}

#[tokio::test]
async fn a_hint_that_somebody_else_signed_is_refused() {
    // oidcc-rp-initiated-logout-bad-id-token-hint
    let world = world().await;
    let (browser, hint) = signed_in(&world, 0).await;
    let (head, signature) = hint.rsplit_once('.').unwrap();
    let mut broken = URL_SAFE_NO_PAD.decode(signature).unwrap();
    broken[0] ^= 1;
    let broken = format!("{head}.{}", URL_SAFE_NO_PAD.encode(broken));
    // Another customer's ID token: signed with the same keys, by another issuer.
    let key = SandboxKey::generate();
    world.provider.ensure_sandbox(&key).await.unwrap();
    let foreign = foreign_id_token(&world, &key).await;
    for hint in [&broken, &foreign, "x", "a.b.c", "..", &"x".repeat(40_000)] {
        let parameters = [
            ("id_token_hint", hint),
            ("post_logout_redirect_uri", TARGET),
        ];
        let reply = end(&browser, &world, &parameters).await;
        let page = reply.page(400, "invalid_id_token_hint");
        assert_eq!(page.title, "Something went wrong");
    }
    assert!(is_signed_in(&world, &browser).await);
}

/// An ID token for a client with the demo's ids, of a sandbox.
async fn foreign_id_token(world: &World, key: &SandboxKey) -> String {
    let seed = provider::Seed::sandbox(key, crate::world::PUBLIC_URL);
    let browser = Browser::new(world);
    browser.set_cookie("__Host-sandbox", key.as_str());
    let mut request = world.request("openid");
    request.client_id = Some(seed.clients[0].id.clone());
    let path = |rest: &str| format!("/{}/{rest}", seed.customer_id);
    let interaction = browser
        .get(&request.url(&path("login/authorize")))
        .await
        .interaction();
    let person = seed.people[0].profile.uuid.clone();
    let form = [
        ("interaction", interaction.as_str()),
        ("person", person.as_str()),
    ];
    let reply = browser.submit_to(&path("auth-ui/login"), &form, &[]).await;
    let code = reply.callback()["code"].clone();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", &seed.clients[0].id),
        ("redirect_uri", crate::world::CALLBACK),
        ("code", &code),
        ("code_verifier", crate::world::verifier().as_str()),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let reply = world.post_form(&path("login/token"), &form, None).await;
    reply.json()["id_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_hint_without_a_signature_is_refused() {
    // oidcc-rp-initiated-logout-modified-id-token-hint
    let world = world().await;
    let (browser, hint) = signed_in(&world, 0).await;
    for alg in ["none", "None", "nOnE", "HS256", "RS256", ""] {
        let modified = unsigned(&hint, alg);
        let parameters = [
            ("id_token_hint", modified.as_str()),
            ("post_logout_redirect_uri", TARGET),
        ];
        let reply = end(&browser, &world, &parameters).await;
        reply.page(400, "invalid_id_token_hint");
    }
    assert!(is_signed_in(&world, &browser).await);
}

#[tokio::test]
async fn an_access_token_is_no_hint() {
    let world = world().await;
    register(&world, &world.seed.clients[1], &[TARGET]).await;
    let browser = Browser::new(&world);
    // The confidential client's access tokens are JWTs under the same keys.
    let reply = browser.sign_in_as(&world.server_request("openid"), 0).await;
    let token = world
        .redeem_as_server(&reply.callback()["code"])
        .await
        .json();
    let access_token = token["access_token"].as_str().unwrap();
    assert!(access_token.contains('.'));
    let parameters = [
        ("id_token_hint", access_token),
        ("post_logout_redirect_uri", TARGET),
    ];
    let reply = end(&browser, &world, &parameters).await;
    reply.page(400, "invalid_id_token_hint");
    assert!(is_signed_in(&world, &browser).await);
}

#[tokio::test]
async fn without_a_target_our_own_page_is_shown() {
    // oidcc-rp-initiated-logout-no-params, -only-state, -no-post-logout-redirect-uri
    let world = world().await;
    for parameters in [&[][..], &[("state", "s")]] {
        let (browser, _) = signed_in(&world, 0).await;
        let view = asked(&end(&browser, &world, parameters).await);
        assert_eq!(view.client_name, None);
        let reply = answer(&browser, &view, "logout").await;
        assert_eq!(reply.notice(), Notice::LoggedOut);
        assert!(!is_signed_in(&world, &browser).await);
    }
    let (browser, hint) = signed_in(&world, 0).await;
    let parameters = [("id_token_hint", hint.as_str()), ("state", "s")];
    let reply = end(&browser, &world, &parameters).await;
    assert_eq!(reply.notice(), Notice::LoggedOut);
    assert!(!is_signed_in(&world, &browser).await);
}

#[tokio::test]
async fn where_nobody_is_signed_in_nobody_is_asked_and_only_proof_leads_away() {
    let world = world().await;
    let (_, hint) = signed_in(&world, 0).await;
    let client = world.seed.clients[0].id.clone();
    let stranger = Browser::new(&world);
    assert_eq!(
        end(&stranger, &world, &[]).await.notice(),
        Notice::LoggedOut
    );
    let target = ("post_logout_redirect_uri", TARGET);
    let reply = end(&stranger, &world, &[("client_id", &client), target]).await;
    assert_eq!(reply.notice(), Notice::LoggedOut);
    let reply = end(&stranger, &world, &[("id_token_hint", &hint), target]).await;
    assert_eq!(reply.location(), TARGET);
    // Nothing was kept for somebody who is not there.
    assert_eq!(stranger.cookie("__Host-browser"), None);
}

#[tokio::test]
async fn an_expired_hint_is_as_good_as_any() {
    let world = world().await;
    let (browser, hint) = signed_in(&world, 0).await;
    world.clock.advance(40_000);
    let parameters = [
        ("id_token_hint", hint.as_str()),
        ("post_logout_redirect_uri", TARGET),
    ];
    let reply = end(&browser, &world, &parameters).await;
    assert_eq!(reply.location(), TARGET);
    assert!(!is_signed_in(&world, &browser).await);
}

#[tokio::test]
async fn who_signed_in_anew_is_signed_out_with_the_former_hint() {
    let world = world().await;
    let (browser, hint) = signed_in(&world, 0).await;
    let mut again = world.request("openid");
    again.prompt = Some("login".to_owned());
    browser.sign_in_as(&again, 0).await.callback();
    let reply = end(&browser, &world, &[("id_token_hint", &hint)]).await;
    assert_eq!(reply.notice(), Notice::LoggedOut);
    assert!(!is_signed_in(&world, &browser).await);
}

#[tokio::test]
async fn a_hint_about_somebody_else_is_no_proof() {
    let world = world().await;
    let (browser, _) = signed_in(&world, 0).await;
    let (_, bos) = signed_in(&world, 1).await;
    let parameters = [
        ("id_token_hint", bos.as_str()),
        ("post_logout_redirect_uri", TARGET),
        ("state", "s"),
    ];
    let view = asked(&end(&browser, &world, &parameters).await);
    assert_eq!(view.email, "alice@example.com");
    assert!(is_signed_in(&world, &browser).await);
    let reply = answer(&browser, &view, "logout").await;
    assert_eq!(reply.location(), format!("{TARGET}?state=s"));
}

#[tokio::test]
async fn a_hint_and_a_client_must_agree() {
    let world = world().await;
    register(&world, &world.seed.clients[1], &[TARGET]).await;
    let (browser, hint) = signed_in(&world, 0).await;
    for client in [world.seed.clients[1].id.as_str(), "nobody"] {
        for hint in [Some(("id_token_hint", hint.as_str())), None] {
            let mut parameters = vec![("client_id", client), ("post_logout_redirect_uri", TARGET)];
            parameters.extend(hint);
            let reply = end(&browser, &world, &parameters).await;
            if hint.is_none() && client != "nobody" {
                asked(&reply);
            } else {
                reply.page(400, "invalid_client_id");
            }
        }
    }
    assert!(is_signed_in(&world, &browser).await);
    let client = world.seed.clients[0].id.clone();
    let parameters = [
        ("client_id", client.as_str()),
        ("id_token_hint", hint.as_str()),
        ("post_logout_redirect_uri", TARGET),
    ];
    assert_eq!(end(&browser, &world, &parameters).await.location(), TARGET);
}

#[tokio::test]
async fn a_logout_hint_with_proof_signs_out_everywhere() {
    let world = world().await;
    let (browser, hint) = signed_in(&world, 0).await;
    let (elsewhere, _) = signed_in(&world, 0).await;
    let (bo, _) = signed_in(&world, 1).await;
    let sid = claims(&hint)["sid"].as_str().unwrap().to_owned();
    // Another session's name is no proof for that one.
    let parameters = [("id_token_hint", hint.as_str()), ("logout_hint", "x")];
    let (third, _) = signed_in(&world, 0).await;
    end(&third, &world, &parameters).await.notice();
    assert!(!is_signed_in(&world, &third).await);
    assert!(is_signed_in(&world, &elsewhere).await);

    let parameters = [("id_token_hint", hint.as_str()), ("logout_hint", &sid)];
    end(&browser, &world, &parameters).await.notice();
    for out in [&browser, &elsewhere] {
        assert!(!is_signed_in(&world, out).await);
    }
    assert!(is_signed_in(&world, &bo).await);
}

#[tokio::test]
async fn a_logout_hint_signs_out_everywhere_from_a_browser_that_is_out_already() {
    let world = world().await;
    let (browser, hint) = signed_in(&world, 0).await;
    let (elsewhere, _) = signed_in(&world, 0).await;
    let sid = claims(&hint)["sid"].as_str().unwrap().to_owned();
    let parameters = [("id_token_hint", hint.as_str()), ("logout_hint", &sid)];
    end(&Browser::new(&world), &world, &parameters)
        .await
        .notice();
    for out in [&browser, &elsewhere] {
        assert!(!is_signed_in(&world, out).await);
    }
}

#[tokio::test]
async fn a_logout_hint_alone_asks_and_reaches_no_further_than_ones_own_session() {
    let world = world().await;
    let (browser, hint) = signed_in(&world, 0).await;
    let (elsewhere, _) = signed_in(&world, 0).await;
    let (bo, bos) = signed_in(&world, 1).await;
    let sid = |token: &str| claims(token)["sid"].as_str().unwrap().to_owned();
    let (own, foreign) = (sid(&hint), sid(&bos));
    // Somebody else's session.
    let view = asked(&end(&browser, &world, &[("logout_hint", &foreign)]).await);
    assert!(!view.everywhere);
    answer(&browser, &view, "logout").await.notice();
    assert!(is_signed_in(&world, &bo).await);
    assert!(is_signed_in(&world, &elsewhere).await);
    // A stranger with a session's name.
    end(&Browser::new(&world), &world, &[("logout_hint", &foreign)])
        .await
        .notice();
    assert!(is_signed_in(&world, &bo).await);
    // One's own.
    let (browser, hint) = signed_in(&world, 0).await;
    assert_ne!(own, sid(&hint));
    let view = asked(&end(&browser, &world, &[("logout_hint", &sid(&hint))]).await);
    assert!(view.everywhere);
    assert!(is_signed_in(&world, &elsewhere).await);
    answer(&browser, &view, "logout").await.notice();
    for out in [&browser, &elsewhere] {
        assert!(!is_signed_in(&world, out).await);
    }
}

#[tokio::test]
async fn the_question_belongs_to_one_browser_and_to_our_own_page() {
    let world = world().await;
    let (browser, _) = signed_in(&world, 0).await;
    let (stranger, _) = signed_in(&world, 1).await;
    let view = asked(&end(&browser, &world, &[]).await);
    answer(&stranger, &view, "logout")
        .await
        .page(400, "interaction_gone");
    let form = [
        ("interaction", view.interaction.as_str()),
        ("action", "logout"),
    ];
    let path = world.path("auth-ui/logout");
    for headers in [
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
        [("origin", "https://evil.example")],
        [("origin", "null")],
    ] {
        let reply = browser.submit_to(&path, &form, &headers).await;
        reply.page(403, "cross_site");
    }
    // A sign-in is no question to answer, and a question no sign-in.
    let interaction = Browser::authorize(&browser, &{
        let mut request = world.request("openid");
        request.prompt = Some("login".to_owned());
        request
    })
    .await
    .interaction();
    let wrong = [("interaction", interaction.as_str()), ("action", "logout")];
    browser
        .post("logout", &wrong)
        .await
        .page(400, "interaction_gone");
    browser.sign_in_screen(&interaction).await;
    for screen in ["login", "registration", "account-created"] {
        browser
            .post(screen, &form)
            .await
            .page(400, "interaction_gone");
    }
    assert!(is_signed_in(&world, &browser).await);
    answer(&browser, &view, "logout").await.notice();
    assert!(!is_signed_in(&world, &browser).await);
}

#[tokio::test]
async fn a_question_that_is_too_old_is_over() {
    let world = world().await;
    let (browser, _) = signed_in(&world, 0).await;
    let view = asked(&end(&browser, &world, &[]).await);
    world.clock.advance(1800);
    answer(&browser, &view, "logout")
        .await
        .page(400, "interaction_gone");
    assert!(is_signed_in(&world, &browser).await);
}

#[tokio::test]
async fn a_target_that_is_no_longer_registered_is_not_led_to_after_the_question() {
    let world = world().await;
    let (browser, _) = signed_in(&world, 0).await;
    let client = world.seed.clients[0].id.clone();
    let parameters = [
        ("client_id", client.as_str()),
        ("post_logout_redirect_uri", TARGET),
    ];
    let view = asked(&end(&browser, &world, &parameters).await);
    register(&world, &world.seed.clients[0], &[]).await;
    let reply = answer(&browser, &view, "logout").await;
    assert_eq!(reply.notice(), Notice::LoggedOut);
    assert!(!is_signed_in(&world, &browser).await);
}

#[tokio::test]
async fn a_form_is_as_good_as_a_query() {
    let world = world().await;
    let (browser, hint) = signed_in(&world, 0).await;
    let path = world.path("login/end_session");
    let form = [
        ("id_token_hint", hint.as_str()),
        ("post_logout_redirect_uri", TARGET),
        ("state", "a b&c"),
    ];
    // From another site browsers send no cookie, and are led here with GET.
    let request = Request::post(&path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .body(Body::from(encode(&form)))
        .unwrap();
    let reply = world.send(request).await;
    let location = reply.location().to_owned();
    assert!(location.starts_with(&format!("https://play.example{path}?")));
    assert!(is_signed_in(&world, &browser).await);
    let reply = browser.get(&location[20..]).await;
    assert_eq!(query(reply.location())["state"], "a b&c");
    assert!(!is_signed_in(&world, &browser).await);

    // Where the cookie comes along, the answer is there at once.
    let (browser, hint) = signed_in(&world, 0).await;
    let form = [("id_token_hint", hint.as_str()), form[1], form[2]];
    let reply = browser.submit_to(&path, &form, &[]).await;
    assert_eq!(query(reply.location())["state"], "a b&c");
    assert!(!is_signed_in(&world, &browser).await);
}

#[tokio::test]
async fn a_form_too_long_for_an_address_is_answered_where_it_is() {
    let world = world().await;
    let state = "s".repeat(10_000);
    let form = [("state", state.as_str())];
    let stranger = Browser::new(&world);
    let reply = stranger
        .submit_to(&world.path("login/end_session"), &form, &[])
        .await;
    assert_eq!(reply.notice(), Notice::LoggedOut);
}

#[tokio::test]
async fn what_cannot_be_read_is_a_bad_request() {
    let world = world().await;
    let (browser, _) = signed_in(&world, 0).await;
    let twice = [("state", "a"), ("state", "b")];
    end(&browser, &world, &twice).await.page(400, "bad_request");
    let many: Vec<(String, &str)> = (0..101).map(|number| (format!("p{number}"), "")).collect();
    let many: Vec<(&str, &str)> = many
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    end(&browser, &world, &many).await.page(400, "bad_request");
    let path = world.path("login/end_session");
    let request = Request::post(&path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("{}"))
        .unwrap();
    world.send(request).await.page(400, "bad_form");
    let large = "x".repeat(100_000);
    let reply = browser.submit_to(&path, &[("state", &large)], &[]).await;
    reply.page(413, "bad_form");
    browser
        .get("/nobody/login/end_session")
        .await
        .page(404, "unknown_customer");
    assert!(is_signed_in(&world, &browser).await);
}

#[tokio::test]
async fn tokens_live_on_after_signing_out() {
    let world = world().await;
    let browser = Browser::new(&world);
    let reply = browser.sign_in_as(&world.request("openid"), 0).await;
    let token = world.redeem(&reply.callback()["code"]).await.json();
    let hint = token["id_token"].as_str().unwrap();
    end(&browser, &world, &[("id_token_hint", hint)])
        .await
        .notice();
    let reply = world
        .userinfo(token["access_token"].as_str().unwrap())
        .await;
    assert_eq!(reply.status, StatusCode::OK);
}
