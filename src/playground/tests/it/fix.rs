use crate::world::World;
use oidc::{
    exchange::Step,
    scope::{Scope, ScopeToken},
};
use playground::{FixError, RunError};
use provider::SandboxKey;
use std::sync::atomic::Ordering;

fn address() -> Vec<ScopeToken> {
    vec![ScopeToken::new("address").unwrap()]
}

#[tokio::test]
async fn a_scope_that_is_there_already_changes_nothing_and_runs_again() {
    let mut world = World::new().await;
    let draft = world.draft().await;
    let first = world.run_id(draft).await;
    world.allow("openid profile address").await;
    let begun = world
        .playground
        .add_scopes_and_run_again(&world.key, &first, address())
        .await
        .unwrap();
    let second = world.finish(&begun).await;
    let second = world.read(&second).await;
    assert_eq!(second.change, None);
    assert_eq!(second.previous, Some(first));
    assert!(second.userinfo.unwrap().contains_key("address"));
}

#[tokio::test]
async fn without_administrative_rights_the_policy_stays_as_it_was() {
    let mut world = World::new().await;
    let draft = world.draft().await;
    let first = world.run_id(draft).await;
    let sandbox = world.sandbox().await;
    let mut configuration = sandbox.token_policies[2].clone();
    configuration.allowed_scopes = Scope::parse("openid").scope;
    world
        .store
        .replace_token_policy(&sandbox.customer_id, &configuration)
        .await
        .unwrap();
    let refused = world
        .playground
        .add_scopes_and_run_again(&world.key, &first, address())
        .await;
    match refused {
        Err(FixError::Refused { failure, exchanges }) => {
            assert_eq!(failure.step, Step::ConfigRead);
            assert_eq!(
                failure.message,
                "The configuration API answered 403: Forbidden."
            );
            assert_eq!(exchanges.len(), 2);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(world.storefront().await, sandbox.token_policies[0]);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_told() {
    let mut world = World::new().await;
    let draft = world.draft().await;
    let first = world.run_id(draft).await;
    world.cut.store(true, Ordering::SeqCst);
    let refused = world
        .playground
        .add_scopes_and_run_again(&world.key, &first, address())
        .await;
    assert!(matches!(
        refused,
        Err(FixError::Refused { failure, exchanges })
            if failure.step == Step::AdminToken && exchanges.len() == 1
    ));
}

#[tokio::test]
async fn nobody_repeats_the_run_of_another() {
    let mut world = World::new().await;
    let draft = world.draft().await;
    let first = world.run_id(draft).await;
    let before = world.storefront().await;
    let other = SandboxKey::from_bytes([8; 32]);
    let refused = world
        .playground
        .add_scopes_and_run_again(&other, &first, address())
        .await;
    assert!(matches!(refused, Err(FixError::Run(RunError::Unknown))));
    assert_eq!(world.storefront().await, before);
}
