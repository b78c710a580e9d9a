//! Changing the sandbox over the configuration API.

use crate::world::World;
use oidc::{exchange::Step, scope::Scope};
use playground::{ConsoleError, Method, Wish};
use provider::SandboxKey;
use std::sync::atomic::Ordering;

fn put(path: &str, body: &str) -> Wish {
    Wish {
        method: Method::Put,
        path: path.to_owned(),
        body: Some(body.to_owned()),
        seen: None,
    }
}

async fn storefront(world: &World) -> String {
    format!("config/tokenPolicies/{}", world.storefront().await.id)
}

#[tokio::test]
async fn a_change_is_made_over_the_api_and_kept_with_its_calls() {
    let world = World::new().await;
    let path = storefront(&world).await;
    let wish = put(&path, r#"{"title":"New","allowedScopes":["openid"]}"#);
    let made = world.playground.change(&world.key, wish).await.unwrap();

    assert_eq!((made.what.status, made.what.is_done()), (200, true));
    assert!(made.what.before.as_ref().unwrap().contains("Storefront"));
    let steps: Vec<(Step, &str)> = made
        .what
        .exchanges
        .iter()
        .map(|recorded| (recorded.step, recorded.exchange.request.method.as_str()))
        .collect();
    assert_eq!(
        steps,
        [
            (Step::AdminToken, "POST"),
            (Step::ConfigRead, "GET"),
            (Step::ConfigWrite, "PUT"),
        ]
    );
    let policy = world.storefront().await;
    assert_eq!(policy.title, "New");
    assert_eq!(policy.allowed_scopes, Scope::parse("openid").scope);

    let read = world.playground.change_made(&world.key, &made.id).await;
    assert_eq!(read.unwrap(), Some(made.clone()));
    let listed = world.playground.changes(&world.key).await.unwrap();
    assert_eq!(listed, std::slice::from_ref(&made));
    let other = SandboxKey::from_bytes([8; 32]);
    let read = world.playground.change_made(&other, &made.id).await;
    assert_eq!(read.unwrap(), None);
}

#[tokio::test]
async fn what_the_api_refuses_is_kept_too_and_changes_nothing() {
    let world = World::new().await;
    let path = storefront(&world).await;
    let before = world.storefront().await;
    for (wish, status) in [
        (put(&path, r#"{"title":""}"#), 422),
        (put(&path, "{"), 400),
        (put("config/tokenPolicies/none", r#"{"title":"New"}"#), 404),
        (
            Wish {
                method: Method::Delete,
                body: None,
                ..put(&path, "")
            },
            409,
        ),
    ] {
        let refused = world.playground.change(&world.key, wish).await.unwrap();
        assert_eq!(
            (refused.what.status, refused.what.is_done()),
            (status, false)
        );
        assert!(refused.what.answer.contains("errors"));
    }
    assert_eq!(world.storefront().await, before);
    assert_eq!(world.playground.changes(&world.key).await.unwrap().len(), 4);
}

#[tokio::test]
async fn who_is_locked_out_is_told_and_so_is_who_gets_no_answer() {
    let world = World::new().await;
    let path = storefront(&world).await;
    let narrowed = put(&path, r#"{"title":"Still open"}"#);
    world
        .playground
        .change(&world.key, narrowed.clone())
        .await
        .unwrap();
    let sandbox = world.sandbox().await;
    let configuration = format!("config/tokenPolicies/{}", sandbox.token_policies[2].id);
    let locking = put(&configuration, r#"{"title":"t","allowedScopes":[".:**"]}"#);
    world.playground.change(&world.key, locking).await.unwrap();

    let refused = world.playground.change(&world.key, narrowed.clone()).await;
    assert!(matches!(
        refused,
        Err(ConsoleError::LockedOut { exchanges }) if exchanges.len() == 1
    ));

    world.playground.reset(&world.key).await.unwrap();
    world.cut.store(true, Ordering::SeqCst);
    let refused = world.playground.change(&world.key, narrowed).await;
    assert!(matches!(
        refused,
        Err(ConsoleError::Failed { exchanges, .. }) if exchanges.len() == 1
    ));
}
