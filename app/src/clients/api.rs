//! Loads clients, with the policies they can choose from.

use crate::{
    problem::{NextStep, Problem},
    ssr,
};
use diagnosis::consequences::is_locked_out;
use playground::{Change, Kept, Method, SandboxView};
use policy::client::Client;

/// What the list is made of.
pub struct Listed {
    /// The sandbox with its clients.
    pub sandbox: SandboxView,
    /// The ids of those that registered themselves.
    pub registered: Vec<String>,
    /// The change that led here, if one did.
    pub change: Option<Kept<Change>>,
}

/// What a client's page is made of.
pub struct Loaded {
    /// The client.
    pub client: Client,
    /// Whether it registered itself.
    pub registered: bool,
    /// The sandbox it belongs to.
    pub sandbox: SandboxView,
    /// Where tokens are fetched.
    pub token_endpoint: String,
    /// Where claims are fetched.
    pub userinfo_endpoint: String,
    /// What was done or shown last.
    pub change: Option<Kept<Change>>,
}

/// The sandbox, and who registered themselves.
pub(super) async fn load_list(change: Option<String>) -> Result<Listed, Problem> {
    let (context, key) = ssr::visitor()?;
    let playground = &context.playground;
    Ok(Listed {
        sandbox: playground.sandbox(&key).await?,
        registered: playground.registered_clients(&key).await?,
        change: load_change(change).await?,
    })
}

/// A client that is looked for.
pub(super) enum Found {
    /// It is there.
    Here(Box<Loaded>),
    /// It is not there, or not any more.
    Gone(Box<Listed>),
}

/// One client.
pub(super) fn load(listed: Listed, id: &str) -> Result<Found, Problem> {
    let (context, _) = ssr::visitor()?;
    let mut clients = listed.sandbox.clients.iter();
    let Some(client) = clients.find(|client| client.id == id).cloned() else {
        return Ok(Found::Gone(Box::new(listed)));
    };
    let metadata = context.provider.metadata(&listed.sandbox.customer_id);
    Ok(Found::Here(Box::new(Loaded {
        registered: listed.registered.contains(&client.id),
        token_endpoint: metadata.token_endpoint,
        userinfo_endpoint: metadata.userinfo_endpoint,
        change: listed.change,
        sandbox: listed.sandbox,
        client,
    })))
}

/// A change the visitor made.
pub(crate) async fn load_change(id: Option<String>) -> Result<Option<Kept<Change>>, Problem> {
    let (context, key) = ssr::visitor()?;
    match id {
        Some(id) => Ok(context.playground.change_made(&key, &id).await?),
        None => Ok(None),
    }
}

/// A client's version, as `ETag` names it.
#[must_use]
pub fn version(sandbox: &SandboxView, client: &Client) -> String {
    provider::versions::client(&sandbox.customer_id, client)
}

/// Whether nobody could change the configuration any more without this client.
#[must_use]
pub fn is_last_way_in(sandbox: &SandboxView, client: &str) -> bool {
    let policies = &sandbox.token_policies;
    let mut others = sandbox.clients.clone();
    others.retain(|other| other.id != client);
    is_locked_out(policies, &others) && !is_locked_out(policies, &sandbox.clients)
}

/// The secret that a change has shown, while it is still the client's.
pub(super) fn shown_secret(client: &Client, change: Option<&Kept<Change>>) -> Option<String> {
    let change = &change?.what;
    let is_secret = change.path == format!("config/clients/{}/secret", client.id)
        && matches!(change.method, Method::Get | Method::Post);
    if !is_secret || !change.is_done() {
        return None;
    }
    let answer: serde_json::Value = serde_json::from_str(&change.answer).ok()?;
    let secret = answer.get("secret")?.as_str()?;
    (client.secret.as_deref() == Some(secret)).then(|| secret.to_owned())
}

/// No client of the visitor's has this id.
#[must_use]
pub fn no_such_client() -> Problem {
    Problem::new(
        404,
        "client-unknown",
        "Your sandbox has no such client",
        "It was deleted, the sandbox was reset, or the address belongs to somebody else's sandbox.",
    )
    .first_step(NextStep::new("See the clients you have", "/clients"))
}
