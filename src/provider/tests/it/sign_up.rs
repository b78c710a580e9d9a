//! Creating an account.

use crate::world::{Browser, World, encode, query, session_cookie};
use axum::body::Body;
use http::{Request, StatusCode, header};
use oidc::authorization::AuthorizationRequest;
use policy::profile::{Person, Profile};
use provider::{
    ClientAddress, Screen,
    screen::{Field, Refusal, RegistrationView},
};
use store::Credentials;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

const EVE: [(&str, &str); 5] = [
    ("email", "eve@example.com"),
    ("password", "eve's password"),
    ("givenName", "Eve"),
    ("familyName", "Evans"),
    ("displayName", "eve"),
];

fn create(world: &World) -> AuthorizationRequest {
    AuthorizationRequest {
        prompt: Some("create".to_owned()),
        ..world.request("openid profile email")
    }
}

fn with<'a>(
    interaction: &'a str,
    form: &[(&'a str, &'a str)],
    changed: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let changed = |name: &str| changed.iter().find(|(own, _)| *own == name);
    form.iter()
        .map(|pair| *changed(pair.0).unwrap_or(pair))
        .chain([("interaction", interaction)])
        .collect()
}

fn view(screen: &Screen) -> RegistrationView {
    match screen {
        Screen::Registration(view) => (**view).clone(),
        other => panic!("{other:?}"),
    }
}

async fn people(world: &World) -> Vec<Person> {
    world.store.people(&world.seed.customer_id).await.unwrap()
}

#[tokio::test]
async fn prompt_create_leads_to_an_account_and_from_there_to_the_client() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let mut request = create(&world);
    request.login_hint = Some("eve@example.com".to_owned());
    let location = browser.authorize(&request).await.location().to_owned();
    let interaction = query(&location)["interaction"].clone();
    let path = world.path(&format!("auth-ui/registration?interaction={interaction}"));
    assert_eq!(location, format!("https://play.example{path}"));
    let empty = view(browser.get(&path).await.screen(200));
    assert_eq!(empty.email.value, "eve@example.com");
    assert_eq!(empty.client_name, "Storefront");
    assert_eq!(empty.action, world.path("auth-ui/registration"));
    assert_eq!(empty.interaction, interaction);
    assert!(empty.public);

    let reply = browser
        .post("registration", &with(&interaction, &EVE, &[]))
        .await;
    let created = format!("/auth-ui/account-created?interaction={interaction}");
    assert!(reply.location().ends_with(&created), "{reply:?}");
    let path = world.path(&format!(
        "auth-ui/account-created?interaction={interaction}"
    ));
    match browser.get(&path).await.screen(200) {
        Screen::AccountCreated(view) => {
            assert_eq!(view.email, "eve@example.com");
            assert_eq!(view.client_name, "Storefront");
            assert_eq!(view.action, world.path("auth-ui/account-created"));
        }
        other => panic!("{other:?}"),
    }
    let going_on = [("interaction", interaction.as_str())];
    let answer = browser.post("account-created", &going_on).await.callback();
    assert_eq!(answer["state"], "state-1");
    let token = world.redeem(&answer["code"]).await.json();
    let claims = world
        .userinfo(token["access_token"].as_str().unwrap())
        .await
        .json();
    assert_eq!(claims["name"], "Eve Evans");
    assert_eq!(claims["preferred_username"], "eve");
    // It can be answered once.
    browser
        .post("account-created", &going_on)
        .await
        .page(400, "interaction_gone");
}

#[tokio::test]
async fn a_new_account_is_a_person_like_any_other() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    browser
        .post("registration", &with(&interaction, &EVE, &[]))
        .await
        .location();
    let new = people(&world).await.pop().unwrap();
    let Profile { uuid, .. } = new.profile.clone();
    assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"));
    assert_eq!(
        new.profile,
        Profile {
            uuid,
            given_name: "Eve".to_owned(),
            family_name: "Evans".to_owned(),
            display_name: "eve".to_owned(),
            email: "eve@example.com".to_owned(),
            last_updated: crate::world::START.0,
            ..Profile::default()
        }
    );
    // With the address in other letters, and the password.
    let other = Browser::new(&world);
    let interaction = other
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let form = [
        ("interaction", interaction.as_str()),
        ("email", "EVE@example.com"),
        ("password", "eve's password"),
    ];
    other.submit(&form).await.callback();
}

#[tokio::test]
async fn the_session_changes_its_key_at_sign_up() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let cookie = session_cookie(&world.seed.customer_id);
    browser
        .sign_in_as(&world.request("openid"), 0)
        .await
        .callback();
    let before = browser.cookie(&cookie).unwrap();
    let location = browser
        .authorize(&create(&world))
        .await
        .location()
        .to_owned();
    let interaction = query(&location)["interaction"].clone();
    browser
        .post("registration", &with(&interaction, &EVE, &[]))
        .await
        .location();
    let after = browser.cookie(&cookie).unwrap();
    assert_ne!(before, after);
    let customer = &world.seed.customer_id;
    let session = |key: String| {
        let store = world.store.clone();
        async move { store.session(customer, &key, crate::world::START).await }
    };
    assert_eq!(session(before).await.unwrap(), None);
    let session = session(after).await.unwrap().unwrap();
    assert_eq!(
        session.person_id,
        people(&world).await.pop().unwrap().profile.uuid
    );
}

#[tokio::test]
async fn what_is_wrong_is_told_at_its_field_and_what_was_typed_is_kept() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let long = "x".repeat(201);
    for (name, value) in [
        ("email", ""),
        ("email", "eve"),
        ("email", "e v e@example.com"),
        ("email", "Alice@Example.com"),
        ("email", "alice"),
        ("password", ""),
        ("password", "1234567"),
        ("givenName", ""),
        ("givenName", " "),
        ("familyName", ""),
        ("familyName", &long),
        ("displayName", "a\nb"),
    ] {
        let form = with(&interaction, &EVE, &[(name, value)]);
        let reply = browser.post("registration", &form).await;
        let view = view(reply.screen(422));
        let fields = [
            ("email", &view.email),
            ("password", &view.password),
            ("givenName", &view.given_name),
            ("familyName", &view.family_name),
            ("displayName", &view.display_name),
        ];
        for (own, field) in fields {
            let typed = form.iter().find(|(name, _)| *name == own).unwrap().1.trim();
            // A password is never sent back.
            assert_eq!(field.value, if own == "password" { "" } else { typed });
            assert_eq!(
                field.problem.is_some(),
                own == name,
                "{name} {value}: {own}"
            );
        }
        assert_eq!(reply.header("set-cookie"), None);
        assert!(!reply.body.contains("eve"), "{}", reply.body);
    }
    let reply = browser
        .post("registration", &[("interaction", &interaction)])
        .await;
    assert!(view(reply.screen(422)).email.problem.is_some());
    assert_eq!(people(&world).await.len(), 4);
}

#[tokio::test]
async fn cancelling_a_sign_up_tells_the_client() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let location = browser
        .authorize(&create(&world))
        .await
        .location()
        .to_owned();
    let interaction = query(&location)["interaction"].clone();
    let mut form = with(&interaction, &EVE, &[]);
    form.push(("action", "cancel"));
    let answer = browser.post("registration", &form).await.callback();
    assert_eq!(answer["error"], "access_denied");
    assert_eq!(answer["state"], "state-1");
    assert_eq!(answer["iss"], world.issuer());
    browser
        .post("registration", &form)
        .await
        .page(400, "interaction_gone");
    assert_eq!(people(&world).await.len(), 4);
}

#[tokio::test]
async fn a_sign_up_belongs_to_the_browser_it_began_in_and_to_our_own_page() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let form = with(&interaction, &EVE, &[]);
    let stranger = Browser::new(&world);
    stranger
        .post("registration", &form)
        .await
        .page(400, "interaction_gone");
    for screen in ["registration", "account-created"] {
        let path = world.path(&format!("auth-ui/{screen}"));
        for headers in [
            [("sec-fetch-site", "cross-site")],
            [("origin", "https://evil.example")],
        ] {
            browser
                .submit_to(&path, &form, &headers)
                .await
                .page(403, "cross_site");
        }
        let shown = format!("{path}?interaction={interaction}");
        stranger.get(&shown).await.page(400, "interaction_gone");
        browser.get(&path).await.page(400, "interaction_gone");
    }
    assert_eq!(people(&world).await.len(), 4);
}

#[tokio::test]
async fn an_older_session_does_not_stand_in_for_a_new_sign_in() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    browser
        .sign_in_as(&world.request("openid"), 0)
        .await
        .callback();
    world.clock.advance(1);
    let mut request = world.request("openid");
    request.prompt = Some("login".to_owned());
    let interaction = browser.authorize(&request).await.interaction();
    let sign_in = format!("/auth-ui/login?interaction={interaction}");
    let path = world.path(&format!(
        "auth-ui/account-created?interaction={interaction}"
    ));
    for reply in [
        browser.get(&path).await,
        browser
            .post("account-created", &[("interaction", &interaction)])
            .await,
    ] {
        assert!(reply.location().ends_with(&sign_in), "{reply:?}");
    }
}

#[tokio::test]
async fn of_a_crowd_that_wants_one_address_one_gets_it() {
    let world = World::new().await;
    let mut crowd = JoinSet::new();
    for _ in 0..8 {
        let browser = Browser::new(&world);
        let interaction = browser
            .authorize(&world.request("openid"))
            .await
            .interaction();
        let mut request = Request::post(world.path("auth-ui/registration"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(encode(&with(&interaction, &EVE, &[]))))
            .unwrap();
        request.headers_mut().extend(browser.headers());
        crowd.spawn(world.provider.router().oneshot(request));
    }
    let mut statuses = Vec::new();
    while let Some(reply) = crowd.join_next().await {
        statuses.push(reply.unwrap().unwrap().status());
    }
    statuses.sort_unstable();
    let mut expected = vec![StatusCode::SEE_OTHER];
    expected.resize(8, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(statuses, expected);
    assert_eq!(people(&world).await.len(), 5);
}

#[tokio::test]
async fn a_customer_has_room_for_a_thousand_people() {
    let world = World::new().await;
    let customer = &world.seed.customer_id;
    for number in people(&world).await.len()..policy::limits::PEOPLE {
        let mut person = world.seed.people[1].clone();
        person.profile.uuid = format!("person-{number}");
        person.profile.email = format!("person-{number}@example.com");
        let new = Credentials {
            person,
            password_hash: String::new(),
        };
        assert!(world.store.insert_person(customer, &new).await.unwrap());
    }
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let reply = browser
        .post("registration", &with(&interaction, &EVE, &[]))
        .await;
    let view = view(reply.screen(422));
    assert_eq!(view.refusal, Some(Refusal::Full));
    assert_eq!(
        view.given_name,
        Field {
            value: "Eve".to_owned(),
            problem: None
        }
    );
    assert_eq!(people(&world).await.len(), policy::limits::PEOPLE);
    // Only some of them can be chosen with one click.
    let view = browser.sign_in_screen(&interaction).await;
    assert_eq!(view.one_click[..4], world.seed.people);
    assert_eq!((view.one_click.len(), view.more_people), (12, 988));
}

#[tokio::test]
async fn one_address_may_not_ask_for_accounts_without_end() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let sign_up = |email: &'static str, accept: &'static str, from: [u8; 4]| {
        let form = encode(&with(&interaction, &EVE, &[("email", email)]));
        let mut request = Request::post(world.path("auth-ui/registration"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, accept)
            .extension(ClientAddress(from.into()))
            .body(Body::from(form))
            .unwrap();
        request.headers_mut().extend(browser.headers());
        world.send(request)
    };
    let (flood, other) = ([192, 0, 2, 1], [192, 0, 2, 2]);
    for _ in 0..100 {
        let reply = sign_up("alice@example.com", "text/html", flood).await;
        assert_eq!(view(reply.screen(422)).refusal, None);
    }
    // Whether the address is taken is no longer told.
    for email in ["alice@example.com", "eve@example.com"] {
        let reply = sign_up(email, "text/html", flood).await;
        let view = view(reply.screen(422));
        assert_eq!(view.refusal, Some(Refusal::SlowDown));
        assert_eq!(
            view.email,
            Field {
                value: email.to_owned(),
                problem: None
            }
        );
        let reply = sign_up(email, "application/json", flood).await;
        reply.page(429, "slow_down");
        assert_eq!(reply.header("retry-after"), Some("60"));
    }
    let reply = sign_up("alice@example.com", "text/html", other).await;
    assert_eq!(view(reply.screen(422)).refusal, None);
    world.clock.advance(60);
    sign_up("eve@example.com", "text/html", flood)
        .await
        .location();
}
