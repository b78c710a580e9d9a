//! The token endpoint: a code works once.

use crate::world::World;
use http::StatusCode;

#[tokio::test]
async fn reusing_a_code_revokes_its_tokens() {
    let world = World::new().await;
    let code = world.code("openid").await;
    let token = world.redeem(&code).await.json();
    let access_token = token["access_token"].as_str().unwrap();
    let other = world.login("openid").await;
    assert_eq!(world.userinfo(access_token).await.status, StatusCode::OK);
    // Also long after the code has expired.
    world.clock.advance(600);
    world.redeem(&code).await.error(400, "invalid_grant");
    world
        .userinfo(access_token)
        .await
        .error(401, "invalid_token");
    world.redeem(&code).await.error(400, "invalid_grant");
    let other = other["access_token"].as_str().unwrap();
    assert_eq!(world.userinfo(other).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_replayed_jwt_access_token_dies_too() {
    let world = World::new().await;
    let code = world.code_for(&world.server_request("openid")).await;
    let token = world.redeem_as_server(&code).await.json();
    world
        .redeem_as_server(&code)
        .await
        .error(400, "invalid_grant");
    let access_token = token["access_token"].as_str().unwrap();
    world
        .userinfo(access_token)
        .await
        .error(401, "invalid_token");
}
