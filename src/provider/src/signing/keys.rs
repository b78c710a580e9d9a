//! Who signs with which keys.
//!
//! The deployment has one set, and customers share it until they rotate. From
//! then on a customer has keys of its own, so that a visitor's sandbox disturbs
//! nobody else. What it signed with before stays published for it until the last
//! token has expired.
//!
//! What several programs on one database may rely on: a program uses its own
//! rotation at once and notices another's within [`READ_AGAIN`] seconds, or when
//! a token names a key it does not know. Until then it signs with the key that
//! was retired, which is why that one stays published for so much longer.

use super::{
    Flaw,
    new_keys::{MakeKey, new_keys},
    reading::{parsed, reading},
    set::KeySet,
    token::{Claimed, Verified},
};
use crate::{
    provider::ProviderError,
    remembered::{Reading, Remembered, Stamp},
};
use axum::body::Bytes;
use oidc::{signing_algorithm::SigningAlgorithm, time::Clock};
use policy::token_policy::ACCESS_TOKEN_LIFETIME;
use serde::Serialize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::{Rotation, SigningKey, Store, StoreError};

/// For how long keys are taken to be as they were read, in seconds.
pub(super) const READ_AGAIN: i64 = 10;
/// For how long a retired key stays published, in seconds: as long as the token
/// may live that another program signed with it just before it noticed.
/// [Core section 10.1.1](https://openid.net/specs/openid-connect-core-1_0.html#RotateSigKeys)
pub(super) const STAYS_PUBLISHED: i64 = *ACCESS_TOKEN_LIFETIME.end() as i64 + READ_AGAIN;
/// How many retired sets of a customer are published at most, and how often it
/// may rotate within [`STAYS_PUBLISHED`] seconds, whatever happens to it in the
/// meantime: nothing that is asked for costs more than making keys.
pub(super) const MOST_RETIRED: usize = 5;

/// Why keys were not rotated.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RotateError {
    /// As many rotations as may be have happened. The next may in so many seconds.
    #[error("keys may be rotated {MOST_RETIRED} times in little more than an hour")]
    TooMany { retry_after: i64 },
    /// The customer is not there.
    #[error("there is no such customer")]
    UnknownCustomer,
    /// Something outside the protocol failed.
    #[error(transparent)]
    Failed(#[from] ProviderError),
}

impl From<StoreError> for RotateError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Orphan => Self::UnknownCustomer,
            other => Self::Failed(other.into()),
        }
    }
}

/// The keys of all customers.
pub(crate) struct Keys {
    store: Store,
    clock: Arc<dyn Clock>,
    make: Arc<MakeKey>,
    deployment: Arc<KeySet>,
    /// Those of customers that rotated often take some 30 kB each, all others
    /// next to nothing.
    remembered: Mutex<Remembered<KeySet>>,
    /// Whoever makes keys, so that rotations do not take every processor.
    making: tokio::sync::Mutex<()>,
}

impl Keys {
    /// Reads the deployment's keys and makes those it lacks, which on the very
    /// first start are all and later those of algorithms that are new.
    pub(crate) async fn open(
        store: Store,
        clock: Arc<dyn Clock>,
        make: Arc<MakeKey>,
    ) -> Result<Self, ProviderError> {
        let mut kept = store.signing_keys(None).await?;
        let missing: Vec<_> = SigningAlgorithm::ALL
            .into_iter()
            .filter(|algorithm| !kept.iter().any(|key| key.algorithm == *algorithm))
            .collect();
        if !missing.is_empty() {
            let added = new_keys(Arc::clone(&make), missing, clock.now()).await?;
            store.add_deployment_keys(&added).await?;
            tracing::info!(kids = ?kids(&added), "made signing keys");
            // Another program may have been faster.
            kept = store.signing_keys(None).await?;
        }
        let signing = kept.iter().map(parsed).collect::<Result<_, _>>()?;
        let deployment = Arc::new(KeySet::new(signing, Vec::new()));
        Ok(Self {
            store,
            clock,
            make,
            deployment,
            remembered: Mutex::default(),
            making: tokio::sync::Mutex::default(),
        })
    }

    /// A token signed with the customer's key of this algorithm.
    pub(crate) async fn sign(
        &self,
        customer: &str,
        algorithm: SigningAlgorithm,
        typ: &str,
        claims: &impl Serialize,
    ) -> Result<String, ProviderError> {
        self.sign_as(customer, algorithm, typ, claims, None).await
    }

    /// The same, with a flaw on request.
    pub(crate) async fn sign_as(
        &self,
        customer: &str,
        algorithm: SigningAlgorithm,
        typ: &str,
        claims: &impl Serialize,
        flaw: Option<&Flaw>,
    ) -> Result<String, ProviderError> {
        let set = self.of(customer).await?.value;
        Ok(set.sign(algorithm, typ, claims, flaw)?)
    }

    /// The customer's JWKS, serialised.
    pub(crate) async fn jwks(&self, customer: &str) -> Result<Bytes, ProviderError> {
        Ok(self.of(customer).await?.value.jwks())
    }

    /// Only those of its keys that no longer sign, serialised.
    pub(crate) async fn retired_jwks(&self, customer: &str) -> Result<Bytes, ProviderError> {
        Ok(self.of(customer).await?.value.retired_jwks())
    }

    /// What a token says that one of the customer's published keys signed;
    /// `None` for any other text.
    ///
    /// Whether it has expired is not looked at. Nor is `iss`, which matters all
    /// the more because customers share the deployment's keys: a token of one
    /// verifies for the other.
    pub(crate) async fn verify(
        &self,
        customer: &str,
        token: &str,
    ) -> Result<Option<Verified>, ProviderError> {
        let Some(claimed) = Claimed::read(token) else {
            return Ok(None);
        };
        let mut reading = self.of(customer).await?;
        // Not more than once a second, whatever is sent.
        if reading.value.named(claimed.kid()).is_none() && reading.at < self.clock.now() {
            reading = self.read(customer).await?;
        }
        let key = reading.value.named(claimed.kid());
        Ok(key.and_then(|key| claimed.verified(key)))
    }

    /// Gives the customer new keys, which sign from now on, and returns their
    /// names.
    pub(crate) async fn rotate(&self, customer: &str) -> Result<Vec<String>, RotateError> {
        let _turn = self.making.lock().await;
        self.refuse_too_many(customer).await?;
        let algorithms = SigningAlgorithm::ALL.to_vec();
        let mut keys = new_keys(Arc::clone(&self.make), algorithms, self.clock.now()).await?;
        // What was signed in the meantime counts as well.
        let now = self.clock.now();
        for key in &mut keys {
            key.created_at = now;
        }
        let rotation = Rotation {
            customer,
            keys: &keys,
            former_until: now.plus(STAYS_PUBLISHED),
            at_most: MOST_RETIRED,
            now,
        };
        if !self.store.rotate_signing_keys(&rotation).await? {
            // Another program was faster.
            self.refuse_too_many(customer).await?;
            return Err(RotateError::TooMany { retry_after: 1 });
        }
        self.forget(customer);
        let kids = kids(&keys);
        tracing::info!(customer, ?kids, "rotated the signing keys");
        Ok(kids)
    }

    /// To be called when a customer was deleted or made anew. Other programs
    /// notice within [`READ_AGAIN`] seconds.
    pub(crate) fn forget(&self, customer: &str) {
        self.remembered().forget(customer);
    }

    async fn refuse_too_many(&self, customer: &str) -> Result<(), RotateError> {
        let now = self.clock.now();
        let rotations = self.store.rotations(customer, now).await?;
        match rotations.first() {
            Some(first) if rotations.len() >= MOST_RETIRED => Err(RotateError::TooMany {
                retry_after: first.since(now),
            }),
            _ => Ok(()),
        }
    }

    async fn of(&self, customer: &str) -> Result<Reading<KeySet>, ProviderError> {
        let known = self.remembered().get(customer, self.clock.now());
        match known {
            Some(reading) => Ok(reading),
            None => self.read(customer).await,
        }
    }

    async fn read(&self, customer: &str) -> Result<Reading<KeySet>, ProviderError> {
        let (last, stamp) = self.last(customer);
        let now = self.clock.now();
        let own = self.store.signing_keys(Some(customer)).await?;
        let reading = reading(&own, &self.deployment, last.as_deref(), now)?;
        self.remembered().put(customer, reading.clone(), stamp);
        Ok(reading)
    }

    fn last(&self, customer: &str) -> (Option<Arc<KeySet>>, Stamp) {
        let remembered = self.remembered();
        (remembered.last(customer), remembered.stamp())
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered<KeySet>> {
        // Nothing panics half-way through a change.
        self.remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn kids(keys: &[SigningKey]) -> Vec<String> {
    keys.iter().map(|key| key.kid.clone()).collect()
}
