use crate::fixture::*;
use store::{RunStatus, StoredRun};

#[tokio::test]
async fn a_run_is_finished_once() {
    let store = in_memory().await;
    store.insert_run(&run(OURS, "r")).await.unwrap();
    assert_eq!(store.run(OURS, "r").await.unwrap(), Some(run(OURS, "r")));

    assert!(store.finish_run(OURS, "r", r#"{"first":1}"#).await.unwrap());
    assert!(
        !store
            .finish_run(OURS, "r", r#"{"second":2}"#)
            .await
            .unwrap()
    );
    assert!(!store.finish_run(OURS, "none", "{}").await.unwrap());

    let expected = StoredRun {
        status: RunStatus::Finished,
        body: r#"{"first":1}"#.to_owned(),
        ..run(OURS, "r")
    };
    assert_eq!(store.run(OURS, "r").await.unwrap(), Some(expected));
}

#[tokio::test]
async fn the_newest_pending_run_of_a_state_is_found() {
    let store = in_memory().await;
    for id in ["first", "second", "third"] {
        let run = StoredRun {
            state: "same".to_owned(),
            ..run(OURS, id)
        };
        store.insert_run(&run).await.unwrap();
    }
    let pending = async |now| {
        let run = store.pending_run(OURS, "same", now).await.unwrap();
        run.map(|run| run.id)
    };

    assert_eq!(pending(NOW).await.as_deref(), Some("third"));
    assert!(store.finish_run(OURS, "third", "{}").await.unwrap());
    assert_eq!(pending(NOW).await.as_deref(), Some("second"));
    assert_eq!(pending(run(OURS, "r").expires_at).await, None);
    let newest = store.run_by_state(OURS, "same").await.unwrap().unwrap();
    assert_eq!(newest.id, "third");
    assert_eq!(newest.status, RunStatus::Finished);
    assert_eq!(store.run_by_state(OURS, "other").await.unwrap(), None);
}

#[tokio::test]
async fn finished_runs_are_listed_newest_first_up_to_a_limit() {
    let store = in_memory().await;
    for (id, age) in [("middle", 5), ("oldest", 9), ("new", 0), ("newest", 0)] {
        let run = StoredRun {
            created_at: NOW.plus(-age),
            status: RunStatus::Finished,
            ..run(OURS, id)
        };
        store.insert_run(&run).await.unwrap();
    }
    // One that waits takes no place in the list.
    store.insert_run(&run(OURS, "waiting")).await.unwrap();
    let listed = async |limit| {
        let runs = store.runs(OURS, limit).await.unwrap();
        runs.into_iter().map(|run| run.id).collect::<Vec<_>>()
    };

    assert_eq!(listed(9).await, ["newest", "new", "middle", "oldest"]);
    assert_eq!(listed(2).await, ["newest", "new"]);
}

#[tokio::test]
async fn runs_of_another_customer_are_out_of_reach_even_with_the_same_id() {
    let store = in_memory().await;
    store.insert_run(&run(THEIRS, "r")).await.unwrap();

    assert_eq!(store.run(OURS, "r").await.unwrap(), None);
    assert_eq!(store.runs(OURS, 9).await.unwrap(), []);
    let state = run(THEIRS, "r").state;
    assert_eq!(store.pending_run(OURS, &state, NOW).await.unwrap(), None);
    assert_eq!(store.run_by_state(OURS, &state).await.unwrap(), None);
    assert!(!store.finish_run(OURS, "r", "{}").await.unwrap());

    store.insert_run(&run(OURS, "r")).await.unwrap();
    assert!(store.finish_run(OURS, "r", "{}").await.unwrap());
    assert_eq!(
        store.run(THEIRS, "r").await.unwrap(),
        Some(run(THEIRS, "r"))
    );
}

#[tokio::test]
async fn only_the_newest_runs_of_a_customer_are_kept() {
    let store = in_memory().await;
    for number in 0..5 {
        store
            .insert_run(&run(OURS, &format!("{number}")))
            .await
            .unwrap();
    }
    store.insert_run(&run(THEIRS, "theirs")).await.unwrap();

    assert_eq!(store.trim_runs(OURS, 5).await.unwrap(), 0);
    assert_eq!(store.trim_runs(OURS, 2).await.unwrap(), 3);
    assert_eq!(store.run(OURS, "2").await.unwrap(), None);
    assert!(store.run(OURS, "3").await.unwrap().is_some());
    assert!(store.run(OURS, "4").await.unwrap().is_some());
    assert!(store.run(THEIRS, "theirs").await.unwrap().is_some());
}
