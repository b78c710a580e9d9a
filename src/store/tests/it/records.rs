use crate::fixture::*;
use store::{Record, Store, StoreError};

async fn ids(store: &Store, kind: &str, parent: &str) -> Vec<String> {
    let records = store.records(OURS, kind, parent, NOW).await.unwrap();
    records.into_iter().map(|record| record.id).collect()
}

#[tokio::test]
async fn a_record_is_found_by_its_customer_until_it_expires() {
    let store = in_memory().await;
    let kept = record(OURS, "r");
    store.insert_record(&kept, 9).await.unwrap();

    assert_eq!(
        store.record(OURS, "r", NOW).await.unwrap(),
        Some(kept.clone())
    );
    assert_eq!(store.record(THEIRS, "r", NOW).await.unwrap(), None);
    let late = kept.expires_at;
    assert_eq!(store.record(OURS, "r", late).await.unwrap(), None);
    let listed = store.records(OURS, "change", "", late).await.unwrap();
    assert_eq!(listed, []);
}

#[tokio::test]
async fn records_are_listed_by_kind_and_parent_the_oldest_first() {
    let store = in_memory().await;
    for (id, kind, parent) in [
        ("b", "change", ""),
        ("a", "change", ""),
        ("child", "call", "b"),
        ("other", "call", "a"),
    ] {
        let record = Record {
            kind: kind.to_owned(),
            parent: parent.to_owned(),
            ..record(OURS, id)
        };
        store.insert_record(&record, 9).await.unwrap();
    }
    let theirs = record(THEIRS, "theirs");
    store.insert_record(&theirs, 9).await.unwrap();

    assert_eq!(ids(&store, "change", "").await, ["b", "a"]);
    assert_eq!(ids(&store, "call", "b").await, ["child"]);
    assert_eq!(ids(&store, "call", "").await, Vec::<String>::new());
}

#[tokio::test]
async fn only_the_newest_of_a_kind_and_parent_stay() {
    let store = in_memory().await;
    let other = Record {
        parent: "p".to_owned(),
        ..record(OURS, "other")
    };
    store.insert_record(&other, 2).await.unwrap();
    for id in ["1", "2", "3"] {
        store.insert_record(&record(OURS, id), 2).await.unwrap();
    }
    assert_eq!(ids(&store, "change", "").await, ["2", "3"]);
    assert_eq!(ids(&store, "change", "p").await, ["other"]);
}

#[tokio::test]
async fn records_belong_to_a_customer_and_go_with_it() {
    let store = in_memory().await;
    store.insert_record(&record(OURS, "r"), 9).await.unwrap();
    let nobodys = record("nobody", "r");
    let refused = store.insert_record(&nobodys, 9).await;
    assert!(matches!(refused, Err(StoreError::Orphan)));

    assert!(store.delete_customer(OURS).await.unwrap());
    assert_eq!(store.record(OURS, "r", NOW).await.unwrap(), None);
}
