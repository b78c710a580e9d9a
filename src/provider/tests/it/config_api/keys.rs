//! Rotating keys.

use super::{Caller, text_of};
use crate::world::World;
use http::Method;
use serde_json::Value;

async fn published(world: &World) -> Vec<Value> {
    let keys = world.get(&world.path("login/jwk")).await.json();
    let keys = keys["keys"].as_array().unwrap().iter();
    keys.map(|key| key["kid"].clone()).collect()
}

#[tokio::test]
async fn new_keys_sign_and_the_former_stay_published() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let former = published(&world).await;
    let reply = caller.send(Method::POST, "config/keys/rotate", "").await;
    assert_eq!(reply.status.as_u16(), 201, "{}", reply.body);
    let kids = reply.json()["kids"].as_array().unwrap().clone();
    assert_eq!(kids.len(), 3);
    let now = published(&world).await;
    assert!(kids.iter().chain(&former).all(|kid| now.contains(kid)));
    assert!(!kids.iter().any(|kid| former.contains(kid)));
    let token = world.login("openid").await;
    let id_token = token["id_token"].as_str().unwrap();
    let (header, _) = crate::token::verified(&world, id_token).await;
    assert!(kids.contains(&header["kid"]));
}

#[tokio::test]
async fn too_many_rotations_are_to_be_tried_later() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let rotate = async || caller.send(Method::POST, "config/keys/rotate", "").await;
    for _ in 0..5 {
        assert_eq!(rotate().await.status.as_u16(), 201);
    }
    let reply = rotate().await;
    assert_eq!(
        text_of(&reply, 429),
        "keys may be rotated 5 times in little more than an hour"
    );
    let wait: i64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=3700).contains(&wait), "{wait}");
}

/// Else whoever resets their sandbox again and again makes as many keys as they
/// like, and nothing that is asked for costs more.
#[tokio::test]
async fn a_reset_gives_no_more_rotations() {
    let world = World::new().await;
    let rotated = async || {
        let caller = Caller::new(&world, "*:config/**").await;
        let rotated = caller.send(Method::POST, "config/keys/rotate", "").await;
        caller.send(Method::POST, "config/reset", "").await;
        rotated.status.as_u16()
    };
    for _ in 0..5 {
        assert_eq!(rotated().await, 201);
    }
    assert_eq!(rotated().await, 429);
    assert_eq!(published(&world).await.len(), 3);
}
