//! The administrative token lab: what is predicted is what the API does.

mod matrix;
mod story;

use crate::world::World;
use diagnosis::admin::{AdminToken, CallMade};
use oidc::scope::Scope;
use playground::{Kept, TokenStep, Trial, Tried};

/// Lets the configuration client have these scopes, and the console its own.
async fn allow(world: &World, scopes: &str) {
    // The sandbox is there from now on.
    ask(world, "").await;
    let sandbox = world.sandbox().await;
    let mut policy = sandbox.token_policies[2].clone();
    policy.allowed_scopes = Scope::parse(&format!("{scopes} *:config/**").replace("  ", " "))
        .scope
        .iter()
        .cloned()
        .collect();
    let replaced = world
        .store
        .replace_token_policy(&sandbox.customer_id, &policy);
    assert!(replaced.await.unwrap());
}

/// Asks for a token of the seeded configuration client.
async fn ask(world: &World, scopes: &str) -> Kept<AdminToken> {
    let client = world.sandbox().await.clients[2].id.clone();
    let words = scopes.split_whitespace().map(str::to_owned).collect();
    let asked = world.playground.ask_admin_token(&world.key, &client, words);
    asked.await.unwrap()
}

fn trial(method: &str, path: &str) -> Trial {
    Trial {
        method: method.to_owned(),
        path: path.to_owned(),
        body: None,
        sure: true,
    }
}

/// Makes a call, whatever it does; `None` for one that took everything away.
async fn call(world: &World, id: &str, method: &str, path: &str) -> Option<CallMade> {
    let tried = world
        .playground
        .try_call(&world.key, id, trial(method, path))
        .await
        .unwrap();
    match tried {
        Tried::Made(step) => match step.what {
            TokenStep::Called(made) => Some(made),
            other => panic!("{other:?} is no call"),
        },
        Tried::Reset => None,
        Tried::AskFirst => panic!("{method} {path} asks though one is sure"),
    }
}
