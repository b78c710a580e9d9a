//! Customers, clients, policies and people are remembered for a moment. Nobody
//! may notice.

use crate::fixture::*;
use store::Store;
use tempfile::TempDir;

/// Everything that is remembered, read again and again.
async fn read(store: &Store) -> (bool, bool, bool, bool, bool) {
    (
        store.customer(OURS).await.unwrap().is_some(),
        store.client(OURS, "client-z").await.unwrap().is_some(),
        store
            .token_policy(OURS, "policy-z")
            .await
            .unwrap()
            .is_some(),
        store.login_policy(OURS, "login-z").await.unwrap().is_some(),
        store.person(OURS, "person-z").await.unwrap().is_some(),
    )
}

/// A store in memory and one in a file.
async fn both(folder: &TempDir) -> [Store; 2] {
    let file = folder.path().join("a.db");
    [in_memory().await, in_file(&file).await]
}

#[tokio::test]
async fn whoever_reads_after_a_change_reads_the_change() {
    let folder = tempfile::tempdir().unwrap();
    for store in both(&folder).await {
        for round in 0..20 {
            let title = format!("round {round}");
            read(&store).await;

            let mut policy = token_policies().remove(0);
            policy.title.clone_from(&title);
            assert!(store.replace_token_policy(OURS, &policy).await.unwrap());
            let found = store.token_policy(OURS, "policy-z").await.unwrap();
            assert_eq!(found.unwrap().title, title);

            let mut client = clients().remove(0);
            client.name.clone_from(&title);
            store.replace_client(OURS, &client).await.unwrap().unwrap();
            let found = store.client(OURS, "client-z").await.unwrap();
            assert_eq!(found.unwrap().name, title);

            let mut person = persons().remove(0);
            person.description.clone_from(&title);
            store.replace_person(OURS, &person).await.unwrap();
            let found = store.person(OURS, "person-z").await.unwrap();
            assert_eq!(found.unwrap().description, title);

            let later = NOW.plus(round + 1);
            store.touch_customer(OURS, later).await.unwrap();
            let found = store.customer(OURS).await.unwrap();
            assert_eq!(found.unwrap().last_used_at, later);
        }
    }
}

#[tokio::test]
async fn nothing_of_a_deleted_customer_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    for store in both(&folder).await {
        assert_eq!(read(&store).await, (true, true, true, true, true));
        assert!(store.delete_customer(OURS).await.unwrap());
        assert_eq!(read(&store).await, (false, false, false, false, false));
        assert!(store.client(THEIRS, "client-z").await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_change_that_was_refused_is_not_remembered() {
    let folder = tempfile::tempdir().unwrap();
    for store in both(&folder).await {
        read(&store).await;
        // Its name is another client's: the transaction is rolled back.
        let mut client = clients().remove(0);
        client.name.clone_from(&clients()[1].name);
        let refused = store.replace_client(OURS, &client).await.unwrap();
        assert!(refused.is_err());
        let found = store.client(OURS, "client-z").await.unwrap();
        assert_eq!(found, Some(clients().remove(0)));
    }
}

#[tokio::test]
async fn readers_beside_a_writer_never_go_back_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = in_file(&folder.path().join("a.db")).await;
    let reader = tokio::spawn({
        let store = store.clone();
        async move {
            let mut last = NOW;
            while last < NOW.plus(100) {
                let customer = store.customer(OURS).await.unwrap().unwrap();
                assert!(customer.last_used_at >= last);
                last = customer.last_used_at;
                tokio::task::yield_now().await;
            }
        }
    });
    for second in 1..=100 {
        store.touch_customer(OURS, NOW.plus(second)).await.unwrap();
    }
    reader.await.unwrap();
}
