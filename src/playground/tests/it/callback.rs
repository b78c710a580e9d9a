use crate::world::{World, with, without};
use diagnosis::evidence::{Draft, Outcome};
use playground::{CallbackError, RUN_LIFETIME, RunError, Way};
use provider::SandboxKey;
use std::{
    future::{Future as _, poll_fn},
    task::Poll,
};

/// A world in which an answer waits to be brought to the callback.
async fn waiting() -> (World, Vec<(String, String)>) {
    let mut world = World::new().await;
    let draft = world.draft().await;
    let begun = world.begin(draft).await;
    let pairs = world.answer(&begun).await;
    (world, pairs)
}

async fn refused(world: &World, pairs: Vec<(String, String)>) -> CallbackError {
    world
        .playground
        .callback(&world.key, pairs, Way::Query)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_state_that_was_never_sent_is_unknown() {
    let (world, pairs) = waiting().await;
    let error = refused(&world, with(pairs.clone(), "state", "forged")).await;
    assert!(matches!(error, CallbackError::StateUnknown), "{error}");
    // The right answer is still welcome.
    assert!(
        world
            .playground
            .callback(&world.key, pairs, Way::Query)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn an_answer_without_state_is_told_so() {
    let (world, pairs) = waiting().await;
    for pairs in [without(pairs.clone(), "state"), with(pairs, "state", "")] {
        let error = refused(&world, pairs).await;
        assert!(matches!(error, CallbackError::StateMissing), "{error}");
    }
}

#[tokio::test]
async fn a_parameter_that_is_there_twice_is_refused() {
    let (world, mut pairs) = waiting().await;
    pairs.push(("code".to_owned(), "another".to_owned()));
    let error = refused(&world, pairs).await;
    assert!(matches!(&error, CallbackError::Repeated(name) if name == "code"));
}

#[tokio::test]
async fn an_answer_of_another_issuer_is_refused() {
    let (world, pairs) = waiting().await;
    for (pairs, wanted) in [
        (
            with(pairs.clone(), "iss", "https://evil.example"),
            Some("https://evil.example"),
        ),
        (without(pairs, "iss"), None),
    ] {
        match refused(&world, pairs).await {
            CallbackError::IssuerMismatch { found, .. } => assert_eq!(found.as_deref(), wanted),
            error => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn an_answer_with_neither_code_nor_error_is_refused() {
    let (world, pairs) = waiting().await;
    let error = refused(&world, without(pairs, "code")).await;
    assert!(matches!(error, CallbackError::CodeMissing), "{error}");
}

#[tokio::test]
async fn an_answer_brought_twice_leads_to_the_run_it_made() {
    let (world, pairs) = waiting().await;
    let id = world
        .playground
        .callback(&world.key, pairs.clone(), Way::Query)
        .await
        .unwrap();
    match refused(&world, pairs).await {
        CallbackError::AlreadyUsed { run } => assert_eq!(run, id),
        error => panic!("{error}"),
    }
    assert_eq!(world.read(&id).await.outcome, Outcome::Completed);
}

#[tokio::test]
async fn of_two_answers_at_once_one_makes_the_run() {
    let (world, pairs) = waiting().await;
    let (one, other) = tokio::join!(
        world
            .playground
            .callback(&world.key, pairs.clone(), Way::Query),
        world
            .playground
            .callback(&world.key, pairs.clone(), Way::Query),
    );
    let (id, error) = match (one, other) {
        (Ok(id), Err(error)) | (Err(error), Ok(id)) => (id, error),
        both => panic!("{both:?}"),
    };
    assert!(matches!(error, CallbackError::AlreadyUsed { run } if run == id));
    assert_eq!(world.read(&id).await.outcome, Outcome::Completed);
}

#[tokio::test]
async fn an_answer_in_another_browser_belongs_to_nothing() {
    let (world, pairs) = waiting().await;
    let other = SandboxKey::from_bytes([8; 32]);
    let error = world
        .playground
        .callback(&other, pairs, Way::Query)
        .await
        .unwrap_err();
    assert!(matches!(error, CallbackError::StateUnknown), "{error}");
}

#[tokio::test]
async fn an_answer_after_a_day_is_told_so() {
    let (world, pairs) = waiting().await;
    world.clock.advance(RUN_LIFETIME);
    let error = refused(&world, pairs.clone()).await;
    assert!(matches!(error, CallbackError::Expired), "{error}");
    world.store.sweep(world.now()).await.unwrap();
    let error = refused(&world, pairs).await;
    assert!(matches!(error, CallbackError::Expired), "{error}");
}

#[tokio::test]
async fn a_wrong_code_is_what_came_of_the_run() {
    let (world, pairs) = waiting().await;
    let id = world
        .playground
        .callback(&world.key, with(pairs, "code", "made-up"), Way::Query)
        .await
        .unwrap();
    match world.read(&id).await.outcome {
        Outcome::Failed { error, .. } => assert_eq!(error.unwrap().error, "invalid_grant"),
        outcome => panic!("{outcome:?}"),
    }
}

#[tokio::test]
async fn a_run_that_waits_is_not_shown_yet() {
    let mut world = World::new().await;
    let draft = Draft {
        state: Some("typed".to_owned()),
        ..world.draft().await
    };
    let begun = world.begin(draft).await;
    let sandbox = world.sandbox().await;
    let stored = world
        .store
        .run_by_state(&sandbox.customer_id, "typed")
        .await
        .unwrap()
        .unwrap();
    let error = world.playground.run(&world.key, &stored.id).await;
    assert!(matches!(error, Err(RunError::Pending)));
    assert!(world.playground.runs(&world.key).await.unwrap().is_empty());
    assert_eq!(world.finish(&begun).await, stored.id);
}

#[tokio::test]
async fn a_browser_that_reloads_while_it_waits_does_not_spoil_the_run() {
    let mut world = World::new().await;
    // The first one is given up after more and more of the work.
    for polls in 1..=60 {
        let draft = world.draft().await;
        let begun = world.begin(draft).await;
        let pairs = world.answer(&begun).await;
        let (playground, key) = (world.playground.clone(), world.key.clone());
        let mut given_up = Box::pin(playground.callback(&key, pairs.clone(), Way::Query));
        let mut left = polls;
        poll_fn(|context| {
            left -= 1;
            match given_up.as_mut().poll(context) {
                Poll::Pending if left > 0 => Poll::Pending,
                _ => Poll::Ready(()),
            }
        })
        .await;
        drop(given_up);
        let run = match world
            .playground
            .callback(&world.key, pairs, Way::Query)
            .await
        {
            Ok(run) | Err(CallbackError::AlreadyUsed { run }) => run,
            Err(error) => panic!("{error}"),
        };
        let outcome = world.read(&run).await.outcome;
        assert_eq!(outcome, Outcome::Completed, "after {polls} polls");
    }
}
