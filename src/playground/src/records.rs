//! Keeping what was done, under an address of its own.

use crate::{Playground, PlaygroundError, RUN_LIFETIME, fresh};
use oidc::time::UnixTime;
use provider::sandbox::SandboxKey;
use serde::{Serialize, de::DeserializeOwned};
use store::Record;

/// How many records of a kind are kept beside each other; then the oldest go.
pub(crate) const MOST: u32 = 100;

/// Something that is kept for a day: written once, never changed.
pub(crate) trait Keepable: Serialize + DeserializeOwned {
    /// What the store calls it.
    const KIND: &'static str;
}

/// Something kept, with its name and its dates.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept<T> {
    /// Its name in the address.
    pub id: String,
    /// When it happened.
    pub at: UnixTime,
    /// The first moment it may no longer be shown.
    pub expires_at: UnixTime,
    /// What it is.
    pub what: T,
}

/// What something is kept as.
pub(crate) struct Name<'a> {
    /// Its name in the address.
    pub(crate) id: String,
    /// Whose it is.
    pub(crate) customer: &'a str,
    /// What it is part of; empty when it stands by itself.
    pub(crate) parent: &'a str,
    /// The first moment it may no longer be shown.
    pub(crate) until: UnixTime,
}

impl Playground {
    /// Keeps something for a day, as part of `parent` or, when that is empty, by
    /// itself.
    pub(crate) async fn keep<T: Keepable>(
        &self,
        customer: &str,
        parent: &str,
        what: T,
    ) -> Result<Kept<T>, PlaygroundError> {
        let at = self.0.clock.now();
        let name = Name {
            id: fresh::token(),
            customer,
            parent,
            until: at.plus(RUN_LIFETIME),
        };
        self.keep_as(name, what).await
    }

    /// Keeps something under a name of the caller's, which nothing else has.
    pub(crate) async fn keep_as<T: Keepable>(
        &self,
        name: Name<'_>,
        what: T,
    ) -> Result<Kept<T>, PlaygroundError> {
        let at = self.0.clock.now();
        let Name {
            id,
            customer,
            parent,
            until,
        } = name;
        let record = Record {
            id,
            customer_id: customer.to_owned(),
            kind: T::KIND.to_owned(),
            parent: parent.to_owned(),
            body: serde_json::to_string(&what)?,
            created_at: at,
            expires_at: until,
        };
        self.0.store.insert_record(&record, MOST).await?;
        Ok(Kept {
            id: record.id,
            at,
            expires_at: record.expires_at,
            what,
        })
    }

    /// What the visitor keeps under this name; `None` when there is nothing of
    /// this kind, or not any more.
    pub(crate) async fn kept<T: Keepable>(
        &self,
        key: &SandboxKey,
        id: &str,
    ) -> Result<Option<Kept<T>>, PlaygroundError> {
        let Some(customer) = self.customer(key).await? else {
            return Ok(None);
        };
        let now = self.0.clock.now();
        let record = self.0.store.record(&customer, id, now).await?;
        record
            .filter(|record| record.kind == T::KIND)
            .map(read)
            .transpose()
    }

    /// All the visitor keeps of a kind as part of `parent`, the oldest first.
    pub(crate) async fn all_kept<T: Keepable>(
        &self,
        key: &SandboxKey,
        parent: &str,
    ) -> Result<Vec<Kept<T>>, PlaygroundError> {
        let Some(customer) = self.customer(key).await? else {
            return Ok(Vec::new());
        };
        let now = self.0.clock.now();
        let store = &self.0.store;
        let records = store.records(&customer, T::KIND, parent, now).await?;
        records.into_iter().map(read).collect()
    }
}

fn read<T: Keepable>(record: Record) -> Result<Kept<T>, PlaygroundError> {
    Ok(Kept {
        what: serde_json::from_str(&record.body)?,
        id: record.id,
        at: record.created_at,
        expires_at: record.expires_at,
    })
}
