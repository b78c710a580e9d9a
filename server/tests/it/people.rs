//! The pages of people.

use crate::{
    html,
    site::{Browser, Page, Site},
};
use http::StatusCode;
use policy::profile::Person;
use provider::SandboxKey;

async fn people(site: &Site, visitor: &Browser) -> Vec<Person> {
    let key = SandboxKey::parse(&visitor.cookies["sandbox"]).unwrap();
    site.playground.sandbox(&key).await.unwrap().people
}

/// The visitor's person of this given name.
async fn person(site: &Site, visitor: &Browser, name: &str) -> Person {
    let mut people = people(site, visitor).await.into_iter();
    people
        .find(|person| person.profile.given_name == name)
        .unwrap()
}

async fn visit() -> (Site, Browser) {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    visitor.get("/").await;
    (site, visitor)
}

/// What the form on a page would send, with some fields typed anew.
fn typed(page: &Page, action: &str, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = html::form(&page.body, action);
    for (name, value) in changes {
        let field = fields.iter_mut().find(|(own, _)| own == name);
        (*value).clone_into(&mut field.unwrap().1);
    }
    fields
}

#[tokio::test]
async fn the_list_says_which_claims_stay_empty() {
    let (site, mut visitor) = visit().await;
    let page = visitor.get("/people").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    for part in [
        "alice@example.com",
        "Hardly any data",
        "No value for",
        "New person",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let key = &visitor.cookies["sandbox"];
    assert_eq!(site.store.customer_by_key(key).await.unwrap(), None);
}

#[tokio::test]
async fn attributes_stand_beside_the_claims_they_feed_and_empty_ones_feed_nothing() {
    let (site, mut visitor) = visit().await;
    let bo = person(&site, &visitor, "Bo").await.profile.uuid;
    let text = visitor.get(&format!("/people/{bo}")).await.text();
    for part in [
        "Feeds given_name scope profile name scope profile",
        "Empty, and feeds nothing: birthdate scope profile",
        "Empty, and feeds nothing: address scope address",
        "Empty: middle_name scope profile name scope profile, told without it",
        "Feeds email scope email email_verified scope email",
        "Try it",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn a_person_is_changed_and_signs_in_with_another_password() {
    let (site, mut visitor) = visit().await;
    let before = person(&site, &visitor, "Alice").await;
    let at = format!("/people/{}", before.profile.uuid);
    let page = visitor.get(&at).await;
    let fields = typed(
        &page,
        &at,
        &[
            ("birthday", "2000-02-29"),
            ("mobileNumberVerified", "true"),
            ("primaryAddress.city", "Porto"),
            ("attributes", "{\"level\": \"gold\"}"),
            ("password", "another one"),
        ],
    );
    let look = visitor.post(&format!("{at}/preview"), &fields).await;
    assert_eq!(look.status, StatusCode::OK);
    assert!(
        look.text().contains("the one before is good for nothing"),
        "{}",
        look.text()
    );
    assert_eq!(person(&site, &visitor, "Alice").await, before);

    let sent = visitor.post(&at, &fields).await;
    let page = visitor.follow(sent).await;
    let text = page.text();
    assert!(
        text.contains("The person is changed.") && text.contains("3 calls"),
        "{text}"
    );
    // In the calls it is masked.
    assert!(!page.body.contains("another one"));
    let after = person(&site, &visitor, "Alice").await.profile;
    assert_eq!(
        (after.birthday.as_str(), after.primary_address.city.as_str()),
        ("2000-02-29", "Porto")
    );
    assert!(after.mobile_number_verified.is_some());
    assert_eq!(after.attributes["level"], "gold");
    assert_eq!(after.given_name, "Alice");
}

#[tokio::test]
async fn what_a_person_cannot_be_is_said_at_its_field_and_stays() {
    let (site, mut visitor) = visit().await;
    let before = person(&site, &visitor, "Alice").await;
    let at = format!("/people/{}", before.profile.uuid);
    let page = visitor.get(&at).await;
    let long = "x".repeat(201);
    for (field, value, problem) in [
        ("email", "", "at least 3 characters"),
        ("email", "alice", "not a valid email address"),
        ("birthday", "2001-02-29", "invalid date format"),
        ("emailVerified", "yesterday", "time in seconds since 1970"),
        ("mobileNumberVerified", "-1", "time in seconds since 1970"),
        ("givenName", &long, "at most 200 characters"),
        ("primaryAddress.city", &long, "at most 200 characters"),
        ("attributes", "[]", "not a valid dict"),
        ("attributes", "{", "not a valid dict"),
        ("json", "{\n\"email\": 7}", "line 2"),
    ] {
        let page = visitor
            .post(&at, &typed(&page, &at, &[(field, value)]))
            .await;
        assert_eq!(
            page.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{field} {value}"
        );
        let id = format!("id=\"{field}-problem\"");
        assert!(page.body.contains(&id), "{field} {value}: {}", page.text());
        assert!(
            page.text().to_lowercase().contains(problem),
            "{field}: {}",
            page.text()
        );
        let kept = html::form(&page.body, &at);
        let kept = kept.iter().find(|(own, _)| own == field).unwrap();
        assert_eq!(kept.1.trim(), value);
    }
    // What only the API knows, it says.
    let fields = typed(&page, &at, &[("email", "bo@example.com")]);
    let taken = visitor.post(&at, &fields).await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
    assert!(taken.text().contains("another person signs in by this"));
    assert_eq!(person(&site, &visitor, "Alice").await, before);
    let huge = typed(&page, &at, &[("nickname", &"x".repeat(300_000))]);
    assert_eq!(
        visitor.post(&at, &huge).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn somebody_new_is_made_copied_and_deleted() {
    let (site, mut visitor) = visit().await;
    let page = visitor.get("/people/new").await;
    let new = "/people/new";
    let lacking = typed(&page, new, &[("email", "eve@example.com")]);
    let refused = visitor.post(new, &lacking).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("id=\"password-problem\""),
        "{}",
        refused.text()
    );
    let fields = typed(
        &page,
        new,
        &[
            ("email", "eve@example.com"),
            ("password", "pw"),
            ("givenName", "Eve"),
        ],
    );
    let made = visitor.post(new, &fields).await;
    let page = visitor.follow(made).await;
    assert!(
        page.text().contains("The person is made."),
        "{}",
        page.text()
    );
    let eve = person(&site, &visitor, "Eve").await;

    let copy = visitor
        .get(&format!("{new}?copy={}", eve.profile.uuid))
        .await;
    let fields = typed(
        &copy,
        new,
        &[("email", "eve2@example.com"), ("password", "pw")],
    );
    let made = visitor.post(new, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    assert_eq!(people(&site, &visitor).await.len(), 6);

    let at = format!("/people/{}", eve.profile.uuid);
    let gone = visitor.post(&format!("{at}/delete"), &[]).await;
    let page = visitor.follow(gone).await;
    assert!(page.text().contains("The person is deleted."));
    assert_eq!(people(&site, &visitor).await.len(), 5);
    assert_eq!(visitor.get(&at).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn two_tabs_and_somebody_elses_people_are_told_apart() {
    let (site, mut visitor) = visit().await;
    visitor.post("/sandbox/reset", &[]).await;
    let uuid = person(&site, &visitor, "Alice").await.profile.uuid;
    let at = format!("/people/{uuid}");
    let tab = visitor.get(&at).await;
    let theirs = visitor
        .post(&at, &typed(&tab, &at, &[("nickname", "Theirs")]))
        .await;
    assert_eq!(theirs.status, StatusCode::SEE_OTHER);
    let mine = visitor
        .post(&at, &typed(&tab, &at, &[("nickname", "Mine")]))
        .await;
    assert_eq!(mine.status, StatusCode::PRECONDITION_FAILED);
    assert!(
        mine.text()
            .contains("It was changed since you opened this page")
    );
    assert_eq!(
        person(&site, &visitor, "Alice").await.profile.nickname,
        "Theirs"
    );

    let mut other = site.visitor();
    other.get("/").await;
    let page = other.get(&at).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.body.contains("href=\"/people\""));
    let page = other.post(&format!("{at}/delete"), &[]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    // What was typed can be made as somebody new of one's own.
    let page = other
        .post(&at, &typed(&tab, &at, &[("nickname", "Mine")]))
        .await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(
        html::form(&page.body, "/people/new")
            .iter()
            .any(|(_, value)| value == "Mine")
    );
    assert_eq!(people(&site, &visitor).await.len(), 4);
}
