//! How often a fault happens.

use super::{Switches, announced};
use crate::world::World;
use http::{Method, StatusCode};
use serde_json::json;
use std::sync::Arc;

#[tokio::test]
async fn a_fault_happens_as_often_as_it_should_and_is_shown_with_its_count() {
    let world = World::new().await;
    let switches = Switches::new(&world).await;
    let id = switches
        .on(&json!({"name": "code-refused", "times": 2}))
        .await;
    let code = world.code("openid").await;
    for _ in 0..2 {
        let reply = world.redeem(&code).await;
        assert_eq!(announced(&reply), Some("code-refused"));
        reply.error(400, "invalid_grant");
    }
    // The code stayed good.
    let reply = world.redeem(&code).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(announced(&reply), None);
    let path = format!("config/faults/{id}");
    let shown = switches.call(Method::GET, &path, &json!({})).await.json();
    assert_eq!(
        (&shown["hits"], &shown["remaining"]),
        (&json!(2), &json!(0))
    );
}

#[tokio::test]
async fn what_did_not_go_wrong_is_not_counted() {
    let world = World::new().await;
    let switches = Switches::new(&world).await;
    let mut ids = Vec::new();
    for name in [
        // Neither is there without an authorization endpoint that issues tokens.
        "id-token-wrong-c-hash",
        "id-token-missing-c-hash",
        "refresh-wrong-sub",
        "refresh-refused",
        // Nothing to leave out, nothing to refuse.
        "scope-left-out",
        "scope-overstated",
        "scope-refused",
    ] {
        ids.push(switches.on(&json!({"name": name, "times": 1})).await);
    }
    let mut request = world.request("openid");
    request.nonce = None;
    request.state = None;
    for name in ["id-token-missing-nonce", "authorization-missing-state"] {
        ids.push(switches.on(&json!({"name": name, "times": 1})).await);
    }
    let code = world.code_for(&request).await;
    assert_eq!(world.redeem(&code).await.json()["scope"], "openid");
    for id in ids {
        assert_eq!(switches.hits(&id).await, 0, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_exactly_as_many_are_hit() {
    let world = Arc::new(World::new().await);
    let switches = Switches::new(&world).await;
    let mut codes = Vec::new();
    for _ in 0..12 {
        codes.push(world.code("openid").await);
    }
    for times in [5, 1] {
        let id = switches
            .on(&json!({"name": "code-refused", "times": times}))
            .await;
        let tasks: Vec<_> = codes
            .iter()
            .cloned()
            .map(|code| {
                let world = Arc::clone(&world);
                tokio::spawn(async move { (world.redeem(&code).await.status, code) })
            })
            .collect();
        codes.clear();
        for task in tasks {
            let (status, code) = task.await.unwrap();
            if status == StatusCode::BAD_REQUEST {
                codes.push(code);
            }
        }
        assert_eq!(codes.len(), times);
        assert_eq!(switches.hits(&id).await, times as u64);
    }
}

#[tokio::test]
async fn whoever_opens_the_database_next_finds_the_faults() {
    let path = format!(
        "{}/faults-{}.sqlite",
        env!("CARGO_TARGET_TMPDIR"),
        provider::random::key()
    );
    let open = async || store::Store::open(&format!("sqlite:{path}")).await.unwrap();
    let (one, other) = (World::on(open().await).await, World::on(open().await).await);
    let discovery = one.path("login/.well-known/openid-configuration");
    assert_eq!(announced(&other.get(&discovery).await), None);
    let switches = Switches::new(&one).await;
    let fault = json!({"name": "discovery-wrong-issuer", "times": 2});
    let id = switches.on(&fault).await;
    let issuer = one.get(&discovery).await.json()["issuer"].clone();
    assert_eq!(issuer, "https://other-issuer.invalid");
    // Another program that runs already notices within ten seconds.
    other.clock.advance(10);
    let issuer = other.get(&discovery).await.json()["issuer"].clone();
    assert_eq!(issuer, "https://other-issuer.invalid");
    // Both count together, and what one switches off happens nowhere.
    for world in [&one, &other] {
        assert_eq!(world.get(&discovery).await.json()["issuer"], world.issuer());
    }
    assert_eq!(switches.hits(&id).await, 2);
    std::fs::remove_file(&path).unwrap();
}
