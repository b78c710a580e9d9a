//! The pages of login policies.

use super::{Pairs, editor, json_of, pairs, sandbox, with};
use crate::{
    html::form,
    site::{Browser, Page, Site},
};
use http::StatusCode;
use policy::login_policy::LoginPolicy;
use serde_json::json;

/// Somebody on the page of the login policy.
struct Editing {
    site: Site,
    visitor: Browser,
    address: String,
}

impl Editing {
    async fn new() -> Self {
        let site = Site::new().await;
        let mut visitor = site.visitor();
        visitor.get("/policies").await;
        let id = sandbox(&site, &visitor).await.login_policies[0].id.clone();
        Self {
            site,
            visitor,
            address: format!("/policies/login/{id}"),
        }
    }

    async fn page(&mut self) -> Page {
        self.visitor.get(&self.address).await
    }

    async fn fields(&mut self) -> Pairs {
        editor(&self.page().await)
    }

    async fn post(&mut self, below: &str, fields: &Pairs) -> Page {
        let address = format!("{}{below}", self.address);
        self.visitor.post(&address, fields).await
    }

    async fn now(&self) -> LoginPolicy {
        sandbox(&self.site, &self.visitor).await.login_policies[0].clone()
    }
}

#[tokio::test]
async fn claims_are_typed_in_lines_and_sent_with_all_properties() {
    let mut editing = Editing::new().await;
    let fields = with(editing.fields().await, "userinfo", "tier = nickname\r\n");
    let fields = with(fields, "loginURL", "https://login.example/in");
    let page = editing.post("/preview", &fields).await;
    assert!(page.text().contains("customClaims"), "{}", page.text());
    let fields = editor(&page);
    assert_eq!(
        json_of(&fields)["customClaims"],
        json!({"userinfo": {"tier": "nickname"}})
    );
    let answer = editing.post("", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = editing.visitor.follow(answer).await;
    assert!(
        page.text()
            .contains("The policy is changed. The next sign-in follows it.")
    );
    let now = editing.now().await;
    assert_eq!(now.custom_claims.userinfo["tier"], "nickname");
    assert_eq!(now.login_url, "https://login.example/in");

    // What is left out is shown before it goes.
    let fields = with(
        editing.fields().await,
        "json",
        r#"{"title":"Hosted Login"}"#,
    );
    let page = editing.post("", &fields).await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(
        text.contains("Nothing was sent yet") && text.contains("There are none then."),
        "{text}"
    );
    assert_eq!(
        editing.post("", &editor(&page)).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(editing.now().await.custom_claims.is_empty());
}

#[tokio::test]
async fn what_cannot_be_taken_is_marked_and_kept() {
    let mut editing = Editing::new().await;
    let before = editing.now().await;
    let shown = editing.fields().await;
    for (field, typed, problem) in [
        ("title", "", "at least 1 characters"),
        ("loginURL", "javascript:alert(1)", "loginURL"),
        ("userinfo", "bare", "at least 1 characters"),
        (
            "id_token",
            "sub = uuid",
            "The protocol itself sets this claim.",
        ),
        (
            "json",
            "{\"title\":\n7}",
            "Line 2, column 1: title: str type expected",
        ),
        (
            "json",
            r#"{"title":"t","identityStoreDetails":{"type":"janrainCapture","connectionDetails":{"domain":"other"}}}"#,
            "identityStoreDetails cannot be changed",
        ),
    ] {
        let page = editing.post("", &with(shown.clone(), field, typed)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        let text = page.text();
        assert!(
            text.to_lowercase().contains(&problem.to_lowercase()),
            "{problem}: {text}"
        );
        assert!(
            page.body.contains(&format!("id=\"{field}-problem\"")),
            "{field}"
        );
        let kept = editor(&page);
        let (_, kept) = kept.iter().find(|(name, _)| name == field).unwrap();
        assert!(kept.starts_with(typed), "{kept}");
    }
    assert_eq!(editing.now().await, before);
}

#[tokio::test]
async fn response_types_and_pushed_claims_have_puts_of_their_own() {
    let mut editing = Editing::new().await;
    let types = format!("{}/response-types", editing.address);
    let mut fields = form(&editing.page().await.body, &types);
    fields.push(("type".to_owned(), "code id_token".to_owned()));
    let stale = fields.clone();
    let answer = editing.visitor.post(&types, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(
        editing.now().await.allowed_response_types,
        ["code", "code id_token"]
    );
    // A second tab.
    let page = editing.visitor.post(&types, &stale).await;
    assert_eq!(page.status, StatusCode::PRECONDITION_FAILED);
    // None, or one there is not.
    let mut none = form(&editing.page().await.body, &types);
    none.retain(|(name, _)| name != "type");
    for fields in [none.clone(), with(none, "type", "telepathy")] {
        let page = editing.visitor.post(&types, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            page.text().contains("allowedResponseTypes"),
            "{}",
            page.text()
        );
    }

    let push = format!("{}/push-claims", editing.address);
    let fields = form(&editing.page().await.body, &push);
    let answer = editing
        .visitor
        .post(&push, &with(fields, "push", "true"))
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(editing.now().await.push_claims);
    let page = editing.visitor.follow(answer).await;
    assert!(page.text().contains("pushClaims"));
}

#[tokio::test]
async fn two_tabs_are_told_of_each_other() {
    let mut editing = Editing::new().await;
    let (one, two) = (editing.fields().await, editing.fields().await);
    assert_eq!(
        editing.post("", &with(one, "title", "One")).await.status,
        StatusCode::SEE_OTHER
    );
    let page = editing.post("", &with(two, "title", "Two")).await;
    assert_eq!(page.status, StatusCode::PRECONDITION_FAILED);
    let text = page.text();
    assert!(
        text.contains("\"One\"") && text.contains("\"Two\""),
        "{text}"
    );
    assert_eq!(editing.now().await.title, "One");
}

#[tokio::test]
async fn a_policy_is_made_assigned_and_the_former_deleted() {
    let mut editing = Editing::new().await;
    let delete = format!("{}/delete", editing.address);
    let page = editing.visitor.post(&delete, &[]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);

    let new = editing.visitor.get("/policies/login/new").await;
    let unnamed = editing
        .visitor
        .post("/policies/login/new", &editor(&new))
        .await;
    assert_eq!(unnamed.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = with(editor(&new), "title", "Second");
    let answer = editing.visitor.post("/policies/login/new", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = editing.visitor.follow(answer).await;
    assert!(page.text().contains("The policy is made."));

    let sandbox = sandbox(&editing.site, &editing.visitor).await;
    let second = sandbox.login_policies[1].id.clone();
    for client in sandbox
        .clients
        .iter()
        .filter(|client| client.login_policy.is_some())
    {
        let fields = pairs(&[("client", &client.id), ("policy", &second)]);
        let answer = editing.post("/assign", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    }
    let none = pairs(&[("client", "none"), ("policy", &second)]);
    assert_eq!(
        editing.post("/assign", &none).await.status,
        StatusCode::CONFLICT
    );
    let answer = editing.visitor.post(&delete, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(editing.page().await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_has_no_such_policy_is_led_back() {
    let mut editing = Editing::new().await;
    editing.page().await;
    let mut other = editing.site.visitor();
    let page = other.get(&editing.address).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let page = other.get(&format!("{}/push-claims", editing.address)).await;
    assert_eq!(page.location(), editing.address);
}
