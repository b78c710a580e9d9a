//! What the pages of the lab are made of.

use super::{AdminTokenError, CallPlace, TokenStep};
use crate::{ADMIN_SCOPE, Change, Kept, Playground, PlaygroundError, SandboxView};
use diagnosis::admin::{AdminToken, TokenAnswer, TokenState};
use oidc::time::UnixTime;
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
    /// When its time is over, or was; `None` when the provider does not know it.
    pub expires_at: Option<UnixTime>,
    /// The present.
    pub now: UnixTime,
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
        let clients = sandbox.clients.iter();
        let clients = clients.filter(|client| client.kind() == ClientKind::Configuration);
        Ok(LabView {
            clients: clients.cloned().collect(),
            sandbox,
            places,
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
        let (state, expires_at) = self.state_of(&customer, &token.what).await?;
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
            expires_at,
            now: self.0.clock.now(),
            steps,
            widened,
        })
    }

    /// The tokens the visitor asked for that are still kept, the newest first,
    /// with what has become of each.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn admin_tokens(
        &self,
        key: &SandboxKey,
    ) -> Result<Vec<(Kept<AdminToken>, TokenState)>, PlaygroundError> {
        let Some(customer) = self.customer(key).await? else {
            return Ok(Vec::new());
        };
        let mut tokens = Vec::new();
        for token in self
            .all_kept::<AdminToken>(key, "")
            .await?
            .into_iter()
            .rev()
        {
            let (state, _) = self.state_of(&customer, &token.what).await?;
            tokens.push((token, state));
        }
        Ok(tokens)
    }

    async fn state_of(
        &self,
        customer: &str,
        token: &AdminToken,
    ) -> Result<(TokenState, Option<UnixTime>), PlaygroundError> {
        match &token.answer {
            TokenAnswer::Issued { access_token, .. } => {
                self.token_state(customer, access_token).await
            }
            TokenAnswer::Refused { .. } => Ok((TokenState::Gone, None)),
        }
    }
}
