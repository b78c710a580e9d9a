//! Counting what went wrong, so that nobody tries for ever.

use oidc::time::UnixTime;
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// For how long something counts, in seconds: a minute.
pub(crate) const WINDOW: i64 = 60;
/// How many keys are remembered.
const REMEMBERED: usize = 10_000;

/// Counts something wrong per key and [`WINDOW`]. When there are too many keys,
/// all are forgotten.
pub(crate) struct Tally<K> {
    most: u32,
    counts: Mutex<HashMap<K, Count>>,
}

struct Count {
    wrong: u32,
    since: UnixTime,
}

impl Count {
    /// Also when the clock was put back far behind it; a little behind is who
    /// looked at it just before.
    fn is_over(&self, now: UnixTime) -> bool {
        now.since(self.since).abs() >= WINDOW
    }
}

impl<K: Eq + Hash> Tally<K> {
    /// Lets so many be wrong.
    pub(crate) fn new(most: u32) -> Self {
        Self {
            most,
            counts: Mutex::default(),
        }
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<K, Count>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there may be one more.
    pub(crate) fn admits(&self, key: &K, now: UnixTime) -> bool {
        self.wait(key, now).is_none()
    }

    /// After how many seconds there may be one more, when there may be none now.
    pub(crate) fn wait(&self, key: &K, now: UnixTime) -> Option<i64> {
        self.counts()
            .get(key)
            .filter(|count| count.wrong >= self.most && !count.is_over(now))
            .map(|count| WINDOW - now.since(count.since))
    }

    /// There was one more.
    pub(crate) fn count(&self, key: K, now: UnixTime) {
        let mut counts = self.counts();
        if counts.len() >= REMEMBERED {
            counts.retain(|_, count| !count.is_over(now));
            if counts.len() >= REMEMBERED {
                counts.clear();
            }
        }
        let fresh = || Count {
            wrong: 0,
            since: now,
        };
        let count = counts.entry(key).or_insert_with(fresh);
        if count.is_over(now) {
            *count = fresh();
        }
        count.wrong = count.wrong.saturating_add(1);
    }

    /// Begins anew.
    pub(crate) fn forget(&self, key: &K) {
        self.counts().remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime(1_000);

    #[test]
    fn whoever_was_wrong_too_often_waits_for_the_rest_of_the_minute() {
        let tally = Tally::new(2);
        tally.count("a", NOW);
        assert_eq!(tally.wait(&"a", NOW), None);
        tally.count("a", NOW.plus(10));
        assert_eq!(tally.wait(&"a", NOW.plus(10)), Some(50));
        assert_eq!(tally.wait(&"a", NOW.plus(59)), Some(1));
        assert_eq!(tally.wait(&"a", NOW.plus(60)), None);
        assert_eq!(tally.wait(&"b", NOW), None);
    }

    #[test]
    fn a_clock_that_is_put_back_keeps_nobody_out() {
        let tally = Tally::new(1);
        tally.count("a", NOW);
        assert!(!tally.admits(&"a", NOW.plus(-1)));
        assert!(tally.admits(&"a", NOW.plus(-WINDOW)));
        tally.count("a", NOW.plus(-WINDOW));
        assert_eq!(tally.wait(&"a", NOW.plus(-WINDOW)), Some(WINDOW));
    }

    #[test]
    fn no_more_is_remembered_than_there_is_room_for() {
        let tally = Tally::new(10);
        for number in 0..3 * REMEMBERED {
            tally.count(number, NOW);
            assert!(tally.counts().len() <= REMEMBERED);
        }
        // What is over goes first.
        let tally = Tally::new(1);
        for number in 0..REMEMBERED - 1 {
            tally.count(number, NOW);
        }
        let later = NOW.plus(WINDOW);
        for number in REMEMBERED..REMEMBERED + 2 {
            tally.count(number, later);
        }
        assert_eq!(tally.counts().len(), 2);
        assert!(!tally.admits(&REMEMBERED, later));
    }
}
