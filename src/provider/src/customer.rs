//! Customers: the demo, and one sandbox per visitor.

use crate::{
    cookie,
    oauth_error::ErrorResponse,
    page::PageError,
    provider::{Provider, ProviderError},
    sandbox::SandboxKey,
    seed::{self, DEMO_PASSWORD, Seed},
};
use http::HeaderMap;
use policy::client::Client;
use store::{Credentials, Customer, CustomerKind, NewCustomer};

/// How often a sandbox's last use is written down, in seconds.
const TOUCH_AFTER: i64 = 60;
/// The same where no visitor is seen, only programs calling.
pub(crate) const TOUCH_CALLED_AFTER: i64 = 3600;

/// What becomes of a customer that is there already.
enum Write {
    /// It stays.
    Once,
    /// It goes.
    Anew,
}

impl Provider {
    /// The sandbox of a key. Inserts its seed when there is nothing yet, notes
    /// that it was used, and lets its login clients come back to this
    /// deployment should the deployment's address have changed.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn ensure_sandbox(&self, key: &SandboxKey) -> Result<Customer, ProviderError> {
        let seed = Seed::sandbox(key, self.public_url());
        let now = self.now();
        if let Some(mut customer) = self.store().customer(&seed.customer_id).await? {
            if now.since(customer.last_used_at) >= TOUCH_AFTER {
                self.store().touch_customer(&customer.id, now).await?;
                customer.last_used_at = now;
            }
            self.admit_callback(&customer.id).await?;
            return Ok(customer);
        }
        let customer = self
            .write(&seed, CustomerKind::Sandbox, Some(key), Write::Once)
            .await?;
        tracing::info!(customer = customer.id, "made a sandbox");
        self.cap_sandboxes().await?;
        Ok(customer)
    }

    /// Deletes everything in the key's sandbox and begins anew. At no moment is
    /// there no sandbox, so that what goes on in another tab finds one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn reset_sandbox(&self, key: &SandboxKey) -> Result<Customer, ProviderError> {
        let seed = Seed::sandbox(key, self.public_url());
        let customer = self
            .write(&seed, CustomerKind::Sandbox, Some(key), Write::Anew)
            .await?;
        // It may not have been there.
        self.cap_sandboxes().await?;
        Ok(customer)
    }

    /// The `Set-Cookie` value that gives a visitor their key.
    #[must_use]
    pub fn sandbox_cookie(&self, key: &SandboxKey) -> String {
        cookie::set(
            cookie::SANDBOX,
            key.as_str(),
            self.secure(),
            Some(cookie::SANDBOX_MAX_AGE),
        )
    }

    /// The key in the request's cookie.
    #[must_use]
    pub fn sandbox_key(&self, headers: &HeaderMap) -> Option<SandboxKey> {
        cookie::sandbox_key(headers, self.secure())
    }

    /// The seed of the requesting visitor's sandbox, when that is the customer
    /// in the address.
    pub(crate) fn own_seed(&self, customer: &str, headers: &HeaderMap) -> Option<Seed> {
        let seed = Seed::sandbox(&self.sandbox_key(headers)?, self.public_url());
        (seed.customer_id == customer).then_some(seed)
    }

    /// The password of those the customer began with, for those whose it is:
    /// everybody at the demo, only the visitor at a sandbox, though a file may
    /// have it by now.
    pub(crate) fn owned_password(
        &self,
        customer: &Customer,
        headers: &HeaderMap,
    ) -> Option<String> {
        match customer.kind {
            CustomerKind::Demo => Some(DEMO_PASSWORD.to_owned()),
            CustomerKind::Sandbox | CustomerKind::Fixture => {
                let seed = self.own_seed(&customer.id, headers);
                seed.map(|seed| seed.password)
            }
        }
    }

    /// Whether the visitor may act as any of the customer's people: whose it is,
    /// and everybody at a customer of a file while only the developer comes,
    /// unless the file says otherwise.
    pub(crate) fn may_be_anybody(&self, customer: &Customer, headers: &HeaderMap) -> bool {
        let by_file = customer.kind == CustomerKind::Fixture && customer.one_click;
        (by_file && self.0.settings.loopback) || self.owned_password(customer, headers).is_some()
    }

    /// Takes the customer back to what it began with; `false` if that was not
    /// kept, or the customer is gone.
    pub(crate) async fn reset(&self, customer: &str) -> Result<bool, ProviderError> {
        let kind = self.store().customer(customer).await?.map(|own| own.kind);
        if kind == Some(CustomerKind::Demo) {
            // As this version has it.
            let seed = Seed::demo(self.public_url());
            self.write(&seed, CustomerKind::Demo, None, Write::Anew)
                .await?;
            return Ok(true);
        }
        let reset = self.store().reset_customer(customer, self.now()).await?;
        if reset {
            self.keys().forget(customer);
            self.faults().forget(customer);
        }
        if kind == Some(CustomerKind::Sandbox) {
            self.admit_callback(customer).await?;
        }
        Ok(reset)
    }

    pub(crate) async fn ensure_demo(&self) -> Result<(), ProviderError> {
        let seed = Seed::demo(self.public_url());
        if self.store().customer(&seed.customer_id).await?.is_some() {
            return self.admit_callback(&seed.customer_id).await;
        }
        self.write(&seed, CustomerKind::Demo, None, Write::Once)
            .await?;
        Ok(())
    }

    /// The customer in the address. A visitor's own sandbox is made on the way,
    /// because its addresses are shown before anything is written.
    ///
    /// The demo customer, whose secrets everybody knows, is there only when the
    /// settings want it: a database may still hold it from a time when they did.
    pub(crate) async fn customer(
        &self,
        id: &str,
        headers: &HeaderMap,
    ) -> Result<Option<Customer>, ProviderError> {
        if let Some(customer) = self.store().customer(id).await? {
            if customer.kind == CustomerKind::Demo && !self.0.settings.demo {
                return Ok(None);
            }
            let now = self.now();
            if now.since(customer.last_used_at) >= TOUCH_CALLED_AFTER {
                self.store().touch_customer(id, now).await?;
            }
            return Ok(Some(customer));
        }
        match self.sandbox_key(headers) {
            Some(key) if self.own_seed(id, headers).is_some() => {
                self.ensure_sandbox(&key).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The same, with the answer a person gets.
    pub(crate) async fn customer_or_page(
        &self,
        id: &str,
        headers: &HeaderMap,
    ) -> Result<Customer, PageError> {
        self.customer(id, headers)
            .await
            .map_err(|error| failed(&error, id))?
            .ok_or_else(|| PageError::unknown_customer(id))
    }

    /// The same, with the answer a program gets.
    pub(crate) async fn customer_or_error(
        &self,
        id: &str,
        headers: &HeaderMap,
    ) -> Result<Customer, ErrorResponse> {
        self.customer(id, headers)
            .await
            .map_err(|error| {
                tracing::error!(customer = id, %error, "the provider failed");
                ErrorResponse::server_error()
            })?
            .ok_or_else(ErrorResponse::unknown_customer)
    }

    async fn write(
        &self,
        seed: &Seed,
        kind: CustomerKind,
        key: Option<&SandboxKey>,
        how: Write,
    ) -> Result<Customer, ProviderError> {
        let password_hash = self.0.passwords.hash(seed.password.clone()).await?;
        let now = self.now();
        let customer = Customer {
            id: seed.customer_id.clone(),
            kind,
            name: None,
            registration: kind == CustomerKind::Demo,
            one_click: false,
            created_at: now,
            last_used_at: now,
        };
        let people: Vec<Credentials> = seed
            .people
            .iter()
            .map(|person| Credentials {
                person: person.clone(),
                password_hash: password_hash.clone(),
            })
            .collect();
        let new = NewCustomer {
            customer: &customer,
            key: key.map(SandboxKey::as_str),
            token_policies: &seed.token_policies,
            login_policies: &seed.login_policies,
            clients: &seed.clients,
            people: &people,
        };
        match how {
            // When another request was faster, the customer is there all the same.
            Write::Once => drop(self.store().insert_customer(&new).await?),
            Write::Anew => {
                self.store().replace_customer(&new).await?;
                self.keys().forget(&customer.id);
                self.faults().forget(&customer.id);
            }
        }
        Ok(customer)
    }

    async fn admit_callback(&self, customer: &str) -> Result<(), ProviderError> {
        let callback = seed::callback(self.public_url());
        let lacks_it = |client: &Client| {
            client.login_policy.is_some() && !client.redirect_uris.contains(&callback)
        };
        let clients = self.store().clients(customer).await?;
        for client in clients.iter().filter(|client| lacks_it(client)) {
            let changed = self.store().change_client(customer, &client.id, |mut own| {
                if lacks_it(&own) {
                    own.redirect_uris.push(callback.clone());
                }
                Ok(own)
            });
            match changed.await {
                Err(ProviderError::Client(refusal)) => {
                    tracing::debug!(customer, %refusal, "the client changed meanwhile");
                }
                other => drop(other?),
            }
        }
        Ok(())
    }
}

/// Logs a failure once and turns it into the page it becomes.
pub(crate) fn failed(error: &ProviderError, customer: &str) -> PageError {
    tracing::error!(customer, %error, "the provider failed");
    PageError::server_error(customer)
}
