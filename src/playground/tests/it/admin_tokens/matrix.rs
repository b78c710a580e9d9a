//! The permission table against the API's real answers.

use super::{allow, ask, call};
use crate::world::World;
use policy::admin_scope;
use std::collections::BTreeSet;

/// Sets of scopes of every kind: wide and narrow, of each sign, exact and with
/// wildcards in each place, slips, and several at once. `{…}` are ids.
const SETS: [&str; 38] = [
    "",
    "XXXXX",
    "openid",
    "*.**",
    "*:",
    "!:**",
    "*:**",
    ".:**",
    "+:**",
    "=:**",
    "-:**",
    "*:config/**",
    ".:config/**",
    "*:config",
    "*:config/*",
    "*:config/*/*",
    "*:config/*/*/*",
    "*:*/tokenPolicies/**",
    "*:**/secret",
    ".:**/secret",
    "*:config/tokenPolicies",
    "*:config/tokenPolicies/*",
    "*:config/tokenPolicies/**",
    "-:config/tokenPolicies/{everything}",
    "=:config/tokenPolicies/{everything} .:config/tokenPolicies",
    ".:config/** *:config/tokenPolicies/**",
    ".:config/** =:config/tokenPolicies/*",
    "*:config/clients/**",
    "+:config/clients -:config/clients/{storefront}",
    "=:config/clients/{storefront}",
    "*:config/loginPolicies/** openid",
    "=:config/loginPolicies/*/pushClaims",
    "+:config/loginPolicies XXXXX",
    ".:config/people +:config/people",
    "*:config/people/*",
    "-:config/faults *:config/faults/catalog",
    "+:config/keys/rotate +:config/reset",
    "*:Config/** *:/config/** *:config/ .:config/tokenpolicies",
];

#[tokio::test]
async fn every_call_is_answered_as_the_table_says_whatever_the_scopes_are() {
    let world = World::new().await;
    let sandbox = world.sandbox().await;
    let mut seen = BTreeSet::new();
    for set in SETS {
        let scopes = set
            .replace("{everything}", &sandbox.token_policies[1].id)
            .replace("{storefront}", &sandbox.clients[0].id);
        allow(&world, &scopes).await;
        compare(&world, &scopes, &mut seen).await;
        world.playground.reset(&world.key).await.unwrap();
    }
    // Each operation was both let through and refused.
    let names: BTreeSet<&str> = provider::configuration_calls()
        .iter()
        .map(|call| call.name)
        .collect();
    for name in names {
        for allowed in [true, false] {
            assert!(seen.contains(&(name, allowed)), "{name} {allowed}");
        }
    }
}

/// Makes every call with a token of these scopes. What would end the token comes
/// last, with a token of its own.
async fn compare(world: &World, scopes: &str, seen: &mut BTreeSet<(&'static str, bool)>) {
    let token = ask(world, scopes).await;
    let granted = token.what.granted();
    let lab = world.playground.admin_token_lab(&world.key).await.unwrap();
    let own_client = format!("config/clients/{}", lab.clients[0].id);
    let mut calls = Vec::new();
    for place in &lab.places {
        for call in &place.calls {
            calls.push((call.method.clone(), place.path.clone(), call.name));
        }
    }
    // Reading and sending back first, then making, then removing. What is about
    // an id that is not there comes before something is made in its place.
    let order = |method: &str, path: &str| match method {
        _ if path.ends_with("none-yet") => 0,
        "GET" => 0,
        "PUT" => 1,
        "POST" => 2,
        _ => 3,
    };
    calls.sort_by_key(|(method, path, name)| {
        let ends = *name == "resetCustomer" || (method == "DELETE" && *path == own_client);
        (ends, order(method, path))
    });
    for (method, path, name) in calls {
        let allowed = admin_scope::allows(&granted, &method, &path);
        seen.insert((name, allowed));
        let ends = name == "resetCustomer" || (method == "DELETE" && path == own_client);
        if ends && allowed {
            // What went before may have gone with an earlier one of these.
            world.playground.reset(&world.key).await.unwrap();
            allow(world, scopes).await;
            let token = ask(world, scopes).await;
            let made = call(world, &token.id, &method, &path).await;
            assert!(
                made.is_none_or(|made| made.status == Some(204)),
                "{scopes}: {name}"
            );
            continue;
        }
        let id = if world
            .playground
            .admin_token(&world.key, &token.id)
            .await
            .is_ok()
        {
            token.id.clone()
        } else {
            ask(world, scopes).await.id
        };
        let made = call(world, &id, &method, &path).await.unwrap();
        let refused = made.status == Some(403);
        assert_eq!(refused, !allowed, "{scopes}: {method} {path}: {made:?}");
        assert_eq!(
            made.expected.is_allowed(),
            allowed,
            "{scopes}: {method} {path}"
        );
        assert_eq!(made.agrees(), Some(true), "{scopes}: {method} {path}");
    }
}
