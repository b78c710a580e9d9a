//! What must never be in the log.

use crate::{
    response_types::allow,
    world::{Browser, CALLBACK, World, basic, query, verifier},
};
use http::header;
use oidc::{
    authorization::AuthorizationRequest,
    response_type::{ResponseMode, ResponseType},
};
use provider::{SandboxKey, Screen, screen::Mail};
use std::{
    cell::RefCell,
    io::{self, Write},
    sync::Once,
};
use tracing_subscriber::filter::LevelFilter;

thread_local! {
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Writes to the log of the thread it is on.
struct ThreadLog;

impl Write for ThreadLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps the log of every test from before its first line: a subscriber that
/// comes later misses lines now and then, because `tracing` remembers that
/// nobody listened.
pub(crate) fn keep() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(|| ThreadLog)
            .init();
    });
}

/// What was logged on this thread until now.
pub(crate) fn taken() -> String {
    String::from_utf8(LOG.take()).unwrap()
}

#[tokio::test]
async fn nothing_secret_is_logged() {
    let world = World::new().await;
    let key = SandboxKey::generate();
    let sandbox = world.provider.ensure_sandbox(&key).await.unwrap();
    let secrets = everything_that_can_happen(&world).await;
    world.provider.reset_sandbox(&key).await.unwrap();

    let log = taken();
    for expected in [
        "issued code",
        "issued code id_token token",
        "signed in",
        "a code was used twice",
        "a refresh token was used twice",
        "signed up",
        "saved a profile",
        "made a link to set a password",
        "set a new password",
        "signed out",
        &sandbox.id,
    ] {
        assert!(log.contains(expected), "{expected} is not in {log}");
    }
    for secret in secrets.iter().map(String::as_str).chain([key.as_str()]) {
        assert!(secret.len() > 7);
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
}

/// Good and bad calls of everything; returns what is secret in them.
async fn everything_that_can_happen(world: &World) -> Vec<String> {
    let browser = Browser::new(world);
    let mut request = world.request("openid profile");
    request.state = Some("state-to-keep-quiet".to_owned());
    request.nonce = Some("nonce-to-keep-quiet".to_owned());
    let interaction = browser.authorize(&request).await.interaction();
    for (email, password) in [
        ("bo@example.com", "password-that-is-wrong"),
        ("bo@example.com", "password"),
    ] {
        let form = [
            ("interaction", interaction.as_str()),
            ("email", email),
            ("password", password),
        ];
        browser.submit(&form).await.location();
    }
    let cookies = browser.headers()[header::COOKIE]
        .to_str()
        .unwrap()
        .to_owned();
    let code = browser.authorize(&request).await.callback()["code"].clone();
    let token = world.redeem(&code).await.json();
    let refresh_token = token["refresh_token"].as_str().unwrap();
    let refreshed = world.refresh(refresh_token).await.json();
    world
        .refresh(refresh_token)
        .await
        .error(400, "invalid_grant");
    world.redeem(&code).await.error(400, "invalid_grant");
    let access_token = token["access_token"].as_str().unwrap();
    world
        .userinfo(access_token)
        .await
        .error(401, "invalid_token");
    let administrative = world.administrative("*:**").await;
    let wrong = basic(&world.seed.clients[1].id, "secret-that-is-wrong");
    let form = [("grant_type", "client_credentials"), ("secret-as-name", "")];
    world
        .token(&form, Some(&wrong))
        .await
        .error(401, "invalid_client");
    let twice = [("secret-as-name", "1"), ("secret-as-name", "2")];
    world
        .token(&twice, None)
        .await
        .error(400, "invalid_request");
    let front_channel = what_the_front_channel_hands_out(world, &browser, &request).await;
    request.scope = None;
    browser.authorize(&request).await.callback();
    request.client_id = Some("client-that-nobody-knows".to_owned());
    browser
        .authorize(&request)
        .await
        .page(400, "invalid_client_id");

    let mut secrets: Vec<String> = cookies
        .split("; ")
        .map(|cookie| cookie.split_once('=').unwrap().1.to_owned())
        .collect();
    secrets.extend(
        [
            "state-to-keep-quiet",
            "nonce-to-keep-quiet",
            "password-that-is-wrong",
            "secret-that-is-wrong",
            "secret-as-name",
            "client-that-nobody-knows",
            "configuration-secret",
            verifier().as_str(),
            &interaction,
            &code,
            access_token,
            token["id_token"].as_str().unwrap(),
            refresh_token,
            refreshed["access_token"].as_str().unwrap(),
            refreshed["refresh_token"].as_str().unwrap(),
            refreshed["id_token"].as_str().unwrap(),
            administrative["access_token"].as_str().unwrap(),
            wrong.strip_prefix("Basic ").unwrap(),
        ]
        .map(str::to_owned),
    );
    secrets.extend(front_channel);
    secrets.extend(what_the_screens_are_told(world).await);
    secrets
}

/// From a sign-up to a sign-out; returns what is secret in it.
async fn what_the_screens_are_told(world: &World) -> Vec<String> {
    let browser = Browser::new(world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let form = [
        ("interaction", interaction.as_str()),
        ("email", "eve-to-keep-quiet@example.com"),
        ("password", "eve's first password"),
        ("givenName", "Eve-to-keep-quiet"),
        ("familyName", "Evans-to-keep-quiet"),
    ];
    browser.post("registration", &form).await.location();
    let reply = browser.post("account-created", &form[..1]).await;
    let token = world.redeem(&reply.callback()["code"]).await.json();
    let hint = token["id_token"].as_str().unwrap();

    let client = world.seed.clients[0].id.clone();
    let page = world.path(&format!("auth-ui/profile?client_id={client}"));
    let reply = browser.get(&page).await;
    let Screen::Profile(view) = reply.screen(200) else {
        panic!("{reply:?}");
    };
    let form = [
        ("token", view.token.as_str()),
        ("client_id", &client),
        ("email", "eve-to-keep-quiet@example.com"),
        ("mobileNumber", "+15035550142"),
    ];
    browser.post("profile", &form).await.location();

    let form = [("email", "eve-to-keep-quiet@example.com")];
    let reply = browser.post("forgot-password", &form).await;
    let Screen::MailSent(mail) = reply.screen(200) else {
        panic!("{reply:?}");
    };
    let Mail::Shown { link, .. } = &mail.mail else {
        panic!("{mail:?}");
    };
    let code = query(link)["code"].clone();
    let form = [
        ("code", code.as_str()),
        ("password", "eve's second password"),
    ];
    browser.post("reset-password", &form).await.notice();

    let state = "logout-state-to-keep-quiet";
    let path = format!("login/end_session?id_token_hint={hint}&state={state}");
    browser.get(&world.path(&path)).await.notice();
    let path = format!("login/end_session?id_token_hint={hint}x");
    let reply = browser.get(&world.path(&path)).await;
    reply.page(400, "invalid_id_token_hint");
    [
        "eve-to-keep-quiet@example.com",
        "eve's first password",
        "eve's second password",
        "Eve-to-keep-quiet",
        "+15035550142",
        state,
        hint,
        &interaction,
        &code,
        &view.token,
    ]
    .map(str::to_owned)
    .into()
}

/// Good and bad responses in fragments and in forms; returns what is secret in
/// them. A13
async fn what_the_front_channel_hands_out(
    world: &World,
    browser: &Browser<'_>,
    request: &AuthorizationRequest,
) -> Vec<String> {
    let hybrid = ResponseType::CodeIdTokenToken;
    allow(world, &["code", hybrid.as_str()]).await;
    let mut secrets = vec!["hint-to-keep-quiet".to_owned()];
    for mode in [ResponseMode::Fragment, ResponseMode::FormPost] {
        let mut request = request.clone();
        request.response_type = Some(hybrid.as_str().to_owned());
        request.response_mode = Some(mode.as_str().to_owned());
        let told = browser.authorize(&request).await.told(CALLBACK);
        assert_eq!(told.mode, mode);
        let handed_out = ["code", "access_token", "id_token"];
        secrets.extend(handed_out.map(|name| told.parameters[name].clone()));
        request.id_token_hint = Some("hint-to-keep-quiet".to_owned());
        let told = browser.authorize(&request).await.told(CALLBACK);
        assert_eq!(told.parameters["error"], "invalid_request");
    }
    secrets
}
