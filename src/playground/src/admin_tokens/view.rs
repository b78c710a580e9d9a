//! What the pages of the lab are made of.

use super::{AdminTokenError, CallPlace, TokenStep};
use crate::{ADMIN_SCOPE, Change, Kept, Playground, PlaygroundError, SandboxView};
use diagnosis::admin::{AdminToken, TokenAnswer, TokenState};
use policy::{
    client::{Client, ClientKind},
    token_policy::TokenPolicy,
};
use provider::{sandbox::SandboxKey, seed::Seed};

/// The sandbox as the lab sees it.
#[derive(Clone)]
pub struct LabView {
    /// The sandbox.
    pub sandbox: SandboxView,
    /// Its configuration clients.
    pub clients: Vec<Client>,
    /// Every path with the calls there.
    pub places: Vec<CallPlace>,
    /// The tokens that were asked for and are still kept, the newest first.
    pub tokens: Vec<Kept<AdminToken>>,
}

/// A token that was asked for, with what was done with it.
#[derive(Clone)]
pub struct AdminTokenView {
    /// The sandbox and its calls.
    pub lab: LabView,
    /// The token.
    pub token: Kept<AdminToken>,
    /// What has become of it.
    pub state: TokenState,
    /// For how many seconds it still counts; 0 when it does not.
    pub seconds_left: i64,
    /// What was done with it, the oldest first.
    pub steps: Vec<Kept<TokenStep>>,
    /// The change of its policy it was asked for after, if there was one.
    pub widened: Option<Kept<Change>>,
}

impl LabView {
    /// The token policy of a client, as it is now.
    #[must_use]
    pub fn policy_of(&self, client: &Client) -> Option<&TokenPolicy> {
        let mut policies = self.sandbox.token_policies.iter();
        policies.find(|policy| policy.id == client.token_policy)
    }

    /// The configuration client of this id.
    #[must_use]
    pub fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    /// Method and path of every call there is.
    #[must_use]
    pub fn calls(&self) -> Vec<(&str, &str)> {
        let places = self.places.iter();
        places
            .flat_map(|place| {
                let path = place.path.as_str();
                place
                    .calls
                    .iter()
                    .map(move |call| (call.method.as_str(), path))
            })
            .collect()
    }

    /// Method and path template of every call there is.
    #[must_use]
    pub fn templates(&self) -> Vec<(&str, &str)> {
        let mut templates: Vec<(&str, &str)> = Vec::new();
        for place in &self.places {
            for call in &place.calls {
                let template = (call.method.as_str(), place.template);
                if !templates.contains(&template) {
                    templates.push(template);
                }
            }
        }
        templates
    }

    /// Whether the console can still change the configuration.
    #[must_use]
    pub fn has_way_in(&self) -> bool {
        self.clients.iter().any(|client| self.is_way_in(client))
    }

    /// Whether deleting what is at a path takes the last way to change the
    /// configuration away.
    #[must_use]
    pub fn loses_way_in(&self, method: &str, path: &str) -> bool {
        let Some(id) = path.strip_prefix("config/clients/") else {
            return false;
        };
        let mut ways = self.clients.iter().filter(|client| self.is_way_in(client));
        method == "DELETE" && ways.all(|client| client.id == id) && self.has_way_in()
    }

    fn is_way_in(&self, client: &Client) -> bool {
        self.policy_of(client)
            .is_some_and(|policy| policy.allowed_scopes.contains(ADMIN_SCOPE))
    }
}

impl Playground {
    /// The lab of the sandbox a key opens. Writes nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn admin_token_lab(&self, key: &SandboxKey) -> Result<LabView, PlaygroundError> {
        let customer = self.customer(key).await?;
        let seed = Seed::sandbox(key, &self.0.public_url);
        let places = self.places(seed, customer.as_deref()).await?;
        let sandbox = self.sandbox(key).await?;
        let mut tokens = self.all_kept(key, "").await?;
        tokens.reverse();
        let clients = sandbox.clients.iter();
        let clients = clients.filter(|client| client.kind() == ClientKind::Configuration);
        Ok(LabView {
            clients: clients.cloned().collect(),
            sandbox,
            places,
            tokens,
        })
    }

    /// A token the visitor asked for, with all that was done with it. Writes
    /// nothing.
    ///
    /// # Errors
    /// When the visitor asked for no such token, or the store fails.
    pub async fn admin_token(
        &self,
        key: &SandboxKey,
        id: &str,
    ) -> Result<AdminTokenView, AdminTokenError> {
        let customer = self.customer(key).await?.ok_or(AdminTokenError::Unknown)?;
        let token: Option<Kept<AdminToken>> = self.kept(key, id).await?;
        let token = token.ok_or(AdminTokenError::Unknown)?;
        let steps: Vec<Kept<TokenStep>> = self.all_kept(key, id).await?;
        let (state, seconds_left) = match &token.what.answer {
            TokenAnswer::Issued {
                access_token,
                expires_at,
                ..
            } => {
                let state = self.token_state(&customer, access_token).await?;
                let left = expires_at.since(self.0.clock.now()).max(0);
                (state, if state == TokenState::Live { left } else { 0 })
            }
            TokenAnswer::Refused { .. } => (TokenState::Gone, 0),
        };
        let widened = steps.iter().find_map(|step| match &step.what {
            TokenStep::Widened { change, .. } => Some(change.clone()),
            _ => None,
        });
        let widened = match widened {
            Some(change) => self.change_made(key, &change).await?,
            None => None,
        };
        Ok(AdminTokenView {
            lab: self.admin_token_lab(key).await?,
            token,
            state,
            seconds_left,
            steps,
            widened,
        })
    }
}
