//! What is done with the tokens of a run after it.

use crate::world::{PUBLIC_URL, World};
use diagnosis::{
    evidence::Run,
    steps::{Action, Effect, FurtherStep, Mark, Which, effects},
};
use oidc::{exchange::Step, scope::Scope};
use playground::{LogoutError, Pressed, RunError, StepError, StepTaken};
use provider::SandboxKey;
use std::sync::atomic::Ordering;

fn button(name: &str) -> Pressed {
    Pressed {
        button: name.to_owned(),
        ..Pressed::default()
    }
}

fn refresh(scope: &str) -> Pressed {
    Pressed {
        ticked: Scope::parse(scope).scope,
        ..button("refresh")
    }
}

impl World {
    /// A run of the proposal, with everything it asks for granted.
    async fn granted_run(&mut self) -> Run {
        let draft = self.draft().await;
        let begun = self.begin(draft).await;
        self.allow("openid profile address").await;
        let id = self.finish(&begun).await;
        self.read(&id).await
    }

    /// Presses a button on the page as it stands.
    async fn press(&self, run: &Run, mut pressed: Pressed) -> StepTaken {
        let steps = self.playground.steps(&self.key, &run.id).await.unwrap();
        pressed.seen = steps
            .last()
            .map_or_else(String::new, |step| step.id.clone());
        let taken = self.playground.take_step(&self.key, &run.id, pressed).await;
        taken.unwrap()
    }

    async fn taken(&self, run: &Run) -> Vec<FurtherStep> {
        let steps = self.playground.steps(&self.key, &run.id).await.unwrap();
        steps.into_iter().map(|step| step.what).collect()
    }

    /// Presses a button and returns what came of it.
    async fn effect(&self, run: &Run, pressed: Pressed) -> Effect {
        self.press(run, pressed).await;
        let steps = self.taken(run).await;
        effects(run, &steps).pop().unwrap()
    }
}

#[tokio::test]
async fn fewer_scopes_narrow_the_token_and_a_refresh_for_all_brings_them_back() {
    let mut world = World::new().await;
    let run = world.granted_run().await;

    let told = world.effect(&run, refresh("openid profile")).await;
    assert_eq!(told.mark, Mark::Less);
    assert!(
        told.text
            .starts_with("Narrowed: `address` is gone, because this refresh did not ask for it."),
        "{}",
        told.text
    );
    assert!(
        told.text
            .contains("At userinfo will be missing: `address`."),
        "{}",
        told.text
    );
    let told = world.effect(&run, button("userinfo")).await;
    assert_eq!(told.mark, Mark::Less);
    assert!(told.text.contains("Gone: `address`."), "{}", told.text);

    let told = world.effect(&run, refresh("openid profile address")).await;
    assert_eq!(told.mark, Mark::Done);
    assert!(told.text.starts_with("`address` is back."), "{}", told.text);
    let steps = world.taken(&run).await;
    assert_eq!(steps[2].action, Action::Refresh(None));
    // The new ID token is checked with keys fetched anew.
    let made: Vec<Step> = steps[2].exchanges.iter().map(|one| one.step).collect();
    assert_eq!(made, [Step::Refresh, Step::Discovery, Step::Jwks]);
    assert!(steps[2].checks.len() >= 8);
    assert!(
        steps[2].checks.iter().all(|check| check.passed),
        "{:?}",
        steps[2].checks
    );
}

#[tokio::test]
async fn a_policy_that_was_narrowed_takes_its_scope_from_the_next_token() {
    let mut world = World::new().await;
    let run = world.granted_run().await;
    world.allow("openid profile").await;
    let told = world.effect(&run, button("refresh")).await;
    assert_eq!(told.mark, Mark::Less);
    assert!(
        told.text.starts_with(
            "Token policy “Storefront” no longer lists `address`: the new token lost it."
        ),
        "{}",
        told.text
    );
    let told = world.effect(&run, button("refresh")).await;
    assert!(
        told.text.contains("still does not list `address`."),
        "{}",
        told.text
    );
    world.allow("openid profile address").await;
    let told = world.effect(&run, button("refresh")).await;
    assert!(told.text.starts_with("`address` is back."), "{}", told.text);
}

#[tokio::test]
async fn revoking_the_refresh_token_ends_every_token_of_the_login() {
    let mut world = World::new().await;
    let run = world.granted_run().await;
    world.press(&run, button("refresh")).await;
    let told = world.effect(&run, button("revoke-refresh")).await;
    assert_eq!(
        (told.mark, told.text.as_str()),
        (
            Mark::Done,
            "Revoked: the refresh token and 2 access tokens are dead."
        )
    );
    let told = world.effect(&run, button("userinfo")).await;
    assert_eq!(told.mark, Mark::Refused);
    assert_eq!(
        told.text,
        "Userinfo now answers 401 `invalid_token`. The access token was revoked with the refresh token of its login in step 2."
    );
    let told = world.effect(&run, button("refresh")).await;
    assert!(
        told.text
            .contains("The refresh token was revoked in step 2."),
        "{}",
        told.text
    );
    let told = world.effect(&run, button("introspect-refresh")).await;
    assert!(
        told.text
            .starts_with("Not active. The refresh token was revoked"),
        "{}",
        told.text
    );
    let told = world.effect(&run, button("revoke-refresh")).await;
    assert!(told.text.starts_with("Nothing changed."), "{}", told.text);
}

#[tokio::test]
async fn an_access_token_is_revoked_alone_and_the_next_refresh_brings_another() {
    let mut world = World::new().await;
    let run = world.granted_run().await;
    let told = world.effect(&run, button("revoke-access")).await;
    assert_eq!(
        told.text,
        "Revoked: the access token is dead. The refresh token lives on and can fetch another."
    );
    let told = world.effect(&run, button("userinfo")).await;
    assert!(
        told.text.contains("was revoked in step 1."),
        "{}",
        told.text
    );
    let told = world.effect(&run, button("refresh")).await;
    assert!(
        told.text.starts_with("New tokens with the same scopes"),
        "{}",
        told.text
    );
    let told = world.effect(&run, button("userinfo")).await;
    assert_eq!(told.text, "Userinfo answers with the same claims.");
}

#[tokio::test]
async fn a_refresh_token_used_twice_kills_the_family() {
    let mut world = World::new().await;
    let run = world.granted_run().await;
    world.press(&run, button("refresh")).await;
    let told = world.effect(&run, button("replay")).await;
    assert_eq!(told.mark, Mark::Refused);
    assert!(
        told.text.contains("every token of this login is dead now"),
        "{}",
        told.text
    );
    let told = world.effect(&run, button("userinfo")).await;
    assert!(
        told.text
            .contains("revoked when a refresh token of its login came twice, in step 2"),
        "{}",
        told.text
    );
}

#[tokio::test]
async fn introspection_is_asked_by_whoever_has_a_secret() {
    let mut world = World::new().await;
    let run = world.granted_run().await;
    let told = world.effect(&run, button("introspect-access")).await;
    assert_eq!(told.mark, Mark::Done);
    assert!(
        told.text.starts_with("Active: the access token counts. It carries `address openid profile`. It ends in 1 hour."),
        "{}",
        told.text
    );
    assert!(
        told.text.contains("Asked by the client “Configuration”"),
        "{}",
        told.text
    );

    let mut draft = world.draft().await;
    draft.client = world.sandbox().await.clients[1].id.clone();
    let run = world.run(draft).await;
    let told = world.effect(&run, button("introspect-refresh")).await;
    assert!(
        told.text.starts_with("Active: the refresh token counts."),
        "{}",
        told.text
    );
    assert!(!told.text.contains("Asked by"), "{}", told.text);
    let told = world.effect(&run, button("revoke-access")).await;
    assert!(
        told.text.contains("The access token is a JWT"),
        "{}",
        told.text
    );
}

#[tokio::test]
async fn a_button_pressed_twice_on_the_same_page_takes_one_step() {
    let mut world = World::new().await;
    let run = world.granted_run().await;
    let press = || {
        world
            .playground
            .take_step(&world.key, &run.id, button("refresh"))
    };
    let (one, other) = tokio::join!(press(), press());
    let mut repeated = [one.unwrap().repeated, other.unwrap().repeated];
    repeated.sort_unstable();
    assert_eq!(repeated, [false, true]);
    assert_eq!(world.taken(&run).await.len(), 1);

    // Another button on the same old page is another step, with the newest tokens.
    let told = world
        .playground
        .take_step(&world.key, &run.id, button("userinfo"))
        .await;
    assert_eq!(told.unwrap().number, 2);
    let steps = world.taken(&run).await;
    assert_eq!(
        effects(&run, &steps)[1].text,
        "Userinfo answers with the same claims."
    );
}

#[tokio::test]
async fn logging_out_ends_the_session_and_not_the_tokens() {
    let mut world = World::new().await;
    let run = world.granted_run().await;
    let taken = world.press(&run, button("log-out")).await;
    let address = taken.location.unwrap();
    assert!(
        address.contains("/login/end_session?id_token_hint="),
        "{address}"
    );
    let back = world.get(&address).await;
    let state = back
        .strip_prefix(&format!("{PUBLIC_URL}/logged-out?state="))
        .unwrap();

    for _reload in 0..2 {
        let place = world.playground.logged_out(&world.key, state).await;
        assert_eq!(place.unwrap(), (run.id.clone(), 2));
    }
    let steps = world.taken(&run).await;
    let told = effects(&run, &steps);
    assert_eq!(steps.len(), 2);
    assert!(
        told[1]
            .text
            .starts_with("Logging out ended the session, not the tokens: userinfo still answers.")
    );

    // The session is really gone: without asking nobody is signed in.
    let mut draft = world.draft().await;
    draft.person = None;
    draft.prompt = Some("none".to_owned());
    let begun = world.begin(draft).await;
    let pairs = world.answer(&begun).await;
    assert!(
        pairs.contains(&("error".to_owned(), "login_required".to_owned())),
        "{pairs:?}"
    );
}

#[tokio::test]
async fn a_state_that_was_never_sent_belongs_to_no_logout() {
    let mut world = World::new().await;
    let run = world.granted_run().await;
    world.press(&run, button("userinfo")).await;
    let steps = world.playground.steps(&world.key, &run.id).await.unwrap();
    for state in ["", "never", &run.id, &steps[0].id] {
        let refused = world.playground.logged_out(&world.key, state).await;
        assert!(matches!(refused, Err(LogoutError::Unknown)), "{state}");
    }
    // Nor can a stranger use one that was.
    world.press(&run, button("log-out")).await;
    let steps = world.playground.steps(&world.key, &run.id).await.unwrap();
    let stranger = SandboxKey::from_bytes([8; 32]);
    let refused = world.playground.logged_out(&stranger, &steps[1].id).await;
    assert!(matches!(refused, Err(LogoutError::Unknown)));
}

#[tokio::test]
async fn without_a_registered_address_the_provider_does_not_lead_back() {
    let mut world = World::new().await;
    let run = world.granted_run().await;
    let sandbox = world.sandbox().await;
    let mut client = sandbox.clients[0].clone();
    client.post_logout_redirect_uris.clear();
    let replaced = world
        .store
        .replace_client(&sandbox.customer_id, &client)
        .await;
    replaced.unwrap().unwrap();
    let taken = world.press(&run, button("log-out")).await;
    assert!(!taken.location.unwrap().contains("post_logout_redirect_uri"));
    let steps = world.taken(&run).await;
    assert_eq!(steps[0].action, Action::LogOut(false));
    assert!(
        effects(&run, &steps)[0]
            .text
            .contains("does not lead back here")
    );
}

#[tokio::test]
async fn what_has_expired_is_told_from_what_was_revoked() {
    let mut world = World::new().await;
    let run = world.granted_run().await;
    world.clock.advance(3_601);
    let told = world.effect(&run, button("userinfo")).await;
    assert!(
        told.text.contains("The access token expired at "),
        "{}",
        told.text
    );
    let told = world.effect(&run, button("refresh")).await;
    assert!(
        told.text.starts_with("New tokens with the same scopes"),
        "{}",
        told.text
    );

    // What a step keeps goes with the run.
    let steps = world.playground.steps(&world.key, &run.id).await.unwrap();
    assert!(steps.iter().all(|step| step.expires_at == run.expires_at));
    world.clock.advance(90_000);
    let gone = world
        .playground
        .take_step(&world.key, &run.id, button("userinfo"))
        .await;
    assert!(matches!(gone, Err(StepError::Run(RunError::Expired))));
}

#[tokio::test]
async fn a_cut_network_is_a_step_too_and_loses_nothing() {
    let mut world = World::new().await;
    let run = world.granted_run().await;
    world.cut.store(true, Ordering::SeqCst);
    for name in ["refresh", "introspect-access", "revoke-refresh", "userinfo"] {
        let told = world.effect(&run, button(name)).await;
        assert_eq!(told.mark, Mark::Refused, "{name}");
        assert!(told.text.starts_with("No answer came."), "{}", told.text);
    }
    world.cut.store(false, Ordering::SeqCst);
    let told = world.effect(&run, button("userinfo")).await;
    assert_eq!(told.text, "Userinfo answers with the same claims.");
}

#[tokio::test]
async fn a_deleted_client_is_told_and_a_reset_forgets_the_run() {
    let mut world = World::new().await;
    let mut draft = world.draft().await;
    let sandbox = world.sandbox().await;
    draft.client = sandbox.clients[1].id.clone();
    let run = world.run(draft).await;
    let deleted = world
        .store
        .delete_client(&sandbox.customer_id, &sandbox.clients[1].id)
        .await;
    assert!(deleted.unwrap());
    let told = world.effect(&run, button("refresh")).await;
    assert_eq!(told.mark, Mark::Refused);
    assert!(
        told.text
            .contains("it was deleted, or has another secret by now"),
        "{}",
        told.text
    );
    let told = world.effect(&run, button("userinfo")).await;
    assert!(told.text.contains("ended elsewhere"), "{}", told.text);

    world.playground.reset(&world.key).await.unwrap();
    let gone = world
        .playground
        .take_step(&world.key, &run.id, button("userinfo"))
        .await;
    assert!(matches!(gone, Err(StepError::Run(RunError::Unknown))));
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_before_anything_is_sent() {
    let mut world = World::new().await;
    let run = world.granted_run().await;
    let refused = |pressed: Pressed| world.playground.take_step(&world.key, &run.id, pressed);
    for name in ["", "fly", "Refresh", "logged-out"] {
        assert!(
            matches!(refused(button(name)).await, Err(StepError::Unknown)),
            "{name}"
        );
    }
    assert!(matches!(
        refused(button("replay")).await,
        Err(StepError::NoToken(_))
    ));
    let long = "x".repeat(3000);
    assert!(matches!(
        refused(refresh(&long)).await,
        Err(StepError::TooLong)
    ));
    assert!(world.taken(&run).await.is_empty());

    // A scope of one's own is sent, and the provider's refusal told.
    let told = world.effect(&run, refresh("openid phone")).await;
    assert!(told.text.contains("`invalid_scope`"), "{}", told.text);

    let stranger = SandboxKey::from_bytes([8; 32]);
    let other = world
        .playground
        .take_step(&stranger, &run.id, button("userinfo"))
        .await;
    assert!(matches!(other, Err(StepError::Run(RunError::Unknown))));
    assert!(
        world
            .playground
            .steps(&stranger, &run.id)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_run_keeps_a_hundred_steps_and_then_asks_for_a_new_one() {
    let mut world = World::new().await;
    let run = world.granted_run().await;
    for _ in 0..100 {
        world.press(&run, button("userinfo")).await;
    }
    let steps = world.playground.steps(&world.key, &run.id).await.unwrap();
    let pressed = Pressed {
        seen: steps[99].id.clone(),
        ..button("userinfo")
    };
    let refused = world
        .playground
        .take_step(&world.key, &run.id, pressed)
        .await;
    assert!(matches!(refused, Err(StepError::TooMany)));
    assert!(matches!(steps[0].what.action, Action::UserInfo));
    assert_ne!(steps[0].what.action, Action::Introspect(Which::Access));
}

#[tokio::test]
async fn a_run_without_tokens_has_nothing_to_go_on_with() {
    let mut world = World::new().await;
    let mut draft = world.draft().await;
    draft.person = None;
    draft.prompt = Some("none".to_owned());
    let run = world.run(draft).await;
    for name in [
        "refresh",
        "introspect-access",
        "revoke-refresh",
        "userinfo",
        "replay",
    ] {
        let refused = world
            .playground
            .take_step(&world.key, &run.id, button(name))
            .await;
        assert!(matches!(refused, Err(StepError::NoToken(_))), "{name}");
    }
}
