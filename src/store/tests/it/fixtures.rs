//! Customers that are loaded from files.

use crate::fixture::*;
use oidc::time::UnixTime;
use policy::client::Client;
use serde_json::json;
use store::{
    Credentials, Customer, CustomerKind, NewCustomer, Registration, Snapshot, Store, Token,
};

const FILE: &str = "customer-of-a-file";

fn loaded(id: &str) -> Customer {
    Customer {
        kind: CustomerKind::Fixture,
        name: Some("Shop".to_owned()),
        registration: true,
        one_click: true,
        ..customer(id)
    }
}

/// Loads one customer with these clients and people.
async fn load(store: &Store, customer: &Customer, clients: &[Client], people: &[Credentials]) {
    let new = NewCustomer {
        customer,
        key: None,
        token_policies: &token_policies(),
        login_policies: &login_policies(),
        clients,
        people,
    };
    store.keep_fixtures(&[new]).await.unwrap();
}

async fn register(store: &Store, id: &str, name: &str, at: UnixTime) {
    let client = Client {
        id: id.to_owned(),
        name: name.to_owned(),
        ..clients().remove(0)
    };
    let metadata = json!({"client_id_issued_at": at.0}).as_object().cloned();
    let registration = Registration {
        metadata: metadata.unwrap(),
        token: format!("token of {id}"),
    };
    store
        .insert_client(FILE, &client, Some(&registration))
        .await
        .unwrap()
        .unwrap();
}

async fn ids(store: &Store) -> Vec<String> {
    let clients = store.clients(FILE).await.unwrap();
    clients.into_iter().map(|client| client.id).collect()
}

#[tokio::test]
async fn what_is_loaded_is_what_a_snapshot_shows() {
    let store = in_memory().await;
    for _ in 0..2 {
        load(&store, &loaded(FILE), &clients(), &people()).await;
        let expected = Snapshot {
            customer: loaded(FILE),
            token_policies: token_policies(),
            login_policies: login_policies(),
            clients: clients(),
            people: people(),
        };
        assert_eq!(store.snapshot(FILE).await.unwrap(), Some(expected));
    }
    assert_eq!(store.snapshot("nobody").await.unwrap(), None);
    // The sandboxes are as they were.
    assert_eq!(store.clients(OURS).await.unwrap(), clients());
}

#[tokio::test]
async fn only_the_customers_of_the_files_stay() {
    let store = in_memory().await;
    load(&store, &loaded(FILE), &clients(), &people()).await;
    load(&store, &loaded("another"), &clients(), &people()).await;
    assert_eq!(store.customer(FILE).await.unwrap(), None);
    assert!(store.customer("another").await.unwrap().is_some());
    store.keep_fixtures(&[]).await.unwrap();
    assert_eq!(store.customer("another").await.unwrap(), None);
    assert!(store.customer(OURS).await.unwrap().is_some());
}

#[tokio::test]
async fn what_is_loaded_again_keeps_its_logins_and_the_rest_loses_them() {
    let store = in_memory().await;
    load(&store, &loaded(FILE), &clients(), &people()).await;
    store.insert_session("s", &session(FILE)).await.unwrap();
    store.insert_tokens(&[("t", &token(FILE))]).await.unwrap();

    // Changed, and in another order.
    let mut changed = clients();
    changed[0].name = "Shop window".to_owned();
    changed.swap(0, 1);
    let mut somebody = people();
    somebody[0].password_hash = "another".to_owned();
    load(&store, &loaded(FILE), &changed, &somebody).await;
    assert_eq!(store.clients(FILE).await.unwrap(), changed);
    assert!(store.session(FILE, "s", NOW).await.unwrap().is_some());
    assert!(store.token(FILE, "t").await.unwrap().is_some());

    load(&store, &loaded(FILE), &changed[..1], &somebody).await;
    assert!(store.session(FILE, "s", NOW).await.unwrap().is_some());
    assert_eq!(store.token(FILE, "t").await.unwrap(), None);

    load(&store, &loaded(FILE), &changed[..1], &somebody[1..]).await;
    assert_eq!(store.session(FILE, "s", NOW).await.unwrap(), None);
}

#[tokio::test]
async fn people_may_swap_the_names_they_sign_in_with() {
    let store = in_memory().await;
    let two = |first: &str, second: &str| {
        vec![
            person("person-1", first, Some(second)),
            person("person-2", second, Some(first)),
        ]
    };
    for (first, second) in [("a@example.com", "b@x"), ("b@x", "a@example.com")] {
        load(&store, &loaded(FILE), &[], &two(first, second)).await;
        let found = store.credentials(FILE, first).await.unwrap().unwrap();
        assert_eq!(found.person.profile.uuid, "person-1");
    }
}

#[tokio::test]
async fn nothing_is_half_loaded() {
    let store = in_memory().await;
    load(&store, &loaded(FILE), &clients(), &people()).await;
    let twins = [person("p", "a@b", None), person("q", "A@B", None)];
    let customers = [loaded("another"), loaded(FILE)];
    let new = customers.each_ref().map(|customer| NewCustomer {
        customer,
        key: None,
        token_policies: &[],
        login_policies: &[],
        clients: &[],
        people: if customer.id == FILE { &twins } else { &[] },
    });
    assert!(store.keep_fixtures(&new).await.is_err());
    assert_eq!(store.customer("another").await.unwrap(), None);
    let kept = store.snapshot(FILE).await.unwrap().unwrap();
    assert_eq!((kept.clients, kept.people), (clients(), people()));
}

#[tokio::test]
async fn a_sandbox_that_is_loaded_is_kept_and_still_opens_with_its_key() {
    let store = in_memory().await;
    let mut anew = loaded(OURS);
    anew.created_at = NOW.plus(1000);
    load(&store, &anew, &clients(), &people()).await;
    let kept = store.customer_by_key(&key_of(OURS)).await.unwrap().unwrap();
    assert_eq!(kept, loaded(OURS));
    assert_eq!(store.sweep_sandboxes(NOW.plus(9999)).await.unwrap(), 1);
    assert!(store.customer(OURS).await.unwrap().is_some());
}

#[tokio::test]
async fn clients_that_registered_themselves_stay_while_they_fit() {
    let store = in_memory().await;
    load(&store, &loaded(FILE), &clients(), &people()).await;
    for (id, name) in [("r-1", "One"), ("r-2", "Two"), ("r-3", "Three")] {
        register(&store, id, name, NOW).await;
    }
    // They are no part of what a file says.
    let snapshot = store.snapshot(FILE).await.unwrap().unwrap();
    assert_eq!(snapshot.clients, clients());

    let mut more = clients();
    more.push(Client {
        id: "client-b".to_owned(),
        name: "Two".to_owned(),
        ..clients().remove(0)
    });
    more.push(Client {
        id: "r-3".to_owned(),
        name: "Mine now".to_owned(),
        ..clients().remove(0)
    });
    for _ in 0..2 {
        load(&store, &loaded(FILE), &more, &people()).await;
        let expected = ["client-z", "client-a", "client-b", "r-3", "r-1"];
        assert_eq!(ids(&store).await, expected);
    }
    let shown = store.registration(FILE, "r-1", "token of r-1").await;
    assert!(shown.unwrap().is_some());
    let shown = store.registration(FILE, "r-3", "token of r-3").await;
    assert!(shown.unwrap().is_none());

    let customer = loaded(FILE);
    let bare = NewCustomer {
        customer: &customer,
        key: None,
        token_policies: &[],
        login_policies: &[],
        clients: &[],
        people: &[],
    };
    store.keep_fixtures(&[bare]).await.unwrap();
    assert!(ids(&store).await.is_empty());
}

#[tokio::test]
async fn the_registrations_used_longest_ago_go_first() {
    let store = in_memory().await;
    load(&store, &loaded(FILE), &clients(), &people()).await;
    for (id, age) in [("r-1", 300), ("r-2", 200), ("r-3", 100), ("r-4", 100)] {
        register(&store, id, id, NOW.plus(-age)).await;
    }
    let used = Token {
        client_id: "r-1".to_owned(),
        issued_at: NOW,
        ..token(FILE)
    };
    store.insert_tokens(&[("t", &used)]).await.unwrap();

    assert_eq!(store.trim_registrations(FILE, 4).await.unwrap(), 0);
    assert_eq!(store.trim_registrations(FILE, 2).await.unwrap(), 2);
    assert_eq!(ids(&store).await, ["client-z", "client-a", "r-1", "r-4"]);
    assert_eq!(store.trim_registrations(FILE, 0).await.unwrap(), 2);
    assert_eq!(ids(&store).await, ["client-z", "client-a"]);
    assert_eq!(store.clients(OURS).await.unwrap(), clients());
}
