//! Tokens that come with the code, in a form.

use crate::world::{Pairs, World, with, without};
use diagnosis::evidence::{Draft, Outcome, Run};
use oidc::{
    exchange::{Piece, Step, body_pieces},
    verification::CheckName,
};
use playground::{Begun, Way};

/// A run that asks for tokens with the code.
async fn begun(world: &World, response_type: &str) -> Begun {
    let draft = Draft {
        response_type: Some(response_type.to_owned()),
        ..world.draft().await
    };
    world.begin(draft).await
}

/// A world whose login policy allows every response type.
async fn generous() -> World {
    let mut world = World::new().await;
    // The first run writes the sandbox.
    let draft = world.draft().await;
    world.run_id(draft).await;
    let sandbox = world.sandbox().await;
    let mut policy = sandbox.login_policies[0].clone();
    policy.allowed_response_types = oidc::response_type::ResponseType::ALL
        .map(|own| own.as_str().to_owned())
        .into();
    world
        .store
        .replace_login_policy(&sandbox.customer_id, &policy)
        .await
        .unwrap();
    world
}

async fn come_back(world: &World, pairs: Pairs) -> Run {
    let id = world
        .playground
        .callback(&world.key, pairs, Way::Form)
        .await
        .unwrap();
    world.read(&id).await
}

#[tokio::test]
async fn every_hybrid_response_type_completes_and_each_id_token_is_checked() {
    let mut world = generous().await;
    for (response_type, id_tokens) in [
        ("code id_token", 2),
        ("code token", 1),
        ("code id_token token", 2),
    ] {
        let begun = begun(&world, response_type).await;
        assert!(begun.location.contains("response_mode=form_post"));
        let pairs = world.answer_by_form(&begun).await;
        let run = come_back(&world, pairs).await;
        assert_eq!(run.outcome, Outcome::Completed, "{response_type}");
        assert!(run.checks.iter().all(|check| check.passed));
        let count = |name| run.checks.iter().filter(|check| check.name == name).count();
        assert_eq!(count(CheckName::Signature), id_tokens, "{response_type}");
        assert_eq!(count(CheckName::CodeHash), id_tokens - 1);
        assert!(run.userinfo.unwrap().contains_key("given_name"));
    }
}

#[tokio::test]
async fn the_transcript_says_that_a_form_was_posted() {
    let mut world = generous().await;
    let begun = begun(&world, "code id_token").await;
    let pairs = world.answer_by_form(&begun).await;
    let run = come_back(&world, pairs).await;
    let came = &run.exchanges[1];
    assert_eq!(came.step, Step::Callback);
    assert_eq!(came.exchange.request.method, "POST");
    assert!(came.exchange.request.url.ends_with("/callback"));
    assert!(came.exchange.request.body.contains("id_token="));
    let secrets = body_pieces(&came.exchange.request.body)
        .into_iter()
        .filter(|piece| matches!(piece, Piece::Secret(_)));
    assert_eq!(secrets.count(), 2, "the code and the ID token");
}

#[tokio::test]
async fn an_id_token_of_another_answer_is_refused_before_the_code_is_used() {
    let mut world = generous().await;
    let first = begun(&world, "code id_token").await;
    let first = world.answer_by_form(&first).await;
    let second = begun(&world, "code id_token").await;
    let second = world.answer_by_form(&second).await;
    let stolen = first.iter().find(|(name, _)| name == "id_token").unwrap();
    let run = come_back(&world, with(second, "id_token", &stolen.1)).await;
    let Outcome::Failed { step, .. } = run.outcome else {
        panic!("{:?}", run.outcome);
    };
    assert_eq!(step, Step::Callback);
    assert!(run.exchanges.iter().all(|made| made.step != Step::Token));
    // Without its own ID token the answer still completes: its code is good.
    let run = come_back(&world, without(first, "id_token")).await;
    assert_eq!(run.outcome, Outcome::Completed);
}

#[tokio::test]
async fn a_response_type_the_login_policy_does_not_allow_comes_back_as_a_refusal() {
    let mut world = World::new().await;
    let begun = begun(&world, "code id_token").await;
    let pairs = world.answer_by_form(&begun).await;
    let run = come_back(&world, pairs).await;
    let Outcome::Refused(error) = run.outcome else {
        panic!("{:?}", run.outcome);
    };
    assert_eq!(error.error, "unsupported_response_type");
}
