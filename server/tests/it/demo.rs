//! What `oidc-playground demo` prints works.

use crate::site::Site;
use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::Value;
use server::{cli::DemoOptions, demo};

fn printed(json: bool) -> String {
    demo::run(&DemoOptions {
        json,
        public_url: crate::site::PUBLIC_URL.to_owned(),
    })
    .unwrap()
}

#[tokio::test]
async fn the_printed_client_gets_an_administrative_token() {
    let site = Site::new().await;
    let demo: Value = serde_json::from_str(&printed(true)).unwrap();
    let issuer = demo["issuer"].as_str().unwrap();
    let client = demo["clients"]
        .as_array()
        .unwrap()
        .iter()
        .find(|client| client["name"] == "Configuration")
        .unwrap();
    let body = format!(
        "grant_type=client_credentials&scope=*:config/**&client_id={}&client_secret={}",
        client["id"].as_str().unwrap(),
        client["secret"].as_str().unwrap()
    );
    let path = issuer.strip_prefix(crate::site::PUBLIC_URL).unwrap();
    let request = Request::post(format!("{path}/token"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap();
    let answer = site.send(request).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[test]
fn the_table_says_the_same_as_the_json() {
    let (table, demo) = (printed(false), printed(true));
    let demo: Value = serde_json::from_str(&demo).unwrap();
    let mut expected = vec![demo["issuer"].clone()];
    for client in demo["clients"].as_array().unwrap() {
        expected.extend([client["id"].clone(), client["type"].clone()]);
        expected.extend(client.get("secret").cloned());
        expected.extend(client["redirectURIs"].as_array().unwrap().clone());
    }
    for person in demo["people"].as_array().unwrap() {
        expected.extend([person["email"].clone(), person["password"].clone()]);
    }
    for policy in demo["tokenPolicies"].as_array().unwrap() {
        expected.extend([policy["id"].clone(), policy["title"].clone()]);
    }
    for value in expected {
        let value = value.as_str().unwrap();
        assert!(table.contains(value), "{value} in {table}");
    }
    assert!(table.contains("alice"));
}
