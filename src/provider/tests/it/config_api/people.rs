//! People.

use super::{Caller, gone, ok, refused, text_of};
use crate::world::{Browser, World};
use http::StatusCode;
use serde_json::{Value, json};

const LIST: &str = "config/people";

fn item(uuid: &str) -> String {
    format!("{LIST}/{uuid}")
}

fn eve() -> Value {
    json!({
        "email": "eve@example.com",
        "username": "eve",
        "password": "first password",
        "givenName": "Eve",
        "emailVerified": true,
        "birthday": "1999-12-31",
        "primaryAddress": {"city": "Porto"},
        "attributes": {"loyalty": {"level": "gold"}, "newsletterSubscriber": true},
    })
}

/// Signs in at the form, and says whether that led back to the client.
async fn signs_in(world: &World, name: &str, password: &str) -> bool {
    let browser = Browser::new(world);
    let interaction = browser
        .authorize(&world.request("openid"))
        .await
        .interaction();
    let form = [
        ("interaction", interaction.as_str()),
        ("email", name),
        ("password", password),
    ];
    let reply = browser.submit(&form).await;
    reply.location().contains("code=")
}

#[tokio::test]
async fn the_list_names_everybody() {
    let world = World::new().await;
    let caller = Caller::new(&world, ".:**").await;
    let list = ok(&caller.get(LIST).await);
    assert_eq!(list["total"], 4);
    for (person, seeded) in list["_embedded"]["people"]
        .as_array()
        .unwrap()
        .iter()
        .zip(&world.seed.people)
    {
        assert_eq!(person["uuid"], seeded.profile.uuid);
        assert_eq!(person["email"], seeded.profile.email);
        let link = person["_links"]["self"]["href"].as_str().unwrap();
        let shown = ok(&world.get_with(link, &caller.authorization).await);
        assert_eq!(
            shown["primaryAddress"]["city"],
            seeded.profile.primary_address.city
        );
    }
}

#[tokio::test]
async fn a_person_that_was_made_signs_in_by_address_and_by_name() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let reply = caller.post(LIST, &eve()).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let person = reply.json();
    let uuid = person["uuid"].as_str().unwrap();
    assert_eq!(reply.header("location").unwrap(), world.path(&item(uuid)));
    assert_eq!(person["emailVerified"], world.clock_now());
    assert_eq!(person["lastUpdated"], world.clock_now());
    assert_eq!(person["attributes"]["loyalty"]["level"], "gold");
    assert_eq!(person.get("password"), None);
    assert!(!reply.body.contains("first password") && !reply.body.contains("argon2"));
    assert_eq!(ok(&caller.get(&item(uuid)).await), person);
    assert!(signs_in(&world, "EVE@example.com", "first password").await);
    assert!(signs_in(&world, "eve", "first password").await);
    assert!(!signs_in(&world, "eve", "First password").await);
}

#[tokio::test]
async fn put_replaces_every_attribute_and_the_password_only_when_given() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let uuid = caller.made_whole(LIST, &eve()).await["uuid"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = item(&uuid);
    world.clock.advance(60);
    // What GET shows may be sent back; only the time of the change is new.
    let mut whole = ok(&caller.get(&path).await);
    let again = ok(&caller.put(&path, &whole).await);
    whole["lastUpdated"] = world.clock_now();
    assert_eq!(again, whole);
    assert!(signs_in(&world, "eve", "first password").await);
    let body = json!({"email": "eve@example.org", "password": "second password", "uuid": "mine"});
    let shown = ok(&caller.put(&path, &body).await);
    assert_eq!(shown["uuid"], uuid);
    assert_eq!(shown["givenName"], "");
    assert_eq!(shown["emailVerified"], Value::Null);
    assert_eq!(shown.get("attributes"), None);
    assert_eq!(shown.get("username"), None);
    assert!(signs_in(&world, "eve@example.org", "second password").await);
    assert!(!signs_in(&world, "eve@example.org", "first password").await);
    assert!(!signs_in(&world, "eve@example.com", "second password").await);
    refused(&caller.put(&item("none"), &body).await, 404, "Not Found");
}

#[tokio::test]
async fn nobody_takes_the_name_somebody_else_signs_in_with() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let taken = "another person signs in by this e-mail address or user name";
    for (member, value) in [("email", "Alice@Example.com"), ("username", "alice")] {
        let mut body = eve();
        body[member] = json!(value);
        refused(&caller.post(LIST, &body).await, 409, taken);
    }
    let uuid = caller.made_whole(LIST, &eve()).await["uuid"]
        .as_str()
        .unwrap()
        .to_owned();
    let body = json!({"email": "alice@example.com", "password": "new"});
    refused(&caller.put(&item(&uuid), &body).await, 409, taken);
    // Not even the password was changed.
    assert!(signs_in(&world, "eve", "first password").await);
}

#[tokio::test]
async fn what_cannot_be_stored_is_named() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    for (member, value, errors) in [
        ("email", json!(null), "('email',) field required"),
        (
            "email",
            json!("eve"),
            "('email',) value is not a valid email address",
        ),
        ("password", json!(null), "('password',) field required"),
        (
            "password",
            json!("x".repeat(1025)),
            "('password',) ensure this value has at most 1024 bytes",
        ),
        (
            "birthday",
            json!("1.1.2000"),
            "('birthday',) invalid date format",
        ),
        (
            "primaryAddress",
            json!({"zip": 1}),
            "('primaryAddress', 'zip') str type expected",
        ),
        (
            "attributes",
            json!({"a": "x".repeat(9000)}),
            "('attributes',) ensure this value has at most 8192 bytes",
        ),
    ] {
        let mut body = eve();
        body[member] = value;
        refused(&caller.post(LIST, &body).await, 422, errors);
    }
    assert_eq!(ok(&caller.get(LIST).await)["total"], 4);
}

#[tokio::test]
async fn own_attributes_come_as_custom_claims() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let path = item(&world.seed.people[0].profile.uuid);
    let mut whole = ok(&caller.get(&path).await);
    whole["attributes"] = json!({"loyalty": {"level": "gold"}});
    ok(&caller.put(&path, &whole).await);
    let policy = world.seed.clients[0].login_policy.clone().unwrap();
    let body = json!({"title": "Hosted Login",
        "customClaims": {"id_token": {"loyalty": "loyalty"}}});
    ok(&caller
        .put(&format!("config/loginPolicies/{policy}"), &body)
        .await);
    let token = world.login("openid").await;
    let (_, claims) = crate::token::verified(&world, token["id_token"].as_str().unwrap()).await;
    assert_eq!(claims["loyalty"], json!({"level": "gold"}));
}

#[tokio::test]
async fn a_person_goes_with_their_tokens() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let token = world.login("openid").await;
    let token = token["access_token"].as_str().unwrap();
    assert_eq!(world.userinfo(token).await.status, StatusCode::OK);
    let path = item(&world.seed.people[0].profile.uuid);
    gone(&caller.delete(&path).await);
    world.userinfo(token).await.error(401, "invalid_token");
    refused(&caller.get(&path).await, 404, "Not Found");
    refused(&caller.delete(&path).await, 404, "Not Found");
    assert_eq!(ok(&caller.get(LIST).await)["total"], 3);
}

#[tokio::test]
async fn there_are_at_most_so_many_people() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let customer = &world.seed.customer_id;
    for number in world.seed.people.len()..policy::limits::PEOPLE {
        let mut person = world.seed.people[0].clone();
        person.username = None;
        person.profile.email = String::new();
        person.profile.uuid = number.to_string();
        let new = store::Credentials {
            person,
            password_hash: String::new(),
        };
        assert!(world.store.insert_person(customer, &new).await.unwrap());
    }
    let reply = caller.post(LIST, &eve()).await;
    assert_eq!(
        text_of(&reply, 409),
        "the customer has as many people as it may have"
    );
}
