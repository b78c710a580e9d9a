use crate::fixture::*;
use store::{Swept, Token};

const DAY: i64 = 24 * 60 * 60;

#[tokio::test]
async fn sweeping_takes_what_has_expired_and_leaves_the_rest() {
    let store = in_memory().await;
    for (name, age) in [("old", 100), ("new", 0)] {
        let mut session = session(OURS);
        session.expires_at = session.expires_at.plus(-age);
        store.insert_session(name, &session).await.unwrap();
        let mut interaction = interaction(OURS, "b");
        interaction.expires_at = interaction.expires_at.plus(-age);
        store.insert_interaction(name, &interaction).await.unwrap();
        let mut code = code(OURS);
        code.expires_at = code.expires_at.plus(-age);
        store.insert_code(name, &code).await.unwrap();
        let token = Token {
            expires_at: NOW.plus(100 - age),
            ..token(OURS)
        };
        store.insert_tokens(&[(name, &token)]).await.unwrap();
        let mut run = run(OURS, name);
        run.expires_at = NOW.plus(100 - age);
        store.insert_run(&run).await.unwrap();
        let mut record = record(OURS, name);
        record.expires_at = NOW.plus(100 - age);
        store.insert_record(&record, 9).await.unwrap();
    }

    let swept = store.sweep(NOW).await.unwrap();

    assert_eq!(
        swept,
        Swept {
            sessions: 1,
            interactions: 1,
            password_resets: 0,
            codes: 1,
            tokens: 1,
            signing_keys: 0,
            key_rotations: 0,
            runs: 1,
            tombstones: 0,
            records: 1,
        }
    );
    let left = async |name: &str| {
        [
            store.session(OURS, name, NOW).await.unwrap().is_some(),
            store
                .interaction(OURS, name, "b", NOW)
                .await
                .unwrap()
                .is_some(),
            store.code(OURS, name).await.unwrap().is_some(),
            store.token(OURS, name).await.unwrap().is_some(),
        ]
    };
    assert_eq!(left("old").await, [false; 4]);
    assert_eq!(left("new").await, [true; 4]);
    assert_eq!(store.sweep(NOW).await.unwrap(), Swept::default());
}

#[tokio::test]
async fn a_used_code_is_remembered_for_a_day_longer() {
    let store = in_memory().await;
    store.insert_code("code", &code(OURS)).await.unwrap();
    assert!(store.redeem_code(OURS, "code", NOW, &[]).await.unwrap());
    let end = code(OURS).expires_at;

    store.sweep(end.plus(DAY - 1)).await.unwrap();
    let (_, used) = store.code(OURS, "code").await.unwrap().unwrap();
    assert!(used);

    assert_eq!(store.sweep(end.plus(DAY)).await.unwrap().codes, 1);
    assert_eq!(store.code(OURS, "code").await.unwrap(), None);
}

#[tokio::test]
async fn an_expired_run_leaves_a_tombstone_for_thirty_days() {
    let store = in_memory().await;
    store.insert_run(&run(OURS, "r")).await.unwrap();
    let body = run(OURS, "r").body;
    assert!(store.finish_run(OURS, "r", &body).await.unwrap());
    let end = run(OURS, "r").expires_at;

    assert_eq!(store.sweep(end.plus(-1)).await.unwrap().runs, 0);
    // Expired and not yet swept: the caller sees by the time that it is over.
    let unswept = store.run(OURS, "r").await.unwrap().unwrap();
    assert_eq!(unswept.body, body);
    assert_eq!(store.runs(OURS, 9).await.unwrap(), [unswept]);

    assert_eq!(store.sweep(end).await.unwrap().runs, 1);
    let tombstone = store.run(OURS, "r").await.unwrap().unwrap();
    assert_eq!(tombstone.body, "");
    assert_eq!(tombstone.expires_at, end);
    assert_eq!(store.runs(OURS, 9).await.unwrap(), []);

    let almost = store.sweep(end.plus(30 * DAY - 1)).await.unwrap();
    assert_eq!(almost, Swept::default());
    let last = store.sweep(end.plus(30 * DAY)).await.unwrap();
    assert_eq!(last.tombstones, 1);
    assert_eq!(store.run(OURS, "r").await.unwrap(), None);
}

#[tokio::test]
async fn a_run_that_expired_long_ago_goes_in_one_sweep() {
    let store = in_memory().await;
    store.insert_run(&run(OURS, "r")).await.unwrap();

    let swept = store.sweep(NOW.plus(90 * DAY)).await.unwrap();
    assert_eq!((swept.runs, swept.tombstones), (1, 1));
}

#[tokio::test]
async fn more_rows_than_one_batch_are_swept() {
    let store = in_memory().await;
    let token = token(OURS);
    let names: Vec<String> = (0..1001).map(|number| format!("token {number}")).collect();
    let all: Vec<_> = names.iter().map(|name| (name.as_str(), &token)).collect();
    store.insert_tokens(&all).await.unwrap();

    let swept = store.sweep(token.expires_at).await.unwrap();
    assert_eq!(swept.tokens, 1001);
}
