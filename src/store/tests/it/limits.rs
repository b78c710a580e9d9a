//! No customer grows without limit.

use crate::fixture::*;
use policy::{client::Client, limits, login_policy::LoginPolicy, token_policy::TokenPolicy};
use store::{Store, StoreError};

fn check_full<T: std::fmt::Debug>(added: Result<T, StoreError>, kind: &str) {
    match added {
        Err(StoreError::Full(what)) => assert_eq!(what, kind),
        other => panic!("{other:?}"),
    }
}

fn token_policy(number: usize) -> TokenPolicy {
    TokenPolicy {
        id: format!("policy-{number}"),
        ..token_policies().remove(0)
    }
}

fn client(number: usize) -> Client {
    Client {
        id: format!("client-{number}"),
        name: format!("Client {number}"),
        ..clients().remove(0)
    }
}

#[tokio::test]
async fn a_customer_has_only_so_many_of_each_kind() {
    let store = in_memory().await;
    let had = token_policies().len();
    for number in had..limits::TOKEN_POLICIES {
        let added = store.insert_token_policy(OURS, &token_policy(number)).await;
        added.unwrap();
    }
    let added = store.insert_token_policy(OURS, &token_policy(0)).await;
    check_full(added, "token policies");

    let login_policy = |number| LoginPolicy::new(format!("login-{number}"), "New".to_owned());
    for number in had..limits::LOGIN_POLICIES {
        let added = store.insert_login_policy(OURS, &login_policy(number)).await;
        added.unwrap();
    }
    let added = store.insert_login_policy(OURS, &login_policy(0)).await;
    check_full(added, "login policies");

    for number in had..limits::CLIENTS {
        let added = store.insert_client(OURS, &client(number), None).await;
        added.unwrap().unwrap();
    }
    let added = store.insert_client(OURS, &client(0), None).await;
    check_full(added, "clients");

    for number in had..limits::PEOPLE {
        let new = person(&format!("person-{number}"), "", None);
        assert!(store.insert_person(OURS, &new).await.unwrap());
    }
    let added = store
        .insert_person(OURS, &person("person-0", "", None))
        .await;
    check_full(added, "people");

    // What was refused left nothing, and others have room.
    assert_eq!(store.people(OURS).await.unwrap().len(), limits::PEOPLE);
    let added = store.insert_token_policy(THEIRS, &token_policy(0)).await;
    added.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_gets_no_further_than_one() {
    let store = in_memory().await;
    for number in token_policies().len()..limits::TOKEN_POLICIES - 1 {
        let added = store.insert_token_policy(OURS, &token_policy(number)).await;
        added.unwrap();
    }
    let add = async |store: Store, number: usize| {
        let added = store.insert_token_policy(OURS, &token_policy(number)).await;
        added.is_ok()
    };
    let crowd: Vec<_> = (1000..1010)
        .map(|number| tokio::spawn(add(store.clone(), number)))
        .collect();
    let mut in_time = 0;
    for one in crowd {
        in_time += usize::from(one.await.unwrap());
    }
    assert_eq!(in_time, 1);
}
