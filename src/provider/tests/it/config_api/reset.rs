//! Going back to the beginning.

use super::{Caller, gone, ok, refused, text_of};
use crate::world::{World, basic};
use http::{Method, StatusCode};
use provider::{SandboxKey, Seed};
use serde_json::json;

const PATH: &str = "config/reset";

#[tokio::test]
async fn the_demo_customer_is_as_documented_again_and_every_token_ends() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    let policies = caller.get("config/tokenPolicies").await.body;
    let clients = caller.get("config/clients").await.body;
    let storefront = format!("config/tokenPolicies/{}", world.seed.token_policies[0].id);
    ok(&caller.put(&storefront, &json!({"title": "Mine"})).await);
    gone(
        &caller
            .delete(&format!("config/clients/{}", world.seed.clients[1].id))
            .await,
    );
    gone(
        &caller
            .delete(&format!(
                "config/people/{}",
                world.seed.people[1].profile.uuid
            ))
            .await,
    );
    let keys = world.get(&world.path("login/jwk")).await.body;
    caller.send(Method::POST, "config/keys/rotate", "").await;
    let person = world.login("openid").await;
    gone(&caller.send(Method::POST, PATH, "").await);

    refused(&caller.get("config/clients").await, 403, "Forbidden");
    let token = person["access_token"].as_str().unwrap();
    world.userinfo(token).await.error(401, "invalid_token");
    let caller = Caller::new(&world, "*:**").await;
    assert_eq!(caller.get("config/tokenPolicies").await.body, policies);
    assert_eq!(caller.get("config/clients").await.body, clients);
    assert_eq!(ok(&caller.get("config/people").await)["total"], 4);
    assert_eq!(world.get(&world.path("login/jwk")).await.body, keys);
    world.login("openid").await;
}

/// A call carries no key, only a token: a script resets what a visitor made.
#[tokio::test]
async fn a_sandbox_is_as_its_key_makes_it_again() {
    let world = World::new().await;
    let key = SandboxKey::generate();
    let seed = Seed::sandbox(&key, crate::world::PUBLIC_URL);
    let customer = world.provider.ensure_sandbox(&key).await.unwrap();
    let configuration = &seed.clients[2];
    let secret = configuration.secret.as_deref().unwrap();
    let token = async || {
        let path = format!("/{}/login/token", customer.id);
        let form = [("grant_type", "client_credentials"), ("scope", "*:**")];
        let reply = world
            .post_form(&path, &form, Some(&basic(&configuration.id, secret)))
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        format!("Bearer {}", reply.json()["access_token"].as_str().unwrap())
    };
    let call = async |method: Method, rest: &str, authorization: &str| {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("/{}/{rest}", customer.id))
            .header("authorization", authorization);
        world
            .send(request.body(axum::body::Body::empty()).unwrap())
            .await
    };
    let first = token().await;
    let person = format!("config/people/{}", seed.people[0].profile.uuid);
    gone(&call(Method::DELETE, &person, &first).await);
    let rotated = format!("config/clients/{}/secret", seed.clients[1].id);
    call(Method::POST, &rotated, &first).await;
    gone(&call(Method::POST, PATH, &first).await);

    let again = token().await;
    ok(&call(Method::GET, &person, &again).await);
    let shown = ok(&call(Method::GET, &rotated, &again).await);
    assert_eq!(shown["secret"], seed.clients[1].secret.clone().unwrap());
    // The visitor's key still opens it, and nothing is made anew for it.
    assert_eq!(
        world
            .store
            .customer_by_key(key.as_str())
            .await
            .unwrap()
            .unwrap()
            .id,
        customer.id
    );
    assert_eq!(
        world.store.clients(&customer.id).await.unwrap(),
        seed.clients
    );
}

#[tokio::test]
async fn a_customer_whose_beginning_was_not_kept_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("play.sqlite").display());
    let world = World::on(store::Store::open(&url).await.unwrap()).await;
    let customer = &world.seed.customer_id;
    // As an earlier version left a sandbox.
    let statements =
        format!("DELETE FROM seeds; UPDATE customers SET kind = 'fixture' WHERE id = '{customer}'");
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(statements))
        .execute(&pool)
        .await
        .unwrap();
    let caller = Caller::new(&world, "*:**").await;
    let errors = text_of(&caller.send(Method::POST, PATH, "").await, 409);
    assert!(errors.contains("was not kept"), "{errors}");
    ok(&caller.get("config/clients").await);
}
