//! Refresh tokens: each is exchanged once.

use crate::fixture::*;
use store::{Store, StoreError, Token, TokenKind};

fn refresh() -> Token {
    Token {
        kind: TokenKind::Refresh,
        ..token(OURS)
    }
}

async fn with_refresh_token() -> Store {
    let store = in_memory().await;
    store.insert_tokens(&[("r1", &refresh())]).await.unwrap();
    store
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_once_and_its_use_is_remembered() {
    let store = with_refresh_token().await;
    let (next, access) = (refresh(), token(OURS));
    let made = [("r2", &next), ("a2", &access)];
    let rotated = store.rotate_refresh_token(OURS, "r1", NOW, &made).await;
    assert!(rotated.unwrap());
    assert_eq!(
        store.token(OURS, "r1").await.unwrap().unwrap().used_at,
        Some(NOW)
    );
    assert_eq!(store.token(OURS, "r2").await.unwrap(), Some(next.clone()));

    let again = store
        .rotate_refresh_token(OURS, "r1", NOW, &[("r3", &next)])
        .await;
    assert!(!again.unwrap());
    assert_eq!(store.token(OURS, "r3").await.unwrap(), None);
    // Whoever finds it used takes the whole family back.
    assert_eq!(store.revoke_grant(OURS, "grant").await.unwrap(), 3);
    let dead = store.rotate_refresh_token(OURS, "r2", NOW, &[]);
    assert!(!dead.await.unwrap());
}

#[tokio::test]
async fn what_is_not_there_to_take_is_not_exchanged() {
    let store = with_refresh_token().await;
    store.insert_tokens(&[("a1", &token(OURS))]).await.unwrap();
    let late = refresh().expires_at;
    for (customer, text, now) in [
        (THEIRS, "r1", NOW),
        (OURS, "unknown", NOW),
        (OURS, "a1", NOW),
        (OURS, "r1", late),
    ] {
        let taken = store.rotate_refresh_token(customer, text, now, &[]).await;
        assert!(!taken.unwrap(), "{customer} {text}");
    }
    assert!(store.revoke_token(OURS, "r1").await.unwrap());
    assert!(!store.revoke_token(OURS, "r1").await.unwrap());
    assert!(!store.revoke_token(THEIRS, "a1").await.unwrap());
    let revoked = store.rotate_refresh_token(OURS, "r1", NOW, &[]).await;
    assert!(!revoked.unwrap());
}

#[tokio::test]
async fn a_token_of_another_grant_is_not_slipped_in() {
    let store = with_refresh_token().await;
    let stranger = Token {
        grant_id: "another".to_owned(),
        ..refresh()
    };
    let refused = store
        .rotate_refresh_token(OURS, "r1", NOW, &[("r2", &stranger)])
        .await;
    assert!(matches!(refused, Err(StoreError::Mismatch(_))));
    // Nothing happened.
    let taken = store.rotate_refresh_token(OURS, "r1", NOW, &[]).await;
    assert!(taken.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_that_exchange_one_refresh_token_one_wins() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let stores = [in_file(&path).await, open(&path).await];
    for round in 0..200 {
        let text = format!("r-{round}");
        stores[0]
            .insert_tokens(&[(&text, &refresh())])
            .await
            .unwrap();
        let racers: Vec<_> = (0..6)
            .map(|racer| {
                let store = stores[racer % 2].clone();
                let text = text.clone();
                tokio::spawn(async move {
                    let new = refresh();
                    let name = format!("{text}-{racer}");
                    store
                        .rotate_refresh_token(OURS, &text, NOW, &[(&name, &new)])
                        .await
                        .unwrap()
                })
            })
            .collect();
        let mut winners = 0;
        for racer in racers {
            winners += usize::from(racer.await.unwrap());
        }
        assert_eq!(winners, 1, "round {round}");
    }
}
