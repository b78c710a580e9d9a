//! The pages of policies.

mod login;

use crate::{
    html::form,
    site::{Browser, Page, Site},
};
use http::StatusCode;
use playground::SandboxView;
use policy::token_policy::TokenPolicy;
use provider::SandboxKey;
use serde_json::{Value, json};

type Pairs = Vec<(String, String)>;

/// The visitor's sandbox, as it is.
async fn sandbox(site: &Site, visitor: &Browser) -> SandboxView {
    let key = SandboxKey::parse(&visitor.cookies["sandbox"]).unwrap();
    site.playground.sandbox(&key).await.unwrap()
}

async fn token_policy(site: &Site, visitor: &Browser, title: &str) -> TokenPolicy {
    let mut policies = sandbox(site, visitor).await.token_policies.into_iter();
    policies.find(|policy| policy.title == title).unwrap()
}

fn pairs(fields: &[(&str, &str)]) -> Pairs {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    fields.iter().map(owned).collect()
}

/// The form in which a policy is edited, as the page shows it.
fn editor(page: &Page) -> Pairs {
    let (_, tag) = page.body.split_once("<form id=\"policy\"").unwrap();
    let (_, action) = tag.split_once("action=\"").unwrap();
    form(&page.body, action.split('"').next().unwrap())
}

/// The form with another value in a field.
fn with(mut fields: Pairs, name: &str, value: &str) -> Pairs {
    fields.retain(|(own, _)| own != name);
    fields.push((name.to_owned(), value.to_owned()));
    fields
}

/// The form without a ticked box.
fn unticked(mut fields: Pairs, name: &str, value: &str) -> Pairs {
    fields.retain(|(own, ticked)| own != name || ticked != value);
    fields
}

fn json_of(fields: &Pairs) -> Value {
    let (_, text) = fields.iter().find(|(name, _)| name == "json").unwrap();
    serde_json::from_str(text).unwrap()
}

/// Somebody on the page of a policy.
struct Editing {
    site: Site,
    visitor: Browser,
    before: TokenPolicy,
    address: String,
}

impl Editing {
    async fn of(title: &str) -> Self {
        let site = Site::new().await;
        let mut visitor = site.visitor();
        visitor.get("/policies").await;
        let before = token_policy(&site, &visitor, title).await;
        let address = format!("/policies/token/{}", before.id);
        Self {
            site,
            visitor,
            before,
            address,
        }
    }

    /// The form as the page shows it.
    async fn fields(&mut self) -> Pairs {
        editor(&self.visitor.get(&self.address).await)
    }

    async fn send(&mut self, fields: &Pairs) -> Page {
        self.visitor.post(&self.address, fields).await
    }

    async fn preview(&mut self, fields: &Pairs) -> Page {
        let address = format!("{}/preview", self.address);
        self.visitor.post(&address, fields).await
    }

    /// The policy as it is by now.
    async fn now(&self) -> TokenPolicy {
        let policies = sandbox(&self.site, &self.visitor).await.token_policies;
        policies
            .into_iter()
            .find(|one| one.id == self.before.id)
            .unwrap()
    }
}

#[tokio::test]
async fn the_list_says_what_policies_allow_and_who_uses_them_and_writes_nothing() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let page = visitor.get("/policies").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    for part in [
        "Storefront",
        "Everything",
        "Configuration",
        "Hosted Login",
        "90 days",
        "1 hour",
        "*:config/**",
        "configuration client",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let key = &visitor.cookies["sandbox"];
    assert_eq!(site.store.customer_by_key(key).await.unwrap(), None);
}

#[tokio::test]
async fn a_field_is_changed_and_the_real_calls_are_shown() {
    let mut editing = Editing::of("Storefront").await;
    let mut fields = editing.fields().await;
    assert_eq!(json_of(&fields)["title"], "Storefront");
    fields.push(("scope".to_owned(), "address".to_owned()));
    let page = editing.preview(&fields).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Added: address."), "{}", page.text());
    assert_eq!(editing.now().await, editing.before);

    let fields = editor(&page);
    assert_eq!(
        json_of(&fields)["allowedScopes"],
        json!(["openid", "profile", "address"])
    );
    let answer = editing.send(&fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = editing.visitor.follow(answer).await;
    let text = page.text();
    for part in [
        "The policy is changed.",
        "3 calls",
        "Added: address.",
        "if-match",
        "curl",
    ] {
        assert!(
            page.body.contains(part) || text.contains(part),
            "{part}: {text}"
        );
    }
    assert_eq!(
        editing.now().await.allowed_scopes.to_string(),
        "openid profile address"
    );
}

#[tokio::test]
async fn fields_can_be_sent_without_looking_first_when_there_is_no_trap() {
    let mut editing = Editing::of("Storefront").await;
    let fields = with(editing.fields().await, "accessTokenLifetime", "1800");
    let answer = editing.send(&fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(editing.now().await.access_token_lifetime, 1800);
}

#[tokio::test]
async fn what_is_left_out_is_shown_before_it_bites() {
    let mut editing = Editing::of("Storefront").await;
    let fields = with(editing.fields().await, "json", r#"{"title":"Storefront"}"#);
    // Sent at once: it is shown first.
    let page = editing.send(&fields).await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(text.contains("Nothing was sent yet"), "{text}");
    assert!(
        text.contains("That allows every scope of the discovery document"),
        "{text}"
    );
    assert_eq!(editing.now().await, editing.before);
    // Seen and sent again, it is done.
    let fields = editor(&page);
    assert_eq!(editing.send(&fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(editing.now().await.allowed_scopes.len(), 5);
}

#[tokio::test]
async fn a_body_that_cannot_be_taken_stays_in_the_form_with_its_line() {
    let mut editing = Editing::of("Storefront").await;
    let shown = editing.fields().await;
    let huge = format!("{{\"title\":\"{}\"}}", "x".repeat(60_000));
    let deep = format!("{{\"a\":{}}}", "[".repeat(500));
    for (json, problem) in [
        ("{\n\"title\": \"typed\",", "Line 2, column"),
        (
            "{\"title\": \"typed\",\n\"title\": 1}",
            "Line 2, column 1: title stands here a second time",
        ),
        ("[\"typed\"]", "this is a list"),
        ("\"typed\"", "this is a text"),
        ("", "the text ends before the object does"),
        (
            "{\"title\":\"typed\",\n\"accessTokenLifetime\":5}",
            "Line 2, column 23: accessTokenLifetime: ensure this value is greater than or equal to 60",
        ),
        ("{\"x\":1}", "title: field required"),
        (huge.as_str(), "at most 200 characters"),
        (deep.as_str(), "recursion limit"),
    ] {
        for send in [true, false] {
            let fields = with(shown.clone(), "json", json);
            let page = if send {
                editing.send(&fields).await
            } else {
                editing.preview(&fields).await
            };
            let status = if send { 422 } else { 200 };
            assert_eq!(page.status.as_u16(), status, "{problem}");
            let text = page.text();
            assert!(text.contains(problem), "{problem}: {text}");
            let kept = editor(&page);
            let (_, kept) = kept.iter().find(|(name, _)| name == "json").unwrap();
            assert_eq!(kept, json);
        }
    }
    assert_eq!(editing.now().await, editing.before);
}

#[tokio::test]
async fn a_field_that_cannot_be_taken_says_so_and_keeps_what_was_typed() {
    let mut editing = Editing::of("Storefront").await;
    let shown = editing.fields().await;
    for (field, typed, problem) in [
        (
            "title",
            "  ",
            "Ensure this value has at least 1 characters.",
        ),
        (
            "accessTokenLifetime",
            "an hour",
            "Value is not a valid integer.",
        ),
        (
            "refreshTokenLifetime",
            "31557601",
            "less than or equal to 31557600.",
        ),
        ("own", "a\"b", "position"),
    ] {
        let page = editing.send(&with(shown.clone(), field, typed)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(page.text().contains(problem), "{field}: {}", page.text());
        let marked = format!("id=\"{field}-problem\"");
        assert!(page.body.contains(&marked), "{field}");
        let kept = editor(&page);
        assert!(
            kept.contains(&(field.to_owned(), typed.to_owned())),
            "{kept:?}"
        );
    }
}

#[tokio::test]
async fn the_second_of_two_tabs_is_told_and_nothing_is_overwritten_unseen() {
    let mut editing = Editing::of("Storefront").await;
    let (one, two) = (editing.fields().await, editing.fields().await);
    let answer = editing.send(&with(one, "title", "First")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);

    let mine = with(two, "accessTokenLifetime", "600");
    let page = editing.send(&mine).await;
    assert_eq!(page.status, StatusCode::PRECONDITION_FAILED);
    let text = page.text();
    for part in [
        "It was changed since you opened this page",
        "\"First\"",
        "600",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(editing.now().await.title, "First");
    // Again, and again: it stays refused.
    let again = editor(&page);
    assert!(again.contains(&("accessTokenLifetime".to_owned(), "600".to_owned())));
    assert_eq!(
        editing.send(&again).await.status,
        StatusCode::PRECONDITION_FAILED
    );
    // Knowingly.
    let (_, after) = page.body.split_once("name=\"overwrite\" value=\"").unwrap();
    let version = after.split('"').next().unwrap().replace("&quot;", "\"");
    let answer = editing.send(&with(again, "overwrite", &version)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let now = editing.now().await;
    assert_eq!(
        (now.title.as_str(), now.access_token_lifetime),
        ("Storefront", 600)
    );
}

#[tokio::test]
async fn who_would_be_locked_out_is_asked_to_be_sure() {
    let mut editing = Editing::of("Configuration").await;
    let fields = unticked(editing.fields().await, "scope", "*:config/**");
    let page = editing.preview(&fields).await;
    assert!(
        page.text().contains("This locks you out."),
        "{}",
        page.text()
    );
    let fields = editor(&page);
    let page = editing.send(&fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(editing.now().await, editing.before);
    let answer = editing.send(&with(fields, "sure", "lock-out")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = editing.visitor.follow(answer).await;
    assert!(page.text().contains("The policy is changed."));
    let fields = with(editing.fields().await, "title", "Out");
    let page = editing.send(&fields).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(
        page.text()
            .contains("No token of this sandbox may change the configuration")
    );
}

#[tokio::test]
async fn a_policy_without_openid_is_warned_of_and_can_be_stored() {
    let mut editing = Editing::of("Storefront").await;
    let fields = unticked(editing.fields().await, "scope", "openid");
    let page = editing.send(&fields).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text().contains("no ID token is issued"),
        "{}",
        page.text()
    );
    let answer = editing.send(&editor(&page)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(editing.now().await.allowed_scopes.to_string(), "profile");
}

#[tokio::test]
async fn a_policy_is_copied_assigned_and_deleted() {
    let mut editing = Editing::of("Storefront").await;
    let copy = format!("/policies/token/new?copy={}", editing.before.id);
    let fields = editor(&editing.visitor.get(&copy).await);
    assert_eq!(json_of(&fields)["title"], "Copy of Storefront");
    let answer = editing.visitor.post("/policies/token/new", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = editing.visitor.follow(answer).await;
    assert!(
        page.text().contains("The policy is made."),
        "{}",
        page.text()
    );
    let made = token_policy(&editing.site, &editing.visitor, "Copy of Storefront").await;

    // In use: refused, with who uses it and the way out.
    let delete = format!("{}/delete", editing.address);
    let page = editing.visitor.post(&delete, &[]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    let client = sandbox(&editing.site, &editing.visitor).await.clients[0].clone();
    assert!(page.body.contains(&format!("/clients/{}", client.id)));
    assert!(page.text().contains("Give it this one"));

    let assign = format!("{}/assign", editing.address);
    let fields = pairs(&[("client", &client.id), ("policy", &made.id)]);
    let answer = editing.visitor.post(&assign, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = editing.visitor.follow(answer).await;
    assert!(page.text().contains("The client has another policy now."));
    let moved = sandbox(&editing.site, &editing.visitor).await.clients[0].clone();
    assert_eq!(moved.token_policy, made.id);
    assert_eq!(
        (moved.redirect_uris, moved.secret),
        (client.redirect_uris, client.secret)
    );

    let answer = editing.visitor.post(&delete, &[]).await;
    assert_eq!(answer.location().split('?').next(), Some("/policies"));
    let page = editing.visitor.follow(answer).await;
    assert!(page.text().contains("The policy is deleted."));
    assert_eq!(
        editing.visitor.get(&editing.address).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn what_was_typed_into_a_policy_that_is_gone_can_become_a_new_one() {
    let mut editing = Editing::of("Everything").await;
    let fields = with(editing.fields().await, "title", "Typed");
    let sandbox = sandbox(&editing.site, &editing.visitor).await;
    editing.address = "/policies/token/none".to_owned();
    let page = editing.send(&fields).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text().contains("deleted meanwhile"), "{}", page.text());
    let fields = editor(&page);
    assert_eq!(json_of(&fields)["title"], "Typed");
    let answer = editing.visitor.post("/policies/token/new", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let made = token_policy(&editing.site, &editing.visitor, "Typed").await;
    assert_eq!(
        made.allowed_scopes,
        sandbox.token_policies[1].allowed_scopes
    );
}

#[tokio::test]
async fn what_cannot_be_assigned_says_why() {
    let mut editing = Editing::of("Storefront").await;
    let sandbox = sandbox(&editing.site, &editing.visitor).await;
    let assign = format!("{}/assign", editing.address);
    let (shop, admin) = (&sandbox.clients[0].id, &sandbox.clients[2].id);
    for (client, policy, status, problem) in [
        ("none", editing.before.id.as_str(), 409, "no such client"),
        (shop, "none", 409, "no such policy"),
        (admin, &editing.before.id, 422, "it would lock you out"),
    ] {
        let fields = pairs(&[("client", client), ("policy", policy)]);
        let page = editing.visitor.post(&assign, &fields).await;
        assert_eq!(page.status.as_u16(), status);
        assert!(page.text().contains(problem), "{}", page.text());
    }
}

#[tokio::test]
async fn a_policy_that_is_not_there_leads_back_to_the_list() {
    let mut editing = Editing::of("Storefront").await;
    editing.visitor.get(&editing.address).await;
    let mut other = editing.site.visitor();
    for address in ["/policies/token/none", &editing.address] {
        let page = other.get(address).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.body.contains("href=\"/policies\""));
    }
    for part in ["preview", "delete", "assign"] {
        let page = other.get(&format!("{}/{part}", editing.address)).await;
        assert_eq!(page.location(), editing.address);
    }
}
