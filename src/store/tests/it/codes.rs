use crate::fixture::*;
use store::{StoreError, Token};

#[tokio::test]
async fn a_code_is_kept_whole() {
    let store = in_memory().await;
    let mut bare = code(OURS);
    bare.nonce = None;
    bare.code_challenge = None;
    bare.login.sid = None;
    bare.login.claims = None;
    bare.scope = scope("");
    store.insert_code("bare", &bare).await.unwrap();
    store.insert_code("full", &code(OURS)).await.unwrap();

    assert_eq!(
        store.code(OURS, "bare").await.unwrap(),
        Some((bare.clone(), false))
    );
    assert!(store.redeem_code(OURS, "bare", NOW, &[]).await.unwrap());
    assert_eq!(store.code(OURS, "bare").await.unwrap(), Some((bare, true)));
    assert_eq!(
        store.code(OURS, "full").await.unwrap(),
        Some((code(OURS), false))
    );
}

#[tokio::test]
async fn a_code_is_taken_once_and_a_replay_is_recognised() {
    let store = in_memory().await;
    store.insert_code("code", &code(OURS)).await.unwrap();

    assert!(store.redeem_code(OURS, "code", NOW, &[]).await.unwrap());
    assert!(!store.redeem_code(OURS, "code", NOW, &[]).await.unwrap());

    let (replayed, used) = store.code(OURS, "code").await.unwrap().unwrap();
    assert!(used);
    assert_eq!(replayed.grant_id, "grant");
    assert_eq!(store.code(OURS, "never issued").await.unwrap(), None);
}

#[tokio::test]
async fn an_expired_code_is_known_and_cannot_be_taken() {
    let store = in_memory().await;
    store.insert_code("code", &code(OURS)).await.unwrap();
    let late = code(OURS).expires_at;

    assert!(!store.redeem_code(OURS, "code", late, &[]).await.unwrap());
    assert_eq!(
        store.code(OURS, "code").await.unwrap(),
        Some((code(OURS), false))
    );
    let in_time = late.plus(-1);
    assert!(store.redeem_code(OURS, "code", in_time, &[]).await.unwrap());
}

#[tokio::test]
async fn a_replay_revokes_the_tokens_of_its_grant_and_no_others() {
    let store = in_memory().await;
    store.insert_code("code", &code(OURS)).await.unwrap();
    let token_of = |customer: &str, grant: &str| Token {
        grant_id: grant.to_owned(),
        ..token(customer)
    };
    let made = [
        ("first", &token_of(OURS, "grant")),
        ("second", &token_of(OURS, "grant")),
    ];
    assert!(store.redeem_code(OURS, "code", NOW, &made).await.unwrap());
    store
        .insert_tokens(&[
            ("other", &token_of(OURS, "other grant")),
            ("theirs", &token_of(THEIRS, "grant")),
        ])
        .await
        .unwrap();

    assert!(!store.redeem_code(OURS, "code", NOW, &made).await.unwrap());
    assert_eq!(store.revoke_grant(OURS, "grant").await.unwrap(), 2);
    assert_eq!(store.revoke_grant(OURS, "grant").await.unwrap(), 0);

    for (customer, secret, revoked) in [
        (OURS, "first", true),
        (OURS, "second", true),
        (OURS, "other", false),
        (THEIRS, "theirs", false),
    ] {
        let token = store.token(customer, secret).await.unwrap().unwrap();
        assert_eq!(token.revoked, revoked, "{secret}");
    }
}

#[tokio::test]
async fn redeeming_keeps_code_and_tokens_as_they_were_when_a_token_cannot_be_kept() {
    let store = in_memory().await;
    store.insert_code("code", &code(OURS)).await.unwrap();
    store
        .insert_tokens(&[("taken", &token(OURS))])
        .await
        .unwrap();

    let made = [("new", &token(OURS)), ("taken", &token(OURS))];
    assert!(store.redeem_code(OURS, "code", NOW, &made).await.is_err());

    assert_eq!(store.token(OURS, "new").await.unwrap(), None);
    let made = [("new", &token(OURS))];
    assert!(store.redeem_code(OURS, "code", NOW, &made).await.unwrap());
}

#[tokio::test]
async fn redeeming_refuses_tokens_that_do_not_belong_to_the_code() {
    let store = in_memory().await;
    store.insert_code("code", &code(OURS)).await.unwrap();
    let of_another_grant = Token {
        grant_id: "other".to_owned(),
        ..token(OURS)
    };
    let of_another_client = Token {
        client_id: "client-a".to_owned(),
        ..token(OURS)
    };

    for wrong in [token(THEIRS), of_another_grant, of_another_client] {
        let made = [("token", &wrong)];
        let refused = store.redeem_code(OURS, "code", NOW, &made).await;
        assert!(matches!(refused, Err(StoreError::Mismatch(_))));
    }
    let (_, used) = store.code(OURS, "code").await.unwrap().unwrap();
    assert!(!used);
}

#[tokio::test]
async fn a_code_of_another_customer_cannot_be_seen_or_taken() {
    let store = in_memory().await;
    store.insert_code("code", &code(THEIRS)).await.unwrap();

    assert_eq!(store.code(OURS, "code").await.unwrap(), None);
    assert!(!store.redeem_code(OURS, "code", NOW, &[]).await.unwrap());
    assert!(store.redeem_code(THEIRS, "code", NOW, &[]).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_parallel_redemptions_exactly_one_wins_and_the_losers_see_its_token() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("race.db");
    // Two stores on one file, as two processes would have.
    let stores = [in_file(&path).await, open(&path).await];
    for round in 0..100 {
        let secret = format!("code {round}");
        let grant = format!("grant {round}");
        let mut issued = code(OURS);
        issued.grant_id.clone_from(&grant);
        stores[0].insert_code(&secret, &issued).await.unwrap();

        let start = std::sync::Arc::new(tokio::sync::Barrier::new(4));
        let racers: Vec<_> = (0..4)
            .map(|racer| {
                let (store, start) = (stores[racer % 2].clone(), start.clone());
                let (secret, grant) = (secret.clone(), grant.clone());
                tokio::spawn(async move {
                    let token = Token {
                        grant_id: grant.clone(),
                        ..token(OURS)
                    };
                    let name = format!("{secret} token {racer}");
                    start.wait().await;
                    let won = store
                        .redeem_code(OURS, &secret, NOW, &[(&name, &token)])
                        .await
                        .unwrap();
                    let kept = store.token(OURS, &name).await.unwrap().is_some();
                    assert_eq!(won, kept, "only the winner's token is kept");
                    if !won {
                        let (_, used) = store.code(OURS, &secret).await.unwrap().unwrap();
                        assert!(used, "a loser sees that the code was used");
                    }
                    won
                })
            })
            .collect();
        let mut winners = 0;
        for racer in racers {
            winners += usize::from(racer.await.unwrap());
        }
        assert_eq!(winners, 1, "round {round}");
        assert_eq!(stores[1].revoke_grant(OURS, &grant).await.unwrap(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_parallel_takers_of_a_code_an_interaction_or_a_run_exactly_one_wins() {
    let folder = tempfile::tempdir().unwrap();
    let store = in_file(&folder.path().join("race.db")).await;
    for round in 0..50 {
        let name = format!("round {round}");
        store.insert_code(&name, &code(OURS)).await.unwrap();
        store
            .insert_interaction(&name, &interaction(OURS, "browser"))
            .await
            .unwrap();
        store.insert_run(&run(OURS, &name)).await.unwrap();

        let racers: Vec<_> = (0..4)
            .map(|_| {
                let (store, name) = (store.clone(), name.clone());
                tokio::spawn(async move {
                    let code = store.redeem_code(OURS, &name, NOW, &[]).await.unwrap();
                    let interaction = store
                        .take_interaction(OURS, &name, "browser", NOW)
                        .await
                        .unwrap();
                    let run = store.finish_run(OURS, &name, "{}").await.unwrap();
                    [code, interaction.is_some(), run].map(usize::from)
                })
            })
            .collect();
        let mut winners = [0; 3];
        for racer in racers {
            for (sum, won) in winners.iter_mut().zip(racer.await.unwrap()) {
                *sum += won;
            }
        }
        assert_eq!(winners, [1; 3], "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_parallel_first_writes_of_a_customer_exactly_one_wins() {
    let folder = tempfile::tempdir().unwrap();
    let store = in_file(&folder.path().join("race.db")).await;
    for round in 0..20 {
        let id = format!("sandbox {round}");
        let racers: Vec<_> = (0..4)
            .map(|_| {
                let (store, id) = (store.clone(), id.clone());
                tokio::spawn(async move { insert(&store, &customer(&id), Some(&id)).await })
            })
            .collect();
        let mut winners = 0;
        for racer in racers {
            winners += usize::from(racer.await.unwrap());
        }
        assert_eq!(winners, 1);
        assert_eq!(store.clients(&id).await.unwrap(), clients());
    }
}
