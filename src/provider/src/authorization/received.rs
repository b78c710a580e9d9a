//! The first stage: a request, and the search for its client.

use super::known_client::KnownClient;
use crate::{
    page::PageError,
    provider::{Provider, ProviderError},
};
use http::StatusCode;
use oidc::authorization::AuthorizationRequest;
use store::Customer;

/// A request as it came. Nothing in it is believed.
pub(crate) struct Received<'p> {
    provider: &'p Provider,
    customer: Customer,
    request: AuthorizationRequest,
    /// Parameters that stood there more than once; none of their values counts.
    repeated: Vec<String>,
}

impl<'p> Received<'p> {
    pub(crate) fn new(
        provider: &'p Provider,
        customer: Customer,
        pairs: Vec<(String, String)>,
    ) -> Self {
        let mut repeated: Vec<String> = Vec::new();
        for (index, (name, _)) in pairs.iter().enumerate() {
            let again = pairs[..index].iter().any(|(other, _)| other == name);
            if again && !repeated.contains(name) {
                repeated.push(name.clone());
            }
        }
        let single = pairs
            .into_iter()
            .filter(|(name, _)| !repeated.contains(name));
        Self {
            provider,
            customer,
            request: AuthorizationRequest::from_pairs(single).unwrap_or_default(),
            repeated,
        }
    }

    /// A request that waited for the person. It is checked anew: what it was
    /// checked against may have changed.
    pub(crate) fn again(
        provider: &'p Provider,
        customer: Customer,
        request: AuthorizationRequest,
    ) -> Self {
        Self {
            provider,
            customer,
            request,
            repeated: Vec::new(),
        }
    }

    /// Finds the client.
    pub(crate) async fn know_client(self) -> Result<KnownClient<'p>, PageError> {
        let found = match &self.request.client_id {
            Some(id) => self.provider.store().client(&self.customer.id, id).await,
            None => Ok(None),
        };
        let customer = &self.customer.id;
        let failed = |error: ProviderError| crate::customer::failed(&error, customer);
        let client = found
            .map_err(|error| failed(error.into()))?
            .ok_or_else(|| self.unknown_client())?;
        let Some(login_policy) = &client.login_policy else {
            return Err(self.bad_client(
                "This client cannot sign people in",
                "The client with this id is a configuration client: it has no login policy.",
                "Use the id of a login client.",
            ));
        };
        let login_policy = self
            .provider
            .store()
            .login_policy(customer, login_policy)
            .await
            .map_err(|error| failed(error.into()))?
            .ok_or_else(|| failed(ProviderError::Dangling("the login policy")))?;
        Ok(KnownClient {
            provider: self.provider,
            customer: self.customer,
            request: self.request,
            repeated: self.repeated,
            client,
            login_policy,
        })
    }

    fn unknown_client(&self) -> PageError {
        const NOBODY: &str = "There is no such client";
        const HINT: &str = "Use the id of a login client, which is a UUID.";
        match &self.request.client_id {
            None if self.repeated.iter().any(|name| name == "client_id") => self.bad_client(
                "The client is named more than once",
                "The parameter client_id is there more than once.",
                "Send it once.",
            ),
            None => self.bad_client(
                "The request names no client",
                "The request has no client_id.",
                HINT,
            ),
            // Inferred: application clients have ids of 32 characters, and
            // pasting one here is a known slip (domain notes, section 8).
            Some(id) if id.len() == 32 && id.bytes().all(|b| b.is_ascii_alphanumeric()) => self
                .bad_client(
                    NOBODY,
                    "This looks like the id of an application client, which has 32 characters.",
                    HINT,
                ),
            Some(_) => self.bad_client(NOBODY, "This customer has no client with this id.", HINT),
        }
    }

    fn bad_client(&self, title: &str, explanation: &str, hint: &str) -> PageError {
        let explanation = format!("{explanation} Identity Cloud says `invalid client_id`.");
        PageError::new(
            StatusCode::BAD_REQUEST,
            "invalid_client_id",
            &self.customer.id,
            [title, &explanation, hint],
        )
    }
}
