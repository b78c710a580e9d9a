//! The sign-in form.

use crate::world::{Browser, World, encode, session_cookie};
use axum::body::Body;
use http::{HeaderValue, Request, StatusCode, header};
use provider::{ClientAddress, screen::SignInMessage};
use store::Pending;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

#[tokio::test]
async fn a_person_signs_in_with_address_or_username_and_password() {
    let world = World::new().await;
    for login in ["alice@example.com", " Alice@Example.COM ", "alice"] {
        let browser = Browser::new(&world);
        let interaction = browser
            .authorize(&world.request("openid"))
            .await
            .interaction();
        let form = [
            ("interaction", interaction.as_str()),
            ("email", login),
            ("password", "password"),
        ];
        let code = browser.submit(&form).await.callback()["code"].clone();
        let token = world.redeem(&code).await.json();
        let claims = world
            .userinfo(token["access_token"].as_str().unwrap())
            .await
            .json();
        assert_eq!(claims["sub"], world.seed.people[0].profile.uuid, "{login}");
    }
}

/// On one's own machine, every program's cookies come along.
#[tokio::test]
async fn a_session_counts_beside_cookies_that_are_no_text() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let request = world.request("openid");
    browser.sign_in_as(&request, 0).await;
    let own = browser.headers()[header::COOKIE].as_bytes().to_vec();
    let odd = &b"\xff=\xfe"[..];
    for line in [[odd, &own].join(&b"; "[..]), [&own, odd].join(&b";"[..])] {
        let authorize = Request::get(world.authorize_path(&request))
            .header(header::COOKIE, HeaderValue::from_bytes(&line).unwrap())
            .body(Body::empty())
            .unwrap();
        assert!(world.send(authorize).await.callback().contains_key("code"));
    }
}

#[tokio::test]
async fn unknown_people_and_wrong_passwords_get_the_same_answer_and_may_try_again() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let mut answers = Vec::new();
    for (email, password) in [
        ("alice@example.com", "wrong"),
        ("nobody@example.com", "password"),
        ("alice@example.com", ""),
        ("", "password"),
    ] {
        let form = [
            ("interaction", interaction.as_str()),
            ("email", email),
            ("password", password),
        ];
        let reply = browser.submit(&form).await;
        assert_eq!(reply.header("set-cookie"), None);
        answers.push(reply.location().to_owned());
    }
    answers.dedup();
    assert_eq!(
        answers,
        [format!(
            "https://play.example/{}/auth-ui/login?interaction={interaction}&message=credentials",
            world.seed.customer_id
        )]
    );
    let form = [
        ("interaction", interaction.as_str()),
        ("email", "alice"),
        ("password", "password"),
    ];
    browser.submit(&form).await.callback();
}

#[tokio::test]
async fn too_many_wrong_passwords_slow_down_one_account_for_a_minute() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let attempt = |email: &'static str, password: &'static str| {
        let interaction = interaction.clone();
        let browser = &browser;
        async move {
            let form = [
                ("interaction", interaction.as_str()),
                ("email", email),
                ("password", password),
            ];
            browser.submit(&form).await
        }
    };
    for email in ["bo@example.com", "nobody@example.com"] {
        for _ in 0..10 {
            let reply = attempt(email, "wrong").await;
            assert_eq!(reply.status, StatusCode::SEE_OTHER);
        }
        // Even the right one; the person is told so where they are.
        let reply = attempt(email, "password").await;
        assert_eq!(
            reply.location(),
            format!(
                "https://play.example/{}/auth-ui/login?interaction={interaction}&message=slow_down",
                world.seed.customer_id
            )
        );
        assert_eq!(reply.header("retry-after"), None);
        let form = [
            ("interaction", interaction.as_str()),
            ("email", email),
            ("password", "password"),
        ];
        let program = [("accept", "application/json")];
        let reply = browser.submit_with(&form, &program).await;
        reply.page(429, "slow_down");
        assert_eq!(reply.header("retry-after"), Some("60"));
    }
    attempt("alice@example.com", "wrong").await.location();
    world.clock.advance(60);
    attempt("bo@example.com", "password").await.callback();
}

#[tokio::test]
async fn what_was_typed_as_login_is_shown_again_and_the_password_is_not_kept() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let mut request = world.request("openid");
    request.login_hint = Some("hint@example.com".to_owned());
    let interaction = browser.authorize(&request).await.interaction();
    let long = "a".repeat(255);
    for (typed, shown) in [
        (None, "hint@example.com"),
        (Some(""), "hint@example.com"),
        (Some(" Bo@example.com "), "Bo@example.com"),
        (Some(&long), "Bo@example.com"),
        (Some("a\nb"), "Bo@example.com"),
        (Some(&long[1..]), &long[1..]),
        (Some("nobody's <\"login\">"), "nobody's <\"login\">"),
    ] {
        let mut form = vec![("interaction", interaction.as_str()), ("password", "wrong")];
        form.extend(typed.map(|typed| ("email", typed)));
        let reply = browser.submit(&form).await;
        assert!(reply.location().ends_with("&message=credentials"));
        let view = browser.sign_in_screen(&interaction).await;
        assert_eq!(view.login_hint.as_deref(), Some(shown));
        let kept = world
            .store
            .interaction(
                &world.seed.customer_id,
                &interaction,
                &browser.cookie("__Host-browser").unwrap(),
                crate::world::START,
            )
            .await
            .unwrap()
            .unwrap();
        assert_eq!(kept.hint.as_deref(), Some(shown));
        assert_eq!(
            kept.pending,
            Pending::Authorization(Box::new(request.clone()))
        );
    }
}

#[tokio::test]
async fn right_passwords_are_not_slowed_down_however_many_come_at_once() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    for _ in 0..9 {
        let form = [
            ("interaction", interaction.as_str()),
            ("email", "alice"),
            ("password", "wrong"),
        ];
        browser.submit(&form).await.location();
    }
    let mut crowd = JoinSet::new();
    for _ in 0..30 {
        let browser = Browser::new(&world);
        let interaction = browser
            .authorize(&world.request("openid"))
            .await
            .interaction();
        let form = encode(&[
            ("interaction", &interaction),
            ("email", "alice"),
            ("password", "password"),
        ]);
        let mut request = Request::post(world.path("auth-ui/login"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))
            .unwrap();
        request.headers_mut().extend(browser.headers());
        crowd.spawn(world.provider.router().oneshot(request));
    }
    while let Some(reply) = crowd.join_next().await {
        let reply = reply.unwrap().unwrap();
        assert_eq!(reply.status(), StatusCode::SEE_OTHER);
        let location = &reply.headers()[header::LOCATION];
        assert!(location.to_str().unwrap().contains("code="), "{location:?}");
    }
}

#[tokio::test]
async fn cancelling_tells_the_client_and_ends_the_interaction() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let form = [("interaction", interaction.as_str()), ("action", "cancel")];
    let answer = browser.submit(&form).await.callback();
    assert_eq!(answer["error"], "access_denied");
    assert_eq!(answer["state"], "state-1");
    assert_eq!(answer["iss"], world.issuer());
    assert!(!answer.contains_key("code"));
    browser.submit(&form).await.page(400, "interaction_gone");
    assert_eq!(
        browser.cookie(&session_cookie(&world.seed.customer_id)),
        None
    );
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let person = world.seed.people[0].profile.uuid.clone();
    let form = [
        ("interaction", interaction.as_str()),
        ("person", person.as_str()),
    ];
    for headers in [
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
        [("origin", "https://evil.example")],
        [("origin", "null")],
        [("origin", "https://play.example.evil.example")],
        [("origin", "http://play.example")],
    ] {
        let reply = browser.submit_with(&form, &headers).await;
        reply.page(403, "cross_site");
    }
    let same = [("origin", "https://play.example")];
    browser.submit_with(&form, &same).await.callback();
}

#[tokio::test]
async fn an_interaction_belongs_to_the_browser_it_began_in() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let person = world.seed.people[0].profile.uuid.clone();
    let form = [
        ("interaction", interaction.as_str()),
        ("person", person.as_str()),
    ];
    let other = Browser::new(&world);
    other.submit(&form).await.page(400, "interaction_gone");
    // Having a cookie of one's own does not help.
    other
        .authorize(&world.request("openid"))
        .await
        .interaction();
    other.submit(&form).await.page(400, "interaction_gone");
    let path = world.path(&format!("auth-ui/login?interaction={interaction}"));
    other.get(&path).await.page(400, "interaction_gone");
    browser.sign_in_screen(&interaction).await;
    browser.submit(&form).await.callback();
    browser.submit(&form).await.page(400, "interaction_gone");
}

#[tokio::test]
async fn an_interaction_ends_after_half_an_hour() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    world.clock.advance(1800);
    let form = [("interaction", interaction.as_str()), ("action", "cancel")];
    browser.submit(&form).await.page(400, "interaction_gone");
}

#[tokio::test]
async fn two_tabs_sign_in_independently() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let mut other_request = world.request("openid profile");
    other_request.state = Some("state-2".to_owned());
    let first = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let browser_cookie = browser.cookie("__Host-browser").unwrap();
    let second = browser.authorize(&other_request).await.interaction();
    assert_eq!(browser.cookie("__Host-browser"), Some(browser_cookie));
    for (interaction, person, state) in [(second, 1, "state-2"), (first, 3, "state-1")] {
        let uuid = world.seed.people[person].profile.uuid.clone();
        let form = [
            ("interaction", interaction.as_str()),
            ("person", uuid.as_str()),
        ];
        let answer = browser.submit(&form).await.callback();
        assert_eq!(answer["state"], state);
        let token = world.redeem(&answer["code"]).await.json();
        let claims = world
            .userinfo(token["access_token"].as_str().unwrap())
            .await
            .json();
        assert_eq!(claims["sub"], uuid);
    }
}

#[tokio::test]
async fn the_session_changes_its_key_at_every_sign_in() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let name = session_cookie(&world.seed.customer_id);
    // A planted key is never taken over.
    let planted = "p".repeat(43);
    browser.set_cookie(&name, &planted);
    browser
        .sign_in_as(&world.request("openid"), 0)
        .await
        .callback();
    let first = browser.cookie(&name).unwrap();
    assert_ne!(first, planted);
    let mut again = world.request("openid");
    again.prompt = Some("login".to_owned());
    browser.sign_in_as(&again, 0).await.callback();
    let second = browser.cookie(&name).unwrap();
    assert_ne!(first, second);
    let session = |key: String| {
        let store = world.store.clone();
        let customer = world.seed.customer_id.clone();
        async move {
            store
                .session(&customer, &key, crate::world::START)
                .await
                .unwrap()
        }
    };
    assert!(session(first).await.is_none());
    assert!(session(second).await.is_some());
}

#[tokio::test]
async fn the_page_learns_what_it_shows() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let mut request = world.request("openid address");
    request.login_hint = Some("bo@example.com".to_owned());
    let interaction = browser.authorize(&request).await.interaction();
    let view = browser.sign_in_screen(&interaction).await;
    assert_eq!(view.client_name, "Storefront");
    assert_eq!(view.login_hint.as_deref(), Some("bo@example.com"));
    assert_eq!(view.requested.unwrap().to_string(), "openid address");
    assert_eq!(view.one_click, world.seed.people);
    assert_eq!(view.password_note.as_deref(), Some("password"));
    assert_eq!(view.action, world.path("auth-ui/login"));
    assert_eq!(view.more_people, 0);
    assert!(view.faults.is_empty());
    for (link, screen) in [
        (&view.registration, "registration"),
        (&view.forgot_password, "forgot-password"),
    ] {
        let path = world.path(&format!("auth-ui/{screen}?interaction={interaction}"));
        assert_eq!(*link, format!("https://play.example{path}"));
        browser.get(&path).await.screen(200);
    }
    assert_eq!(view.interaction, interaction);
    assert_eq!(view.message, None);
}

#[tokio::test]
async fn what_the_page_says_above_the_form_is_never_taken_from_the_address() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    for (query, message) in [
        ("", None),
        (
            "&message=credentials",
            Some(SignInMessage::WrongCredentials),
        ),
        ("&message=slow_down", Some(SignInMessage::SlowDown)),
        ("&message=call+this+number", None),
    ] {
        let view = browser
            .sign_in_screen(&format!("{interaction}{query}"))
            .await;
        assert_eq!(view.message, message);
    }
    let twice = format!("auth-ui/login?interaction={interaction}&message=a&message=b");
    browser
        .get(&world.path(&twice))
        .await
        .page(400, "bad_request");
}

#[tokio::test]
async fn an_unknown_person_cannot_be_chosen() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let form = [
        ("interaction", interaction.as_str()),
        ("person", "11111111-1111-4111-8111-111111111111"),
    ];
    let reply = browser.submit(&form).await;
    assert!(reply.location().ends_with("&message=credentials"));
}

#[tokio::test]
async fn a_sign_in_of_the_playground_counts_as_a_session() {
    let world = World::new().await;
    let customer = &world.seed.customer_id;
    let person = &world.seed.people[1].profile.uuid;
    let set = world
        .provider
        .sign_in(customer, person)
        .await
        .unwrap()
        .unwrap();
    let browser = Browser::new(&world);
    let (name, rest) = set.split_once('=').unwrap();
    browser.set_cookie(name, rest.split(';').next().unwrap());
    let code = browser.authorize(&world.request("openid")).await.callback()["code"].clone();
    let token = world.redeem(&code).await.json();
    let claims = world
        .userinfo(token["access_token"].as_str().unwrap())
        .await
        .json();
    assert_eq!(claims["sub"], *person);
    assert_eq!(
        world.provider.sign_in(customer, "nobody").await.unwrap(),
        None
    );
}

#[tokio::test]
async fn a_request_that_is_no_longer_right_is_not_finished() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let mut client = world.seed.clients[0].clone();
    client.redirect_uris.clear();
    let customer = &world.seed.customer_id;
    world
        .store
        .replace_client(customer, &client)
        .await
        .unwrap()
        .unwrap();
    let person = &world.seed.people[0].profile.uuid;
    let form = [
        ("interaction", interaction.as_str()),
        ("person", person.as_str()),
    ];
    browser
        .submit(&form)
        .await
        .page(400, "invalid_redirect_uri");
}

#[tokio::test]
async fn too_many_wrong_passwords_slow_down_one_address_for_a_minute() {
    let world = World::new().await;
    let attempt = |from: [u8; 4], number: usize, password: &'static str| {
        let world = &world;
        async move {
            let browser = Browser::new(world);
            let interaction = browser
                .authorize(&world.request("openid"))
                .await
                .interaction();
            let email = match number {
                0 => "alice@example.com".to_owned(),
                _ => format!("nobody-{number}@example.com"),
            };
            let form = encode(&[
                ("interaction", &interaction),
                ("email", &email),
                ("password", password),
            ]);
            let mut request = Request::post(world.path("auth-ui/login"))
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::ACCEPT, "application/json")
                .extension(ClientAddress(from.into()))
                .body(Body::from(form))
                .unwrap();
            request.headers_mut().extend(browser.headers());
            world.send(request).await
        }
    };
    let (flood, other) = ([192, 0, 2, 1], [192, 0, 2, 2]);
    for number in 1..=100 {
        let reply = attempt(flood, number, "wrong").await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{number}");
    }
    // Known and unknown people alike, whether the password is right or wrong.
    for (number, password) in [(0, "password"), (0, "wrong"), (101, "wrong")] {
        let reply = attempt(flood, number, password).await;
        reply.page(429, "slow_down");
        assert_eq!(reply.header("retry-after"), Some("60"));
    }
    attempt(other, 0, "password").await.callback();
    world.clock.advance(60);
    attempt(flood, 0, "password").await.callback();
}
