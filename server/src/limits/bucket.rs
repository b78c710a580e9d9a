//! Buckets that are emptied at once and filled slowly, one for each key.
//!
//! The generic cell rate algorithm: of each bucket only the moment is kept at
//! which it will be full again. Ours instead of a crate's, because the keys come
//! from whoever likes, so that there must be a bound on how many are kept, and
//! because time comes from the clock that everything else goes by.

use oidc::time::UnixTime;
use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

/// How many buckets are kept that are not full: a few megabytes.
const REMEMBERED: usize = 100_000;

/// How often something may be done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    /// Again and again: once in so many milliseconds.
    pub(super) every: i64,
    /// At once, after a pause: so many times.
    pub(super) at_once: i64,
}

/// How long until it may be done again, in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait(pub(super) i64);

/// A bucket for each key. Memory is bounded: when there are too many, the full
/// ones are forgotten, which changes nothing, and if that is not enough, all.
/// Who can come from that many places is not kept out by counting places.
pub(super) struct Buckets<K> {
    rate: Rate,
    /// When each is full again, in milliseconds since 1970.
    full_at: Mutex<HashMap<K, i64>>,
}

impl<K> fmt::Debug for Buckets<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buckets")
            .field("rate", &self.rate)
            .finish_non_exhaustive()
    }
}

impl<K: Eq + Hash> Buckets<K> {
    pub(super) fn new(rate: Rate) -> Self {
        Self {
            rate,
            full_at: Mutex::default(),
        }
    }

    /// Takes one from the bucket, or says how long until there is one.
    pub(super) fn take(&self, key: K, now: UnixTime) -> Result<(), Wait> {
        let now = now.0.saturating_mul(1000);
        let depth = self.rate.every * self.rate.at_once;
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= REMEMBERED && !buckets.contains_key(&key) {
            buckets.retain(|_, full_at| *full_at > now);
            if buckets.len() >= REMEMBERED {
                buckets.clear();
            }
        }
        let full_at = buckets.entry(key).or_insert(now);
        // Never later than an empty one: the clock may have been put back.
        let taken = (*full_at).clamp(now, now + depth) + self.rate.every;
        let missing = taken - now - depth;
        if missing > 0 {
            return Err(Wait(missing.div_euclid(1000) + 1));
        }
        *full_at = taken;
        Ok(())
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.full_at.lock().unwrap().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: UnixTime = UnixTime(1_800_000_000);
    const SLOW: Rate = Rate {
        every: 5000,
        at_once: 3,
    };

    /// How many are given at once.
    fn given(buckets: &Buckets<u32>, key: u32, now: UnixTime) -> usize {
        (0..10_000)
            .take_while(|_| buckets.take(key, now).is_ok())
            .count()
    }

    #[test]
    fn a_bucket_is_emptied_at_once_and_filled_slowly() {
        let buckets = Buckets::new(SLOW);
        assert_eq!(given(&buckets, 1, NOW), 3);
        assert_eq!(given(&buckets, 2, NOW), 3);
        assert_eq!(buckets.take(1, NOW), Err(Wait(6)));
        assert_eq!(buckets.take(1, NOW.plus(4)), Err(Wait(2)));
        assert_eq!(given(&buckets, 1, NOW.plus(5)), 1);
        assert_eq!(given(&buckets, 1, NOW.plus(15)), 2);
        assert_eq!(given(&buckets, 1, NOW.plus(1000)), 3);
    }

    #[test]
    fn who_waits_as_long_as_told_is_let_in() {
        for rate in [SLOW, super::super::PER_ADDRESS, super::super::PER_CUSTOMER] {
            let buckets = Buckets::new(rate);
            given(&buckets, 1, NOW);
            let Wait(seconds) = buckets.take(1, NOW).unwrap_err();
            assert_eq!(buckets.take(1, NOW.plus(seconds)), Ok(()));
        }
    }

    #[test]
    fn a_clock_that_is_put_back_shuts_nobody_out() {
        let buckets = Buckets::new(SLOW);
        given(&buckets, 1, NOW);
        let before = NOW.plus(-100_000);
        assert_eq!(buckets.take(1, before), Err(Wait(6)));
        assert_eq!(given(&buckets, 1, before.plus(15)), 0);
        assert_eq!(given(&buckets, 1, NOW.plus(5)), 1);
    }

    #[test]
    fn no_more_buckets_are_kept_than_there_is_room_for() {
        let buckets = Buckets::new(SLOW);
        for key in 0..250_000 {
            buckets.take(key, NOW).unwrap();
            assert!(buckets.len() <= REMEMBERED);
        }
        // Full ones go first.
        let buckets = Buckets::new(SLOW);
        given(&buckets, 0, NOW);
        for key in 1..100_000 {
            buckets.take(key, NOW).unwrap();
        }
        let later = NOW.plus(5);
        given(&buckets, 0, later);
        buckets.take(100_000, later).unwrap();
        assert_eq!(buckets.len(), 2);
        assert!(buckets.take(0, later).is_err());
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_the_rate(
            every in 1_i64..10_000,
            at_once in 1_i64..50,
            pauses in proptest::collection::vec(0_i64..20, 1..200),
        ) {
            let buckets = Buckets::new(Rate { every, at_once });
            let mut now = NOW;
            let mut taken = 0;
            for pause in pauses {
                now = now.plus(pause);
                taken += i64::from(buckets.take(1, now).is_ok());
                prop_assert!(taken <= at_once + now.since(NOW) * 1000 / every);
            }
        }
    }
}
