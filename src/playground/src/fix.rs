//! Adding what is missing to the token policy, and running again.

use crate::{BeginError, Begun, Link, Playground, PlaygroundError, RunError, fresh};
use diagnosis::evidence::{PolicyChange, Run};
use oidc::{
    exchange::RecordedExchange,
    scope::{Scope, ScopeToken},
};
use policy::{client::ClientKind, token_policy::TokenPolicy};
use provider::sandbox::SandboxKey;
use relying_party::{
    administration::{AdminFlow, Administration},
    failure::Failure,
};
use serde_json::{Map, Value};

/// Why a run cannot be repeated with more scopes.
#[derive(Debug, thiserror::Error)]
pub enum FixError {
    /// The run to repeat cannot be read.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The configuration API refused. The policy is as it was.
    #[error("{failure}")]
    Refused {
        /// What went wrong, and at which step.
        failure: Box<Failure>,
        /// The requests up to then.
        exchanges: Vec<RecordedExchange>,
    },
    /// The policy was changed, but the next run cannot begin.
    #[error(transparent)]
    Begin(#[from] BeginError),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] PlaygroundError),
}

impl Playground {
    /// Adds scopes to the `allowedScopes` of a run's token policy, over the
    /// configuration API and with an administrative token as anyone would, and
    /// begins the same run again with fresh values.
    ///
    /// # Errors
    /// When the run is not the visitor's, the API refuses, or the next run
    /// cannot begin.
    pub async fn add_scopes_and_run_again(
        &self,
        key: &SandboxKey,
        run: &str,
        scopes: Vec<ScopeToken>,
    ) -> Result<Begun, FixError> {
        let run = self.run(key, run).await?;
        let change = self.add_scopes(key, &run, scopes).await?;
        let link = Link {
            previous: Some(run.id),
            change,
        };
        let person = run.signed_in.map(|person| person.uuid);
        let draft = fresh::renewed(run.draft);
        Ok(self.begin_as(key, draft, link, person.as_deref()).await?)
    }

    /// `None` when the policy allows all of them already: somebody was faster.
    async fn add_scopes(
        &self,
        key: &SandboxKey,
        run: &Run,
        scopes: Vec<ScopeToken>,
    ) -> Result<Option<PolicyChange>, FixError> {
        let customer = self.customer(key).await?.ok_or(RunError::Unknown)?;
        let clients = self
            .0
            .store
            .clients(&customer)
            .await
            .map_err(PlaygroundError::from)?;
        let configuration = clients
            .iter()
            .find(|client| client.kind() == ClientKind::Configuration)
            .ok_or(PlaygroundError::Missing("the configuration client"))?;
        let policy = clients
            .iter()
            .find(|client| client.id == run.client.id)
            .map_or(&run.client.token_policy, |client| &client.token_policy);
        let address = format!(
            "{}/config/tokenPolicies/{policy}",
            self.0.provider.base(&customer)
        );
        let flow = self.admin_flow(&customer, configuration);
        let mut administration = self.0.relying_party.administration();
        let changed = change(&mut administration, &flow, &address, scopes).await;
        let exchanges = administration.exchanges();
        match changed {
            Ok(None) => Ok(None),
            Ok(Some((before, after, added))) => Ok(Some(PolicyChange {
                before,
                after,
                added,
                exchanges,
            })),
            Err(failure) => Err(FixError::Refused {
                failure: Box::new(failure),
                exchanges,
            }),
        }
    }
}

/// Fetches a token, reads the policy and writes it back with the scopes added:
/// PUT replaces the whole document.
async fn change(
    administration: &mut Administration,
    flow: &AdminFlow,
    address: &str,
    scopes: Vec<ScopeToken>,
) -> Result<Option<(TokenPolicy, TokenPolicy, Scope)>, Failure> {
    administration.sign_in(flow).await?;
    let mut document = administration.get_json(address).await?;
    let before = read(&document, administration)?;
    let mut allowed = before.allowed_scopes.clone();
    let added: Scope = scopes
        .into_iter()
        .filter(|scope| allowed.insert(scope.clone()))
        .collect();
    if added.is_empty() {
        return Ok(None);
    }
    // What the API adds by itself is not sent back.
    document.remove("_links");
    document.remove("id");
    document.insert(
        "allowedScopes".to_owned(),
        allowed
            .iter()
            .map(|scope| Value::from(scope.as_str()))
            .collect(),
    );
    let kept = administration.put_json(address, &document).await?;
    let after = read(&kept, administration)?;
    Ok(Some((before, after, added)))
}

fn read(
    document: &Map<String, Value>,
    administration: &Administration,
) -> Result<TokenPolicy, Failure> {
    serde_json::from_value(Value::Object(document.clone()))
        .map_err(|error| administration.unreadable(&error.to_string()))
}
