//! The token endpoint: a code works once.

use crate::world::World;
use http::StatusCode;
use std::sync::Arc;
use store::Store;

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

/// Twelve requests with one code at the same time.
async fn race(world: Arc<World>) {
    let code = world.code("openid").await;
    let tasks: Vec<_> = (0..12)
        .map(|_| {
            let (world, code) = (Arc::clone(&world), code.clone());
            tokio::spawn(async move { world.redeem(&code).await })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        let reply = task.await.unwrap();
        if reply.status == StatusCode::OK {
            won += 1;
        } else {
            reply.error(400, "invalid_grant");
        }
    }
    assert_eq!(won, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twelve_parallel_exchanges_one_wins() {
    race(Arc::new(World::new().await)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twelve_parallel_exchanges_one_wins_in_a_file_too() {
    crate::log::keep();
    let path = format!(
        "{}/race-{}.sqlite",
        env!("CARGO_TARGET_TMPDIR"),
        provider::random::key()
    );
    let store = Store::open(&format!("sqlite:{path}")).await.unwrap();
    let world = Arc::new(World::on(store).await);
    for _ in 0..10 {
        race(Arc::clone(&world)).await;
    }
    world.store.close().await;
    std::fs::remove_file(path).unwrap();
}
