//! Asking again, with a scope that allows what was refused.

use super::{AdminTokenError, TokenStep};
use crate::{Change, Kept, Method, Playground, PlaygroundError, Wish};
use diagnosis::admin::AdminToken;
use oidc::scope::ScopeToken;
use policy::token_policy::TokenPolicy;
use provider::sandbox::SandboxKey;

/// Whether the token policy is to be widened before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Widening {
    /// It lists the scope already, or it is to be seen that it does not.
    No,
    /// The scope is added to its `allowedScopes` first.
    First,
}

impl Playground {
    /// Asks for another token with what this one carries, and one scope more. With
    /// [`Widening::First`] the scope is added to the token policy before: GET, and
    /// PUT of the whole policy.
    ///
    /// # Errors
    /// When there is no such token, its client or its policy is gone, the text is
    /// no scope, or the API refuses the change.
    pub async fn ask_admin_token_again(
        &self,
        key: &SandboxKey,
        id: &str,
        scope: Option<&str>,
        widening: Widening,
    ) -> Result<Kept<AdminToken>, AdminTokenError> {
        let held = self.held(key, id).await?;
        let scope = scope.map(ScopeToken::new).transpose();
        let scope = scope.map_err(|_| AdminTokenError::NoScope)?;
        let client = self.admin_client(&held.customer, &held.token.client);
        let client = client.await?;
        let change = match (&scope, widening) {
            (Some(scope), Widening::First) => self.widen(key, &client.token_policy, scope).await?,
            _ => None,
        };
        let mut words: Vec<String> = held
            .token
            .granted()
            .iter()
            .map(ToString::to_string)
            .collect();
        let scope = scope.map(String::from);
        words.extend(scope.clone().filter(|scope| !words.contains(scope)));
        let token = self.ask_admin_token(key, &client.id, words).await?;
        if let (Some(change), Some(scope)) = (change, scope) {
            let step = TokenStep::Widened {
                change: change.id,
                scope,
            };
            self.keep(&held.customer, &token.id, step).await?;
        }
        Ok(token)
    }

    /// Adds a scope to a token policy, unless it is there.
    async fn widen(
        &self,
        key: &SandboxKey,
        policy: &str,
        scope: &ScopeToken,
    ) -> Result<Option<Kept<Change>>, AdminTokenError> {
        let sandbox = self.sandbox(key).await?;
        let mut policies = sandbox.token_policies.into_iter();
        let policy = policies.find(|own| own.id == policy);
        let mut policy = policy.ok_or(PlaygroundError::Missing("the token policy of a client"))?;
        if !policy.allowed_scopes.insert(scope.clone()) {
            return Ok(None);
        }
        let change = self.change(key, put(&policy)?).await?;
        if !change.what.is_done() {
            return Err(AdminTokenError::NotWidened {
                status: change.what.status,
                answer: change.what.answer,
            });
        }
        Ok(Some(change))
    }

    /// Puts the configuration client and its token policy back to how they were at
    /// first, and leaves everything else as it is.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn restore_way_in(&self, key: &SandboxKey) -> Result<(), PlaygroundError> {
        Ok(self.0.provider.restore_way_in(key).await?)
    }
}

/// PUT of the whole policy: what is left out would get its default.
fn put(policy: &TokenPolicy) -> Result<Wish, PlaygroundError> {
    let mut document = serde_json::to_value(policy)?;
    if let Some(members) = document.as_object_mut() {
        members.remove("id");
    }
    Ok(Wish {
        method: Method::Put,
        path: format!("config/tokenPolicies/{}", policy.id),
        body: Some(document.to_string()),
        seen: None,
    })
}
