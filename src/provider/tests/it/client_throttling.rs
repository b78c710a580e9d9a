//! How often a client may fail to prove itself.

use crate::world::{Reply, World, basic, encode};
use axum::body::Body;
use http::{Request, StatusCode, header};
use provider::ClientAddress;

/// So many wrong secrets are looked at per client, address and minute.
const MOST: usize = 20;

/// A request for an administrative token, or for whatever another client gets.
async fn attempt(world: &World, id: &str, secret: &str, from: Option<&str>) -> Reply {
    attempt_at(world, "login/token", id, secret, from).await
}

async fn attempt_at(
    world: &World,
    rest: &str,
    id: &str,
    secret: &str,
    from: Option<&str>,
) -> Reply {
    let form = [("grant_type", "client_credentials"), ("token", "x")];
    let mut request = Request::post(world.path(rest))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::AUTHORIZATION, basic(id, secret))
        .body(Body::from(encode(&form)))
        .unwrap();
    if let Some(address) = from {
        let address = ClientAddress(address.parse().unwrap());
        request.extensions_mut().insert(address);
    }
    world.send(request).await
}

fn configuration(world: &World) -> (&str, &str) {
    let client = &world.seed.clients[2];
    (&client.id, client.secret.as_deref().unwrap())
}

/// Wrong secrets, as many as are looked at.
async fn exhaust(world: &World, id: &str, from: Option<&str>) {
    for number in 0..MOST {
        let reply = attempt(world, id, &format!("wrong-{number}"), from).await;
        reply.error(401, "invalid_client");
    }
}

fn assert_braked(reply: &Reply, seconds: &str) {
    let description = reply.error(429, "temporarily_unavailable");
    assert!(description.contains(seconds), "{description}");
    assert_eq!(reply.header("retry-after"), Some(seconds));
    assert_eq!(reply.header("www-authenticate"), None);
}

const HERE: Option<&str> = Some("192.0.2.1");
const THERE: Option<&str> = Some("192.0.2.2");

#[tokio::test]
async fn after_twenty_wrong_secrets_an_address_waits_for_the_rest_of_the_minute() {
    let world = World::new().await;
    let (id, secret) = configuration(&world);
    exhaust(&world, id, HERE).await;
    world.clock.advance(45);
    assert_braked(&attempt(&world, id, "wrong", HERE).await, "15");
    // The right one as well: else guessing on would pay.
    assert_braked(&attempt(&world, id, secret, HERE).await, "15");
    world.clock.advance(15);
    let reply = attempt(&world, id, secret, HERE).await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_elsewhere_is_held_up() {
    let world = World::new().await;
    let (id, secret) = configuration(&world);
    exhaust(&world, id, HERE).await;
    for from in [THERE, None] {
        let reply = attempt(&world, id, secret, from).await;
        assert_eq!(reply.status, StatusCode::OK);
    }
    // Nor another client at the same address.
    let reply = attempt(&world, &world.seed.clients[1].id, "wrong", HERE).await;
    reply.error(401, "invalid_client");
    assert_braked(&attempt(&world, id, secret, HERE).await, "60");
}

#[tokio::test]
async fn one_subscriber_is_one_address() {
    let world = World::new().await;
    let (id, secret) = configuration(&world);
    for number in 0..MOST {
        let from = format!("2001:db8::{number:x}");
        let reply = attempt(&world, id, "wrong", Some(&from)).await;
        reply.error(401, "invalid_client");
    }
    assert_braked(
        &attempt(&world, id, secret, Some("2001:db8::ffff")).await,
        "60",
    );
    let reply = attempt(&world, id, secret, Some("2001:db8:0:1::1")).await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn all_that_come_from_nowhere_known_are_one() {
    let world = World::new().await;
    let (id, secret) = configuration(&world);
    exhaust(&world, id, None).await;
    assert_braked(&attempt(&world, id, secret, None).await, "60");
    let reply = attempt(&world, id, secret, HERE).await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn the_brake_holds_at_all_three_endpoints_together() {
    let world = World::new().await;
    let (id, secret) = configuration(&world);
    let endpoints = [
        "login/token",
        "login/token/introspect",
        "login/token/revoke",
    ];
    for number in 0..MOST {
        let reply = attempt_at(&world, endpoints[number % 3], id, "wrong", HERE).await;
        reply.error(401, "invalid_client");
    }
    for rest in endpoints {
        assert_braked(&attempt_at(&world, rest, id, secret, HERE).await, "60");
        let reply = attempt_at(&world, rest, id, secret, THERE).await;
        assert_eq!(reply.status, StatusCode::OK, "{rest}");
    }
}

#[tokio::test]
async fn right_secrets_never_count() {
    let world = World::new().await;
    let (id, secret) = configuration(&world);
    for _ in 0..3 * MOST {
        let reply = attempt(&world, id, secret, HERE).await;
        assert_eq!(reply.status, StatusCode::OK);
    }
    // And pay for no further guesses.
    for number in 0..MOST {
        let reply = attempt(&world, id, &format!("wrong-{number}"), HERE).await;
        reply.error(401, "invalid_client");
        if number + 1 < MOST {
            let reply = attempt(&world, id, secret, HERE).await;
            assert_eq!(reply.status, StatusCode::OK);
        }
    }
    assert_braked(&attempt(&world, id, "wrong", HERE).await, "60");
}

#[tokio::test]
async fn where_there_is_no_secret_to_guess_nothing_is_counted() {
    let world = World::new().await;
    let public = world.seed.clients[0].id.as_str();
    for id in [public, "unknown"] {
        for _ in 0..=MOST {
            let reply = attempt(&world, id, "wrong", HERE).await;
            reply.error(401, "invalid_client");
        }
    }
    // Nor where none was sent.
    let (id, secret) = configuration(&world);
    let form = [("grant_type", "client_credentials"), ("client_id", id)];
    for _ in 0..=MOST {
        world.token(&form, None).await.error(401, "invalid_client");
    }
    let reply = attempt(&world, id, secret, None).await;
    assert_eq!(reply.status, StatusCode::OK);
}
