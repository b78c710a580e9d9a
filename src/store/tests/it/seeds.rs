//! Going back to what a customer began with.

use crate::fixture::*;
use store::{Customer, CustomerKind, Deletion, NewCustomer, Store};

/// The secrets that come back with the clients and people.
async fn check_beginning(store: &Store, customer: &str) {
    assert_eq!(
        store.token_policies(customer).await.unwrap(),
        token_policies()
    );
    assert_eq!(
        store.login_policies(customer).await.unwrap(),
        login_policies()
    );
    assert_eq!(store.clients(customer).await.unwrap(), clients());
    assert_eq!(store.people(customer).await.unwrap(), persons());
    let known = store.credentials(customer, "zoe").await.unwrap();
    assert_eq!(known.as_ref(), people().first());
}

async fn disturb(store: &Store) {
    let mut client = clients().remove(1);
    client.secret = Some("another".to_owned());
    store.replace_client(OURS, &client).await.unwrap().unwrap();
    assert!(store.delete_client(OURS, "client-z").await.unwrap());
    assert_eq!(
        store.delete_token_policy(OURS, "policy-z").await.unwrap(),
        Deletion::Done
    );
    assert!(store.set_password(OURS, "person-z", "new").await.unwrap());
    let new = person("person-n", "n@example.com", None);
    assert!(store.insert_person(OURS, &new).await.unwrap());
    store.insert_session("s", &session(OURS)).await.unwrap();
}

#[tokio::test]
async fn a_customer_begins_anew_as_it_was_first_written() {
    let store = in_memory().await;
    disturb(&store).await;
    let now = NOW.plus(60);
    assert!(store.reset_customer(OURS, now).await.unwrap());
    check_beginning(&store, OURS).await;
    assert_eq!(store.session(OURS, "s", now).await.unwrap(), None);
    let expected = Customer {
        last_used_at: now,
        ..customer(OURS)
    };
    // The visitor's key still opens it.
    let found = store.customer_by_key(&key_of(OURS)).await.unwrap();
    assert_eq!(found, Some(expected));
    // And again, and whatever was made anew in between.
    disturb(&store).await;
    assert!(store.reset_customer(OURS, now).await.unwrap());
    check_beginning(&store, OURS).await;
    check_beginning(&store, THEIRS).await;
}

#[tokio::test]
async fn a_customer_of_a_file_begins_anew_as_the_file_said_last() {
    let store = in_memory().await;
    let loaded = Customer {
        kind: CustomerKind::Fixture,
        name: Some("Shop".to_owned()),
        registration: true,
        one_click: true,
        ..customer(OURS)
    };
    for people in [&[][..], &people()] {
        let new = NewCustomer {
            customer: &loaded,
            key: None,
            token_policies: &token_policies(),
            login_policies: &login_policies(),
            clients: &clients(),
            people,
        };
        store.keep_fixtures(&[new]).await.unwrap();
    }
    disturb(&store).await;
    assert!(store.reset_customer(OURS, NOW).await.unwrap());
    check_beginning(&store, OURS).await;
    assert_eq!(store.customer(OURS).await.unwrap(), Some(loaded));
}

#[tokio::test]
async fn without_a_beginning_nothing_is_changed() {
    let store = in_memory().await;
    assert!(!store.reset_customer("nobody", NOW).await.unwrap());
    assert_eq!(store.customer("nobody").await.unwrap(), None);
}

#[tokio::test]
async fn a_customer_of_an_older_version_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("play.sqlite");
    let store = in_file(&path).await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query("DELETE FROM seeds WHERE customer_id = $1")
        .bind(OURS)
        .execute(&pool)
        .await
        .unwrap();
    disturb(&store).await;
    assert!(!store.reset_customer(OURS, NOW).await.unwrap());
    assert!(
        store
            .credentials(OURS, "n@example.com")
            .await
            .unwrap()
            .is_some()
    );
}
