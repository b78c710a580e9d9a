//! A client chooses what its tokens are signed with.

use crate::{
    token::verified,
    world::{World, basic},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::StatusCode;
use oidc::signing_algorithm::SigningAlgorithm;
use serde_json::Value;
use sha2::{Digest as _, Sha256, Sha512};

/// Lets the client's tokens be signed with this, access tokens as JWTs.
async fn choose(world: &World, client: usize, algorithm: SigningAlgorithm) {
    let customer = &world.seed.customer_id;
    let mut client = world.seed.clients[client].clone();
    client.id_token_signed_response_alg = Some(algorithm);
    let replaced = world.store.replace_client(customer, &client);
    replaced.await.unwrap().unwrap();
    let mut policies = world.seed.token_policies.iter();
    let policy = policies.find(|policy| policy.id == client.token_policy);
    let mut policy = policy.unwrap().clone();
    policy.use_access_jwt = true;
    let replaced = world.store.replace_token_policy(customer, &policy);
    replaced.await.unwrap();
}

fn text<'a>(token: &'a Value, member: &str) -> &'a str {
    token[member].as_str().unwrap()
}

/// What the algorithm's hash makes of a text, the left half of it.
fn half_hash(algorithm: SigningAlgorithm, text: &str) -> String {
    let digest = match algorithm {
        SigningAlgorithm::EdDsa => Sha512::digest(text).to_vec(),
        _ => Sha256::digest(text).to_vec(),
    };
    URL_SAFE_NO_PAD.encode(&digest[..digest.len() / 2])
}

#[tokio::test]
async fn id_tokens_and_jwt_access_tokens_are_signed_as_the_client_chose() {
    let world = World::new().await;
    for algorithm in SigningAlgorithm::ALL {
        choose(&world, 1, algorithm).await;
        let code = world.code_for(&world.server_request("openid email")).await;
        let token = world.redeem_as_server(&code).await.json();
        let access_token = text(&token, "access_token");
        let (header, claims) = verified(&world, text(&token, "id_token")).await;
        assert_eq!(header["alg"], algorithm.as_str());
        assert_eq!(claims["at_hash"], half_hash(algorithm, access_token));
        let (header, _) = verified(&world, access_token).await;
        assert_eq!(header["alg"], algorithm.as_str());
        assert_eq!(header["typ"], "at+jwt");
        assert_eq!(world.userinfo(access_token).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn the_choice_of_one_client_leaves_the_others_alone() {
    let world = World::new().await;
    choose(&world, 1, SigningAlgorithm::EdDsa).await;
    let token = world.login("openid").await;
    let (header, _) = verified(&world, text(&token, "id_token")).await;
    assert_eq!(header["alg"], "RS256");
}

#[tokio::test]
async fn administrative_tokens_are_signed_as_the_client_chose() {
    let world = World::new().await;
    let client = &world.seed.clients[2];
    let authorization = basic(&client.id, client.secret.as_deref().unwrap());
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", "*:config/**"),
    ];
    for algorithm in SigningAlgorithm::ALL {
        choose(&world, 2, algorithm).await;
        let token = world.token(&form, Some(&authorization)).await.json();
        let access_token = text(&token, "access_token");
        let (header, claims) = verified(&world, access_token).await;
        assert_eq!(header["alg"], algorithm.as_str());
        assert_eq!(claims["sub"], client.id);
        let authorization = format!("Bearer {access_token}");
        let path = world.path("config/tokenPolicies");
        let reply = world.get_with(&path, &authorization).await;
        assert_eq!(reply.status, StatusCode::OK);
    }
}
