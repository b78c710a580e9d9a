//! Loads what the first page is made of.

use super::builder::Workspace;
use crate::problem::Problem;
use leptos::prelude::*;

/// The first page's data, and whether its address says what to compose.
#[server]
pub async fn load_start() -> Result<(Workspace, bool), Problem> {
    use super::fields::Fields;
    let (context, key) = crate::ssr::visitor()?;
    let sandbox = context.playground.sandbox(&key).await?;
    let draft = context.playground.default_draft(&sandbox);
    let default = fields_of(&draft, &draft);
    let fields = Fields::from_pairs(&crate::ssr::query_pairs(), &default);
    let composed = fields != default;
    Ok((workspace(sandbox, fields, None), composed))
}

/// The form for a draft. A draft without PKCE gets the verifier of a fresh one,
/// for when it is ticked again.
#[cfg(feature = "ssr")]
#[must_use]
pub fn fields_of(
    draft: &diagnosis::evidence::Draft,
    fresh: &diagnosis::evidence::Draft,
) -> super::fields::Fields {
    let spare = fresh
        .code_verifier
        .as_ref()
        .map_or("", oidc::pkce::CodeVerifier::as_str);
    super::fields::Fields::of(draft, spare)
}

/// What the form is made of, from a sandbox.
#[cfg(feature = "ssr")]
#[must_use]
pub fn workspace(
    sandbox: playground::SandboxView,
    fields: super::fields::Fields,
    previous: Option<String>,
) -> Workspace {
    use super::builder::ClientChoice;
    use policy::client::ClientKind;
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
