//! Loads what the first page is made of.

use super::{
    fields::Fields,
    workspace::{ClientChoice, Workspace},
};
use crate::{problem::Problem, ssr};
use diagnosis::evidence::Draft;
use oidc::pkce::CodeVerifier;
use playground::SandboxView;
use policy::client::ClientKind;

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
    workspace.fields = workspace.fitting(fields);
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
        .into_iter()
        .filter(|client| client.kind() != ClientKind::Configuration)
        .map(|client| ClientChoice {
            id: client.id,
            name: client.name,
            client_type: client.client_type,
            token_policy: client.token_policy,
        })
        .collect();
    let used = |id: &str| clients.iter().any(|client| client.token_policy == id);
    let policies = sandbox
        .token_policies
        .into_iter()
        .filter(|policy| used(&policy.id))
        .collect();
    Workspace {
        fields,
        clients,
        policies,
        people: sandbox.people,
        issuer: sandbox.issuer,
        authorization_endpoint: sandbox.authorization_endpoint,
        redirect_uri: sandbox.redirect_uri,
        previous,
    }
}
