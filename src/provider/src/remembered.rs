//! What was lately read of customers, so that not every request reads it again.

use oidc::time::UnixTime;
use std::{collections::HashMap, sync::Arc};

/// How many customers are remembered.
const MOST: usize = 512;

/// What was read of a customer, and for how long it is taken to be right.
pub(crate) struct Reading<T> {
    pub(crate) value: Arc<T>,
    pub(crate) at: UnixTime,
    pub(crate) until: UnixTime,
}

impl<T> Clone for Reading<T> {
    fn clone(&self) -> Self {
        Self {
            value: Arc::clone(&self.value),
            ..*self
        }
    }
}

impl<T> Reading<T> {
    /// Also wrong when the clock was turned back behind it.
    fn holds(&self, now: UnixTime) -> bool {
        self.at <= now && now < self.until
    }
}

/// What was read, of a bounded number of customers.
pub(crate) struct Remembered<T> {
    readings: HashMap<String, Reading<T>>,
    /// How often something was forgotten.
    forgotten: u64,
}

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self {
            readings: HashMap::new(),
            forgotten: 0,
        }
    }
}

/// Proof that nothing was forgotten since.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp(u64);

impl<T> Remembered<T> {
    pub(crate) fn get(&self, customer: &str, now: UnixTime) -> Option<Reading<T>> {
        let reading = self.readings.get(customer)?;
        reading.holds(now).then(|| reading.clone())
    }

    /// What was last read, however long ago: some of it may still be good.
    pub(crate) fn last(&self, customer: &str) -> Option<Arc<T>> {
        let reading = self.readings.get(customer)?;
        Some(Arc::clone(&reading.value))
    }

    /// To be taken before reading what is then put.
    pub(crate) const fn stamp(&self) -> Stamp {
        Stamp(self.forgotten)
    }

    /// Remembers what was read, unless something was forgotten in the meantime:
    /// then it may be outdated.
    pub(crate) fn put(&mut self, customer: &str, reading: Reading<T>, stamp: Stamp) {
        if stamp != self.stamp() {
            return;
        }
        if self.readings.len() >= MOST {
            let now = reading.at;
            self.readings.retain(|_, other| other.holds(now));
        }
        if self.readings.len() >= MOST {
            self.readings.clear();
        }
        self.readings.insert(customer.to_owned(), reading);
    }

    pub(crate) fn forget(&mut self, customer: &str) {
        self.readings.remove(customer);
        self.forgotten = self.forgotten.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime(1_800_000_000);

    fn reading(at: UnixTime) -> Reading<()> {
        Reading {
            value: Arc::new(()),
            at,
            until: at.plus(10),
        }
    }

    #[test]
    fn a_reading_holds_from_its_second_until_its_end() {
        let mut remembered = Remembered::default();
        let stamp = remembered.stamp();
        remembered.put("c", reading(NOW), stamp);
        for (second, held) in [(-1, false), (0, true), (9, true), (10, false)] {
            let found = remembered.get("c", NOW.plus(second));
            assert_eq!(found.is_some(), held, "{second}");
        }
        assert!(remembered.get("d", NOW).is_none());
    }

    #[test]
    fn what_was_read_before_something_was_forgotten_is_not_remembered() {
        let mut remembered = Remembered::default();
        let stamp = remembered.stamp();
        remembered.forget("c");
        remembered.put("c", reading(NOW), stamp);
        assert!(remembered.get("c", NOW).is_none());
    }

    #[test]
    fn the_number_of_customers_is_bounded() {
        let mut remembered = Remembered::default();
        let stamp = remembered.stamp();
        for number in 0..MOST * 3 {
            remembered.put(&number.to_string(), reading(NOW), stamp);
            assert!(remembered.readings.len() <= MOST);
        }
        // The old ones go first.
        remembered.readings.clear();
        for number in 0..MOST {
            let age = if number == 7 { 0 } else { -10 };
            remembered.put(&number.to_string(), reading(NOW.plus(age)), stamp);
        }
        remembered.put("new", reading(NOW), stamp);
        assert!(remembered.get("7", NOW).is_some());
        assert_eq!(remembered.readings.len(), 2);
    }
}
