//! The way back in for who locked themselves out of the configuration.

use crate::{
    provider::{Provider, ProviderError},
    sandbox::SandboxKey,
    seed::Seed,
};
use policy::client::{Client, ClientKind};
use store::ClientRefusal;

impl Provider {
    /// Puts the configuration client of a sandbox and its token policy back to
    /// how they were at first, and leaves everything else as it is. Beyond
    /// Akamai, where only support could do that.
    ///
    /// # Errors
    /// When the store fails, or there is no room for them.
    pub async fn restore_way_in(&self, key: &SandboxKey) -> Result<(), ProviderError> {
        let seed = Seed::sandbox(key, self.public_url());
        let customer = self.ensure_sandbox(key).await?.id;
        let clients = seed.clients.into_iter();
        for client in clients.filter(|client| client.kind() == ClientKind::Configuration) {
            let mut policies = seed.token_policies.iter();
            if let Some(policy) = policies.find(|policy| policy.id == client.token_policy)
                && !self.store().replace_token_policy(&customer, policy).await?
            {
                self.store().insert_token_policy(&customer, policy).await?;
            }
            self.restore_client(&customer, client).await?;
        }
        tracing::info!(customer, "put the configuration client back");
        Ok(())
    }

    async fn restore_client(&self, customer: &str, seeded: Client) -> Result<(), ProviderError> {
        let names = [seeded.name.clone(), format!("{} (restored)", seeded.name)];
        for name in names {
            let client = Client {
                name,
                ..seeded.clone()
            };
            match self.put_client(customer, &client).await {
                Err(ProviderError::Client(ClientRefusal::NameTaken)) => {}
                other => return other,
            }
        }
        Err(ClientRefusal::NameTaken.into())
    }

    async fn put_client(&self, customer: &str, client: &Client) -> Result<(), ProviderError> {
        let replaced = self
            .store()
            .change_client(customer, &client.id, |_| {
                Ok::<_, ProviderError>(client.clone())
            })
            .await;
        match replaced {
            Err(ProviderError::Client(ClientRefusal::NotFound)) => {
                Ok(self.store().insert_client(customer, client, None).await??)
            }
            other => other.map(drop),
        }
    }
}
