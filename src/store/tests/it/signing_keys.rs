//! Keys of the deployment, and of customers that rotated.

use crate::fixture::*;
use oidc::{
    signing_algorithm::SigningAlgorithm::{self, Es256, Rs256},
    time::UnixTime,
};
use store::{Rotation, SigningKey, Store, StoreError};

const LIFETIME: i64 = 3600;

fn key(kid: &str, algorithm: SigningAlgorithm, created_at: UnixTime) -> SigningKey {
    SigningKey {
        kid: kid.to_owned(),
        algorithm,
        pkcs8: vec![0, 1, 254, 255],
        created_at,
        published_until: None,
    }
}

/// Rotates to keys with these names.
async fn rotate(
    store: &Store,
    customer: &str,
    kids: &[(&str, SigningAlgorithm)],
    now: UnixTime,
) -> Result<bool, StoreError> {
    let keys: Vec<SigningKey> = kids
        .iter()
        .map(|(kid, algorithm)| key(kid, *algorithm, now))
        .collect();
    store
        .rotate_signing_keys(&Rotation {
            customer,
            keys: &keys,
            former_until: now.plus(LIFETIME),
            at_most: 3,
            now,
        })
        .await
}

async fn kids(store: &Store, customer: Option<&str>) -> Vec<(String, Option<i64>)> {
    let keys = store.signing_keys(customer).await.unwrap();
    keys.into_iter()
        .map(|key| (key.kid, key.published_until.map(|until| until.since(NOW))))
        .collect()
}

fn named(names: &[(&str, Option<i64>)]) -> Vec<(String, Option<i64>)> {
    names
        .iter()
        .map(|(kid, until)| ((*kid).to_owned(), *until))
        .collect()
}

#[tokio::test]
async fn the_deployment_has_one_key_of_each_algorithm() {
    let store = in_memory().await;
    let first = [key("a", Rs256, NOW), key("b", Es256, NOW)];
    store.add_deployment_keys(&first).await.unwrap();
    // A slower program finds them there.
    let late = [key("c", Rs256, NOW), key("d", Es256, NOW)];
    store.add_deployment_keys(&late).await.unwrap();

    assert_eq!(store.signing_keys(None).await.unwrap(), first);
    let same = [key("a", SigningAlgorithm::EdDsa, NOW)];
    assert!(store.add_deployment_keys(&same).await.is_err());
}

#[tokio::test]
async fn rotating_retires_what_signed_and_touches_nobody_else() {
    let store = in_memory().await;
    let deployment = [key("deployment", Rs256, NOW)];
    store.add_deployment_keys(&deployment).await.unwrap();
    let first = [("a1", Rs256), ("a2", Es256)];
    assert!(rotate(&store, OURS, &first, NOW).await.unwrap());
    let theirs = [("t", Rs256)];
    assert!(rotate(&store, THEIRS, &theirs, NOW).await.unwrap());
    let second = [("b1", Rs256), ("b2", Es256)];
    assert!(rotate(&store, OURS, &second, NOW.plus(9)).await.unwrap());

    assert_eq!(
        kids(&store, Some(OURS)).await,
        named(&[
            ("b1", None),
            ("b2", None),
            ("a1", Some(9 + LIFETIME)),
            ("a2", Some(9 + LIFETIME)),
        ])
    );
    assert_eq!(kids(&store, Some(THEIRS)).await, named(&[("t", None)]));
    assert_eq!(kids(&store, None).await, named(&[("deployment", None)]));
}

#[tokio::test]
async fn rotations_count_for_as_long_as_the_former_keys_are_published() {
    let store = in_memory().await;
    for (second, kid) in ["a", "b", "c"].into_iter().enumerate() {
        let now = NOW.plus(i64::try_from(second).unwrap());
        assert!(rotate(&store, OURS, &[(kid, Rs256)], now).await.unwrap());
    }
    let before = kids(&store, Some(OURS)).await;
    let full = rotate(&store, OURS, &[("d", Rs256)], NOW.plus(LIFETIME - 1)).await;
    assert!(!full.unwrap());
    assert_eq!(kids(&store, Some(OURS)).await, before);
    assert_eq!(
        store.rotations(OURS, NOW.plus(2)).await.unwrap(),
        [0, 1, 2].map(|second| NOW.plus(second + LIFETIME))
    );
    // Others are not held up, and the first rotation is over at some time.
    assert!(rotate(&store, THEIRS, &[("t", Rs256)], NOW).await.unwrap());
    let later = rotate(&store, OURS, &[("d", Rs256)], NOW.plus(LIFETIME)).await;
    assert!(later.unwrap());
}

#[tokio::test]
async fn of_parallel_rotations_no_more_are_done_than_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = in_file(&path).await;
    let other = open(&path).await;
    let tasks: Vec<_> = (0..12)
        .map(|number| {
            let store = [&store, &other][number % 2].clone();
            tokio::spawn(async move {
                let kid = format!("k{number}");
                rotate(&store, OURS, &[(&kid, Rs256)], NOW).await.unwrap()
            })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        done += usize::from(task.await.unwrap());
    }
    assert_eq!(done, 3);
    let keys = store.signing_keys(Some(OURS)).await.unwrap();
    assert_eq!(keys.len(), 3);
    let signing = |key: &&SigningKey| key.published_until.is_none();
    assert_eq!(keys.iter().filter(signing).count(), 1);
}

#[tokio::test]
async fn a_rotation_is_done_whole_or_not_at_all() {
    let store = in_memory().await;
    assert!(rotate(&store, OURS, &[("a", Rs256)], NOW).await.unwrap());
    // The second name is taken.
    let broken = rotate(&store, OURS, &[("b", Rs256), ("a", Es256)], NOW).await;
    assert!(matches!(broken, Err(StoreError::Database(_))));
    // Two would sign with one algorithm.
    let twice = rotate(&store, OURS, &[("b", Rs256), ("c", Rs256)], NOW).await;
    assert!(matches!(twice, Err(StoreError::Database(_))));
    assert_eq!(kids(&store, Some(OURS)).await, named(&[("a", None)]));

    let nobody = rotate(&store, "nobody", &[("b", Rs256)], NOW).await;
    assert!(matches!(nobody, Err(StoreError::Orphan)));
}

#[tokio::test]
async fn keys_go_with_their_customer_and_when_they_are_no_longer_published() {
    let store = in_memory().await;
    let deployment = [key("deployment", Rs256, NOW)];
    store.add_deployment_keys(&deployment).await.unwrap();
    for (second, kid) in [(0, "a"), (1, "b")] {
        let now = NOW.plus(second);
        assert!(rotate(&store, OURS, &[(kid, Rs256)], now).await.unwrap());
    }
    let end = NOW.plus(1 + LIFETIME);
    assert_eq!(store.sweep(end.plus(-1)).await.unwrap().signing_keys, 0);
    assert_eq!(store.sweep(end).await.unwrap().signing_keys, 1);
    assert_eq!(kids(&store, Some(OURS)).await, named(&[("b", None)]));

    assert!(store.delete_customer(OURS).await.unwrap());
    assert_eq!(kids(&store, Some(OURS)).await, []);
    assert_eq!(kids(&store, None).await, named(&[("deployment", None)]));
}

#[tokio::test]
async fn rotations_count_though_their_customer_was_made_anew() {
    let store = in_memory().await;
    assert!(rotate(&store, OURS, &[("a", Rs256)], NOW).await.unwrap());
    assert!(store.reset_customer(OURS, NOW).await.unwrap());
    assert!(rotate(&store, OURS, &[("b", Rs256)], NOW).await.unwrap());
    assert!(store.delete_customer(OURS).await.unwrap());
    assert!(insert(&store, &customer(OURS), None).await);
    assert!(rotate(&store, OURS, &[("c", Rs256)], NOW).await.unwrap());
    assert!(store.reset_customer(OURS, NOW).await.unwrap());
    assert!(!rotate(&store, OURS, &[("d", Rs256)], NOW).await.unwrap());
    assert_eq!(kids(&store, Some(OURS)).await, []);

    let end = NOW.plus(LIFETIME);
    assert_eq!(store.sweep(end.plus(-1)).await.unwrap().key_rotations, 0);
    assert_eq!(store.sweep(end).await.unwrap().key_rotations, 3);
    assert!(rotate(&store, OURS, &[("d", Rs256)], end).await.unwrap());
}

#[test]
fn the_private_key_is_not_printed_for_debugging() {
    let printed = format!("{:?}", key("the-kid", Rs256, NOW));
    assert!(printed.contains("the-kid") && !printed.contains("254"));
}
