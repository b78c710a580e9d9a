//! The pages of policies.

use crate::site::{Browser, Page, Site};
use http::StatusCode;
use provider::SandboxKey;

/// The visitor's token policies, by title.
async fn token_policy(
    site: &Site,
    visitor: &Browser,
    title: &str,
) -> policy::token_policy::TokenPolicy {
    let key = SandboxKey::parse(&visitor.cookies["sandbox"]).unwrap();
    let sandbox = site.playground.sandbox(&key).await.unwrap();
    let mut policies = sandbox.token_policies.into_iter();
    policies.find(|policy| policy.title == title).unwrap()
}

fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    fields.iter().map(owned).collect()
}

async fn put(visitor: &mut Browser, id: &str, json: &str) -> Page {
    let address = format!("/policies/token/{id}");
    visitor.post(&address, &pairs(&[("json", json)])).await
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
    assert_eq!(
        site.store
            .customer_by_key(&visitor.cookies["sandbox"])
            .await
            .unwrap(),
        None
    );
}

#[tokio::test]
async fn a_put_is_sent_and_its_calls_are_shown() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    visitor.get("/policies").await;
    let id = token_policy(&site, &visitor, "Storefront").await.id;
    let answer = put(
        &mut visitor,
        &id,
        r#"{"title":"Shop","allowedScopes":["openid"]}"#,
    )
    .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = visitor.follow(answer).await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(text.contains("The policy is changed."), "{text}");
    assert!(text.contains("3 calls"), "{text}");
    assert_eq!(
        token_policy(&site, &visitor, "Shop")
            .await
            .allowed_scopes
            .to_string(),
        "openid"
    );
}

#[tokio::test]
async fn a_body_that_cannot_be_taken_stays_in_the_form() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    visitor.get("/policies").await;
    let before = token_policy(&site, &visitor, "Storefront").await;
    for (json, problem) in [
        ("{\"title\": \"typed\",", "line 1 column 18"),
        ("[\"typed\"]", "not a JSON object"),
        (
            r#"{"title":"typed","accessTokenLifetime":5}"#,
            "greater than or equal to 60",
        ),
    ] {
        let page = put(&mut visitor, &before.id, json).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = page.text();
        assert!(text.contains(problem) && text.contains("typed"), "{text}");
    }
    assert_eq!(token_policy(&site, &visitor, "Storefront").await, before);
}

#[tokio::test]
async fn a_policy_that_is_not_there_leads_back_to_the_list() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    visitor.get("/policies").await;
    let id = token_policy(&site, &visitor, "Storefront").await.id;
    let mut other = site.visitor();
    for address in [
        "/policies/token/none".to_owned(),
        format!("/policies/token/{id}"),
    ] {
        let page = other.get(&address).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.body.contains("href=\"/policies\""));
    }
}
