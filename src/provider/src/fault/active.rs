//! Which faults are switched on.

use crate::{
    provider::Provider,
    remembered::{Reading, Remembered},
};
use oidc::time::Clock;
use policy::fault::{Fault, FaultName};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::{Store, StoreError};

/// For how long faults are taken to be as they were read, in seconds: other
/// programs on the same database notice that late what one of them was told.
const READ_AGAIN: i64 = 10;
/// No customer's id is longer, in bytes. What is longer is not remembered.
const LONGEST_ID: usize = 128;

/// The faults of all customers.
pub(crate) struct Faults {
    store: Store,
    clock: Arc<dyn Clock>,
    remembered: Mutex<Remembered<Vec<Fault>>>,
}

impl Faults {
    pub(crate) fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            remembered: Mutex::default(),
        }
    }

    /// To be called whenever a customer's faults changed.
    pub(crate) fn forget(&self, customer: &str) {
        self.remembered().forget(customer);
    }

    /// Those of a customer that may still happen, in the order they were
    /// switched on.
    async fn of(&self, customer: &str) -> Result<Arc<Vec<Fault>>, StoreError> {
        if customer.len() > LONGEST_ID {
            return Ok(Arc::default());
        }
        let now = self.clock.now();
        let (known, stamp) = self.look(customer);
        if let Some(known) = known {
            return Ok(known.value);
        }
        let kept = self.store.faults(customer).await?;
        let faults = kept.into_iter().filter(|kept| kept.remaining() != Some(0));
        let value = Arc::new(faults.map(|kept| kept.fault).collect());
        let reading = Reading {
            value: Arc::clone(&value),
            at: now,
            until: now.plus(READ_AGAIN),
        };
        self.remembered().put(customer, reading, stamp);
        Ok(value)
    }

    fn look(&self, customer: &str) -> (Option<Reading<Vec<Fault>>>, crate::remembered::Stamp) {
        let remembered = self.remembered();
        let known = remembered.get(customer, self.clock.now());
        (known, remembered.stamp())
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered<Vec<Fault>>> {
        // Nothing panics half-way through a change.
        self.remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The faults that may happen to one client.
pub(crate) struct Active<'a> {
    faults: &'a Faults,
    customer: &'a str,
    client: Option<&'a str>,
    all: Arc<Vec<Fault>>,
}

impl Provider {
    /// The faults that may happen to a client of the customer; where it is not
    /// known which one it is (`None`), those that may happen to all.
    ///
    /// Where the store cannot say, nothing goes wrong.
    pub(crate) async fn active<'a>(
        &'a self,
        customer: &'a str,
        client: Option<&'a str>,
    ) -> Active<'a> {
        let all = self.faults().of(customer).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the faults of a customer could not be read");
            Arc::default()
        });
        Active {
            faults: self.faults(),
            customer,
            client,
            all,
        }
    }

    /// The names of all faults that are switched on for the customer, those of
    /// other clients left out if it is known which one asks.
    pub(crate) async fn fault_names(
        &self,
        customer: &str,
        client: Option<&str>,
    ) -> Vec<&'static str> {
        let active = self.active(customer, client).await;
        let mut names: Vec<&str> = Vec::new();
        for fault in active.all.iter() {
            let name = fault.name.as_str();
            if (client.is_none() || fault.concerns(client)) && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

impl Active<'_> {
    /// Whether nothing goes wrong, now or for anybody else of the customer.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whose faults they are.
    pub(crate) const fn customer(&self) -> &str {
        self.customer
    }

    /// Which faults may happen, each once, in the order they were switched on.
    pub(crate) fn names(&self) -> Vec<FaultName> {
        let mut names = Vec::new();
        for fault in self.all.iter().filter(|fault| fault.concerns(self.client)) {
            if !names.contains(&fault.name) {
                names.push(fault.name);
            }
        }
        names
    }

    /// Lets a fault happen, if it is switched on, and counts that it does.
    pub(crate) async fn take(&self, name: FaultName) -> Option<Fault> {
        self.take_any(|fault| fault.name == name).await
    }

    /// Lets the first of some faults happen.
    pub(crate) async fn take_any(&self, wanted: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let mine = self.all.iter().filter(|fault| fault.concerns(self.client));
        for fault in mine.filter(|fault| wanted(fault)) {
            if self.happens(fault).await {
                return Some(fault.clone());
            }
        }
        None
    }

    async fn happens(&self, fault: &Fault) -> bool {
        let hit = self.faults.store.hit_fault(self.customer, &fault.id).await;
        let hit = hit.unwrap_or_else(|error| {
            tracing::error!(%error, "a fault could not be counted");
            None
        });
        // It is over, or it was switched off meanwhile.
        if hit.is_none_or(|hit| hit.last) {
            self.faults.forget(self.customer);
        }
        if hit.is_some() {
            let (customer, client) = (self.customer, self.client.unwrap_or_default());
            tracing::info!(
                customer,
                client,
                fault = fault.name.as_str(),
                "a fault happened"
            );
        }
        hit.is_some()
    }
}
