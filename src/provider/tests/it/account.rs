//! The account page.

use crate::world::{Browser, CALLBACK, Reply, START, World, query, session_cookie};
use policy::profile::{PrimaryAddress, Profile};
use provider::{
    Screen,
    screen::{Field, Notice, ProfileView},
};

fn view(screen: &Screen) -> ProfileView {
    match screen {
        Screen::Profile(view) => (**view).clone(),
        other => panic!("{other:?}"),
    }
}

fn path(world: &World, redirect_uri: Option<&str>) -> String {
    let back = redirect_uri.map(|uri| ("redirect_uri", uri));
    let client = [("client_id", world.seed.clients[0].id.as_str())];
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(client.into_iter().chain(back))
        .finish();
    world.path(&format!("auth-ui/profile?{query}"))
}

/// A browser in which the person with this number is signed in.
async fn signed_in(world: &World, person: usize) -> Browser<'_> {
    let browser = Browser::new(world);
    browser
        .sign_in_as(&world.request("openid"), person)
        .await
        .callback();
    browser
}

async fn profile(world: &World, person: usize) -> Profile {
    let uuid = &world.seed.people[person].profile.uuid;
    let person = world.store.person(&world.seed.customer_id, uuid).await;
    person.unwrap().unwrap().profile
}

fn fields(view: &ProfileView) -> [(&'static str, &Field); 15] {
    [
        ("email", &view.email),
        ("givenName", &view.given_name),
        ("middleName", &view.middle_name),
        ("familyName", &view.family_name),
        ("nickname", &view.nickname),
        ("displayName", &view.display_name),
        ("birthday", &view.birthday),
        ("gender", &view.gender),
        ("mobileNumber", &view.mobile_number),
        ("address1", &view.address1),
        ("address2", &view.address2),
        ("city", &view.city),
        ("stateAbbreviation", &view.state_abbreviation),
        ("zip", &view.zip),
        ("country", &view.country),
    ]
}

/// What the form of the page would send.
fn filled_in(view: &ProfileView) -> Vec<(&'static str, String)> {
    let mut form = vec![
        ("token", view.token.clone()),
        ("client_id", view.client_id.clone()),
    ];
    form.extend(fields(view).map(|(name, field)| (name, field.value.clone())));
    form.extend(view.redirect_uri.clone().map(|uri| ("redirect_uri", uri)));
    form
}

async fn save(browser: &Browser<'_>, view: &ProfileView, changed: &[(&str, &str)]) -> Reply {
    let form = filled_in(view);
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| {
            let changed = changed.iter().find(|(own, _)| own == name);
            (*name, changed.map_or(value.as_str(), |(_, value)| value))
        })
        .collect();
    browser.post("profile", &form).await
}

#[tokio::test]
async fn who_is_not_signed_in_signs_in_first_and_comes_back() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let path = path(&world, Some(CALLBACK));
    let interaction = browser.get(&path).await.interaction();
    let view_of_sign_in = browser.sign_in_screen(&interaction).await;
    assert_eq!(view_of_sign_in.requested, None);
    assert_eq!(view_of_sign_in.client_name, "Storefront");
    let form = [
        ("interaction", interaction.as_str()),
        ("email", "alice"),
        ("password", "password"),
    ];
    let reply = browser.submit(&form).await;
    assert_eq!(reply.location(), format!("https://play.example{path}"));
    let view = view(browser.get(&path).await.screen(200));
    assert_eq!(view.email.value, "alice@example.com");
    assert_eq!(view.redirect_uri.as_deref(), Some(CALLBACK));
    browser.submit(&form).await.page(400, "interaction_gone");
}

#[tokio::test]
async fn who_signs_up_for_the_account_page_gets_there() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let path = path(&world, None);
    let interaction = browser.get(&path).await.interaction();
    let form = [
        ("interaction", interaction.as_str()),
        ("email", "eve@example.com"),
        ("password", "eve's password"),
        ("givenName", "Eve"),
        ("familyName", "Evans"),
    ];
    browser.post("registration", &form).await.location();
    let reply = browser.post("account-created", &form[..1]).await;
    assert_eq!(reply.location(), format!("https://play.example{path}"));
    let view = view(browser.get(&path).await.screen(200));
    assert_eq!(view.given_name.value, "Eve");
    assert!(!view.email_verified);
}

#[tokio::test]
async fn cancelling_leads_back_to_the_application_if_it_said_where() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    for (redirect_uri, registered) in [
        (None, true),
        (Some(CALLBACK), true),
        (Some(CALLBACK), false),
    ] {
        let interaction = browser.get(&path(&world, redirect_uri)).await.interaction();
        if !registered {
            let mut client = world.seed.clients[0].clone();
            client.redirect_uris.clear();
            let customer = &world.seed.customer_id;
            let replaced = world.store.replace_client(customer, &client).await;
            replaced.unwrap().unwrap();
        }
        let form = [("interaction", interaction.as_str()), ("action", "cancel")];
        let reply = browser.submit(&form).await;
        match (redirect_uri, registered) {
            (Some(uri), true) => assert_eq!(reply.location(), uri),
            _ => assert_eq!(reply.notice(), Notice::Cancelled),
        }
    }
}

#[tokio::test]
async fn the_page_shows_what_is_kept_and_where_it_leads() {
    let world = World::new().await;
    let browser = signed_in(&world, 0).await;
    let shown = view(browser.get(&path(&world, Some(CALLBACK))).await.screen(200));
    assert_eq!(shown.client_name, "Storefront");
    assert_eq!(shown.given_name.value, "Alice");
    assert_eq!(shown.birthday.value, "1990-04-12");
    assert_eq!(shown.mobile_number.value, "+15035550142");
    assert_eq!(shown.city.value, "Portland");
    assert_eq!(shown.action, world.path("auth-ui/profile"));
    assert!(shown.email_verified && !shown.mobile_number_verified && !shown.saved);
    let logout = query(&shown.logout);
    assert_eq!(logout["client_id"], world.seed.clients[0].id);
    assert_eq!(logout["redirect_uri"], CALLBACK);
    let reply = browser.get(&shown.logout[20..]).await;
    assert_eq!(reply.location(), CALLBACK);
    // Now somebody has to sign in again.
    browser.get(&path(&world, None)).await.interaction();

    let browser = signed_in(&world, 0).await;
    let shown = view(browser.get(&path(&world, None)).await.screen(200));
    assert_eq!(shown.redirect_uri, None);
    assert!(!query(&shown.logout).contains_key("redirect_uri"));
}

#[tokio::test]
async fn changes_are_saved_and_seen_by_the_next_userinfo() {
    let world = World::new().await;
    let token = world
        .redeem_as_server(
            &world
                .code_for(&world.server_request("openid profile address"))
                .await,
        )
        .await
        .json();
    let browser = signed_in(&world, 0).await;
    let page = path(&world, Some(CALLBACK));
    let before = view(browser.get(&page).await.screen(200));
    world.clock.advance(100);
    let changes = [
        ("givenName", " Alicia "),
        ("middleName", "B."),
        ("familyName", "Bowman"),
        ("nickname", "Ally"),
        ("displayName", "alicia"),
        ("birthday", "1991-05-13"),
        ("gender", "other"),
        ("address1", "1 High Street"),
        ("address2", ""),
        ("city", "Salem"),
        ("stateAbbreviation", "MA"),
        ("zip", "01970"),
        ("country", "USA"),
    ];
    let reply = save(&browser, &before, &changes).await;
    assert_eq!(
        reply.location(),
        format!("https://play.example{page}&saved=yes")
    );
    let after = browser.get(&format!("{page}&saved=yes")).await;
    let after = view(after.screen(200));
    assert!(after.saved);
    assert_eq!(after.given_name.value, "Alicia");
    assert_eq!(
        profile(&world, 0).await,
        Profile {
            given_name: "Alicia".to_owned(),
            middle_name: "B.".to_owned(),
            family_name: "Bowman".to_owned(),
            nickname: "Ally".to_owned(),
            display_name: "alicia".to_owned(),
            birthday: "1991-05-13".to_owned(),
            gender: "other".to_owned(),
            primary_address: PrimaryAddress {
                address1: "1 High Street".to_owned(),
                address2: String::new(),
                city: "Salem".to_owned(),
                state_abbreviation: "MA".to_owned(),
                zip: "01970".to_owned(),
                country: "USA".to_owned(),
            },
            last_updated: START.0 + 100,
            ..world.seed.people[0].profile.clone()
        }
    );
    let claims = world
        .userinfo(token["access_token"].as_str().unwrap())
        .await
        .json();
    assert_eq!(claims["name"], "Alicia B. Bowman");
    assert_eq!(claims["address"]["locality"], "Salem");
    assert_eq!(claims["updated_at"], START.0 + 100);
}

#[tokio::test]
async fn a_new_address_or_number_is_not_verified() {
    let world = World::new().await;
    // Dana's address and number are verified.
    let browser = signed_in(&world, 3).await;
    let page = path(&world, None);
    let before = view(browser.get(&page).await.screen(200));
    assert!(before.email_verified && before.mobile_number_verified);
    save(&browser, &before, &[("mobileNumber", "+1 (503) 555-0199")])
        .await
        .location();
    let after = profile(&world, 3).await;
    assert_eq!(after.mobile_number, "+15035550199");
    assert_eq!(after.mobile_number_verified, None);
    assert!(after.email_verified.is_some());

    let before = view(browser.get(&page).await.screen(200));
    save(&browser, &before, &[("email", "dana@new.example")])
        .await
        .location();
    let after = profile(&world, 3).await;
    assert_eq!(
        (after.email.as_str(), after.email_verified),
        ("dana@new.example", None)
    );
}

#[tokio::test]
async fn saving_what_is_there_already_changes_nothing() {
    let world = World::new().await;
    let browser = signed_in(&world, 3).await;
    let before = view(browser.get(&path(&world, None)).await.screen(200));
    world.clock.advance(100);
    save(&browser, &before, &[]).await.location();
    assert_eq!(profile(&world, 3).await, world.seed.people[3].profile);
}

#[tokio::test]
async fn what_is_wrong_is_told_at_its_field_and_what_was_typed_is_kept() {
    let world = World::new().await;
    let browser = signed_in(&world, 0).await;
    let before = view(browser.get(&path(&world, Some(CALLBACK))).await.screen(200));
    let long = "x".repeat(201);
    for (name, value) in [
        ("email", ""),
        ("email", "nobody"),
        // Somebody else's, in other letters.
        ("email", "BO@example.com"),
        ("birthday", "1990-02-30"),
        ("birthday", "2999-01-01"),
        ("mobileNumber", "0142"),
        ("mobileNumber", "+1 503 CALL-ME"),
        ("gender", "a\r\nb"),
        ("address2", &long),
    ] {
        let reply = save(&browser, &before, &[(name, value), ("city", "Salem")]).await;
        let after = view(reply.screen(422));
        for (own, field) in fields(&after) {
            assert_eq!(
                field.problem.is_some(),
                own == name,
                "{name} {value}: {own}"
            );
            if own == name {
                assert_eq!(field.value, value);
            }
        }
        assert_eq!(after.city.value, "Salem");
        assert_eq!(after.redirect_uri.as_deref(), Some(CALLBACK));
        assert!(!after.saved);
    }
    assert_eq!(profile(&world, 0).await, world.seed.people[0].profile);
    // Everything else may be empty.
    let empty: Vec<(&str, &str)> = filled_in(&before)
        .into_iter()
        .map(|(name, _)| (name, ""))
        .filter(|(name, _)| !["token", "client_id", "email", "redirect_uri"].contains(name))
        .collect();
    save(&browser, &before, &empty).await.location();
    let after = profile(&world, 0).await;
    assert_eq!(after.full_name(), "");
    assert_eq!(after.primary_address, PrimaryAddress::default());
}

#[tokio::test]
async fn the_form_belongs_to_one_session_and_to_our_own_page() {
    let world = World::new().await;
    let browser = signed_in(&world, 0).await;
    let page = path(&world, None);
    let old = view(browser.get(&page).await.screen(200));
    let form = filled_in(&old);
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let address = world.path("auth-ui/profile");
    for headers in [
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
        [("origin", "https://evil.example")],
    ] {
        let reply = browser.submit_to(&address, &form, &headers).await;
        reply.page(403, "cross_site");
    }
    for token in ["", "x", &"A".repeat(43)] {
        let reply = save(&browser, &old, &[("token", token), ("city", "Evil")]).await;
        reply.page(403, "other_sign_in");
    }
    // The same person signs in anew: the page that was open before is too old.
    let mut again = world.request("openid");
    again.prompt = Some("login".to_owned());
    browser.sign_in_as(&again, 0).await.callback();
    let reply = save(&browser, &old, &[("city", "Evil")]).await;
    reply.page(403, "other_sign_in");
    // Somebody else's page is no use either.
    let bo = signed_in(&world, 1).await;
    let reply = save(&bo, &old, &[("city", "Evil")]).await;
    reply.page(403, "other_sign_in");
    assert_eq!(profile(&world, 0).await, world.seed.people[0].profile);
    assert_eq!(profile(&world, 1).await, world.seed.people[1].profile);
    // The token tells nothing about the session.
    let key = browser
        .cookie(&session_cookie(&world.seed.customer_id))
        .unwrap();
    assert_ne!(old.token, key);
    assert_eq!(old.token.len(), 43);

    let out = Browser::new(&world);
    save(&out, &old, &[("city", "Evil")]).await.interaction();
}

#[tokio::test]
async fn only_registered_clients_and_addresses_are_taken() {
    let world = World::new().await;
    let browser = signed_in(&world, 0).await;
    let configuration = world.seed.clients[2].id.clone();
    let client = world.seed.clients[0].id.clone();
    let mut evil = world.seed.clients[1].clone();
    evil.redirect_uris.push("javascript:alert(1)".to_owned());
    let customer = &world.seed.customer_id;
    let replaced = world.store.replace_client(customer, &evil).await;
    replaced.unwrap().unwrap();
    for (query, code) in [
        (String::new(), "bad_request"),
        (
            format!("client_id={client}&client_id={client}"),
            "bad_request",
        ),
        ("client_id=nobody".to_owned(), "invalid_client_id"),
        (format!("client_id={configuration}"), "invalid_client_id"),
        (
            format!("client_id={client}&redirect_uri=https%3A%2F%2Fevil.example"),
            "invalid_redirect_uri",
        ),
        (
            format!("client_id={client}&redirect_uri={CALLBACK}%3Fa=b"),
            "invalid_redirect_uri",
        ),
        // Exactly, also on loopback.
        (
            format!("client_id={client}&redirect_uri=http%3A%2F%2F127.0.0.1%3A5000%2Fcallback"),
            "invalid_redirect_uri",
        ),
        // However it came to be registered.
        (
            format!("client_id={}&redirect_uri=javascript%3Aalert(1)", evil.id),
            "invalid_redirect_uri",
        ),
    ] {
        let reply = browser
            .get(&world.path(&format!("auth-ui/profile?{query}")))
            .await;
        let page = reply.page(400, code);
        let title = if code == "bad_request" {
            "Bad request"
        } else {
            "Something went wrong"
        };
        assert_eq!(page.title, title);
        let stranger = Browser::new(&world);
        stranger
            .get(&world.path(&format!("auth-ui/profile?{query}")))
            .await
            .page(400, code);
    }
    let shown = view(browser.get(&path(&world, None)).await.screen(200));
    let reply = save(&browser, &shown, &[("client_id", "nobody")]).await;
    reply.page(400, "invalid_client_id");
}
