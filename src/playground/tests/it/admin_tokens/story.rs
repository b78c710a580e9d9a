//! A token's life, from the request to the end.

use super::{allow, ask, call, trial};
use crate::world::World;
use diagnosis::admin::{Permission, Refusal, TokenAnswer, TokenState, members};
use oidc::scope::Scope;
use playground::{AdminTokenError, Answered, ConsoleError, TokenStep, Tried, Widening};
use provider::SandboxKey;
use std::sync::atomic::Ordering;

async fn state(world: &World, id: &str) -> (TokenState, i64) {
    let view = world.playground.admin_token(&world.key, id).await.unwrap();
    let left = view.expires_at.unwrap_or_default().since(view.now);
    (view.state, left)
}

/// What introspection said last.
async fn introspected(world: &World, id: &str) -> Answered {
    let view = world.playground.admin_token(&world.key, id).await.unwrap();
    view.steps
        .into_iter()
        .rev()
        .find_map(|step| match step.what {
            TokenStep::Introspected(answered) => Some(answered),
            _ => None,
        })
        .unwrap()
}

/// The statements of the documented page, one after the other.
#[tokio::test]
async fn an_administrative_token_that_does_not_work_is_found_out_about() {
    let world = World::new().await;
    // Only what the policy lists is allowed, whatever is asked for.
    let token = ask(&world, "XXXXX .:config/**").await;
    assert_eq!(token.what.granted(), Scope::default());
    // A token came all the same, and introspects as active.
    assert!(matches!(token.what.answer, TokenAnswer::Issued { .. }));
    let said = introspected(&world, &token.id).await;
    assert_eq!(said.status, Some(200));
    let found = members(&said.body);
    assert_eq!(found[0].value.as_deref(), Some("true"));
    assert_eq!((found[1].name.as_str(), &found[1].value), ("scope", &None));
    // And yet it can do nothing.
    let refused = call(&world, &token.id, "GET", "config/clients")
        .await
        .unwrap();
    assert_eq!(refused.status, Some(403));
    assert_eq!(refused.answer, r#"{"errors":"Forbidden"}"#);
    assert_eq!(refused.expected, Permission::Refused(Refusal::NoScope));

    // One that can only read cannot create a login policy.
    let token = ask(&world, ".:**").await;
    let refused = call(&world, &token.id, "POST", "config/loginPolicies")
        .await
        .unwrap();
    assert_eq!(refused.status, Some(403));
    assert_eq!(refused.expected, Permission::Refused(Refusal::NotCovered));

    // With a scope that the policy lists, it can.
    let again = world
        .playground
        .ask_admin_token_again(&world.key, &token.id, Some("*:config/**"), Widening::No)
        .await
        .unwrap();
    assert_eq!(again.what.requested, [".:**", "*:config/**"]);
    let made = call(&world, &again.id, "POST", "config/loginPolicies")
        .await
        .unwrap();
    assert_eq!((made.status, made.agrees()), (Some(201), Some(true)));
    assert_eq!(world.sandbox().await.login_policies.len(), 2);
}

#[tokio::test]
async fn what_is_tried_with_put_changes_nothing() {
    let world = World::new().await;
    let token = ask(&world, "*:**").await;
    let before = world.sandbox().await;
    let lab = world.playground.admin_token_lab(&world.key).await.unwrap();
    let mut puts = 0;
    for place in &lab.places {
        if place.calls.iter().any(|call| call.method == "PUT") {
            let made = call(&world, &token.id, "PUT", &place.path).await.unwrap();
            assert_eq!(made.status, Some(200), "{}: {}", place.path, made.answer);
            // GET, with the token itself.
            assert_eq!(made.prepared.len(), 1);
            puts += 1;
        }
    }
    assert_eq!(puts, 13);
    let mut after = world.sandbox().await;
    assert_eq!(after.token_policies, before.token_policies);
    assert_eq!(after.login_policies, before.login_policies);
    assert_eq!(after.clients, before.clients);
    for (after, before) in after.people.iter_mut().zip(&before.people) {
        // When a person was last written is the provider's to say.
        after.profile.last_updated = before.profile.last_updated;
    }
    assert_eq!(after.people, before.people);

    // One that may not read gets what it sends from the console.
    let blind = {
        allow(&world, "*:** =:**").await;
        ask(&world, "=:**").await
    };
    let person = format!("config/people/{}", before.people[0].profile.uuid);
    let made = call(&world, &blind.id, "PUT", &person).await.unwrap();
    assert_eq!((made.status, made.prepared.len()), (Some(200), 2));
}

#[tokio::test]
async fn what_makes_or_removes_something_is_asked_about_first_and_then_done() {
    let world = World::new().await;
    let token = ask(&world, "*:**").await;
    let lab = world.playground.admin_token_lab(&world.key).await.unwrap();
    let calls = lab.calls().len();
    let mut asked = 0;
    for (method, path) in lab.calls() {
        let mut wanted = trial(method, path);
        wanted.sure = false;
        if matches!(method, "POST" | "DELETE") {
            let tried = world
                .playground
                .try_call(&world.key, &token.id, wanted)
                .await;
            assert_eq!(tried.unwrap(), Tried::AskFirst, "{method} {path}");
            asked += 1;
        }
    }
    assert!(asked > 20 && asked < calls);
    let view = world
        .playground
        .admin_token(&world.key, &token.id)
        .await
        .unwrap();
    assert_eq!(
        view.steps.len(),
        1,
        "nothing but the introspection was sent"
    );

    for path in [
        "config/tokenPolicies",
        "config/loginPolicies",
        "config/clients",
        "config/people",
        "config/faults",
    ] {
        let made = call(&world, &token.id, "POST", path).await.unwrap();
        assert_eq!(made.status, Some(201), "{path}: {}", made.answer);
    }
    let person = world.sandbox().await.people[3].profile.uuid.clone();
    let gone = call(
        &world,
        &token.id,
        "DELETE",
        &format!("config/people/{person}"),
    )
    .await;
    assert_eq!(gone.unwrap().status, Some(204));
    // What a person wrote is sent as it is.
    let mut wanted = trial("POST", "config/tokenPolicies");
    wanted.body = Some("{".to_owned());
    match world
        .playground
        .try_call(&world.key, &token.id, wanted)
        .await
        .unwrap()
    {
        Tried::Made(step) => match step.what {
            TokenStep::Called(made) => {
                assert_eq!((made.status, made.agrees()), (Some(400), Some(true)));
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_call_that_is_not_there_is_not_made() {
    let world = World::new().await;
    let token = ask(&world, "*:**").await;
    for (method, path) in [
        ("PATCH", "config/clients"),
        ("GET", "config/nothing"),
        ("GET", "../other/config/clients"),
        ("", ""),
        ("GET", "config/clients/of-somebody-else"),
    ] {
        let tried = world
            .playground
            .try_call(&world.key, &token.id, trial(method, path));
        assert!(
            matches!(tried.await, Err(AdminTokenError::UnknownCall)),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn a_token_expires_by_itself_or_at_once_and_is_refused_then() {
    let world = World::new().await;
    let token = ask(&world, "*:**").await;
    assert_eq!(state(&world, &token.id).await, (TokenState::Live, 3600));
    world.clock.advance(3599);
    assert_eq!(state(&world, &token.id).await, (TokenState::Live, 1));
    world.clock.advance(1);
    assert_eq!(state(&world, &token.id).await, (TokenState::Expired, 0));

    let token = ask(&world, "*:**").await;
    world
        .playground
        .expire_admin_token(&world.key, &token.id)
        .await
        .unwrap();
    assert_eq!(state(&world, &token.id).await, (TokenState::Expired, 0));
    let refused = call(&world, &token.id, "GET", "config/clients")
        .await
        .unwrap();
    let dead = Permission::Refused(Refusal::Dead(TokenState::Expired));
    assert_eq!((refused.status, refused.expected), (Some(403), dead));
    world
        .playground
        .introspect_admin_token(&world.key, &token.id)
        .await
        .unwrap();
    let said = introspected(&world, &token.id).await;
    assert_eq!(said.body, r#"{"active":false}"#);
}

#[tokio::test]
async fn a_token_can_be_revoked_and_goes_with_its_client() {
    let world = World::new().await;
    let token = ask(&world, "*:**").await;
    let done = world
        .playground
        .revoke_admin_token(&world.key, &token.id)
        .await
        .unwrap();
    assert!(matches!(done.what, TokenStep::Revoked(answered) if answered.status == Some(200)));
    assert_eq!(state(&world, &token.id).await.0, TokenState::Revoked);
    let refused = call(&world, &token.id, "DELETE", "config/faults")
        .await
        .unwrap();
    assert_eq!(refused.status, Some(403));

    let token = ask(&world, "*:**").await;
    let sandbox = world.sandbox().await;
    let client = format!("config/clients/{}", sandbox.clients[2].id);
    assert!(
        world
            .playground
            .admin_token_lab(&world.key)
            .await
            .unwrap()
            .loses_way_in("DELETE", &client)
    );
    let gone = call(&world, &token.id, "DELETE", &client).await.unwrap();
    assert_eq!(gone.status, Some(204));
    assert_eq!(state(&world, &token.id).await.0, TokenState::Gone);
    for refused in [
        world
            .playground
            .introspect_admin_token(&world.key, &token.id)
            .await
            .map(drop),
        world
            .playground
            .revoke_admin_token(&world.key, &token.id)
            .await
            .map(drop),
        world
            .playground
            .ask_admin_token(&world.key, &sandbox.clients[2].id, Vec::new())
            .await
            .map(drop),
        world
            .playground
            .ask_admin_token_again(&world.key, &token.id, Some("*:**"), Widening::First)
            .await
            .map(drop),
    ] {
        assert!(matches!(refused, Err(AdminTokenError::UnknownClient)));
    }
}

#[tokio::test]
async fn who_is_locked_out_gets_back_in() {
    let world = World::new().await;
    let token = ask(&world, "*:**").await;
    let sandbox = world.sandbox().await;
    let before = (
        sandbox.clients[2].clone(),
        sandbox.token_policies[2].clone(),
    );
    // A change elsewhere, which must stay.
    call(&world, &token.id, "POST", "config/people").await;
    allow(&world, ".:**").await;
    let client = format!("config/clients/{}", sandbox.clients[2].id);
    call(&world, &token.id, "DELETE", &client).await;
    let lab = world.playground.admin_token_lab(&world.key).await.unwrap();
    assert!(!lab.has_way_in() && lab.clients.is_empty());

    // Twice, and with everything there, does no harm.
    for _ in 0..2 {
        world.playground.restore_way_in(&world.key).await.unwrap();
        let sandbox = world.sandbox().await;
        assert_eq!(
            (
                sandbox.clients[2].clone(),
                sandbox.token_policies[2].clone()
            ),
            before
        );
        assert_eq!(sandbox.people.len(), 5);
        let lab = world.playground.admin_token_lab(&world.key).await.unwrap();
        assert!(lab.has_way_in());
    }
    let token = ask(&world, "*:**").await;
    assert_eq!(token.what.granted().to_string(), "*:**");
}

#[tokio::test]
async fn a_scope_is_added_to_the_policy_through_the_api_before_it_is_asked_for() {
    let world = World::new().await;
    let token = ask(&world, ".:** XXXXX").await;
    let scope = "+:config/loginPolicies";
    let again = world
        .playground
        .ask_admin_token_again(&world.key, &token.id, Some(scope), Widening::First)
        .await
        .unwrap();
    assert_eq!(again.what.requested, [".:**", scope]);
    assert_eq!(again.what.granted().to_string(), format!(".:** {scope}"));
    let view = world
        .playground
        .admin_token(&world.key, &again.id)
        .await
        .unwrap();
    let change = view.widened.unwrap().what;
    assert_eq!((change.status, change.exchanges.len()), (200, 3));
    let policy = &world.sandbox().await.token_policies[2];
    // All that was there is there still.
    assert_eq!(policy.allowed_scopes.len(), 7);
    assert!(policy.allowed_scopes.contains(scope));

    // Once it is listed, nothing is changed any more.
    let third = world
        .playground
        .ask_admin_token_again(&world.key, &token.id, Some(scope), Widening::First)
        .await
        .unwrap();
    let view = world
        .playground
        .admin_token(&world.key, &third.id)
        .await
        .unwrap();
    assert!(view.widened.is_none());

    for malformed in ["", "a b", "\"", "é"] {
        let refused = world.playground.ask_admin_token_again(
            &world.key,
            &token.id,
            Some(malformed),
            Widening::First,
        );
        assert!(
            matches!(refused.await, Err(AdminTokenError::NoScope)),
            "{malformed}"
        );
    }
    let long = format!("+:{}", "a".repeat(600));
    let refused =
        world
            .playground
            .ask_admin_token_again(&world.key, &token.id, Some(&long), Widening::First);
    assert!(matches!(
        refused.await,
        Err(AdminTokenError::NotWidened { status: 422, .. })
    ));
}

#[tokio::test]
async fn nobody_elses_token_is_shown_or_used() {
    let world = World::new().await;
    let token = ask(&world, "*:**").await;
    let playground = &world.playground;
    for key in [SandboxKey::from_bytes([8; 32]), world.key.clone()] {
        let id = if key == world.key {
            "no-such-token"
        } else {
            &token.id
        };
        let unknown = |done: Result<(), AdminTokenError>| {
            assert!(matches!(done, Err(AdminTokenError::Unknown)), "{done:?}");
        };
        unknown(playground.admin_token(&key, id).await.map(drop));
        unknown(playground.introspect_admin_token(&key, id).await.map(drop));
        unknown(playground.revoke_admin_token(&key, id).await.map(drop));
        unknown(playground.expire_admin_token(&key, id).await.map(drop));
        unknown(
            playground
                .try_call(&key, id, trial("GET", "config/clients"))
                .await
                .map(drop),
        );
        let again = playground.ask_admin_token_again(&key, id, None, Widening::No);
        unknown(again.await.map(drop));
    }
    // Not even whose it is, once its day is over.
    world.clock.advance(86_400);
    let gone = playground.admin_token(&world.key, &token.id).await;
    assert!(matches!(gone, Err(AdminTokenError::Unknown)));
    assert!(
        playground
            .admin_tokens(&world.key)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_cut_network_is_told_and_kept() {
    let world = World::new().await;
    let token = ask(&world, ".:**").await;
    world.cut.store(true, Ordering::SeqCst);
    let failed = ask(&world, ".:**").await;
    assert!(matches!(
        &failed.what.answer,
        TokenAnswer::Refused { message, .. } if message.contains("no answer")
    ));
    let made = call(&world, &token.id, "GET", "config/clients")
        .await
        .unwrap();
    assert_eq!((made.status, made.agrees()), (None, None));
    world
        .playground
        .introspect_admin_token(&world.key, &token.id)
        .await
        .unwrap();
    assert_eq!(introspected(&world, &token.id).await.status, None);
    let put = trial(
        "PUT",
        &format!("config/clients/{}", world.sandbox().await.clients[0].id),
    );
    let refused = world.playground.try_call(&world.key, &token.id, put).await;
    assert!(matches!(
        refused,
        Err(AdminTokenError::Console(ConsoleError::Failed { .. }))
    ));
    let refused = world
        .playground
        .try_call(&world.key, &failed.id, trial("GET", "config/clients"));
    assert!(matches!(refused.await, Err(AdminTokenError::NotIssued)));
    let listed = world.playground.admin_tokens(&world.key).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0].0.id, failed.id);
}

#[tokio::test]
async fn the_lab_writes_nothing_until_a_token_is_asked_for() {
    let world = World::new().await;
    let lab = world.playground.admin_token_lab(&world.key).await.unwrap();
    assert!(lab.has_way_in());
    let tokens = world.playground.admin_tokens(&world.key).await.unwrap();
    assert!(tokens.is_empty());
    assert!(!world.sandbox().await.kept);
    let before = lab.calls().len();
    ask(&world, "").await;
    let lab = world.playground.admin_token_lab(&world.key).await.unwrap();
    assert_eq!(lab.calls().len(), before);
}
