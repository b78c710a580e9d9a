//! What `policy` predicts is what the provider does.

use crate::world::{Browser, World};
use oidc::{
    authorization::AuthorizationRequest,
    claims_request::ClaimsRequest,
    jwt::Jwt,
    scope::{Scope, ScopeToken},
};
use policy::{
    login_policy::CustomClaims,
    release::{Claims, Facts, StandardScope},
};
use proptest::{
    prelude::*,
    sample::{Index, subsequence},
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

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
            &(requested(), allowed, unasked(), claims(), any::<Index>()),
            |(requested, allowed, unasked, claims, person)| {
                let case = Case {
                    requested,
                    allowed,
                    unasked,
                    claims,
                    person: person.index(4),
                };
                runtime.block_on(check(&world, &case));
                Ok(())
            },
        )
        .unwrap();
}

/// Claims that somebody has, that nobody has, and that are the protocol's own.
const CLAIMS: [&str; 8] = [
    "email",
    "birthdate",
    "address",
    "phone_number_verified",
    "picture",
    "sub",
    "nonce",
    "global_sub",
];

fn some_claims() -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(&CLAIMS[..], 0..=CLAIMS.len())
}

/// A `claims` parameter, or none.
fn claims() -> impl Strategy<Value = Option<String>> {
    let asked = (some_claims(), some_claims()).prop_map(|(userinfo, id_token)| {
        let members = |names: Vec<&str>| -> Value {
            let names = names.into_iter().map(|name| (name.to_owned(), Value::Null));
            Value::Object(names.collect())
        };
        json!({ "userinfo": members(userinfo), "id_token": members(id_token) }).to_string()
    });
    proptest::option::of(asked)
}

/// Push claims and custom claims of a login policy.
fn unasked() -> impl Strategy<Value = (bool, CustomClaims)> {
    let attributes = prop_oneof![Just("email"), Just("primaryAddress.city"), Just("no.such")];
    let named = || {
        let name = prop_oneof![3 => Just("town"), 1 => Just("email"), 1 => Just("iss")];
        proptest::collection::btree_map(
            name.prop_map(str::to_owned),
            attributes.clone().prop_map(str::to_owned),
            0..3,
        )
    };
    let custom =
        (named(), named()).prop_map(|(id_token, userinfo)| CustomClaims { id_token, userinfo });
    (any::<bool>(), custom)
}

/// What decides over a login.
struct Case {
    requested: Scope,
    allowed: Scope,
    unasked: (bool, CustomClaims),
    claims: Option<String>,
    person: usize,
}

async fn check(world: &World, case: &Case) {
    let customer = &world.seed.customer_id;
    let mut policy = world.seed.token_policies[0].clone();
    policy.allowed_scopes = case.allowed.clone();
    world
        .store
        .replace_token_policy(customer, &policy)
        .await
        .unwrap();
    let mut login_policy = world.seed.login_policies[0].clone();
    (login_policy.push_claims, login_policy.custom_claims) = case.unasked.clone();
    world
        .store
        .replace_login_policy(customer, &login_policy)
        .await
        .unwrap();
    let facts = Facts::of(&world.seed.people[case.person].profile, Some(&login_policy));
    let claims = case
        .claims
        .as_deref()
        .map(|text| ClaimsRequest::parse(text).unwrap());
    let prediction = policy::predict(&case.requested, claims.as_ref(), &policy, &facts);

    let request = AuthorizationRequest {
        claims: case.claims.clone(),
        ..world.request(&case.requested.to_string())
    };
    let reply = Browser::new(world).sign_in_as(&request, case.person).await;
    let token = world.redeem(&reply.callback()["code"]).await.json();
    assert_eq!(token["scope"], prediction.granted.scope.to_string());
    assert_eq!(
        token.get("id_token").is_some(),
        prediction.granted.scope.contains("openid")
    );
    if let Some(id_token) = token.get("id_token") {
        let held = Jwt::decode(id_token.as_str().unwrap()).unwrap().payload;
        about_the_person(&held, &prediction.id_token);
    }
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

/// What was predicted stands in the ID token, and nothing else does but the
/// protocol's own claims.
fn about_the_person(held: &Claims, predicted: &Claims) {
    for (name, value) in predicted {
        assert_eq!(held.get(name), Some(value), "{name}");
    }
    let about: Vec<String> = held
        .keys()
        .filter(|name| {
            let is_standard = StandardScope::ALL
                .into_iter()
                .flat_map(StandardScope::claims)
                .any(|own| own == name);
            (is_standard || *name == "town") && *name != "sub"
        })
        .cloned()
        .collect();
    for name in about {
        assert!(predicted.contains_key(&name), "{name} was not predicted");
    }
}
