//! Loads policies and who uses them.

use crate::{problem::Problem, ssr, submitted::Submitted};
use playground::{Change, Kept, SandboxView};
use policy::client::{Client, ClientKind};

/// What the pages of policies are made of.
pub struct Policies {
    /// The visitor's sandbox, as it is.
    pub sandbox: SandboxView,
    /// The change the address or the form names, if it is kept.
    pub change: Option<Kept<Change>>,
}

/// Loads the visitor's sandbox, and what was changed on the way to the page.
///
/// # Errors
/// When the store fails.
pub async fn load_policies(form: Option<&Submitted>) -> Result<Policies, Problem> {
    let change = match form {
        Some(form) => form.change.clone(),
        None => ssr::query_value("change"),
    };
    let (context, key) = ssr::visitor()?;
    Ok(Policies {
        sandbox: context.playground.sandbox(&key).await?,
        change: match change {
            Some(id) => context.playground.change_made(&key, &id).await?,
            None => None,
        },
    })
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
