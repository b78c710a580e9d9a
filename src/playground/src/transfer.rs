//! Taking a sandbox away as a fixture file, and filling it from one.

use crate::{Playground, PlaygroundError};
use provider::{
    fixture::{self, Fixture, FixtureCustomer, FixtureError, Format, PrintError},
    sandbox::SandboxKey,
    seed::Seed,
};

/// Why a file does not fill a sandbox. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file says something that cannot be loaded.
    #[error(transparent)]
    File(#[from] FixtureError),
    /// The file says nothing of any customer.
    #[error("the file has no customer")]
    Empty,
    /// The file says something of several customers, and of none that was asked
    /// for.
    #[error("the file has several customers: {}", names.join(", "))]
    Which {
        /// Their names.
        names: Vec<String>,
    },
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] PlaygroundError),
}

/// What a file brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// How many token and login policies.
    pub policies: usize,
    /// How many clients.
    pub clients: usize,
    /// How many people.
    pub people: usize,
}

impl Playground {
    /// The fixture file that makes the sandbox as it is now, secrets included.
    /// Writes nothing.
    ///
    /// # Errors
    /// When the store fails. The inner error: when TOML has no words for an
    /// attribute of a person; JSON has.
    pub async fn export(
        &self,
        key: &SandboxKey,
        format: Format,
    ) -> Result<Result<String, PrintError>, PlaygroundError> {
        let kept = match self.customer(key).await? {
            Some(customer) => fixture::export(&self.0.store, &customer).await?,
            None => None,
        };
        let file = kept.unwrap_or_else(|| Fixture::of_seed(Seed::sandbox(key, &self.0.public_url)));
        Ok(file.print(format))
    }

    /// Fills the sandbox with what a fixture file says of a customer: the one
    /// that is `named` so, by name or id, or the only one there is. JSON begins
    /// with a brace; everything else is read as TOML.
    ///
    /// # Errors
    /// When the file cannot be used, or the store fails. Nothing is changed then.
    pub async fn import(
        &self,
        key: &SandboxKey,
        text: &str,
        named: Option<&str>,
    ) -> Result<Imported, ImportError> {
        let format = if text.trim_start().starts_with('{') {
            Format::Json
        } else {
            Format::Toml
        };
        let file = Fixture::parse(text, format, &self.0.public_url)?;
        let from = choose(&file.customers, named)?;
        let refilled = self.0.provider.refill_sandbox(key, from).await;
        refilled.map_err(PlaygroundError::from)?;
        Ok(Imported {
            policies: from.token_policies.len() + from.login_policies.len(),
            clients: from.clients.len(),
            people: from.people.len(),
        })
    }
}

fn choose<'f>(
    customers: &'f [FixtureCustomer],
    named: Option<&str>,
) -> Result<&'f FixtureCustomer, ImportError> {
    match (customers, named) {
        ([], _) => Err(ImportError::Empty),
        ([one], None) => Ok(one),
        (several, named) => several
            .iter()
            .find(|customer| {
                named.is_some_and(|named| customer.name == named || customer.id == named)
            })
            .ok_or_else(|| ImportError::Which {
                names: several.iter().map(|one| one.name.clone()).collect(),
            }),
    }
}
