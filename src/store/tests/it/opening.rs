use crate::fixture::*;
use oidc::signing_algorithm::SigningAlgorithm;
use store::{SigningKey, Store, StoreError};

async fn refusal(url: &str) -> StoreError {
    Store::open(url).await.unwrap_err()
}

#[tokio::test]
async fn opening_makes_the_file_and_its_folders() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("not/there/yet with spaces.db");

    let store = open(&path).await;
    store.ping().await.unwrap();
    assert!(path.is_file());

    let slashes = format!("sqlite://{}", folder.path().join("other.db").display());
    Store::open(&slashes).await.unwrap().ping().await.unwrap();
    assert!(folder.path().join("other.db").is_file());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let _store = in_file(&folder.path().join("a.db")).await;

    for name in ["a.db", "a.db-wal"] {
        let file = std::fs::metadata(folder.path().join(name)).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn reopening_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let signing_key = SigningKey {
        kid: "kid".to_owned(),
        algorithm: SigningAlgorithm::Rs256,
        pkcs8: vec![1, 2, 3],
        created_at: NOW,
        published_until: None,
    };
    let store = in_file(&path).await;
    store.insert_session("s", &session(OURS)).await.unwrap();
    let asked = interaction(OURS, "b");
    store.insert_interaction("i", &asked).await.unwrap();
    store.insert_code("c", &code(OURS)).await.unwrap();
    store.insert_tokens(&[("t", &token(OURS))]).await.unwrap();
    let signing_keys = [signing_key];
    store.add_deployment_keys(&signing_keys).await.unwrap();
    store.insert_run(&run(OURS, "r")).await.unwrap();
    store.close().await;

    let store = open(&path).await;

    assert_eq!(
        store.customer_by_key(&key_of(OURS)).await.unwrap(),
        Some(customer(OURS))
    );
    assert_eq!(store.token_policies(OURS).await.unwrap(), token_policies());
    assert_eq!(store.login_policies(OURS).await.unwrap(), login_policies());
    assert_eq!(store.clients(OURS).await.unwrap(), clients());
    assert_eq!(store.people(OURS).await.unwrap(), persons());
    let found = store.session(OURS, "s", NOW).await.unwrap();
    assert_eq!(found, Some(session(OURS)));
    let found = store.interaction(OURS, "i", "b", NOW).await.unwrap();
    assert_eq!(found, Some(asked));
    let found = store.code(OURS, "c").await.unwrap();
    assert_eq!(found, Some((code(OURS), false)));
    assert_eq!(store.token(OURS, "t").await.unwrap(), Some(token(OURS)));
    assert_eq!(store.signing_keys(None).await.unwrap(), signing_keys);
    let found = store.run(OURS, "r").await.unwrap();
    assert_eq!(found, Some(run(OURS, "r")));
}

#[tokio::test]
async fn a_database_that_must_be_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("below/a.db");
    let error = Store::open_existing(&url(&path)).await.unwrap_err();
    assert!(
        error.to_string().contains("there is no such file"),
        "{error}"
    );
    assert!(!folder.path().join("below").exists());
    in_file(&path).await.close().await;
    let store = Store::open_existing(&url(&path)).await.unwrap();
    assert!(store.customer(OURS).await.unwrap().is_some());
}

#[tokio::test]
async fn every_database_in_memory_is_another_one() {
    let store = in_memory().await;
    let other = Store::open("sqlite::memory:").await.unwrap();

    assert!(store.customer(OURS).await.unwrap().is_some());
    assert_eq!(other.customer(OURS).await.unwrap(), None);
    other.ping().await.unwrap();
}

#[tokio::test]
async fn a_url_that_is_none_is_explained() {
    for (url, problem) in [
        ("postgres://localhost/db", "does not begin with `sqlite:`"),
        ("data.db", "does not begin with `sqlite:`"),
        ("", "does not begin with `sqlite:`"),
        ("sqlite:", "names no file"),
        ("sqlite://?mode=rwc", "names no file"),
        (
            "sqlite:data.db?colour=blue",
            "cannot be read (unknown query parameter `colour` while parsing connection URL)",
        ),
    ] {
        let error = refusal(url).await;
        assert!(matches!(error, StoreError::Url { .. }));
        assert_eq!(
            error.to_string(),
            format!(
                "the database URL {url:?} {problem}: write `sqlite:` and the path of a file, \
                 or `sqlite::memory:`"
            )
        );
    }
}

#[tokio::test]
async fn a_path_that_cannot_be_written_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();

    // Below a file; and a folder itself.
    for path in [file.join("a.db"), folder.path().to_owned()] {
        let error = refusal(&url(&path)).await;
        assert!(matches!(error, StoreError::File { .. }), "{error:?}");
        let text = error.to_string();
        let start = format!("the database file {} cannot be opened (", path.display());
        assert!(text.starts_with(&start), "{text}");
        let advice = "make it and its folder writable, or name another file in the database URL";
        assert!(text.ends_with(advice), "{text}");
        assert!(!text.contains('\n'), "{text}");
    }
}

#[tokio::test]
async fn a_database_that_may_only_be_read_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    open(&path).await.close().await;

    let error = refusal(&format!("{}?mode=ro", url(&path))).await;
    assert!(matches!(error, StoreError::File { .. }), "{error:?}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.txt");
    let letter = "Dear reader, this is not a database. ".repeat(50);
    std::fs::write(&path, &letter).unwrap();

    let error = refusal(&url(&path)).await;

    assert!(matches!(error, StoreError::Foreign { .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!(
            "the database file {} is not one this version can use (file is not a database): \
             move it away, or name another file in the database URL",
            path.display()
        )
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), letter);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    open(&path).await.close().await;
    let raw = sqlx::SqlitePool::connect(&url(&path)).await.unwrap();
    sqlx::query("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1")
        .execute(&raw)
        .await
        .unwrap();
    raw.close().await;

    let error = refusal(&url(&path)).await;
    let text = error.to_string();
    assert!(text.contains("(a newer version wrote it)"), "{text}");
}
