//! The policies of a client, as they stand now.

use crate::provider::{Provider, ProviderError};
use policy::{client::Client, login_policy::LoginPolicy, token_policy::TokenPolicy};

impl Provider {
    /// The client's token policy.
    pub(crate) async fn token_policy_of(
        &self,
        customer: &str,
        client: &Client,
    ) -> Result<TokenPolicy, ProviderError> {
        self.store()
            .token_policy(customer, &client.token_policy)
            .await?
            .ok_or(ProviderError::Dangling("the token policy"))
    }

    /// The client's login policy; `None` for a client that cannot sign people in.
    pub(crate) async fn login_policy_of(
        &self,
        customer: &str,
        client: &Client,
    ) -> Result<Option<LoginPolicy>, ProviderError> {
        let Some(id) = &client.login_policy else {
            return Ok(None);
        };
        let policy = self.store().login_policy(customer, id).await?;
        policy
            .map(Some)
            .ok_or(ProviderError::Dangling("the login policy"))
    }
}
