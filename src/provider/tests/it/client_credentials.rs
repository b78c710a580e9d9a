//! Administrative tokens.

use crate::world::{World, basic};

#[tokio::test]
async fn the_answer_has_the_documented_members_in_the_documented_order() {
    let world = World::new().await;
    let token = world.administrative("*:config/**").await;
    let names: Vec<&String> = token.as_object().unwrap().keys().collect();
    assert_eq!(names, ["access_token", "expires_in", "token_type", "scope"]);
    assert_eq!(token["access_token"].as_str().unwrap().len(), 64);
    assert_eq!(token["expires_in"], 3600);
    assert_eq!(token["token_type"], "Bearer");
    assert_eq!(token["scope"], "*:config/**");
}

#[tokio::test]
async fn an_unlisted_scope_gets_a_token_that_says_nothing_of_scope() {
    let world = World::new().await;
    for scope in ["XXXXX", "", "*.**", "*:config/tokenPolicies/**"] {
        let token = world.administrative(scope).await;
        let names: Vec<&String> = token.as_object().unwrap().keys().collect();
        assert_eq!(
            names,
            ["access_token", "expires_in", "token_type"],
            "{scope}"
        );
        let authorization = format!("Bearer {}", token["access_token"].as_str().unwrap());
        let path = world.path("config/tokenPolicies");
        let reply = world.get_with(&path, &authorization).await;
        assert_eq!(reply.status.as_u16(), 403);
        assert_eq!(reply.body, r#"{"errors":"Forbidden"}"#);
    }
}

#[tokio::test]
async fn scopes_are_granted_as_exact_strings_in_the_order_of_the_request() {
    let world = World::new().await;
    let token = world.administrative(".:** XXXXX *:** .:** openid").await;
    assert_eq!(token["scope"], ".:** *:** openid");
}

#[tokio::test]
async fn only_a_configuration_client_gets_one() {
    let world = World::new().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", "*:config/**"),
    ];
    let reply = world
        .token(&form, Some(&world.server_authorization()))
        .await;
    reply.error(400, "unauthorized_client");
    let public = [
        ("grant_type", "client_credentials"),
        ("client_id", world.seed.clients[0].id.as_str()),
    ];
    world
        .token(&public, None)
        .await
        .error(400, "unauthorized_client");
    let configuration = &world.seed.clients[2];
    let secret = configuration.secret.as_deref().unwrap();
    let code = [("grant_type", "authorization_code"), ("code", "x")];
    let reply = world
        .token(&code, Some(&basic(&configuration.id, secret)))
        .await;
    reply.error(400, "unauthorized_client");
}
