//! Token policies.

use super::{Caller, gone, ok, refused, text_of};
use crate::world::World;
use http::StatusCode;
use serde_json::json;

const LIST: &str = "config/tokenPolicies";

fn item(id: &str) -> String {
    format!("{LIST}/{id}")
}

#[tokio::test]
async fn the_list_names_every_policy_and_links_to_it() {
    let world = World::new().await;
    let caller = Caller::new(&world, ".:**").await;
    let reply = caller.get(LIST).await;
    assert_eq!(reply.status, StatusCode::OK);
    insta::assert_snapshot!(reply.body, @r#"{"total":3,"_embedded":{"tokenPolicies":[{"id":"00000000-0000-4000-8000-000000000011","title":"Storefront","_links":{"self":{"href":"/00000000-0000-4000-8000-000000000001/config/tokenPolicies/00000000-0000-4000-8000-000000000011"}}},{"id":"00000000-0000-4000-8000-000000000012","title":"Everything","_links":{"self":{"href":"/00000000-0000-4000-8000-000000000001/config/tokenPolicies/00000000-0000-4000-8000-000000000012"}}},{"id":"00000000-0000-4000-8000-000000000013","title":"Configuration","_links":{"self":{"href":"/00000000-0000-4000-8000-000000000001/config/tokenPolicies/00000000-0000-4000-8000-000000000013"}}}]}}"#);
    for policy in reply.json()["_embedded"]["tokenPolicies"]
        .as_array()
        .unwrap()
    {
        let link = policy["_links"]["self"]["href"].as_str().unwrap();
        let reply = world.get_with(link, &caller.authorization).await;
        assert_eq!(reply.json()["title"], policy["title"]);
    }
}

#[tokio::test]
async fn one_policy_is_shown_whole() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let reply = caller.get(&item(&world.seed.token_policies[0].id)).await;
    insta::assert_snapshot!(reply.body, @r#"{"id":"00000000-0000-4000-8000-000000000011","title":"Storefront","accessTokenLifetime":3600,"refreshTokenLifetime":7776000,"allowedScopes":["openid","profile"],"useAccessJWT":false,"_links":{"self":{"href":"/00000000-0000-4000-8000-000000000001/config/tokenPolicies/00000000-0000-4000-8000-000000000011"}}}"#);
}

#[tokio::test]
async fn put_replaces_all_of_it() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let id = world.seed.token_policies[0].id.clone();
    let body = json!({
        "id": "another", "_links": {}, "unknown": 1,
        "title": "Shop", "accessTokenLifetime": "1800", "refreshTokenLifetime": 36000,
        "allowedScopes": ["openid", "address", "not-in-discovery"], "useAccessJWT": true
    });
    let reply = caller.put(&item(&id), &body).await;
    assert_eq!(reply.status, StatusCode::OK);
    let shown = reply.json();
    assert_eq!(shown["id"], id);
    assert_eq!(shown["title"], "Shop");
    assert_eq!(shown["accessTokenLifetime"], 1800);
    assert_eq!(
        shown["allowedScopes"],
        json!(["openid", "address", "not-in-discovery"])
    );
    assert_eq!(shown["useAccessJWT"], true);
    assert!(
        shown["_links"]["self"]["href"]
            .as_str()
            .unwrap()
            .ends_with(&id)
    );
    assert_eq!(caller.get(&item(&id)).await.json(), shown);
    // What the next body leaves out gets its default, and does not stay.
    let shown = caller
        .put(&item(&id), &json!({"title": "Shop"}))
        .await
        .json();
    assert_eq!(shown["accessTokenLifetime"], 3600);
    assert_eq!(shown["refreshTokenLifetime"], 7_776_000);
    assert_eq!(shown["useAccessJWT"], false);
}

#[tokio::test]
async fn leaving_allowed_scopes_out_widens_the_policy_to_every_scope() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let id = world.seed.token_policies[0].id.clone();
    assert_eq!(world.login("openid address").await["scope"], "openid");
    let shown = caller
        .put(&item(&id), &json!({"title": "Storefront"}))
        .await
        .json();
    assert_eq!(
        shown["allowedScopes"],
        json!(["openid", "profile", "email", "address", "phone"])
    );
    assert_eq!(
        world.login("openid address").await["scope"],
        "openid address"
    );
}

#[tokio::test]
async fn adding_a_scope_with_get_and_put_brings_the_claim() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let path = item(&world.seed.token_policies[0].id);
    let mut policy = caller.get(&path).await.json();
    policy["allowedScopes"]
        .as_array_mut()
        .unwrap()
        .push(json!("address"));
    assert_eq!(ok(&caller.put(&path, &policy).await), policy);
    let token = world.login("openid profile address").await;
    let claims = world
        .userinfo(token["access_token"].as_str().unwrap())
        .await
        .json();
    assert_eq!(claims["address"]["locality"], "Portland");
}

#[tokio::test]
async fn a_policy_is_made_and_its_answer_is_its_id_alone() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let body = json!({"title": "New", "allowedScopes": ["openid"], "id": "mine"});
    let reply = caller.post(LIST, &body).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let id = reply.json().as_str().unwrap().to_owned();
    assert_eq!(reply.body, format!("\"{id}\""));
    assert_eq!(id.len(), 36);
    let at = reply.header("location").unwrap();
    assert_eq!(at, world.path(&item(&id)));
    let shown = ok(&caller.get(&item(&id)).await);
    assert_eq!(shown["title"], "New");
    assert_eq!(shown["accessTokenLifetime"], 3600);
    let list = ok(&caller.get(LIST).await);
    assert_eq!(list["total"], 4);
    assert_eq!(list["_embedded"]["tokenPolicies"][3]["id"], id);
}

#[tokio::test]
async fn a_policy_in_use_stays_and_says_who_uses_it() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let (customer, clients) = (&world.seed.customer_id, &world.seed.clients);
    let everything = item(&world.seed.token_policies[1].id);
    let reply = caller.delete(&everything).await;
    let one = format!("[\"/customers/{customer}/clients/{}\"]\n", clients[1].id);
    refused(&reply, 409, &one);
    // With two of them, the text holds a JSON array of two lines.
    let body = json!({"name": "Second", "type": "confidential",
        "tokenPolicy": world.seed.token_policies[1].id});
    let second = caller.made_whole("config/clients", &body).await;
    let errors = text_of(&caller.delete(&everything).await, 409);
    let listed: Vec<String> = serde_json::from_str(&errors).unwrap();
    assert_eq!(listed.len(), 2);
    assert!(listed[1].ends_with(second["id"].as_str().unwrap()));
    assert_eq!(errors.lines().count(), 2);
    // Once nobody uses it, it goes.
    let free = caller.made(LIST, &json!({"title": "Free"})).await;
    gone(&caller.delete(&item(&free)).await);
    refused(&caller.delete(&item(&free)).await, 404, "Not Found");
    refused(&caller.get(&item(&free)).await, 404, "Not Found");
}

#[tokio::test]
async fn without_its_last_policy_for_configuration_a_customer_is_locked_out() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    let configuration = &world.seed.token_policies[2].id;
    let body = json!({"title": "Configuration", "allowedScopes": ["openid"]});
    ok(&caller.put(&item(configuration), &body).await);
    // The token that is there keeps its scopes, the next one has none.
    ok(&caller.get(LIST).await);
    let next = world.administrative("*:**").await;
    assert_eq!(next.get("scope"), None);
}

#[tokio::test]
async fn there_are_at_most_so_many_policies() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    for _ in world.seed.token_policies.len()..policy::limits::TOKEN_POLICIES {
        caller.made(LIST, &json!({"title": "One more"})).await;
    }
    let reply = caller.post(LIST, &json!({"title": "One too many"})).await;
    refused(
        &reply,
        409,
        "the customer has as many token policies as it may have",
    );
}
