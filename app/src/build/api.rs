//! Loads what the first page is made of.

use super::{
    fields::Fields,
    workspace::{ClientChoice, Login, Workspace},
};
use crate::{problem::Problem, ssr};
use diagnosis::evidence::Draft;
use oidc::pkce::CodeVerifier;
use playground::SandboxView;
use policy::{
    client::{Client, ClientKind, ClientType},
    login_policy::LoginPolicy,
    profile::Person,
    release::Facts,
};

/// What the first page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The form.
    pub workspace: Workspace,
    /// Whether the visitor has just reset the sandbox.
    pub reset: bool,
}

/// Loads the first page's data.
///
/// # Errors
/// When the store fails.
pub async fn load_start() -> Result<Start, Problem> {
    let (context, key) = ssr::visitor()?;
    let sandbox = context.playground.sandbox(&key).await?;
    let draft = context.playground.default_draft(&sandbox);
    let default = fields_of(&draft, &draft);
    let fields = Fields::from_pairs(&ssr::query_pairs(), &default);
    let mut workspace = workspace(sandbox, default, None);
    workspace.fields = workspace.choices().fitting(&fields);
    Ok(Start {
        workspace,
        reset: ssr::query_value("reset").is_some(),
    })
}

/// The form for a draft. A draft without PKCE gets the verifier of a fresh one,
/// for when it is ticked again.
#[must_use]
pub fn fields_of(draft: &Draft, fresh: &Draft) -> Fields {
    let spare = fresh
        .code_verifier
        .as_ref()
        .map_or("", CodeVerifier::as_str);
    Fields::of(draft, spare)
}

/// What the form is made of, from a sandbox.
#[must_use]
pub fn workspace(sandbox: SandboxView, fields: Fields, previous: Option<String>) -> Workspace {
    let clients: Vec<ClientChoice> = sandbox
        .clients
        .iter()
        .filter(|client| client.kind() != ClientKind::Configuration)
        .map(|client| client_choice(client, &sandbox.login_policies))
        .collect();
    let used = |id: &str| clients.iter().any(|client| client.token_policy == id);
    let policies = sandbox
        .token_policies
        .into_iter()
        .filter(|policy| used(&policy.id))
        .collect();
    let logins = sandbox
        .login_policies
        .iter()
        .map(Some)
        .chain([None])
        .map(|policy| login(policy, &sandbox.people))
        .collect();
    Workspace {
        fields,
        clients,
        policies,
        logins,
        people: sandbox.people,
        issuer: sandbox.issuer,
        authorization_endpoint: sandbox.authorization_endpoint,
        redirect_uri: sandbox.redirect_uri,
        previous,
    }
}

fn client_choice(client: &Client, login_policies: &[LoginPolicy]) -> ClientChoice {
    let is_its = |policy: &LoginPolicy| client.login_policy.as_ref() == Some(&policy.id);
    ClientChoice {
        id: client.id.clone(),
        name: client.name.clone(),
        confidential: client.client_type == ClientType::Confidential,
        token_policy: client.token_policy.clone(),
        // The one after the last stands for having none.
        login: login_policies
            .iter()
            .position(is_its)
            .unwrap_or(login_policies.len()),
    }
}

fn login(policy: Option<&LoginPolicy>, people: &[Person]) -> Login {
    Login {
        response_types: policy
            .map_or_else(Vec::new, |policy| policy.allowed_response_types.clone()),
        facts: people
            .iter()
            .map(|person| Facts::of(&person.profile, policy))
            .collect(),
    }
}
