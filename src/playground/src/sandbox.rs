//! A visitor's sandbox, as the first page shows it.

use crate::{Playground, PlaygroundError, fresh};
use diagnosis::evidence::Draft;
use policy::{
    client::Client, login_policy::LoginPolicy, profile::Person, token_policy::TokenPolicy,
};
use provider::{sandbox::SandboxKey, seed::Seed};

/// A sandbox with all there is to choose from.
#[derive(Clone)]
pub struct SandboxView {
    /// Its customer id.
    pub customer_id: String,
    /// The visitor's key to it.
    pub key: SandboxKey,
    /// Whether it was written already; else this is what will be written first.
    pub kept: bool,
    /// The issuer of its provider.
    pub issuer: String,
    /// Where browsers are sent to.
    pub authorization_endpoint: String,
    /// Where browsers come back to.
    pub redirect_uri: String,
    /// Its token policies, in the order of their creation.
    pub token_policies: Vec<TokenPolicy>,
    /// Its login policies, in the order of their creation.
    pub login_policies: Vec<LoginPolicy>,
    /// Its clients, with their secrets: those that sign people in, and the
    /// configuration client.
    pub clients: Vec<Client>,
    /// Its people.
    pub people: Vec<Person>,
    /// The password of each of them.
    pub password: String,
}

impl Playground {
    /// The sandbox a key opens. Writes nothing: before the first run it is the
    /// seed that the first run will write.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sandbox(&self, key: &SandboxKey) -> Result<SandboxView, PlaygroundError> {
        let store = &self.0.store;
        let provider = &self.0.provider;
        let seed = Seed::sandbox(key, &self.0.public_url);
        let customer_id = seed.customer_id;
        let kept = self.customer(key).await?.is_some();
        let (token_policies, login_policies, clients, people) = if kept {
            (
                store.token_policies(&customer_id).await?,
                store.login_policies(&customer_id).await?,
                store.clients(&customer_id).await?,
                store.people(&customer_id).await?,
            )
        } else {
            (
                seed.token_policies,
                seed.login_policies,
                seed.clients,
                seed.people,
            )
        };
        Ok(SandboxView {
            key: key.clone(),
            kept,
            issuer: provider.issuer(&customer_id),
            authorization_endpoint: provider.metadata(&customer_id).authorization_endpoint,
            redirect_uri: self.redirect_uri(),
            token_policies,
            login_policies,
            clients,
            people,
            password: seed.password,
            customer_id,
        })
    }

    /// The ids of the visitor's clients that registered themselves.
    /// [RFC 7591](https://www.rfc-editor.org/rfc/rfc7591)
    ///
    /// # Errors
    /// When the store fails.
    pub async fn registered_clients(
        &self,
        key: &SandboxKey,
    ) -> Result<Vec<String>, PlaygroundError> {
        let Some(customer) = self.customer(key).await? else {
            return Ok(Vec::new());
        };
        Ok(self.0.store.registered_clients(&customer).await?)
    }

    /// What a visitor finds on the first page: Alice, the first client, and a
    /// scope that its token policy does not allow.
    #[must_use]
    pub fn default_draft(&self, sandbox: &SandboxView) -> Draft {
        Draft {
            client: sandbox
                .clients
                .first()
                .map(|client| client.id.clone())
                .unwrap_or_default(),
            person: sandbox
                .people
                .first()
                .map(|person| person.profile.uuid.clone()),
            scope: "openid profile address".to_owned(),
            state: Some(fresh::token()),
            nonce: Some(fresh::token()),
            code_verifier: Some(fresh::code_verifier()),
            prompt: None,
            login_hint: None,
            response_type: Some("code".to_owned()),
            further: Vec::new(),
        }
    }

    /// Puts the sandbox back to how it was at first. Its runs go with it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn reset(&self, key: &SandboxKey) -> Result<(), PlaygroundError> {
        self.0.provider.reset_sandbox(key).await?;
        Ok(())
    }

    /// The customer a key opens, if it was written already.
    pub(crate) async fn customer(
        &self,
        key: &SandboxKey,
    ) -> Result<Option<String>, PlaygroundError> {
        let customer = self.0.store.customer_by_key(key.as_str()).await?;
        Ok(customer.map(|customer| customer.id))
    }
}
