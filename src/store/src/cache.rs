//! What every request needs and hardly anybody changes, kept in memory for a
//! moment: customers, their clients, policies and people.
//!
//! Nobody who writes must think of it. The connection that writes reports each
//! row it changes. From the first row of a cached table until the change is
//! committed or rolled back nothing is taken from the cache or put into it, and
//! then it is empty. So whoever reads after a write was acknowledged finds what
//! was written.
//!
//! Another program that writes into the same file is not heard of: its changes
//! are seen after [`FRESH`] at the latest.

use crate::{Store, StoreError, customers::Customer};
use policy::{
    client::Client, login_policy::LoginPolicy, profile::Person, token_policy::TokenPolicy,
};
use serde_json::{Map, Value};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long what was read is believed, at most.
pub(crate) const FRESH: Duration = Duration::from_secs(1);

/// How many values are kept. When there are more, all are forgotten.
const MOST: usize = 4096;

/// The tables of which rows are kept.
const TABLES: [&str; 5] = [
    "clients",
    "customers",
    "login_policies",
    "people",
    "token_policies",
];

/// What is kept. Cheap to clone; all clones are one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// Counts how often everything was forgotten.
    generation: u64,
    /// Whether a change is under way.
    changing: bool,
    count: usize,
    customers: HashMap<String, OfCustomer>,
}

/// What is kept of one customer, by id.
#[derive(Debug, Default)]
pub(crate) struct OfCustomer {
    /// The customer itself, under no id.
    pub(crate) itself: Kept<Customer>,
    pub(crate) clients: Kept<Client>,
    pub(crate) token_policies: Kept<TokenPolicy>,
    pub(crate) login_policies: Kept<LoginPolicy>,
    pub(crate) people: Kept<Person>,
    /// What clients registered themselves with, those that did.
    pub(crate) registrations: Kept<Option<Map<String, Value>>>,
}

/// Values by id, and when each was asked for.
pub(crate) type Kept<T> = HashMap<String, (Instant, T)>;

/// What a reader was told before it asked the database.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket {
    generation: u64,
    asked: Instant,
}

impl Cache {
    /// The value, or leave to put it here once it was read; neither while
    /// something changes.
    pub(crate) fn get<T: Clone>(
        &self,
        of: impl FnOnce(&OfCustomer) -> &Kept<T>,
        customer: &str,
        id: &str,
    ) -> Result<T, Option<Ticket>> {
        let state = self.lock();
        if state.changing {
            return Err(None);
        }
        let now = Instant::now();
        let kept = state
            .customers
            .get(customer)
            .and_then(|customer| of(customer).get(id));
        match kept {
            Some((asked, value)) if now.duration_since(*asked) < FRESH => Ok(value.clone()),
            _ => Err(Some(Ticket {
                generation: state.generation,
                asked: now,
            })),
        }
    }

    /// Keeps what was read, unless something changed since the ticket was given.
    pub(crate) fn put<T>(
        &self,
        ticket: Ticket,
        of: impl FnOnce(&mut OfCustomer) -> &mut Kept<T>,
        customer: &str,
        id: &str,
        value: T,
    ) {
        let mut state = self.lock();
        if state.changing || state.generation != ticket.generation {
            return;
        }
        if state.count >= MOST {
            state.forget();
        }
        let kept = of(state.customers.entry(customer.to_owned()).or_default());
        if kept.insert(id.to_owned(), (ticket.asked, value)).is_none() {
            state.count += 1;
        }
    }

    /// A row of this table was changed, and not yet committed.
    pub(crate) fn row_changed(&self, table: &str) {
        if TABLES.contains(&table) {
            self.lock().changing = true;
        }
    }

    /// What was changed is committed or rolled back by now.
    pub(crate) fn settled(&self) {
        let mut state = self.lock();
        if state.changing {
            state.changing = false;
            state.forget();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// The customer's value with this id, from the cache or as `read` reads it.
    /// That there is none is not kept: it would be a way to fill the cache.
    pub(crate) async fn cached<T: Clone>(
        &self,
        (of, of_mut): Select<T>,
        customer: &str,
        id: &str,
        read: impl Future<Output = Result<Option<T>, StoreError>>,
    ) -> Result<Option<T>, StoreError> {
        let ticket = match self.cache.get(of, customer, id) {
            Ok(value) => return Ok(Some(value)),
            Err(ticket) => ticket,
        };
        let value = read.await?;
        if let (Some(ticket), Some(value)) = (ticket, &value) {
            self.cache.put(ticket, of_mut, customer, id, value.clone());
        }
        Ok(value)
    }
}

/// Which of a customer's values are meant.
pub(crate) type Select<T> = (
    fn(&OfCustomer) -> &Kept<T>,
    fn(&mut OfCustomer) -> &mut Kept<T>,
);

/// [`Select`] by the name of a field.
macro_rules! of {
    ($field:ident) => {
        (
            |of: &$crate::cache::OfCustomer| &of.$field,
            |of: &mut $crate::cache::OfCustomer| &mut of.$field,
        )
    };
}
pub(crate) use of;

impl State {
    fn forget(&mut self) {
        self.generation += 1;
        self.count = 0;
        self.customers.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str) -> Person {
        Person {
            username: Some(name.to_owned()),
            description: String::new(),
            profile: policy::profile::Profile::default(),
        }
    }

    fn found(cache: &Cache) -> Result<Person, Option<Ticket>> {
        cache.get(|of| &of.people, "c", "p")
    }

    fn ticket(cache: &Cache) -> Ticket {
        found(cache).unwrap_err().unwrap()
    }

    fn keep(cache: &Cache, ticket: Ticket) {
        cache.put(ticket, |of| &mut of.people, "c", "p", person("Alice"));
    }

    #[test]
    fn what_was_put_is_found() {
        let cache = Cache::default();
        keep(&cache, ticket(&cache));
        assert_eq!(found(&cache).unwrap(), person("Alice"));
        assert!(cache.get(|of| &of.people, "d", "p").is_err());
    }

    #[test]
    fn a_change_is_in_nobodys_way_for_longer_than_it_takes() {
        let cache = Cache::default();
        keep(&cache, ticket(&cache));
        cache.row_changed("tokens");
        assert!(found(&cache).is_ok(), "tokens are not kept");
        cache.row_changed("people");
        assert!(found(&cache).unwrap_err().is_none());
        cache.settled();
        keep(&cache, ticket(&cache));
        assert!(found(&cache).is_ok());
    }

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let cache = Cache::default();
        let ticket = ticket(&cache);
        cache.row_changed("people");
        keep(&cache, ticket);
        cache.settled();
        keep(&cache, ticket);
        assert!(found(&cache).is_err());
    }

    #[test]
    fn what_is_old_is_read_again() {
        let cache = Cache::default();
        let mut ticket = ticket(&cache);
        ticket.asked -= FRESH;
        keep(&cache, ticket);
        assert!(found(&cache).is_err());
    }

    #[test]
    fn no_more_than_the_most_is_kept() {
        let cache = Cache::default();
        let first = ticket(&cache);
        for number in 0..=MOST {
            let ticket = cache
                .get(|of| &of.people, "c", &number.to_string())
                .unwrap_err()
                .unwrap();
            let id = number.to_string();
            cache.put(ticket, |of| &mut of.people, "c", &id, person("Bo"));
        }
        let state = cache.lock();
        assert_eq!(state.generation, first.generation + 1);
        assert!(state.count <= 1);
    }
}
