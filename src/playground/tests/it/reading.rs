use crate::world::World;
use diagnosis::verdict::{Tone, verdict};
use oidc::exchange::{Piece, body_pieces};
use playground::{RUN_LIFETIME, RunError};
use provider::SandboxKey;

#[tokio::test]
async fn reading_writes_nothing() {
    let world = World::new().await;
    let sandbox = world.sandbox().await;
    assert!(!sandbox.kept);
    assert!(world.playground.runs(&world.key).await.unwrap().is_empty());
    assert!(matches!(
        world.playground.run(&world.key, "any").await,
        Err(RunError::Unknown)
    ));
    let kept = world.store.customer(&sandbox.customer_id).await.unwrap();
    assert_eq!(kept, None);
}

#[tokio::test]
async fn what_is_shown_before_the_first_run_is_what_is_kept_after_it() {
    let mut world = World::new().await;
    let before = world.sandbox().await;
    let draft = world.draft().await;
    world.run_id(draft).await;
    let after = world.sandbox().await;
    assert!(after.kept);
    assert_eq!(after.customer_id, before.customer_id);
    assert_eq!(after.token_policies, before.token_policies);
    assert_eq!(after.clients, before.clients);
    assert_eq!(after.people, before.people);
    assert_eq!(after.password, before.password);
}

#[tokio::test]
async fn nobody_reads_the_run_of_another() {
    let mut world = World::new().await;
    let draft = world.draft().await;
    let id = world.run_id(draft).await;
    let other = SandboxKey::from_bytes([8; 32]);
    let unknown = world.playground.run(&other, &id).await;
    assert!(matches!(unknown, Err(RunError::Unknown)));
    // Also not with a sandbox of one's own.
    world.playground.reset(&other).await.unwrap();
    let unknown = world.playground.run(&other, &id).await;
    assert!(matches!(unknown, Err(RunError::Unknown)));
}

#[tokio::test]
async fn a_run_is_gone_after_a_day_and_said_to_be() {
    let mut world = World::new().await;
    let draft = world.draft().await;
    let id = world.run_id(draft).await;
    world.clock.advance(RUN_LIFETIME - 1);
    assert!(world.playground.run(&world.key, &id).await.is_ok());
    world.clock.advance(1);
    let expired = world.playground.run(&world.key, &id).await;
    assert!(matches!(expired, Err(RunError::Expired)));
    assert!(world.playground.runs(&world.key).await.unwrap().is_empty());
    world.store.sweep(world.now()).await.unwrap();
    let expired = world.playground.run(&world.key, &id).await;
    assert!(matches!(expired, Err(RunError::Expired)));
}

#[tokio::test]
async fn the_tokens_of_a_run_are_kept_with_it_and_shown_masked() {
    let mut world = World::new().await;
    let draft = world.draft().await;
    let run = world.run(draft).await;
    let token = run.token.as_ref().unwrap();
    let refresh_token = token.refresh_token.as_deref().unwrap();
    assert_eq!(refresh_token.len(), 64);
    let mut told = 0;
    for recorded in &run.exchanges {
        let Some(response) = &recorded.exchange.response else {
            continue;
        };
        told += response.body.matches(refresh_token).count();
        let masked: String = body_pieces(&response.body)
            .iter()
            .map(Piece::masked)
            .collect();
        for secret in [refresh_token, &token.access_token] {
            assert!(!masked.contains(secret), "{masked}");
        }
    }
    assert_eq!(told, 1);
}

#[tokio::test]
async fn runs_are_listed_with_their_verdicts_newest_first() {
    let mut world = World::new().await;
    let draft = world.draft().await;
    let first = world.run(draft.clone()).await;
    world.clock.advance(5);
    let second = world.run_id(draft).await;
    let runs = world.playground.runs(&world.key).await.unwrap();
    let ids: Vec<&str> = runs.iter().map(|run| run.id.as_str()).collect();
    assert_eq!(ids, [second.as_str(), first.id.as_str()]);
    assert_eq!(runs[1].headline, verdict(&first).headline);
    assert_eq!(runs[1].tone, Tone::Dropped);
    assert_eq!(runs[1].scope, "openid profile address");
    assert_eq!(runs[1].client, "Storefront");
}

#[tokio::test]
async fn resetting_forgets_runs_and_changes() {
    let mut world = World::new().await;
    let before = world.sandbox().await;
    let draft = world.draft().await;
    let id = world.run_id(draft).await;
    world.allow("openid").await;
    world.playground.reset(&world.key).await.unwrap();
    let gone = world.playground.run(&world.key, &id).await;
    assert!(matches!(gone, Err(RunError::Unknown)));
    assert_eq!(world.storefront().await, before.token_policies[0]);
}
