//! What must not stand in the file.

use crate::fixture::*;
use std::path::Path;
use store::{RunStatus, StoredRun};

/// Every byte of the database and the files beside it.
fn bytes(folder: &Path) -> Vec<u8> {
    std::fs::read_dir(folder)
        .unwrap()
        .flat_map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn no_code_token_or_key_stands_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = in_file(&path).await;
    store
        .insert_session("secret-session-key", &session(OURS))
        .await
        .unwrap();
    let asked = interaction(OURS, "secret-browser-key");
    for key in ["secret-interaction-key", "secret-interaction-taken"] {
        store.insert_interaction(key, &asked).await.unwrap();
    }
    let browser = "secret-browser-key";
    store
        .take_interaction(OURS, "secret-interaction-taken", browser, NOW)
        .await
        .unwrap()
        .unwrap();
    for key in ["secret-code-unused", "secret-code-used"] {
        store.insert_code(key, &code(OURS)).await.unwrap();
    }
    let made = [("secret-token-login", &token(OURS))];
    let won = store.redeem_code(OURS, "secret-code-used", NOW, &made);
    assert!(won.await.unwrap());
    store
        .insert_tokens(&[("secret-token-other", &token(OURS))])
        .await
        .unwrap();
    // Looking up leaves no trace either.
    store.customer_by_key(&key_of(OURS)).await.unwrap().unwrap();
    store.token(OURS, "secret-token-login").await.unwrap();

    let wal = bytes(folder.path());
    store.close().await;
    let closed = bytes(folder.path());

    for bytes in [wal, closed] {
        // The search works: this is written as it is.
        assert!(contains(&bytes, "client-z"));
        assert!(!contains(&bytes, "secret-"));
        assert!(!contains(&bytes, "sandbox-key-of-"));
    }
}

#[tokio::test]
async fn the_body_of_a_swept_run_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = in_file(&path).await;
    let finished = StoredRun {
        status: RunStatus::Finished,
        // Longer than a page, so that it lies on pages of its own.
        body: "a token in a run ".repeat(1000),
        ..run(OURS, "r")
    };
    store.insert_run(&finished).await.unwrap();
    store.close().await;
    assert!(contains(&bytes(folder.path()), "a token in a run"));

    let store = open(&path).await;
    store.sweep(finished.expires_at).await.unwrap();
    store.close().await;

    assert!(store_knows_it(&path).await);
    assert!(!contains(&bytes(folder.path()), "a token in a run"));
}

async fn store_knows_it(path: &Path) -> bool {
    let store = open(path).await;
    let known = store.run(OURS, "r").await.unwrap().is_some();
    store.close().await;
    known
}

#[test]
fn secrets_are_not_printed_for_debugging() {
    let printed = format!(
        "{:?} {:?}",
        interaction(OURS, "secret-browser"),
        StoredRun {
            body: "secret-body".to_owned(),
            ..run(OURS, "r")
        }
    );
    assert!(!printed.contains("secret-"), "{printed}");
    assert!(printed.contains("customer-ours"), "{printed}");
}
