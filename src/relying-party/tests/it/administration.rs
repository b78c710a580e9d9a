use crate::script::InMemory;
use axum::{Json, Router, http::HeaderMap, http::StatusCode, routing::get, routing::post};
use oidc::{
    exchange::Step,
    time::{ManualClock, UnixTime},
};
use relying_party::{administration::AdminFlow, flow::RelyingParty};
use serde_json::{Value, json};
use std::sync::Arc;

const ORIGIN: &str = "http://op.example";

/// A configuration API that gives back what it is sent.
fn relying_party() -> RelyingParty {
    let router = Router::new()
        .route(
            "/token",
            post(|headers: HeaderMap, body: String| async move {
                let proven = headers["authorization"] == "Basic Y29uZmlnOnMzY3JldA==";
                if proven && body == "grant_type=client_credentials&scope=*%3Aconfig%2F**" {
                    (
                        StatusCode::OK,
                        Json(json!({ "access_token": "admin", "token_type": "bearer" })),
                    )
                } else {
                    (
                        StatusCode::UNAUTHORIZED,
                        Json(json!({ "error": "invalid_client" })),
                    )
                }
            }),
        )
        .route(
            "/policy",
            get(|| async { Json(json!({ "title": "Storefront" })) }).put(
                |headers: HeaderMap, body: Json<Value>| async move {
                    if headers["authorization"] == "Bearer admin" {
                        (StatusCode::OK, body)
                    } else {
                        (
                            StatusCode::FORBIDDEN,
                            Json(json!({ "errors": "Forbidden" })),
                        )
                    }
                },
            ),
        );
    RelyingParty::new(
        Arc::new(InMemory(router)),
        Arc::new(ManualClock::new(UnixTime(0))),
    )
}

fn admin_flow(secret: &str) -> AdminFlow {
    AdminFlow {
        token_endpoint: format!("{ORIGIN}/token"),
        client_id: "config".to_owned(),
        client_secret: secret.to_owned(),
        scope: "*:config/**".to_owned(),
    }
}

#[tokio::test]
async fn three_calls_change_a_policy_and_are_all_recorded() {
    let mut administration = relying_party().administration();
    administration.sign_in(&admin_flow("s3cret")).await.unwrap();
    let address = format!("{ORIGIN}/policy");
    let mut policy = administration.get_json(&address).await.unwrap();
    policy.insert("title".to_owned(), json!("Shop"));
    let kept = administration.put_json(&address, &policy).await.unwrap();
    assert_eq!(kept["title"], "Shop");
    let exchanges = administration.exchanges();
    let steps: Vec<Step> = exchanges.iter().map(|recorded| recorded.step).collect();
    assert_eq!(
        steps,
        [Step::AdminToken, Step::ConfigRead, Step::ConfigWrite]
    );
    assert_eq!(exchanges[2].exchange.request.body, r#"{"title":"Shop"}"#);
}

#[tokio::test]
async fn a_wrong_secret_is_told_and_recorded() {
    let mut administration = relying_party().administration();
    let failure = administration
        .sign_in(&admin_flow("guessed"))
        .await
        .unwrap_err();
    assert_eq!(failure.step, Step::AdminToken);
    assert_eq!(failure.error.unwrap().error, "invalid_client");
    assert_eq!(administration.exchanges().len(), 1);
}

#[tokio::test]
async fn a_call_without_a_document_behind_it_is_told() {
    let administration = relying_party().administration();
    let failure = administration
        .get_json(&format!("{ORIGIN}/nothing"))
        .await
        .unwrap_err();
    assert_eq!(failure.message, "The configuration API answered 404.");
}
