//! Writers that are committed together: each is answered for itself.

use crate::fixture::*;
use store::{StoreError, Token};
use tokio::task::JoinSet;

const WRITERS: usize = 200;

#[tokio::test]
async fn whoever_was_answered_is_found_after_the_file_is_opened_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = in_file(&path).await;
    let mut writers = JoinSet::new();
    for number in 0..WRITERS {
        let store = store.clone();
        writers.spawn(async move {
            let secret = format!("token {number}");
            store.insert_tokens(&[(&secret, &token(OURS))]).await
        });
    }
    for answer in writers.join_all().await {
        answer.unwrap();
    }
    // Not closed: what was answered must be there all the same.
    let anew = open(&path).await;
    for number in 0..WRITERS {
        let secret = format!("token {number}");
        assert!(anew.token(OURS, &secret).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn one_that_fails_takes_nobody_along() {
    let folder = tempfile::tempdir().unwrap();
    let store = in_file(&folder.path().join("a.db")).await;
    let orphan = Token {
        client_id: "nobody".to_owned(),
        ..token(OURS)
    };
    let mut writers = JoinSet::new();
    for number in 0..WRITERS {
        let (store, orphan) = (store.clone(), orphan.clone());
        writers.spawn(async move {
            let right = token(OURS);
            let new = if number % 7 == 0 { &orphan } else { &right };
            let secret = format!("token {number}");
            (number, store.insert_tokens(&[(&secret, new)]).await)
        });
    }
    for (number, answer) in writers.join_all().await {
        let secret = format!("token {number}");
        let found = store.token(OURS, &secret).await.unwrap();
        if number % 7 == 0 {
            assert!(matches!(answer, Err(StoreError::Orphan)), "{answer:?}");
            assert_eq!(found, None);
        } else {
            answer.unwrap();
            assert_eq!(found, Some(token(OURS)));
        }
    }
}

#[tokio::test]
async fn a_code_stays_unused_when_its_tokens_cannot_be_kept() {
    let folder = tempfile::tempdir().unwrap();
    for store in [
        in_memory().await,
        in_file(&folder.path().join("a.db")).await,
    ] {
        store.insert_code("code", &code(OURS)).await.unwrap();
        let token = token(OURS);
        store.insert_tokens(&[("taken", &token)]).await.unwrap();
        // The second has the hash of a token that is there already.
        let made = [("new", &token), ("taken", &token)];
        let refused = store.redeem_code(OURS, "code", NOW, &made).await;
        assert!(matches!(refused, Err(StoreError::Database(_))));
        assert_eq!(store.token(OURS, "new").await.unwrap(), None);

        let made = [("new", &token), ("newer", &token)];
        assert!(store.redeem_code(OURS, "code", NOW, &made).await.unwrap());
        for secret in ["new", "newer"] {
            assert!(store.token(OURS, secret).await.unwrap().is_some());
        }
        let made = [("newest", &token)];
        assert!(!store.redeem_code(OURS, "code", NOW, &made).await.unwrap());
        assert_eq!(store.token(OURS, "newest").await.unwrap(), None);
    }
}

#[tokio::test]
async fn what_was_begun_is_done_though_nobody_waits_any_more() {
    let store = in_memory().await;
    let token = token(OURS);
    let new = [("secret", &token)];
    {
        let mut insertion = Box::pin(store.insert_tokens(&new));
        // As far as to be in the queue, and no further.
        let waker = std::task::Waker::noop();
        let mut context = std::task::Context::from_waker(waker);
        assert!(insertion.as_mut().poll(&mut context).is_pending());
    }
    // Writers stand in line, so that after this one the other is done too.
    store.revoke_grant(OURS, "another").await.unwrap();
    assert!(store.token(OURS, "secret").await.unwrap().is_some());
}
