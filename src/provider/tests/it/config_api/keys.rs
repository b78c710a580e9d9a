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
        "5 retired sets of keys are still published"
    );
    let wait: i64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=3700).contains(&wait), "{wait}");
}
