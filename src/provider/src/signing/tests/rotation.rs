//! Keys over time, for several customers and several programs.

use super::{ALICE, BOB, NOW, Program, add, kid};
use crate::{
    insecure_keys::insecure_keys,
    signing::keys::{Keys, MOST_RETIRED, RotateError, STAYS_PUBLISHED},
};
use oidc::{
    signing_algorithm::SigningAlgorithm::{self, EdDsa, Es256, Rs256},
    time::ManualClock,
};
use std::sync::Arc;
use store::Store;

#[tokio::test]
async fn another_implementation_verifies_what_each_key_signed() {
    let program = Program::first().await;
    for algorithm in SigningAlgorithm::ALL {
        let token = program.sign(ALICE, algorithm).await;
        let header = jsonwebtoken::decode_header(&token).unwrap();
        assert_eq!(format!("{:?}", header.alg), algorithm.as_str());
        assert_eq!(header.typ.as_deref(), Some("JWT"));
        assert!(program.verifies(ALICE, &token).await);
    }
}

#[tokio::test]
async fn a_new_key_signs_at_once_and_the_old_one_stays_published_until_its_tokens_have_expired() {
    let program = Program::first().await;
    let deployment = program.kids(ALICE).await;
    let mut former = Vec::new();
    for algorithm in SigningAlgorithm::ALL {
        former.push(program.sign(ALICE, algorithm).await);
    }
    program.clock.advance(100);

    let fresh = program.keys.rotate(ALICE).await.unwrap();
    assert_eq!(fresh.len(), 3);
    assert_eq!(
        program.kids(ALICE).await,
        [&fresh[..], &deployment[..]].concat()
    );
    for (algorithm, expected) in SigningAlgorithm::ALL.into_iter().zip(&fresh) {
        let token = program.sign(ALICE, algorithm).await;
        assert_eq!(kid(&token), *expected);
        assert!(program.verifies(ALICE, &token).await);
    }

    // Nothing was asked for in between, so that no reading is fresh by chance.
    program.clock.advance(STAYS_PUBLISHED - 1);
    for token in &former {
        assert!(program.verifies(ALICE, token).await);
    }
    program.clock.advance(1);
    assert_eq!(program.kids(ALICE).await, fresh);
    for token in &former {
        assert!(!program.verifies(ALICE, token).await);
    }
}

#[tokio::test]
async fn keys_of_its_own_are_retired_like_the_deployments() {
    let program = Program::first().await;
    let deployment = program.kids(ALICE).await;
    let first = program.keys.rotate(ALICE).await.unwrap();
    let token = program.sign(ALICE, Es256).await;
    program.clock.advance(1000);
    let second = program.keys.rotate(ALICE).await.unwrap();
    let all = [&second[..], &first[..], &deployment[..]].concat();
    assert_eq!(program.kids(ALICE).await, all);

    program.clock.advance(STAYS_PUBLISHED - 1000);
    assert_eq!(program.kids(ALICE).await, all[..6]);
    assert!(program.verifies(ALICE, &token).await);
    // The sweep takes what is no longer published and nothing else.
    assert_eq!(
        program
            .store
            .sweep(program.now())
            .await
            .unwrap()
            .signing_keys,
        0
    );
    program.clock.advance(1000);
    assert_eq!(program.kids(ALICE).await, second);
    assert_eq!(
        program
            .store
            .sweep(program.now())
            .await
            .unwrap()
            .signing_keys,
        3
    );
    program.clock.advance(60);
    assert_eq!(program.kids(ALICE).await, second);
    assert!(!program.verifies(ALICE, &token).await);
    assert_eq!(program.kids(BOB).await, deployment);
}

#[tokio::test]
async fn a_rotation_concerns_one_customer() {
    let program = Program::first().await;
    let shared = program.sign(BOB, Rs256).await;
    let before = program.keys.jwks(BOB).await.unwrap();
    program.keys.rotate(ALICE).await.unwrap();
    let alices = program.sign(ALICE, Rs256).await;
    assert_eq!(program.keys.jwks(BOB).await.unwrap(), before);
    assert_eq!(kid(&program.sign(BOB, Rs256).await), kid(&shared));
    assert!(program.verifies(BOB, &shared).await);
    assert!(!program.verifies(BOB, &alices).await);

    program.keys.rotate(BOB).await.unwrap();
    let bobs = program.sign(BOB, Rs256).await;
    assert!(!program.verifies(ALICE, &bobs).await);
    program.clock.advance(STAYS_PUBLISHED);
    assert!(!program.verifies(ALICE, &shared).await);
    assert!(!program.verifies(BOB, &shared).await);
    assert!(program.verifies(BOB, &bobs).await);
}

#[tokio::test]
async fn only_so_many_retired_sets_are_published() {
    let program = Program::first().await;
    for _ in 0..MOST_RETIRED {
        program.keys.rotate(ALICE).await.unwrap();
        program.clock.advance(10);
    }
    let published = program.kids(ALICE).await;
    assert_eq!(published.len(), 3 * (1 + MOST_RETIRED));

    let refused = program.keys.rotate(ALICE).await.unwrap_err();
    let RotateError::TooMany { retry_after } = refused else {
        panic!("{refused}");
    };
    assert_eq!(retry_after, STAYS_PUBLISHED - 50);
    assert_eq!(program.kids(ALICE).await, published);
    program.keys.rotate(BOB).await.unwrap();

    program.clock.advance(retry_after - 1);
    assert!(program.keys.rotate(ALICE).await.is_err());
    program.clock.advance(1);
    program.keys.rotate(ALICE).await.unwrap();
    assert_eq!(program.kids(ALICE).await.len(), 3 * (1 + MOST_RETIRED));
}

#[tokio::test]
async fn of_parallel_rotations_no_more_are_done_than_allowed() {
    let program = Arc::new(Program::first().await);
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let program = Arc::clone(&program);
            tokio::spawn(async move { program.keys.rotate(ALICE).await.is_ok() })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        done += usize::from(task.await.unwrap());
    }
    assert_eq!(done, MOST_RETIRED);
    let token = program.sign(ALICE, EdDsa).await;
    assert_eq!(kid(&token), program.kids(ALICE).await[2]);
}

#[tokio::test]
async fn a_customer_that_is_not_there_has_no_keys_to_rotate() {
    let program = Program::first().await;
    let refused = program.keys.rotate("nobody").await.unwrap_err();
    assert!(matches!(refused, RotateError::UnknownCustomer));
}

#[tokio::test]
async fn a_customer_that_begins_anew_signs_with_the_deployments_keys() {
    let program = Program::first().await;
    let deployment = program.kids(ALICE).await;
    program.keys.rotate(ALICE).await.unwrap();
    let token = program.sign(ALICE, EdDsa).await;
    program.store.delete_customer(ALICE).await.unwrap();
    add(&program.store, ALICE).await;
    program.keys.forget(ALICE);
    assert_eq!(program.kids(ALICE).await, deployment);
    assert!(!program.verifies(ALICE, &token).await);
}

#[tokio::test]
async fn keys_survive_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.db");
    let clock = Arc::new(ManualClock::new(NOW));
    let program = Program::on_file(&path, &clock).await;
    let former = program.sign(ALICE, Rs256).await;
    program.keys.rotate(ALICE).await.unwrap();
    let token = program.sign(ALICE, Es256).await;
    let jwks = [
        program.keys.jwks(ALICE).await.unwrap(),
        program.keys.jwks(BOB).await.unwrap(),
    ];
    program.store.close().await;

    let program = Program::on_file(&path, &clock).await;
    assert_eq!(program.keys.jwks(ALICE).await.unwrap(), jwks[0]);
    assert_eq!(program.keys.jwks(BOB).await.unwrap(), jwks[1]);
    assert!(program.verifies(ALICE, &former).await);
    assert!(program.verifies(ALICE, &token).await);
    assert_eq!(kid(&program.sign(ALICE, Es256).await), kid(&token));
}

#[tokio::test]
async fn programs_that_begin_at_once_agree_on_the_keys() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("keys.db").display());
    let store = Store::open(&url).await.unwrap();
    add(&store, ALICE).await;
    let programs: Vec<_> = (0..4)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let make = insecure_keys();
                // Each makes keys of its own.
                for _ in 0..number {
                    drop(SigningAlgorithm::ALL.map(&make));
                }
                let make = Arc::new(move |algorithm| Ok(make(algorithm)));
                let keys = Keys::open(store, Arc::new(ManualClock::new(NOW)), make);
                keys.await.unwrap().jwks(ALICE).await.unwrap()
            })
        })
        .collect();
    let mut documents = Vec::new();
    for program in programs {
        documents.push(program.await.unwrap());
    }
    documents.dedup();
    assert_eq!(documents.len(), 1);
}

#[tokio::test]
async fn another_program_on_the_same_file_notices_a_rotation() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.db");
    let clock = Arc::new(ManualClock::new(NOW));
    let here = Program::on_file(&path, &clock).await;
    let there = Program::on_file(&path, &clock).await;
    let deployment = there.kids(ALICE).await;
    let fresh = here.keys.rotate(ALICE).await.unwrap();

    // It does not know yet, and what it signs counts all the same.
    clock.advance(9);
    let late = there.sign(ALICE, Rs256).await;
    assert_eq!(kid(&late), deployment[0]);
    assert!(here.verifies(ALICE, &late).await);

    // A token that it cannot know makes it look.
    let token = here.sign(ALICE, EdDsa).await;
    let seen = there.keys.verify(ALICE, &token).await.unwrap();
    assert!(seen.is_some());
    assert_eq!(there.kids(ALICE).await, here.kids(ALICE).await);
    assert_eq!(kid(&there.sign(ALICE, Rs256).await), fresh[0]);

    // So does the time.
    let second = here.keys.rotate(ALICE).await.unwrap();
    clock.advance(10);
    assert_eq!(kid(&there.sign(ALICE, Rs256).await), second[0]);

    // The late token lives for an hour.
    clock.advance(3600 - 10 - 1);
    assert!(here.verifies(ALICE, &late).await);
    assert!(there.verifies(ALICE, &late).await);
    clock.advance(10);
    assert!(!here.verifies(ALICE, &late).await);
}
