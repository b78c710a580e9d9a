//! What `policy` predicts is what the provider does.

use crate::world::{Browser, World};
use oidc::{
    authorization::AuthorizationRequest,
    scope::{Scope, ScopeToken},
};
use policy::release::Facts;
use proptest::{
    prelude::*,
    sample::{Index, subsequence},
    test_runner::{Config, TestRunner},
};
use serde_json::Value;

/// Scopes that are known, unknown, and of the other kind.
const WORDS: [&str; 9] = [
    "openid",
    "profile",
    "email",
    "address",
    "phone",
    "offline_access",
    "*:**",
    "OPENID",
    "a:b/c",
];

fn scope(words: Vec<&str>) -> Scope {
    words
        .into_iter()
        .map(|word| ScopeToken::new(word).unwrap())
        .collect()
}

/// A request: `openid` and others, in any order.
fn requested() -> impl Strategy<Value = Scope> {
    subsequence(&WORDS[1..], 0..WORDS.len())
        .prop_map(|mut words| {
            words.push("openid");
            words
        })
        .prop_shuffle()
        .prop_map(scope)
}

#[test]
fn the_token_endpoint_grants_what_was_predicted() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let world = runtime.block_on(World::new());
    let mut runner = TestRunner::new(Config {
        cases: 64,
        failure_persistence: None,
        ..Config::default()
    });
    let allowed = subsequence(&WORDS[..], 0..=WORDS.len())
        .prop_shuffle()
        .prop_map(scope);
    runner
        .run(
            &(requested(), allowed, any::<Index>()),
            |(requested, allowed, person)| {
                runtime.block_on(check(&world, &requested, allowed, person.index(4)));
                Ok(())
            },
        )
        .unwrap();
}

async fn check(world: &World, requested: &Scope, allowed: Scope, person: usize) {
    let customer = &world.seed.customer_id;
    let mut policy = world.seed.token_policies[0].clone();
    policy.allowed_scopes = allowed;
    world
        .store
        .replace_token_policy(customer, &policy)
        .await
        .unwrap();
    let profile = &world.seed.people[person].profile;
    let prediction = policy::predict(requested, None, &policy, &Facts::of(profile, None));

    let request: AuthorizationRequest = world.request(&requested.to_string());
    let reply = Browser::new(world).sign_in_as(&request, person).await;
    let token = world.redeem(&reply.callback()["code"]).await.json();
    assert_eq!(token["scope"], prediction.granted.scope.to_string());
    assert_eq!(
        token.get("id_token").is_some(),
        prediction.granted.scope.contains("openid")
    );
    let reply = world
        .userinfo(token["access_token"].as_str().unwrap())
        .await;
    match prediction.userinfo {
        Some(claims) => assert_eq!(reply.json(), Value::Object(claims)),
        None => {
            reply.error(403, "insufficient_scope");
        }
    }
}
