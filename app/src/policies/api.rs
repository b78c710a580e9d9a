//! Loads policies and who uses them.

use crate::{problem::Problem, ssr};
use playground::SandboxView;
use policy::client::{Client, ClientKind};

/// The visitor's sandbox, as it is.
///
/// # Errors
/// When the store fails.
pub async fn load_sandbox() -> Result<SandboxView, Problem> {
    let (context, key) = ssr::visitor()?;
    Ok(context.playground.sandbox(&key).await?)
}

/// A client that uses a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The client's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: ClientKind,
}

impl From<&Client> for User {
    fn from(client: &Client) -> Self {
        Self {
            id: client.id.clone(),
            name: client.name.clone(),
            kind: client.kind(),
        }
    }
}

/// The clients that use a token policy.
#[must_use]
pub fn users_of_token_policy(clients: &[Client], policy: &str) -> Vec<User> {
    clients
        .iter()
        .filter(|client| client.token_policy == policy)
        .map(User::from)
        .collect()
}

/// The clients that use a login policy.
#[must_use]
pub fn users_of_login_policy(clients: &[Client], policy: &str) -> Vec<User> {
    clients
        .iter()
        .filter(|client| client.login_policy.as_deref() == Some(policy))
        .map(User::from)
        .collect()
}

/// No policy of the visitor's has this id.
#[must_use]
pub fn no_such_policy() -> Problem {
    Problem::new(
        404,
        "policy-unknown",
        "Your sandbox has no such policy",
        "It was deleted, the sandbox was reset, or the address belongs to somebody else's sandbox.",
    )
    .first_step(crate::problem::NextStep::new(
        "See the policies you have",
        "/policies",
    ))
}
