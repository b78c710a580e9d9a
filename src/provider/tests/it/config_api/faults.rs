//! Faults, as they are switched on and off. What they do is tested apart.

use super::{Caller, gone, ok, refused, text_of};
use crate::world::World;
use http::{Method, StatusCode};
use policy::{fault::FaultName, limits};
use provider::SandboxKey;
use serde_json::{Value, json};

const LIST: &str = "config/faults";

fn item(id: &str) -> String {
    format!("{LIST}/{id}")
}

#[tokio::test]
async fn a_fault_is_switched_on_shown_listed_and_switched_off() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let empty = json!({"total": 0, "_embedded": {"faults": []}});
    assert_eq!(ok(&caller.get(LIST).await), empty);
    let client = &world.seed.clients[1].id;
    let said = json!({
        "name": "slow", "client": client, "endpoints": ["token", "end_session"],
        "value": 1500, "times": "3", "unknown": 1, "id": "mine", "hits": 7
    });
    let reply = caller.post(LIST, &said).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let made = reply.json();
    let id = made["id"].as_str().unwrap();
    let link = format!("/{}/{}", world.seed.customer_id, item(id));
    assert_eq!(reply.header("location"), Some(link.as_str()));
    let expected = json!({
        "id": id, "name": "slow", "client": client, "endpoints": ["token", "end_session"],
        "value": 1500, "times": 3, "hits": 0, "remaining": 3,
        "_links": {"self": {"href": link}}
    });
    assert_eq!(made, expected);
    assert_eq!(ok(&caller.get(&item(id)).await), expected);
    let least = caller.made_whole(LIST, &json!({"name": "alg-none"})).await;
    let other = least["id"].as_str().unwrap();
    let members: Vec<&String> = least.as_object().unwrap().keys().collect();
    assert_eq!(members, ["id", "name", "hits", "_links"]);
    let listed = ok(&caller.get(LIST).await);
    assert_eq!(
        listed,
        json!({"total": 2, "_embedded": {"faults": [expected, least]}})
    );
    gone(&caller.delete(&item(id)).await);
    refused(&caller.get(&item(id)).await, 404, "Not Found");
    refused(&caller.delete(&item(id)).await, 404, "Not Found");
    assert_eq!(ok(&caller.get(LIST).await)["total"], 1);
    gone(&caller.delete(LIST).await);
    gone(&caller.delete(LIST).await);
    refused(&caller.get(&item(other)).await, 404, "Not Found");
}

#[tokio::test]
async fn the_catalogue_names_every_fault_and_what_can_be_said_of_it() {
    let world = World::new().await;
    let caller = Caller::new(&world, ".:**").await;
    let catalogue = ok(&caller.get("config/faults/catalog").await);
    let entries = catalogue["_embedded"]["catalog"].as_array().unwrap();
    assert_eq!(entries.len(), FaultName::ALL.len());
    assert_eq!(catalogue["total"], entries.len());
    let entry = |name: &str| entries.iter().find(|entry| entry["name"] == name).unwrap();
    assert_eq!(
        entry("slow"),
        &json!({
            "name": "slow",
            "area": "transport",
            "does": "The answer comes so many milliseconds late.",
            "rightReaction": "Waits as long as it should, gives up in time, and does not send what can be used only once again.",
            "value": {"unit": "milliseconds", "minimum": 1, "maximum": 30_000, "default": 3000},
            "endpoints": ["discovery", "jwk", "authorize", "token", "userinfo", "introspect", "revoke", "register", "end_session"],
            "perClient": true
        })
    );
    let keys = entry("jwks-empty");
    assert_eq!(
        (&keys["endpoints"], &keys["perClient"]),
        (&json!([]), &json!(false))
    );
    // Whatever it says of a fault is taken.
    let caller = Caller::new(&world, "*:**").await;
    for entry in entries {
        let mut fault = json!({"name": entry["name"], "times": 1});
        for (member, value) in [
            ("value", entry["value"]["maximum"].clone()),
            ("endpoints", entry["endpoints"].clone()),
        ] {
            if !value.is_null() && value != json!([]) {
                fault[member] = value;
            }
        }
        if entry["perClient"] == true {
            fault["client"] = json!(world.seed.clients[0].id);
        }
        let made = caller.made_whole(LIST, &fault).await;
        gone(&caller.delete(&item(made["id"].as_str().unwrap())).await);
    }
}

#[tokio::test]
async fn what_cannot_be_stored_is_named_and_changes_nothing() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    for body in ["", "[]", "{\"name\":"] {
        text_of(&caller.send(Method::POST, LIST, body).await, 400);
    }
    for (body, problem) in [
        (json!({}), "('name',) field required"),
        (
            json!({"name": "slow", "value": 30_001}),
            "('value',) ensure this value is less than or equal to 30000",
        ),
        (
            json!({"name": "slow", "client": "nobody"}),
            "('client',) there is no such client",
        ),
        (
            json!({"name": "key-rotated", "endpoints": ["token"]}),
            "('endpoints',) this fault says itself where it happens",
        ),
    ] {
        refused(&caller.post(LIST, &body).await, 422, problem);
    }
    let problem = text_of(&caller.post(LIST, &json!({"name": "loud"})).await, 422);
    assert!(problem.contains("'bad-signature', "), "{problem}");
    let huge = json!({"name": "x".repeat(100_000)});
    text_of(&caller.post(LIST, &huge).await, 413);
    assert_eq!(ok(&caller.get(LIST).await)["total"], 0);
}

#[tokio::test]
async fn another_customers_client_and_faults_are_nobodys() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    let other = world
        .provider
        .ensure_sandbox(&SandboxKey::generate())
        .await
        .unwrap();
    let theirs = world.store.clients(&other.id).await.unwrap().remove(0).id;
    let fault = json!({"name": "slow", "client": theirs});
    refused(
        &caller.post(LIST, &fault).await,
        422,
        "('client',) there is no such client",
    );
    let made = caller.made_whole(LIST, &json!({"name": "slow"})).await;
    let id = made["id"].as_str().unwrap();
    let kept = world.store.fault(&other.id, id).await.unwrap();
    assert_eq!(kept, None);
    let path = format!("/{}/{LIST}", other.id);
    let reply = world.get_with(&path, &caller.authorization).await;
    refused(&reply, 403, "Forbidden");
}

#[tokio::test]
async fn a_customer_has_only_so_many_faults_and_those_that_are_over_make_room() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    let once = json!({"name": "http-500", "endpoints": ["jwk"], "times": 1});
    let first = caller.made_whole(LIST, &once).await;
    for _ in 1..limits::FAULTS {
        caller.made_whole(LIST, &json!({"name": "alg-none"})).await;
    }
    let more = json!({"name": "alg-none"});
    let full = "the customer has as many faults as it may have";
    refused(&caller.post(LIST, &more).await, 409, full);
    assert_eq!(
        world.get(&world.path("login/jwk")).await.status.as_u16(),
        500
    );
    let path = item(first["id"].as_str().unwrap());
    assert_eq!(ok(&caller.get(&path).await)["remaining"], 0);
    caller.made_whole(LIST, &more).await;
    refused(&caller.get(&path).await, 404, "Not Found");
    refused(&caller.post(LIST, &more).await, 409, full);
}

#[tokio::test]
async fn faults_take_the_scopes_that_all_of_the_api_takes() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    let made = caller.made_whole(LIST, &json!({"name": "alg-none"})).await;
    let id = made["id"].as_str().unwrap();
    let reader = Caller::new(&world, ".:**").await;
    ok(&reader.get(LIST).await);
    ok(&reader.get(&item(id)).await);
    let fault = json!({"name": "alg-none"});
    for reply in [
        reader.post(LIST, &fault).await,
        reader.delete(LIST).await,
        reader.delete(&item(id)).await,
    ] {
        refused(&reply, 403, "Forbidden");
    }
    let nothing: Value = ok(&caller.get(LIST).await);
    assert_eq!(nothing["total"], 1);
    let unauthorized = world.get(&world.path(LIST)).await;
    refused(&unauthorized, 401, "Unauthorized");
}
