//! Bodies that cannot be stored.

use super::{Caller, text_of};
use crate::world::World;
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// Every document that is replaced whole, by its path.
fn documents(world: &World) -> Vec<String> {
    let seed = &world.seed;
    vec![
        format!("config/tokenPolicies/{}", seed.token_policies[0].id),
        format!("config/clients/{}", seed.clients[0].id),
        format!("config/loginPolicies/{}", seed.login_policies[0].id),
        format!("config/people/{}", seed.people[0].profile.uuid),
    ]
}

#[tokio::test]
async fn what_is_no_json_object_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    for path in documents(&world) {
        let before = caller.get(&path).await.body;
        for malformed in [
            "",
            "{",
            "[]",
            "\"title\"",
            "null",
            "{\"title\":\"x\"} {}",
            "{\"title\":\"\u{1}\"}",
            "{\"title\":\"\\ud800\"}",
            // The comma that one documented snippet forgets.
            r#"{"title":"x","allowedScopes":["openid" "profile"]}"#,
        ] {
            let reply = caller.send(Method::PUT, &path, malformed).await;
            let errors = text_of(&reply, 400);
            assert!(
                errors.starts_with("the body is not a JSON object: "),
                "{errors}"
            );
            assert!(errors.contains(" at line 1 column "), "{errors}");
        }
        let deep = format!("{{\"attributes\":{}1{}}}", "[".repeat(500), "]".repeat(500));
        assert_eq!(
            text_of(&caller.send(Method::PUT, &path, &deep).await, 400)
                .lines()
                .count(),
            1
        );
        assert_eq!(caller.get(&path).await.body, before);
    }
}

#[tokio::test]
async fn a_huge_body_is_refused_unread() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    let huge = json!({"title": "x".repeat(100_000)}).to_string();
    for path in documents(&world) {
        let reply = caller.send(Method::PUT, &path, &huge).await;
        assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(reply.json()["errors"].is_string());
    }
}

/// Whatever stands in place of a property: a refusal that names it, or none.
#[tokio::test]
async fn no_value_of_any_property_makes_the_api_fail() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    let values = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5e300),
        json!(u64::MAX),
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("\u{10ffff}"),
        json!("x".repeat(60_000)),
        json!([]),
        json!([null, 1, {}, [[]]]),
        json!(vec!["openid"; 5_000]),
        json!({}),
        json!({"": null, "type": [], "id_token": {"sub": 1}, "connectionDetails": "x"}),
    ];
    for path in documents(&world) {
        let whole = caller.get(&path).await.json();
        let names: Vec<String> = whole.as_object().unwrap().keys().cloned().collect();
        for name in names
            .iter()
            .map(String::as_str)
            .chain(["customClaims", "password", "username"])
        {
            for value in &values {
                let mut body = whole.clone();
                body[name] = value.clone();
                check_value(&caller, &path, name, &body).await;
            }
        }
    }
}

async fn check_value(caller: &Caller<'_>, path: &str, name: &str, body: &Value) {
    let reply = caller.put(path, body).await;
    let status = reply.status.as_u16();
    assert!(
        matches!(status, 200 | 422),
        "{path} {name}: {status} {}",
        reply.body
    );
    if status == 422 {
        let errors = text_of(&reply, 422);
        assert!(errors.contains(name), "{path} {name}: {errors}");
    }
}
