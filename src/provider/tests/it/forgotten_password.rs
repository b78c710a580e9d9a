//! Forgotten passwords.

use crate::world::{Browser, PUBLIC_URL, World, encode, query, session_cookie};
use axum::body::Body;
use http::{Request, StatusCode, header};
use provider::{
    ClientAddress, SandboxKey, Screen, Seed, Settings, cookie,
    fixture::{Fixture, Format},
    screen::{ForgotPasswordView, LINK_MINUTES, Mail, MailSentView, NewPasswordView, Notice},
};
use serde_json::json;
use store::Store;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

fn asked(screen: &Screen) -> ForgotPasswordView {
    match screen {
        Screen::ForgotPassword(view) => (**view).clone(),
        other => panic!("{other:?}"),
    }
}

fn sent(screen: &Screen) -> MailSentView {
    match screen {
        Screen::MailSent(view) => (**view).clone(),
        other => panic!("{other:?}"),
    }
}

fn new_password(screen: &Screen) -> NewPasswordView {
    match screen {
        Screen::NewPassword(view) => (**view).clone(),
        other => panic!("{other:?}"),
    }
}

/// The link in the mail, without scheme and host.
async fn link(browser: &Browser<'_>, email: &str, interaction: &str) -> String {
    let form = [("email", email), ("interaction", interaction)];
    let reply = browser.post("forgot-password", &form).await;
    match sent(reply.screen(200)).mail {
        Mail::Shown { link, .. } => link
            .strip_prefix("https://play.example")
            .unwrap()
            .to_owned(),
        other => panic!("{other:?}"),
    }
}

async fn signs_in(world: &World, password: &str) -> bool {
    let browser = Browser::new(world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let form = [
        ("interaction", interaction.as_str()),
        ("email", "alice"),
        ("password", password),
    ];
    let reply = browser.submit(&form).await;
    reply.location().contains("code=")
}

#[tokio::test]
async fn a_mail_leads_to_a_new_password_and_back_to_the_sign_in_that_waits() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let path = world.path(&format!(
        "auth-ui/forgot-password?interaction={interaction}"
    ));
    let view = asked(browser.get(&path).await.screen(200));
    assert_eq!(view.action, world.path("auth-ui/forgot-password"));
    assert!(!view.link_is_over && !view.slow_down);
    let sign_in = format!(
        "https://play.example{}",
        world.path(&format!("auth-ui/login?interaction={interaction}"))
    );
    assert_eq!(view.sign_in.as_deref(), Some(sign_in.as_str()));

    let form = [
        ("email", " Alice@Example.com "),
        ("interaction", interaction.as_str()),
    ];
    let view = sent(browser.post("forgot-password", &form).await.screen(200));
    assert_eq!(view.email, "Alice@Example.com");
    assert_eq!(view.sign_in.as_deref(), Some(sign_in.as_str()));
    let Mail::Shown { name, link } = view.mail else {
        panic!("{:?}", view.mail);
    };
    assert_eq!(name, "Alice Archer");
    let view = new_password(browser.get(&link[20..]).await.screen(200));
    assert_eq!(view.email, "alice@example.com");
    assert_eq!(view.action, world.path("auth-ui/reset-password"));
    assert_eq!(view.code, query(&link)["code"]);
    assert_eq!(view.interaction, interaction);

    let form = [
        ("code", view.code.as_str()),
        ("interaction", &view.interaction),
        ("password", "a new password"),
    ];
    let reply = browser.post("reset-password", &form).await;
    assert_eq!(
        reply.location(),
        format!("{sign_in}&message=password_changed")
    );
    let form = [
        ("interaction", interaction.as_str()),
        ("email", "alice"),
        ("password", "a new password"),
    ];
    browser.submit(&form).await.callback();
    assert!(!signs_in(&world, "password").await);
}

#[tokio::test]
async fn a_new_password_ends_every_session_of_the_person() {
    let world = World::new().await;
    let elsewhere = Browser::new(&world);
    elsewhere
        .sign_in_as(&world.request("openid"), 0)
        .await
        .callback();
    let bo = Browser::new(&world);
    bo.sign_in_as(&world.request("openid"), 1).await.callback();

    let browser = Browser::new(&world);
    let link = link(&browser, "alice@example.com", "").await;
    let code = query(&link)["code"].clone();
    assert!(!link.contains("interaction"), "{link}");
    let form = [("code", code.as_str()), ("password", "a new password")];
    let reply = browser.post("reset-password", &form).await;
    assert_eq!(reply.notice(), Notice::PasswordChanged);

    let mut silent = world.request("openid");
    silent.prompt = Some("none".to_owned());
    let answer = elsewhere.authorize(&silent).await.callback();
    assert_eq!(answer["error"], "login_required");
    assert!(bo.authorize(&silent).await.callback().contains_key("code"));
}

#[tokio::test]
async fn a_link_works_once_and_for_a_quarter_of_an_hour() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let over = async |link: &str, form: &[(&str, &str)]| {
        for reply in [
            browser.get(link).await,
            browser.post("reset-password", form).await,
        ] {
            let view = asked(reply.screen(400));
            assert!(view.link_is_over);
            assert_eq!(view.action, world.path("auth-ui/forgot-password"));
            assert_eq!(view.interaction, interaction);
        }
    };
    let used = link(&browser, "alice@example.com", &interaction).await;
    let code = query(&used)["code"].clone();
    let form = [
        ("code", code.as_str()),
        ("interaction", interaction.as_str()),
        ("password", "a new password"),
    ];
    browser.post("reset-password", &form).await.location();
    let again = [form[0], form[1], ("password", "another password")];
    over(&used, &again).await;
    assert!(signs_in(&world, "a new password").await);

    let late = link(&browser, "alice@example.com", &interaction).await;
    let code = query(&late)["code"].clone();
    let form = [
        ("code", code.as_str()),
        ("interaction", interaction.as_str()),
        ("password", "another password"),
    ];
    world.clock.advance(LINK_MINUTES * 60 - 1);
    new_password(browser.get(&late).await.screen(200));
    world.clock.advance(1);
    over(&late, &form).await;
    assert!(!signs_in(&world, "another password").await);

    let unknown = format!(
        "{}?code=x&interaction={interaction}",
        world.path("auth-ui/reset-password")
    );
    over(&unknown, &[("interaction", &interaction)]).await;
}

#[tokio::test]
async fn of_two_who_use_a_link_at_once_one_sets_the_password() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let code = query(&link(&browser, "alice@example.com", "").await)["code"].clone();
    let mut crowd = JoinSet::new();
    for number in 0..6 {
        let password = format!("password number {number}");
        let form = encode(&[("code", &code), ("password", &password)]);
        let request = Request::post(world.path("auth-ui/reset-password"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))
            .unwrap();
        let router = world.provider.router();
        crowd.spawn(async move { (password, router.oneshot(request).await.unwrap().status()) });
    }
    let mut winners = Vec::new();
    while let Some(reply) = crowd.join_next().await {
        let (password, status) = reply.unwrap();
        if status == StatusCode::OK {
            winners.push(password);
        } else {
            assert_eq!(status, StatusCode::BAD_REQUEST);
        }
    }
    assert_eq!(winners.len(), 1);
    assert!(signs_in(&world, &winners[0]).await);
}

#[tokio::test]
async fn a_bad_password_does_not_use_the_link_up() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let code = query(&link(&browser, "alice@example.com", "").await)["code"].clone();
    for password in ["", "1234567", &"p".repeat(1025)] {
        let form = [("code", code.as_str()), ("password", password)];
        let view = new_password(browser.post("reset-password", &form).await.screen(422));
        assert!(view.password.problem.is_some());
        assert_eq!(
            (view.code, view.password.value),
            (code.clone(), String::new())
        );
    }
    let form = [("code", code.as_str()), ("password", "a new password")];
    browser.post("reset-password", &form).await.notice();
}

#[tokio::test]
async fn an_address_that_is_none_is_asked_for_again() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    for (email, kept) in [("", ""), (" alice ", "alice"), ("a b@c", "a b@c")] {
        let reply = browser.post("forgot-password", &[("email", email)]).await;
        let view = asked(reply.screen(422));
        assert!(view.email.problem.is_some());
        assert_eq!(view.email.value, kept);
        assert_eq!(view.sign_in, None);
    }
}

#[tokio::test]
async fn the_last_typed_address_stands_in_the_field_already() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    for (hint, shown) in [("bo@example.com", "bo@example.com"), ("bo", "")] {
        let mut request = world.request("openid");
        request.login_hint = Some(hint.to_owned());
        let interaction = browser.authorize(&request).await.interaction();
        let path = world.path(&format!(
            "auth-ui/forgot-password?interaction={interaction}"
        ));
        let view = asked(browser.get(&path).await.screen(200));
        assert_eq!(view.email.value, shown);
    }
}

#[tokio::test]
async fn a_stranger_learns_nothing_and_gets_no_link() {
    let world = World::new().await;
    let key = SandboxKey::generate();
    let customer = world.provider.ensure_sandbox(&key).await.unwrap();
    let path = format!("/{}/auth-ui/forgot-password", customer.id);
    let same = [("sec-fetch-site", "same-origin")];
    let owner = Browser::new(&world);
    owner.set_cookie("__Host-sandbox", key.as_str());
    let stranger = Browser::new(&world);
    stranger.set_cookie("__Host-sandbox", SandboxKey::generate().as_str());
    let mut answers = Vec::new();
    for email in ["alice@example.com", "nobody@example.com"] {
        let form = [("email", email)];
        let reply = stranger.submit_to(&path, &form, &same).await;
        let mut view = sent(reply.screen(200));
        assert_eq!(view.mail, Mail::Hidden);
        view.email.clear();
        answers.push((view, reply.body, reply.headers));
    }
    assert_eq!(answers[0], answers[1]);

    let reply = owner
        .submit_to(&path, &[("email", "nobody@example.com")], &same)
        .await;
    assert_eq!(sent(reply.screen(200)).mail, Mail::Nobody);
    let reply = owner
        .submit_to(&path, &[("email", "alice@example.com")], &same)
        .await;
    assert!(matches!(sent(reply.screen(200)).mail, Mail::Shown { .. }));
}

#[tokio::test]
async fn at_a_customer_of_a_file_mails_are_shown_where_only_the_developer_comes() {
    const CUSTOMER: &str = "99999999-9999-4999-8999-999999999999";
    for (loopback, one_click, shown) in [
        (true, true, true),
        (true, false, false),
        (false, true, false),
    ] {
        let settings = Settings {
            loopback,
            ..Settings::default()
        };
        let store = Store::open("sqlite::memory:").await.unwrap();
        let world = World::with(store, settings).await;
        let file = json!({ "customers": [{
            "name": "Shop",
            "id": CUSTOMER,
            "oneClick": one_click,
            "people": [{ "email": "ada@example.com", "password": "lovelace" }],
        }] });
        let file = Fixture::parse(&file.to_string(), Format::Json, PUBLIC_URL).unwrap();
        world.provider.load(&[file]).await.unwrap();
        let path = format!("/{CUSTOMER}/auth-ui/forgot-password");
        let form = [("email", "ada@example.com")];
        let reply = Browser::new(&world).submit_to(&path, &form, &[]).await;
        let mail = sent(reply.screen(200)).mail;
        assert_eq!(matches!(mail, Mail::Shown { .. }), shown);
        assert_eq!(mail == Mail::Hidden, !shown);
    }
}

#[tokio::test]
async fn a_link_of_one_customer_opens_nothing_at_another() {
    let world = World::new().await;
    let key = SandboxKey::generate();
    let seed = Seed::sandbox(&key, PUBLIC_URL);
    world.provider.ensure_sandbox(&key).await.unwrap();
    let browser = Browser::new(&world);
    let code = query(&link(&browser, "alice@example.com", "").await)["code"].clone();
    let path = format!("/{}/auth-ui/reset-password", seed.customer_id);
    let form = [("code", code.as_str()), ("password", "a new password")];
    let reply = browser.submit_to(&path, &form, &[]).await;
    assert!(asked(reply.screen(400)).link_is_over);
}

#[tokio::test]
async fn a_name_that_looks_like_an_address_gets_no_mail() {
    let world = World::new().await;
    let mut person = world.seed.people[1].clone();
    person.username = Some("somebody@else.example".to_owned());
    let customer = &world.seed.customer_id;
    let replaced = world.store.replace_person(customer, &person).await;
    assert_eq!(replaced.unwrap(), Some(true));
    let form = [("email", "somebody@else.example")];
    let reply = Browser::new(&world).post("forgot-password", &form).await;
    assert_eq!(sent(reply.screen(200)).mail, Mail::Nobody);
}

#[tokio::test]
async fn an_interaction_of_another_browser_is_not_led_back_to() {
    let world = World::new().await;
    let owner = Browser::new(&world);
    let interaction = owner
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let stranger = Browser::new(&world);
    let path = world.path(&format!(
        "auth-ui/forgot-password?interaction={interaction}"
    ));
    let view = asked(stranger.get(&path).await.screen(200));
    assert_eq!((view.sign_in, view.interaction.as_str()), (None, ""));
    let link = link(&stranger, "alice@example.com", &interaction).await;
    let code = query(&link)["code"].clone();
    let form = [
        ("code", code.as_str()),
        ("interaction", interaction.as_str()),
        ("password", "a new password"),
    ];
    let reply = stranger.post("reset-password", &form).await;
    assert_eq!(reply.notice(), Notice::PasswordChanged);
}

#[tokio::test]
async fn these_forms_are_only_taken_from_our_own_page() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    for screen in ["forgot-password", "reset-password"] {
        let path = world.path(&format!("auth-ui/{screen}"));
        let form = [("email", "alice@example.com")];
        for headers in [
            [("sec-fetch-site", "cross-site")],
            [("origin", "https://evil.example")],
        ] {
            let reply = browser.submit_to(&path, &form, &headers).await;
            reply.page(403, "cross_site");
        }
        let repeated = [("code", "a"), ("code", "b")];
        browser.post(screen, &repeated).await.page(400, "bad_form");
        let query = format!("{path}?code=a&code=b");
        browser.get(&query).await.page(400, "bad_request");
    }
}

#[tokio::test]
async fn mails_are_not_asked_for_without_end() {
    let world = World::new().await;
    let ask = |email: String, accept: &'static str, from: [u8; 4]| {
        let request = Request::post(world.path("auth-ui/forgot-password"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, accept)
            .extension(ClientAddress(from.into()))
            .body(Body::from(encode(&[("email", &email)])))
            .unwrap();
        world.send(request)
    };
    let (one, other) = ([192, 0, 2, 1], [192, 0, 2, 2]);
    let alice = || "alice@example.com".to_owned();
    for _ in 0..10 {
        ask(alice(), "text/html", one).await.screen(200);
    }
    for from in [one, other] {
        let reply = ask(alice(), "text/html", from).await;
        let view = asked(reply.screen(422));
        assert!(view.slow_down);
        assert_eq!(view.email.value, alice());
        ask(alice(), "application/json", from)
            .await
            .page(429, "slow_down");
    }
    // Nobody is kept from signing in by that.
    assert!(signs_in(&world, "password").await);
    for number in 10..100 {
        let email = format!("nobody-{number}@example.com");
        ask(email, "text/html", one).await.screen(200);
    }
    let bo = || "bo@example.com".to_owned();
    assert!(asked(ask(bo(), "text/html", one).await.screen(422)).slow_down);
    ask(bo(), "text/html", other).await.screen(200);
    world.clock.advance(60);
    ask(alice(), "text/html", one).await.screen(200);
}

#[tokio::test]
async fn a_new_password_signs_nobody_in() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let code = query(&link(&browser, "alice@example.com", "").await)["code"].clone();
    let form = [("code", code.as_str()), ("password", "a new password")];
    let reply = browser.post("reset-password", &form).await;
    assert_eq!(reply.header("set-cookie"), None);
    assert_eq!(
        browser.cookie(&session_cookie(&world.seed.customer_id)),
        None
    );
    assert_eq!(
        cookie::values(&browser.headers(), "browser", true).count(),
        0
    );
}
