//! The older way to sign out.

use crate::world::{Browser, CALLBACK, World, query, session_cookie};
use http::StatusCode;
use provider::screen::Notice;

async fn signed_in(world: &World) -> Browser<'_> {
    let browser = Browser::new(world);
    browser
        .sign_in_as(&world.request("openid"), 0)
        .await
        .callback();
    browser
}

/// Whether the provider still knows who is there.
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

fn path(world: &World, more: &str) -> String {
    let client = &world.seed.clients[0].id;
    world.path(&format!("auth-ui/logout?client_id={client}{more}"))
}

#[tokio::test]
async fn without_an_address_logout_success_is_shown() {
    let world = World::new().await;
    let browser = signed_in(&world).await;
    assert!(is_signed_in(&world, &browser).await);
    let reply = browser.get(&path(&world, "&state=s")).await;
    assert_eq!(reply.notice(), Notice::LoggedOut);
    let cookie = reply.header("set-cookie").unwrap();
    assert!(cookie.ends_with("; Max-Age=0"), "{cookie}");
    assert_eq!(
        browser.cookie(&session_cookie(&world.seed.customer_id)),
        None
    );
    assert!(!is_signed_in(&world, &browser).await);
    // Who is not signed in is signed out all the same.
    assert_eq!(
        browser.get(&path(&world, "")).await.notice(),
        Notice::LoggedOut
    );
}

#[tokio::test]
async fn a_key_that_stays_behind_opens_nothing() {
    let world = World::new().await;
    let browser = signed_in(&world).await;
    let name = session_cookie(&world.seed.customer_id);
    let key = browser.cookie(&name).unwrap();
    browser.get(&path(&world, "")).await.notice();
    browser.set_cookie(&name, &key);
    assert!(!is_signed_in(&world, &browser).await);
}

#[tokio::test]
async fn a_registered_address_is_led_to_with_the_state() {
    let world = World::new().await;
    let state = "-._~".repeat(32);
    for (more, expected) in [
        ("", None),
        ("&state=", None),
        (&*format!("&state={state}"), Some(&state)),
    ] {
        let browser = signed_in(&world).await;
        let path = path(&world, &format!("&redirect_uri={CALLBACK}{more}"));
        let reply = browser.get(&path).await;
        match expected {
            None => assert_eq!(reply.location(), CALLBACK),
            Some(state) => {
                let answer = query(reply.location());
                assert_eq!(answer.len(), 1);
                assert_eq!(answer["state"], *state);
            }
        }
        assert!(!is_signed_in(&world, &browser).await);
    }
}

#[tokio::test]
async fn tokens_live_on() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let answer = browser.sign_in_as(&world.request("openid"), 0).await;
    let token = world.redeem(&answer.callback()["code"]).await.json();
    browser.get(&path(&world, "")).await.notice();
    let reply = world
        .userinfo(token["access_token"].as_str().unwrap())
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    let reply = world
        .refresh(token["refresh_token"].as_str().unwrap())
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
}

#[tokio::test]
async fn other_browsers_stay_signed_in() {
    let world = World::new().await;
    let (browser, other) = (signed_in(&world).await, signed_in(&world).await);
    browser.get(&path(&world, "")).await.notice();
    assert!(is_signed_in(&world, &other).await);
}

#[tokio::test]
async fn what_is_missing_or_wrong_has_a_screen_and_signs_nobody_out() {
    let world = World::new().await;
    let browser = signed_in(&world).await;
    let client = &world.seed.clients[0].id;
    let configuration = &world.seed.clients[2].id;
    for (query, code, title) in [
        (String::new(), "bad_request", "Bad request"),
        ("client_id=".to_owned(), "bad_request", "Bad request"),
        (
            format!("client_id={client}&state=a&state=b"),
            "bad_request",
            "Bad request",
        ),
        (
            "client_id=nobody".to_owned(),
            "invalid_client_id",
            "Something went wrong",
        ),
        (
            format!("client_id={configuration}"),
            "invalid_client_id",
            "Something went wrong",
        ),
        (
            format!("client_id={client}&redirect_uri=https%3A%2F%2Fevil.example"),
            "invalid_redirect_uri",
            "Something went wrong",
        ),
        (
            format!("client_id={client}&redirect_uri={CALLBACK}%2F"),
            "invalid_redirect_uri",
            "Something went wrong",
        ),
    ] {
        let reply = browser
            .get(&world.path(&format!("auth-ui/logout?{query}")))
            .await;
        assert_eq!(reply.page(400, code).title, title, "{query}");
        assert_eq!(reply.header("set-cookie"), None);
    }
    assert!(is_signed_in(&world, &browser).await);
    let elsewhere = format!("/nobody/auth-ui/logout?client_id={client}");
    browser.get(&elsewhere).await.page(404, "unknown_customer");
}
