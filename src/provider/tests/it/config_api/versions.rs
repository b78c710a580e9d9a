//! `ETag` and `If-Match`: nobody overwrites unseen what somebody else changed.

use super::{Caller, gone, ok, refused};
use crate::world::{Reply, World};
use http::{Method, Request, StatusCode, header};
use provider::versions;
use serde_json::{Value, json};
use std::sync::Arc;
use store::Store;

const CHANGED: &str = "the document is not the one If-Match names: it was changed meanwhile";

/// Every document that has a version, with a member to change.
fn documents(world: &World) -> Vec<(String, &'static str)> {
    let seed = &world.seed;
    let login = format!("config/loginPolicies/{}", seed.login_policies[0].id);
    let person = &seed.people[0].profile.uuid;
    vec![
        (
            format!("config/tokenPolicies/{}", seed.token_policies[0].id),
            "title",
        ),
        (format!("config/clients/{}", seed.clients[0].id), "name"),
        (login.clone(), "title"),
        (
            format!("{login}/allowedResponseTypes"),
            "allowedResponseTypes",
        ),
        (format!("{login}/pushClaims"), "pushClaims"),
        (format!("config/people/{person}"), "familyName"),
    ]
}

/// The document with another value of the member.
fn changed(document: &Value, member: &str, number: usize) -> String {
    let mut document = document.clone();
    document[member] = match member {
        "pushClaims" => json!(!document[member].as_bool().unwrap()),
        "allowedResponseTypes" => json!(["code", "id_token"]),
        _ => json!(format!("Another {number}")),
    };
    document.to_string()
}

fn version(reply: &Reply) -> String {
    reply.header("etag").unwrap().to_owned()
}

#[tokio::test]
async fn a_document_has_a_strong_version_that_stays_until_it_is_changed() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    for (path, member) in documents(&world) {
        let before = caller.get(&path).await;
        let seen = version(&before);
        assert!(seen.starts_with('"') && seen.ends_with('"'), "{seen}");
        assert_eq!(version(&caller.get(&path).await), seen);
        let head = caller.send(Method::HEAD, &path, "").await;
        assert_eq!(version(&head), seen);

        let body = changed(&before.json(), member, 1);
        let put = caller.send(Method::PUT, &path, &body).await;
        ok(&put);
        // What PUT stores is not what was sent: a validator would say so.
        assert_eq!(put.header("etag"), None);
        assert_ne!(version(&caller.get(&path).await), seen, "{path}");
    }
}

#[tokio::test]
async fn only_what_was_seen_is_replaced() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    for (path, member) in documents(&world) {
        let before = caller.get(&path).await;
        let seen = version(&before);
        let weak = format!("W/{seen}");
        let body = changed(&before.json(), member, 1);
        for stale in [
            &["\"another\""][..],
            &[&weak],
            &[&seen[1..]],
            &[""],
            &["\"a\", \"b\"", "\"c\""],
        ] {
            let reply = caller.send_if(Method::PUT, &path, &body, stale).await;
            refused(&reply, 412, CHANGED);
            assert_eq!(version(&caller.get(&path).await), seen);
        }
        let list = format!("\"another\" , {seen}");
        ok(&caller.send_if(Method::PUT, &path, &body, &[&list]).await);
        refused(
            &caller.send_if(Method::PUT, &path, &body, &[&seen]).await,
            412,
            CHANGED,
        );
        ok(&caller.send_if(Method::PUT, &path, &body, &["*"]).await);
        // Akamai's plain PUT.
        let whole = before.json().to_string();
        ok(&caller.send(Method::PUT, &path, &whole).await);
    }
}

#[tokio::test]
async fn only_what_was_seen_is_deleted() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    let policy = json!({"title": "Spare"});
    let token = caller.made("config/tokenPolicies", &policy).await;
    let store = json!({"title": "Spare", "identityStoreDetails": {"type": "janrainCapture"}});
    let login = caller.made("config/loginPolicies", &store).await;
    for path in [
        format!("config/tokenPolicies/{token}"),
        format!("config/loginPolicies/{login}"),
        format!("config/clients/{}", world.seed.clients[0].id),
        format!("config/people/{}", world.seed.people[0].profile.uuid),
    ] {
        let seen = version(&caller.get(&path).await);
        let reply = caller
            .send_if(Method::DELETE, &path, "", &["\"another\""])
            .await;
        refused(&reply, 412, CHANGED);
        gone(&caller.send_if(Method::DELETE, &path, "", &[&seen]).await);
        for seen in ["*", &seen] {
            let reply = caller.send_if(Method::DELETE, &path, "", &[seen]).await;
            refused(&reply, 404, "Not Found");
        }
    }
}

/// [RFC 9110 section 13.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-13.2.1)
#[tokio::test]
async fn what_would_be_refused_anyway_is_refused_for_that() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    let stale = ["\"another\""];
    for (path, _) in documents(&world) {
        let reply = caller.send_if(Method::PUT, &path, "{", &stale).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST);
        if !path.contains("people") {
            let reply = caller.send_if(Method::PUT, &path, "{}", &stale).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        }
    }
    let used = format!("config/tokenPolicies/{}", world.seed.token_policies[0].id);
    let reply = caller.send_if(Method::DELETE, &used, "", &stale).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    let body = json!({"title": "t"}).to_string();
    let none = "config/tokenPolicies/none";
    let reply = caller.send_if(Method::PUT, none, &body, &stale).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

/// Pages show documents without asking the API.
#[tokio::test]
async fn versions_are_known_without_asking() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    let (seed, customer) = (&world.seed, world.seed.customer_id.as_str());
    let login = &seed.login_policies[0];
    let known = [
        versions::token_policy(customer, &seed.token_policies[0]),
        versions::client(customer, &seed.clients[0]),
        versions::login_policy(customer, login),
        versions::response_types(login),
        versions::push_claims(login),
        versions::person(customer, &seed.people[0]),
    ];
    for ((path, _), known) in documents(&world).into_iter().zip(known) {
        assert_eq!(version(&caller.get(&path).await), known, "{path}");
    }
}

/// What the document says is conditional is, and nothing else is.
#[tokio::test]
async fn the_openapi_document_names_what_heeds_versions() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    let mut conditional = 0;
    for (path, method, operation) in caller.contract.administrative() {
        let parameters = operation["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let heeds = parameters.iter().any(|one| one["name"] == "If-Match");
        let refuses = operation["responses"]["412"].is_object();
        assert_eq!(heeds, refuses, "{method} {path}");
        if heeds {
            conditional += 1;
            assert!(matches!(method, Method::PUT | Method::DELETE));
            let shown = caller
                .contract
                .operation(&Method::GET, path.trim_start_matches('/'))
                .unwrap();
            assert!(shown["responses"]["200"]["headers"]["ETag"].is_object());
        }
    }
    assert_eq!(conditional, 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_saw_the_same_version_one_wins() {
    assert_eq!(race(false).await, [1; 6]);
}

/// It may come first; then nobody else wins.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plain_put_always_wins_and_is_never_lost_to_a_version_seen_before() {
    assert!(race(true).await.into_iter().all(|won| won <= 1));
}

/// Many who saw the same version, at two servers on one file, and somebody who
/// heeds no version: how many of the former win, for each document.
async fn race(plain: bool) -> Vec<usize> {
    const AT_ONCE: usize = 12;
    let directory = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", directory.path().join("race.sqlite").display());
    let mut worlds = Vec::new();
    for _ in 0..2 {
        let store = Store::open(&address).await.unwrap();
        worlds.push(Arc::new(World::on(store).await));
    }
    let caller = Caller::new(&worlds[0], "*:**").await;
    let mut winners = Vec::new();
    for (path, member) in documents(&worlds[0]) {
        let before = caller.get(&path).await;
        let send = |number: usize, seen: Option<String>| {
            let world = Arc::clone(&worlds[number % 2]);
            let mut request = Request::put(world.path(&path))
                .header(header::AUTHORIZATION, &caller.authorization);
            if let Some(seen) = seen {
                request = request.header(header::IF_MATCH, seen);
            }
            let body = changed(&before.json(), member, number);
            let request = request.body(body.into()).unwrap();
            tokio::spawn(async move { world.send(request).await })
        };
        let with_version: Vec<_> = (0..AT_ONCE)
            .map(|number| send(number, Some(version(&before))))
            .collect();
        if plain {
            ok(&send(AT_ONCE, None).await.unwrap());
        }
        let mut won = 0;
        for task in with_version {
            let reply = task.await.unwrap();
            if reply.status == StatusCode::OK {
                won += 1;
            } else {
                refused(&reply, 412, CHANGED);
            }
        }
        winners.push(won);
    }
    winners
}
