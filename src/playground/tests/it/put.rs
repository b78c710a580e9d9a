//! What a PUT is predicted to change is what the API changes.

use crate::world::World;
use diagnosis::put;
use playground::{Method, Wish};
use policy::login_policy::LoginPolicy;
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use serde_json::{Map, Value, json};

/// A member that is left out, `null`, fine, or of a wrong kind.
fn member(fine: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Option<Value>> {
    prop_oneof![
        3 => fine.prop_map(Some),
        2 => Just(None),
        1 => Just(Some(Value::Null)),
        1 => prop::sample::select(vec![json!(0), json!("x"), json!([7]), json!({}), json!(true)])
            .prop_map(Some),
    ]
    .boxed()
}

fn object(members: Vec<(&'static str, Option<Value>)>) -> Map<String, Value> {
    let present = members.into_iter();
    present
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

fn token_policy_body() -> impl Strategy<Value = Map<String, Value>> {
    let scopes = prop::collection::vec("(openid|profile|address|[*.]:[a-z]{1,4})", 0..5);
    (
        member("[A-Za-zé ]{0,12}".prop_map(Value::from)),
        member((30_u32..4000).prop_map(Value::from)),
        member((30_u32..40_000_000).prop_map(|seconds| seconds.to_string().into())),
        member(scopes.prop_map(Value::from)),
        member(any::<bool>().prop_map(Value::from)),
        member(Just(json!({}))),
    )
        .prop_map(|(title, access, refresh, scopes, jwt, unknown)| {
            object(vec![
                ("title", title),
                ("accessTokenLifetime", access),
                ("refreshTokenLifetime", refresh),
                ("allowedScopes", scopes),
                ("useAccessJWT", jwt),
                ("_links", unknown),
            ])
        })
}

fn login_policy_body() -> impl Strategy<Value = Map<String, Value>> {
    let claims = json!({"userinfo": {"tier": "loyalty.tier"}, "id_token": {"n": "nickname"}});
    let store = json!({"type": "janrainCapture", "connectionDetails": {"entityType": "user"}});
    (
        member("[A-Za-z ]{0,12}".prop_map(Value::from)),
        member(Just(json!("https://login.example/in"))),
        member(Just(claims)),
        member(Just(store)),
        member(Just(json!(true))),
    )
        .prop_map(|(title, url, claims, store, push)| {
            object(vec![
                ("title", title),
                ("loginURL", url),
                ("customClaims", claims),
                ("identityStoreDetails", store),
                ("pushClaims", push),
            ])
        })
}

/// So many bodies, each from where the last one left off.
fn bodies(strategy: impl Strategy<Value = Map<String, Value>>) -> Vec<Map<String, Value>> {
    let mut runner = TestRunner::deterministic();
    (0..64)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect()
}

fn wish(path: String, body: &Map<String, Value>) -> Wish {
    Wish {
        method: Method::Put,
        path,
        body: Some(json!(body).to_string()),
        seen: None,
    }
}

#[tokio::test]
async fn what_a_put_makes_of_a_token_policy_is_what_was_predicted() {
    let world = World::new().await;
    let (mut taken, mut refused) = (0, 0);
    for body in bodies(token_policy_body()) {
        let before = world.sandbox().await.token_policies[0].clone();
        let predicted = put::token_policy(Some(&before), &body);
        let wish = wish(format!("config/tokenPolicies/{}", before.id), &body);
        let made = world.playground.change(&world.key, wish).await.unwrap();
        let after = world.sandbox().await.token_policies[0].clone();
        match predicted {
            Ok(predicted) => {
                assert_eq!(made.what.status, 200, "{body:?}");
                assert_eq!(after, predicted.after);
                taken += 1;
            }
            Err(error) => {
                assert_eq!(made.what.status, 422, "{body:?}");
                let said: Value = serde_json::from_str(&made.what.answer).unwrap();
                assert_eq!(said["errors"], error.to_string());
                assert_eq!(after, before);
                refused += 1;
            }
        }
    }
    assert!(taken > 10 && refused > 10, "{taken} {refused}");
}

#[tokio::test]
async fn what_a_put_makes_of_a_login_policy_is_what_was_predicted() {
    let world = World::new().await;
    let (mut taken, mut refused) = (0, 0);
    let now = async || -> LoginPolicy { world.sandbox().await.login_policies[0].clone() };
    for body in bodies(login_policy_body()) {
        let before = now().await;
        let predicted = put::login_policy(Some(&before), &body);
        let wish = wish(format!("config/loginPolicies/{}", before.id), &body);
        let made = world.playground.change(&world.key, wish).await.unwrap();
        match predicted {
            Ok(predicted) => {
                assert_eq!(made.what.status, 200, "{body:?} {}", made.what.answer);
                assert_eq!(now().await, predicted.after);
                taken += 1;
            }
            Err(error) => {
                assert_eq!(made.what.status, 422, "{body:?}");
                let said: Value = serde_json::from_str(&made.what.answer).unwrap();
                assert_eq!(said["errors"], error.to_string());
                assert_eq!(now().await, before);
                refused += 1;
            }
        }
    }
    assert!(taken > 10 && refused > 10, "{taken} {refused}");
}
