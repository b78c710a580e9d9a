//! Faults that are switched on, counted and switched off.

use crate::fixture::*;
use policy::{
    fault::{Endpoint, Fault, FaultName},
    limits,
};
use store::{Hit, KeptFault, Store, StoreError};

fn fault(id: &str, times: Option<u32>) -> Fault {
    Fault {
        id: id.to_owned(),
        name: FaultName::Slow,
        client: None,
        endpoints: vec![Endpoint::Token, Endpoint::UserInfo],
        value: Some(250),
        times,
    }
}

fn of_client(id: &str, client: &str) -> Fault {
    Fault {
        client: Some(client.to_owned()),
        ..fault(id, None)
    }
}

async fn switch_on(store: &Store, customer: &str, faults: &[Fault]) {
    for fault in faults {
        store.insert_fault(customer, fault).await.unwrap();
    }
}

async fn ids(store: &Store, customer: &str) -> Vec<String> {
    let faults = store.faults(customer).await.unwrap();
    faults.into_iter().map(|kept| kept.fault.id).collect()
}

#[tokio::test]
async fn faults_stay_in_the_order_they_were_switched_on_and_belong_to_one_customer() {
    let store = in_memory().await;
    let ours = [fault("z", None), fault("a", Some(2))];
    switch_on(&store, OURS, &ours).await;
    switch_on(&store, THEIRS, &[fault("z", Some(7))]).await;
    let kept: Vec<KeptFault> = ours
        .into_iter()
        .map(|fault| KeptFault { fault, hits: 0 })
        .collect();
    assert_eq!(store.faults(OURS).await.unwrap(), kept);
    assert_eq!(store.fault(OURS, "a").await.unwrap().as_ref(), kept.get(1));
    assert_eq!(store.fault(THEIRS, "a").await.unwrap(), None);
    assert!(!store.delete_fault(THEIRS, "a").await.unwrap());
    assert!(store.delete_fault(OURS, "z").await.unwrap());
    assert!(!store.delete_fault(OURS, "z").await.unwrap());
    assert_eq!(store.clear_faults(OURS).await.unwrap(), 1);
    assert_eq!(store.clear_faults(OURS).await.unwrap(), 0);
    assert_eq!(ids(&store, THEIRS).await, ["z"]);
}

#[tokio::test]
async fn a_fault_happens_as_often_as_it_should_and_is_still_shown_then() {
    let store = in_memory().await;
    switch_on(&store, OURS, &[fault("twice", Some(2)), fault("on", None)]).await;
    let hit = async |id: &'static str| store.hit_fault(OURS, id).await.unwrap();
    assert_eq!(hit("twice").await, Some(Hit { last: false }));
    assert_eq!(hit("twice").await, Some(Hit { last: true }));
    assert_eq!(hit("twice").await, None);
    for _ in 0..3 {
        assert_eq!(hit("on").await, Some(Hit { last: false }));
    }
    assert_eq!(hit("gone").await, None);
    assert_eq!(store.hit_fault(THEIRS, "on").await.unwrap(), None);
    let counts: Vec<_> = store
        .faults(OURS)
        .await
        .unwrap()
        .iter()
        .map(|kept| (kept.hits, kept.remaining()))
        .collect();
    assert_eq!(counts, [(2, Some(0)), (3, None)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_crowd_exactly_as_many_are_hit_as_should_be() {
    let store = in_memory().await;
    switch_on(&store, OURS, &[fault("five", Some(5))]).await;
    let crowd: Vec<_> = (0..40)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.hit_fault(OURS, "five").await.unwrap() })
        })
        .collect();
    let mut hits = Vec::new();
    for one in crowd {
        hits.extend(one.await.unwrap());
    }
    assert_eq!(hits.len(), 5);
    assert_eq!(hits.iter().filter(|hit| hit.last).count(), 1);
}

#[tokio::test]
async fn faults_go_with_their_client_and_with_their_customer() {
    let store = in_memory().await;
    let faults = [of_client("z", "client-z"), fault("all", None)];
    switch_on(&store, OURS, &faults).await;
    switch_on(&store, THEIRS, &faults).await;
    assert!(store.delete_client(OURS, "client-z").await.unwrap());
    assert_eq!(ids(&store, OURS).await, ["all"]);
    assert!(store.reset_customer(OURS, NOW).await.unwrap());
    assert_eq!(ids(&store, OURS).await, [""; 0]);
    assert_eq!(ids(&store, THEIRS).await, ["z", "all"]);
}

#[tokio::test]
async fn nobody_who_is_not_there_has_faults() {
    let store = in_memory().await;
    let nowhere = store.insert_fault("nobody", &fault("a", None)).await;
    assert!(matches!(nowhere, Err(StoreError::Orphan)), "{nowhere:?}");
    let nobody = of_client("a", "client-of-nobody");
    let nobody = store.insert_fault(OURS, &nobody).await;
    assert!(matches!(nobody, Err(StoreError::Orphan)), "{nobody:?}");
    assert_eq!(ids(&store, OURS).await, [""; 0]);
}

#[tokio::test]
async fn what_has_happened_often_enough_makes_room_for_others() {
    let store = in_memory().await;
    for number in 0..limits::FAULTS {
        let times = (number % 10 == 3).then_some(1);
        let number = format!("{number:02}");
        switch_on(&store, OURS, &[fault(&number, times)]).await;
    }
    let one_more = fault("one more", None);
    let refused = async || {
        let refused = store.insert_fault(OURS, &one_more).await;
        assert!(matches!(refused, Err(StoreError::Full("faults"))));
    };
    refused().await;
    for id in ["23", "13"] {
        store.hit_fault(OURS, id).await.unwrap().unwrap();
    }
    // The oldest that is over goes, and no more than one has to.
    switch_on(&store, OURS, std::slice::from_ref(&one_more)).await;
    let left = ids(&store, OURS).await;
    assert_eq!(left.len(), limits::FAULTS);
    assert!(!left.iter().any(|id| id == "13"));
    assert!(left.iter().any(|id| id == "23"));
    switch_on(&store, OURS, &[fault("and more", None)]).await;
    let refused = store.insert_fault(OURS, &fault("too much", None)).await;
    assert!(matches!(refused, Err(StoreError::Full("faults"))));
    switch_on(&store, THEIRS, &[one_more]).await;
}

#[tokio::test]
async fn faults_and_their_counts_survive_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = in_file(&path).await;
    let fault = of_client("a", "client-z");
    switch_on(&store, OURS, std::slice::from_ref(&fault)).await;
    store.hit_fault(OURS, "a").await.unwrap().unwrap();
    store.close().await;
    let store = open(&path).await;
    let kept = KeptFault { fault, hits: 1 };
    assert_eq!(store.faults(OURS).await.unwrap(), [kept]);
}
