use crate::fixture::*;
use oidc::time::UnixTime;
use store::{Customer, CustomerKind, Store};

/// Customers that never go, and were not used for as long as there is time.
async fn with_others(store: &Store) -> [Customer; 2] {
    let others = [CustomerKind::Demo, CustomerKind::Fixture].map(|kind| Customer {
        kind,
        last_used_at: UnixTime(0),
        ..customer(&format!("{kind:?}"))
    });
    for other in &others {
        assert!(insert(store, other, None).await);
    }
    others
}

/// Makes sandboxes that were used one second after another.
async fn make(store: &Store, names: impl Iterator<Item = usize>) {
    for number in names {
        let id = format!("sandbox {number}");
        let sandbox = Customer {
            last_used_at: NOW.plus(i64::try_from(number).unwrap()),
            ..customer(&id)
        };
        assert!(insert(store, &sandbox, Some(&id)).await);
    }
}

async fn is_there(store: &Store, number: usize) -> bool {
    let id = format!("sandbox {number}");
    store.customer(&id).await.unwrap().is_some()
}

#[tokio::test]
async fn unused_sandboxes_are_swept_and_all_others_stay() {
    let store = in_memory().await;
    let others = with_others(&store).await;
    store.touch_customer(THEIRS, NOW.plus(1)).await.unwrap();

    assert_eq!(store.sweep_sandboxes(NOW).await.unwrap(), 0);
    assert_eq!(store.sweep_sandboxes(NOW.plus(1)).await.unwrap(), 1);

    assert_eq!(store.customer(OURS).await.unwrap(), None);
    assert_eq!(store.people(OURS).await.unwrap(), []);
    assert!(store.customer(THEIRS).await.unwrap().is_some());
    for other in others {
        assert_eq!(store.customer(&other.id).await.unwrap(), Some(other));
    }
}

#[tokio::test]
async fn more_sandboxes_than_one_batch_are_swept() {
    let store = in_memory().await;
    make(&store, 0..45).await;

    assert_eq!(store.sweep_sandboxes(NOW.plus(45)).await.unwrap(), 47);
    assert_eq!(store.sweep_sandboxes(NOW.plus(45)).await.unwrap(), 0);
}

#[tokio::test]
async fn a_sandbox_goes_with_more_rows_than_one_batch() {
    let store = in_memory().await;
    let token = token(OURS);
    let names: Vec<String> = (0..1001).map(|number| format!("token {number}")).collect();
    let all: Vec<_> = names.iter().map(|name| (name.as_str(), &token)).collect();
    store.insert_tokens(&all).await.unwrap();
    store.insert_session("s", &session(OURS)).await.unwrap();
    store.insert_session("t", &session(THEIRS)).await.unwrap();
    store.touch_customer(THEIRS, NOW.plus(1)).await.unwrap();

    assert_eq!(store.sweep_sandboxes(NOW.plus(1)).await.unwrap(), 1);

    assert_eq!(store.token(OURS, "token 0").await.unwrap(), None);
    assert_eq!(store.session(OURS, "s", NOW).await.unwrap(), None);
    let theirs = store.session(THEIRS, "t", NOW).await.unwrap();
    assert_eq!(theirs, Some(session(THEIRS)));
}

#[tokio::test]
async fn beyond_the_cap_the_least_recently_used_sandboxes_go() {
    let store = in_memory().await;
    let others = with_others(&store).await;
    for ours in [OURS, THEIRS] {
        assert!(store.delete_customer(ours).await.unwrap());
    }
    // Made in another order than they were used in.
    make(&store, (0..60).rev()).await;

    assert_eq!(store.cap_sandboxes(60).await.unwrap(), 0);
    assert_eq!(store.cap_sandboxes(u64::MAX).await.unwrap(), 0);
    assert_eq!(store.cap_sandboxes(15).await.unwrap(), 45);
    for number in 0..60 {
        assert_eq!(is_there(&store, number).await, number >= 45, "{number}");
    }
    // Using one again keeps it.
    store
        .touch_customer("sandbox 45", NOW.plus(99))
        .await
        .unwrap();
    assert_eq!(store.cap_sandboxes(14).await.unwrap(), 1);
    assert!(is_there(&store, 45).await && !is_there(&store, 46).await);
    assert_eq!(store.cap_sandboxes(0).await.unwrap(), 14);
    for other in others {
        assert_eq!(store.customer(&other.id).await.unwrap(), Some(other));
    }
}

#[tokio::test]
async fn of_sandboxes_used_in_the_same_second_the_newest_stays() {
    let store = in_memory().await;
    for id in ["m", "z", "a"] {
        assert!(insert(&store, &customer(id), Some(id)).await);
    }
    assert_eq!(store.cap_sandboxes(1).await.unwrap(), 4);
    assert!(store.customer("a").await.unwrap().is_some());
}

#[tokio::test]
async fn the_cap_holds_however_many_come_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = in_file(&folder.path().join("a.db")).await;
    let mut crowd = tokio::task::JoinSet::new();
    for number in 0..30 {
        let store = store.clone();
        crowd.spawn(async move {
            make(&store, number..=number).await;
            store.cap_sandboxes(10).await.unwrap()
        });
    }
    let removed: u64 = crowd.join_all().await.into_iter().sum();
    assert_eq!(removed, 22);
    assert_eq!(store.cap_sandboxes(10).await.unwrap(), 0);
}
