use crate::fixture::*;
use oidc::time::UnixTime;
use store::{Session, StoreError, Token, TokenKind};

#[tokio::test]
async fn a_session_is_found_by_its_key_until_it_expires() {
    let store = in_memory().await;
    store.insert_session("key", &session(OURS)).await.unwrap();
    let end = session(OURS).expires_at;

    let found = store.session(OURS, "key", end.plus(-1)).await.unwrap();
    assert_eq!(found, Some(session(OURS)));
    assert_eq!(store.session(OURS, "key", end).await.unwrap(), None);
    assert_eq!(store.session(OURS, "public-sid", NOW).await.unwrap(), None);
}

#[tokio::test]
async fn a_session_can_be_ended_once_and_only_by_its_customer() {
    let store = in_memory().await;
    store.insert_session("key", &session(OURS)).await.unwrap();

    assert_eq!(store.session(THEIRS, "key", NOW).await.unwrap(), None);
    assert!(!store.delete_session(THEIRS, "key").await.unwrap());
    assert!(store.delete_session(OURS, "key").await.unwrap());
    assert!(!store.delete_session(OURS, "key").await.unwrap());
    assert_eq!(store.session(OURS, "key", NOW).await.unwrap(), None);
}

#[tokio::test]
async fn a_session_cannot_name_a_person_the_customer_does_not_have() {
    let store = in_memory().await;
    let stranger = Session {
        person_id: "stranger".to_owned(),
        ..session(OURS)
    };

    let refused = store.insert_session("key", &stranger).await;
    assert!(matches!(refused, Err(StoreError::Orphan)));
}

#[tokio::test]
async fn an_interaction_is_answered_once_by_the_browser_it_came_from() {
    let store = in_memory().await;
    let asked = interaction(OURS, "browser");
    store.insert_interaction("key", &asked).await.unwrap();

    let seen = store.interaction(OURS, "key", "browser", NOW).await;
    assert_eq!(seen.unwrap(), Some(asked.clone()));
    for (customer, key, browser, now) in [
        (OURS, "key", "another browser", NOW),
        (OURS, "another key", "browser", NOW),
        (THEIRS, "key", "browser", NOW),
        (OURS, "key", "browser", asked.expires_at),
    ] {
        let seen = store.interaction(customer, key, browser, now).await;
        assert_eq!(seen.unwrap(), None);
        let taken = store.take_interaction(customer, key, browser, now).await;
        assert_eq!(taken.unwrap(), None);
    }

    let taken = store.take_interaction(OURS, "key", "browser", NOW).await;
    assert_eq!(taken.unwrap(), Some(asked));
    let again = store.take_interaction(OURS, "key", "browser", NOW).await;
    assert_eq!(again.unwrap(), None);
}

#[tokio::test]
async fn the_hint_of_an_interaction_can_be_changed_by_the_browser_it_came_from() {
    let store = in_memory().await;
    let asked = interaction(OURS, "browser");
    store.insert_interaction("key", &asked).await.unwrap();

    for (customer, key, browser, now) in [
        (OURS, "key", "another browser", NOW),
        (OURS, "another key", "browser", NOW),
        (THEIRS, "key", "browser", NOW),
        (OURS, "key", "browser", asked.expires_at),
    ] {
        let set = store.set_interaction_hint(customer, key, browser, "no", now);
        assert!(!set.await.unwrap());
    }
    let seen = store.interaction(OURS, "key", "browser", NOW).await;
    assert_eq!(seen.unwrap(), Some(asked.clone()));

    let odd = r#"o'"\{}é"#;
    let set = store.set_interaction_hint(OURS, "key", "browser", odd, NOW);
    assert!(set.await.unwrap());
    let mut changed = asked;
    changed.hint = Some(odd.to_owned());
    let seen = store.interaction(OURS, "key", "browser", NOW).await;
    assert_eq!(seen.unwrap(), Some(changed));
}

#[tokio::test]
async fn a_token_is_kept_whole_and_found_even_when_it_no_longer_counts() {
    let store = in_memory().await;
    let administrative = Token {
        kind: TokenKind::Refresh,
        client_id: "client-a".to_owned(),
        person_id: None,
        scope: scope("*:** openid"),
        jti: Some("AT.1".to_owned()),
        expires_at: UnixTime(1),
        revoked: true,
        ..token(OURS)
    };
    store
        .insert_tokens(&[("login", &token(OURS)), ("admin", &administrative)])
        .await
        .unwrap();

    assert_eq!(store.token(OURS, "login").await.unwrap(), Some(token(OURS)));
    assert_eq!(
        store.token(OURS, "admin").await.unwrap(),
        Some(administrative)
    );
    assert_eq!(store.token(THEIRS, "login").await.unwrap(), None);
    assert_eq!(store.token(OURS, "unknown").await.unwrap(), None);
}

#[tokio::test]
async fn a_token_that_counts_can_be_made_to_expire_once() {
    let store = in_memory().await;
    let revoked = Token {
        revoked: true,
        ..token(OURS)
    };
    store
        .insert_tokens(&[("live", &token(OURS)), ("revoked", &revoked)])
        .await
        .unwrap();
    for (customer, text, expected) in [
        (THEIRS, "live", false),
        (OURS, "unknown", false),
        (OURS, "revoked", false),
        (OURS, "live", true),
        (OURS, "live", false),
    ] {
        let expired = store.expire_token(customer, text, NOW).await.unwrap();
        assert_eq!(expired, expected, "{customer} {text}");
    }
    let token = store.token(OURS, "live").await.unwrap().unwrap();
    assert_eq!((token.expires_at, token.revoked), (NOW, false));
    let token = store.token(OURS, "revoked").await.unwrap();
    assert_eq!(token, Some(revoked));
}

#[tokio::test]
async fn tokens_are_kept_all_or_none() {
    let store = in_memory().await;
    let orphan = Token {
        client_id: "nobody's".to_owned(),
        ..token(OURS)
    };

    let refused = store
        .insert_tokens(&[("good", &token(OURS)), ("bad", &orphan)])
        .await;
    assert!(matches!(refused, Err(StoreError::Orphan)));
    assert_eq!(store.token(OURS, "good").await.unwrap(), None);
}
