//! Claims that no scope brings: custom claims, push claims, and those of the
//! `claims` parameter.

use crate::{
    refresh::{id_token, text},
    world::{Browser, World},
};
use http::StatusCode;
use oidc::authorization::AuthorizationRequest;
use policy::login_policy::LoginPolicy;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

async fn set_login_policy(world: &World, change: impl FnOnce(&mut LoginPolicy)) {
    let mut policy = world.seed.login_policies[0].clone();
    change(&mut policy);
    let customer = &world.seed.customer_id;
    let replaced = world.store.replace_login_policy(customer, &policy).await;
    assert!(replaced.unwrap());
}

fn names(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(claim, attribute)| ((*claim).to_owned(), (*attribute).to_owned()))
        .collect()
}

async fn userinfo(world: &World, answer: &Value) -> Map<String, Value> {
    let reply = world.userinfo(text(answer, "access_token")).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let claims = reply.json().as_object().unwrap().clone();
    assert!(claims.keys().is_sorted(), "{}", reply.body);
    claims
}

/// A whole login of the public client.
async fn login(world: &World, request: &AuthorizationRequest) -> Value {
    let answer = Browser::new(world).sign_in_as(request, 0).await.callback();
    let reply = world.redeem(&answer["code"]).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    reply.json()
}

fn asking(world: &World, scope: &str, claims: &Value) -> AuthorizationRequest {
    AuthorizationRequest {
        claims: Some(claims.to_string()),
        ..world.request(scope)
    }
}

/// What a login with `openid` alone tells.
const USERINFO: [&str; 2] = ["global_sub", "sub"];
const ID_TOKEN: [&str; 12] = [
    "acr",
    "at_hash",
    "aud",
    "auth_time",
    "exp",
    "global_sub",
    "iat",
    "iss",
    "jti",
    "nonce",
    "sid",
    "sub",
];

fn assert_names(claims: &Map<String, Value>, always: &[&str], more: &[&str]) {
    let mut expected = [always, more].concat();
    expected.sort_unstable();
    let mut names: Vec<&String> = claims.keys().collect();
    names.sort();
    assert_eq!(names, expected);
}

#[tokio::test]
async fn custom_claims_come_unasked_where_the_login_policy_puts_them() {
    let world = World::new().await;
    let mut person = world.seed.people[0].clone();
    let attributes = &mut person.profile.attributes;
    attributes.insert("newsletterSubscriber".to_owned(), json!(true));
    let customer = &world.seed.customer_id;
    let replaced = world.store.replace_person(customer, &person).await;
    assert_eq!(replaced.unwrap(), Some(true));
    set_login_policy(&world, |policy| {
        policy.custom_claims.id_token = names(&[
            ("subscriber", "newsletterSubscriber"),
            ("nothing", "no.such.attribute"),
            ("empty", "middleName"),
        ]);
        policy.custom_claims.userinfo = names(&[("town", "primaryAddress.city")]);
    })
    .await;
    let token = world.login("openid").await;
    let held = id_token(&token);
    assert_names(&held, &ID_TOKEN, &["subscriber"]);
    assert_eq!(held["subscriber"], true);
    let told = userinfo(&world, &token).await;
    assert_names(&told, &USERINFO, &["town"]);
    assert_eq!(told["town"], "Portland");

    // The login policy counts as it stands when it is asked.
    set_login_policy(&world, |policy| {
        policy.custom_claims.id_token = names(&[("mail", "email")]);
    })
    .await;
    assert_names(&userinfo(&world, &token).await, &USERINFO, &[]);
    let refreshed = world.refresh(text(&token, "refresh_token")).await.json();
    assert_eq!(id_token(&refreshed)["mail"], "alice@example.com");
}

#[tokio::test]
async fn without_openid_custom_claims_are_not_told_either() {
    let world = World::new().await;
    set_login_policy(&world, |policy| {
        policy.custom_claims.userinfo = names(&[("town", "primaryAddress.city")]);
    })
    .await;
    let token = world.login("openid profile").await;
    let narrow = world
        .refresh_for(text(&token, "refresh_token"), "profile")
        .await
        .json();
    let reply = world.userinfo(text(&narrow, "access_token")).await;
    reply.error(403, "insufficient_scope");
}

#[tokio::test]
async fn push_claims_put_the_claims_of_granted_scopes_into_the_id_token() {
    let world = World::new().await;
    set_login_policy(&world, |policy| policy.push_claims = true).await;
    // The policy of the public client grants no address.
    let token = world.login("openid profile address").await;
    let profile = [
        "birthdate",
        "family_name",
        "gender",
        "given_name",
        "name",
        "nickname",
        "preferred_username",
        "updated_at",
    ];
    let held = id_token(&token);
    assert_names(&held, &ID_TOKEN, &profile);
    assert_eq!(held["name"], "Alice Archer");
    assert_names(&userinfo(&world, &token).await, &USERINFO, &profile);
    let narrow = world
        .refresh_for(text(&token, "refresh_token"), "openid")
        .await
        .json();
    assert!(!id_token(&narrow).contains_key("name"));
}

#[tokio::test]
async fn the_claims_parameter_brings_single_claims_to_where_it_asks_for_them() {
    let world = World::new().await;
    let claims = json!({
        "userinfo": {"email": null, "birthdate": {"essential": true}, "shoe_size": null},
        "id_token": {"phone_number": {"value": "+1"}, "middle_name": null, "sub": null},
        "somewhere": {"name": null},
    });
    let token = login(&world, &asking(&world, "openid", &claims)).await;
    let check = async |answer: &Value, always: &[&str]| {
        let told = userinfo(&world, answer).await;
        assert_names(&told, &USERINFO, &["birthdate", "email"]);
        assert_eq!(told["email"], "alice@example.com");
        let held = id_token(answer);
        assert_names(&held, always, &["phone_number"]);
        // The person has one number, whichever the client would like.
        assert_eq!(held["phone_number"], "+15035550142");
    };
    check(&token, &ID_TOKEN).await;
    // It goes with the login, not with one token.
    let refreshed = world.refresh(text(&token, "refresh_token")).await.json();
    let without_nonce: Vec<&str> = ID_TOKEN.into_iter().filter(|own| *own != "nonce").collect();
    check(&refreshed, &without_nonce).await;
    // And not with the person's other logins.
    let other = world.login("openid").await;
    assert_names(&userinfo(&world, &other).await, &USERINFO, &[]);
}

#[tokio::test]
async fn a_jwt_access_token_remembers_the_claims_parameter_too() {
    let world = World::new().await;
    let request = AuthorizationRequest {
        claims: Some(json!({"userinfo": {"email": null}}).to_string()),
        ..world.server_request("openid")
    };
    let code = world.code_for(&request).await;
    let token = world.redeem_as_server(&code).await.json();
    assert_names(&userinfo(&world, &token).await, &USERINFO, &["email"]);
}

#[tokio::test]
async fn another_clients_login_policy_brings_nothing() {
    let world = World::new().await;
    let customer = &world.seed.customer_id;
    let mut policy = LoginPolicy::new("other".to_owned(), "Other".to_owned());
    policy.push_claims = true;
    policy.custom_claims.userinfo = names(&[("town", "primaryAddress.city")]);
    world
        .store
        .insert_login_policy(customer, &policy)
        .await
        .unwrap();
    let token = world.login("openid profile").await;
    assert!(!userinfo(&world, &token).await.contains_key("town"));
    let mut client = world.seed.clients[0].clone();
    client.login_policy = Some(policy.id);
    let replaced = world.store.replace_client(customer, &client).await;
    assert_eq!(replaced.unwrap(), Ok(()));
    assert_eq!(userinfo(&world, &token).await["town"], "Portland");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn no_custom_claim_touches_what_the_protocol_says(
        held in proptest::collection::btree_set(
            prop_oneof![
                proptest::sample::select(&ID_TOKEN[..]).prop_map(str::to_owned),
                proptest::sample::select(
                    &["c_hash", "nbf", "azp", "amr", "_claim_names", "_claim_sources"][..],
                )
                .prop_map(str::to_owned),
                r"\PC{0,12}",
            ],
            0..8,
        ),
        with_nonce in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::new().await;
            set_login_policy(&world, |policy| {
                let claims: BTreeMap<String, String> =
                    held.iter().map(|name| (name.clone(), "email".to_owned())).collect();
                policy.custom_claims.id_token.clone_from(&claims);
                policy.custom_claims.userinfo = claims;
            })
            .await;
            let mut request = world.request("openid");
            if !with_nonce {
                request.nonce = None;
            }
            let token = login(&world, &request).await;
            let (id_token, told) = (id_token(&token), userinfo(&world, &token).await);
            assert_eq!(id_token.contains_key("nonce"), with_nonce);
            assert_eq!(id_token["iss"], world.issuer());
            for claims in [&id_token, &told] {
                assert_eq!(claims["sub"], world.seed.people[0].profile.uuid);
                for absent in ["c_hash", "nbf", "azp", "amr", "_claim_names", "_claim_sources"] {
                    assert_eq!(claims.get(absent), None);
                }
                for name in &ID_TOKEN {
                    assert_ne!(claims.get(*name), Some(&json!("alice@example.com")), "{name}");
                }
            }
        });
    }
}
