use crate::world::{PUBLIC_URL, World, came_back};
use diagnosis::{
    compare::diff,
    evidence::{Draft, HowLearnt, Outcome, Run},
    funnel::{FirstStop, funnel},
    verdict::{Tone, verdict},
};
use oidc::{exchange::Step, scope::ScopeToken};
use playground::Way;
use serde_json::Value;
use std::sync::atomic::Ordering;

fn steps(run: &Run) -> Vec<Step> {
    run.exchanges.iter().map(|recorded| recorded.step).collect()
}

fn first_stop(run: &Run, scope: &str) -> Option<FirstStop> {
    funnel(run)
        .into_iter()
        .find(|row| row.scope.as_str() == scope)
        .unwrap()
        .first_stop
}

fn token(scope: &str) -> ScopeToken {
    ScopeToken::new(scope).unwrap()
}

#[tokio::test]
async fn a_dropped_scope_is_explained_added_and_there() {
    let mut world = World::new().await;
    let draft = world.draft().await;
    let first = world.run(draft.clone()).await;
    assert_eq!(first.outcome, Outcome::Completed);
    assert_eq!(first.draft, draft);
    assert_eq!(first.learnt, HowLearnt::TokenResponse);
    assert_eq!(
        first.granted.as_ref().unwrap().to_string(),
        "openid profile"
    );
    assert!(!first.userinfo.as_ref().unwrap().contains_key("address"));
    assert!(first.checks.iter().all(|check| check.passed));
    assert_eq!(first.signed_in.as_ref().unwrap().name, "Alice Archer");
    assert_eq!(first_stop(&first, "profile"), None);
    assert_eq!(
        first_stop(&first, "address"),
        Some(FirstStop::NotInAllowedScopes)
    );
    let dropped = verdict(&first);
    assert_eq!(dropped.tone, Tone::Dropped);
    assert_eq!(dropped.missing, [token("address")]);

    let begun = world
        .playground
        .add_scopes_and_run_again(&world.key, &first.id, dropped.missing)
        .await
        .unwrap();
    let id = world.finish(&begun).await;
    let second = world.read(&id).await;
    assert_eq!(second.outcome, Outcome::Completed);
    assert_eq!(second.previous.as_deref(), Some(first.id.as_str()));
    assert_eq!(
        second.userinfo.as_ref().unwrap()["address"]["locality"],
        "Portland"
    );
    assert_eq!(first_stop(&second, "address"), None);
    assert_eq!(verdict(&second).tone, Tone::LetThrough);
    assert_eq!(second.draft.scope, first.draft.scope);
    assert_ne!(second.draft.state, first.draft.state);
    assert_ne!(second.draft.nonce, first.draft.nonce);
    assert_ne!(second.draft.code_verifier, first.draft.code_verifier);

    let change = second.change.as_ref().unwrap();
    assert_eq!(change.added.to_string(), "address");
    assert_eq!(change.before, first.policy);
    assert_eq!(change.after, second.policy);
    assert_eq!(
        change.after.allowed_scopes.to_string(),
        "openid profile address"
    );
    let calls: Vec<(Step, &str, u16)> = change
        .exchanges
        .iter()
        .map(|recorded| {
            let exchange = &recorded.exchange;
            let status = exchange.response.as_ref().unwrap().status;
            (recorded.step, exchange.request.method.as_str(), status)
        })
        .collect();
    assert_eq!(
        calls,
        [
            (Step::AdminToken, "POST", 200),
            (Step::ConfigRead, "GET", 200),
            (Step::ConfigWrite, "PUT", 200),
        ]
    );

    let difference = diff(&first, &second);
    assert_eq!(difference.scopes_gained.to_string(), "address");
    assert_eq!(difference.claims_gained, ["address"]);
    assert!(difference.claims_lost.is_empty());
}

#[tokio::test]
async fn the_whole_policy_is_written_back_with_the_scope_added() {
    let mut world = World::new().await;
    let draft = world.draft().await;
    let first = world.run_id(draft).await;
    let before = world.storefront().await;
    let begun = world
        .playground
        .add_scopes_and_run_again(&world.key, &first, vec![token("address")])
        .await
        .unwrap();
    let id = world.finish(&begun).await;
    let change = world.read(&id).await.change.unwrap();
    let sent: Value = serde_json::from_str(&change.exchanges[2].exchange.request.body).unwrap();
    assert_eq!(sent["title"], before.title);
    assert_eq!(sent["accessTokenLifetime"], before.access_token_lifetime);
    assert_eq!(sent["refreshTokenLifetime"], before.refresh_token_lifetime);
    assert_eq!(sent["useAccessJWT"], before.use_access_jwt);
    assert!(sent.get("_links").is_none());
    assert_eq!(world.storefront().await, change.after);
}

#[tokio::test]
async fn the_transcript_is_the_flow_in_order() {
    let mut world = World::new().await;
    let draft = world.draft().await;
    let begun = world.begin(draft).await;
    let id = world.finish(&begun).await;
    let run = world.read(&id).await;
    assert_eq!(
        steps(&run),
        [
            Step::Authorize,
            Step::Callback,
            Step::Discovery,
            Step::Token,
            Step::Jwks,
            Step::UserInfo,
        ]
    );
    // Byte for byte what the browser was sent to.
    assert_eq!(run.exchanges[0].exchange.request.url, begun.location);
    assert_eq!(run.authorization_url, begun.location);
    let callback = &run.exchanges[1].exchange.request;
    assert!(callback.url.starts_with(&format!("{PUBLIC_URL}/callback?")));
    assert_eq!(callback.headers, []);
    assert!(run.server_micros > 0);
}

#[tokio::test]
async fn a_confidential_client_runs_with_its_secret_and_a_jwt() {
    let mut world = World::new().await;
    let sandbox = world.sandbox().await;
    let draft = Draft {
        client: sandbox.clients[1].id.clone(),
        code_verifier: None,
        ..world.draft().await
    };
    let run = world.run(draft).await;
    assert_eq!(run.outcome, Outcome::Completed);
    assert_eq!(run.policy.title, "Everything");
    let token = run.token.as_ref().unwrap();
    assert_eq!(token.access_token.split('.').count(), 3);
    assert!(run.userinfo.unwrap().contains_key("address"));
}

#[tokio::test]
async fn no_value_is_told_apart_from_dropped() {
    let mut world = World::new().await;
    let bo = world.draft_as(1).await;
    world.begin(bo.clone()).await;
    world.allow("openid profile address").await;
    let run = world.run(bo).await;
    assert_eq!(run.signed_in.as_ref().unwrap().name, "Bo");
    assert!(run.granted.as_ref().unwrap().contains("address"));
    assert!(!run.userinfo.as_ref().unwrap().contains_key("address"));
    assert_eq!(first_stop(&run, "address"), Some(FirstStop::NoValue));
    assert_eq!(verdict(&run).missing, []);
}

#[tokio::test]
async fn a_policy_without_openid_closes_userinfo_without_failing_the_run() {
    let mut world = World::new().await;
    let draft = world.draft().await;
    world.begin(draft.clone()).await;
    world.allow("profile address").await;
    let run = world.run(draft).await;
    assert_eq!(run.outcome, Outcome::Completed);
    assert_eq!(run.granted.as_ref().unwrap().to_string(), "profile address");
    assert_eq!(run.id_token, None);
    assert_eq!(run.userinfo, None);
    assert_eq!(run.checks, []);
    assert_eq!(run.signed_in.as_ref().unwrap().name, "Alice Archer");
    let last = run.exchanges.last().unwrap();
    assert_eq!(last.step, Step::UserInfo);
    assert_eq!(last.exchange.response.as_ref().unwrap().status, 403);
    assert_eq!(
        first_stop(&run, "openid"),
        Some(FirstStop::NotInAllowedScopes)
    );
}

#[tokio::test]
async fn the_person_is_asked_when_the_draft_leaves_them_open() {
    let mut world = World::new().await;
    // Somebody is signed in already; the page must ask all the same.
    let draft = world.draft().await;
    world.run_id(draft.clone()).await;
    let open = Draft {
        person: None,
        ..draft
    };
    let begun = world.begin(open).await;
    let page = world.leave(&begun).await;
    assert!(page.contains("/auth-ui/login?interaction="), "{page}");
    let dana = world.sandbox().await.people[3].profile.uuid.clone();
    let back = world.sign_in_form(&page, "person", &dana).await;
    let id = world
        .playground
        .callback(&world.key, came_back(&back), Way::Query)
        .await
        .unwrap();
    let run = world.read(&id).await;
    assert_eq!(run.signed_in.unwrap().uuid, dana);
    assert_eq!(run.draft.person, None);

    // The repetition is about the same person, without asking again.
    let begun = world
        .playground
        .add_scopes_and_run_again(&world.key, &id, vec![token("address")])
        .await
        .unwrap();
    let id = world.finish(&begun).await;
    let again = world.read(&id).await;
    assert_eq!(again.signed_in.unwrap().uuid, dana);
    assert_eq!(again.draft.person, None);
}

#[tokio::test]
async fn cancelling_at_the_sign_in_page_is_what_came_of_the_run() {
    let mut world = World::new().await;
    let draft = Draft {
        person: None,
        ..world.draft().await
    };
    let begun = world.begin(draft).await;
    let page = world.leave(&begun).await;
    let back = world.sign_in_form(&page, "action", "cancel").await;
    let id = world
        .playground
        .callback(&world.key, came_back(&back), Way::Query)
        .await
        .unwrap();
    let run = world.read(&id).await;
    let Outcome::Refused(error) = &run.outcome else {
        panic!("{:?}", run.outcome)
    };
    assert_eq!(error.error, "access_denied");
    assert_eq!(run.learnt, HowLearnt::NothingIssued);
    assert_eq!(steps(&run), [Step::Authorize, Step::Callback]);
    assert_eq!(verdict(&run).tone, Tone::Failed);
}

#[tokio::test]
async fn asking_nobody_without_a_session_is_refused_by_the_provider() {
    let mut world = World::new().await;
    let draft = Draft {
        person: None,
        prompt: Some("none".to_owned()),
        ..world.draft().await
    };
    let run = world.run(draft).await;
    let Outcome::Refused(error) = &run.outcome else {
        panic!("{:?}", run.outcome)
    };
    assert_eq!(error.error, "login_required");
}

#[tokio::test]
async fn a_provider_that_does_not_answer_ends_the_run_at_that_step() {
    let mut world = World::new().await;
    let draft = world.draft().await;
    let begun = world.begin(draft).await;
    let pairs = world.answer(&begun).await;
    world.cut.store(true, Ordering::SeqCst);
    let id = world
        .playground
        .callback(&world.key, pairs, Way::Query)
        .await
        .unwrap();
    let run = world.read(&id).await;
    let Outcome::Failed { step, message, .. } = &run.outcome else {
        panic!("{:?}", run.outcome)
    };
    assert_eq!(*step, Step::Discovery);
    assert!(message.contains("the network is cut"), "{message}");
    let last = &run.exchanges.last().unwrap().exchange;
    assert_eq!(last.failure.as_deref(), Some("the network is cut"));
}
