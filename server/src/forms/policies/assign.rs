//! Giving a client another policy: a PUT of the whole client.

use super::{BE_SURE, again};
use crate::{
    forms::{
        Answer, Pairs,
        console::{Asking, change},
        value,
    },
    state::AppState,
};
use app::{policies::review::SURE, problem::Problem};
use diagnosis::consequences;
use playground::{Method, SandboxView, Wish};
use policy::client::Client;
use provider::{sandbox::SandboxKey, versions};

const NO_CLIENT: &str = "Nothing was sent: this sandbox has no such client by now.";
const NO_POLICY: &str = "Nothing was sent: this sandbox has no such policy by now.";

/// Gives a client another token policy.
pub(super) async fn token_policy(
    state: &AppState,
    key: &SandboxKey,
    page: &str,
    fields: Pairs,
) -> Answer {
    let sandbox = state.context.playground.sandbox(key).await;
    let sandbox = sandbox.map_err(Problem::from)?;
    let Some(client) = chosen(&sandbox, &fields) else {
        return Ok(again(page, 409, fields, NO_CLIENT));
    };
    let wanted = value(&fields, "policy").unwrap_or_default();
    let policy = sandbox.token_policies.iter().find(|one| one.id == wanted);
    let Some(policy) = policy else {
        return Ok(again(page, 409, fields, NO_POLICY));
    };
    let (policies, clients) = (&sandbox.token_policies, &sandbox.clients);
    let warnings = consequences::of_assignment(client, policy, policies, clients);
    if warnings.iter().any(|warning| warning.locks_out) && value(&fields, SURE).is_none() {
        return Ok(again(page, 422, fields, BE_SURE));
    }
    let assigned = Client {
        token_policy: policy.id.clone(),
        ..client.clone()
    };
    let seen = versions::client(&sandbox.customer_id, client);
    put(state, key, page, fields, &assigned, seen).await
}

/// Gives a client another login policy.
pub(super) async fn login_policy(
    state: &AppState,
    key: &SandboxKey,
    page: &str,
    fields: Pairs,
) -> Answer {
    let sandbox = state.context.playground.sandbox(key).await;
    let sandbox = sandbox.map_err(Problem::from)?;
    let Some(client) = chosen(&sandbox, &fields) else {
        return Ok(again(page, 409, fields, NO_CLIENT));
    };
    let wanted = value(&fields, "policy").unwrap_or_default();
    let mut policies = sandbox.login_policies.iter();
    let Some(policy) = policies.find(|one| one.id == wanted) else {
        return Ok(again(page, 409, fields, NO_POLICY));
    };
    let assigned = Client {
        login_policy: Some(policy.id.clone()),
        ..client.clone()
    };
    let seen = versions::client(&sandbox.customer_id, client);
    put(state, key, page, fields, &assigned, seen).await
}

fn chosen<'a>(sandbox: &'a SandboxView, fields: &Pairs) -> Option<&'a Client> {
    let wanted = value(fields, "client")?;
    sandbox.clients.iter().find(|client| client.id == wanted)
}

async fn put(
    state: &AppState,
    key: &SandboxKey,
    page: &str,
    fields: Pairs,
    client: &Client,
    seen: String,
) -> Answer {
    let body = serde_json::to_string_pretty(client).map_err(|_| Problem::internal())?;
    let wish = Wish {
        method: Method::Put,
        path: format!("config/clients/{}", client.id),
        body: Some(body),
        seen: Some(seen),
    };
    let asking = Asking { page, fields };
    change(state, key, wish, asking, |_| page.to_owned()).await
}
