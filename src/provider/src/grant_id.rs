//! What links a code and all tokens that come from it.

use crate::random;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use oidc::time::UnixTime;
use std::sync::atomic::{AtomicU32, Ordering};

/// Makes ids of grants: 128 random bits behind the time and a number.
///
/// Nobody outside sees them, so that only being unique matters. They are looked
/// for in an index, and those made one after the other lie side by side in it:
/// of random ones each would change another page, and each page is written to
/// disk as a whole.
#[derive(Debug, Default)]
pub(crate) struct GrantIds(AtomicU32);

impl GrantIds {
    /// The next one.
    pub(crate) fn next(&self, now: UnixTime) -> String {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        let random = URL_SAFE_NO_PAD.encode(random::bytes::<16>());
        format!("{:010x}{number:08x}{random}", now.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_ids_come_behind_earlier_ones() {
        let ids = GrantIds::default();
        let now = UnixTime(1_800_000_000);
        let made: Vec<String> = (0..100)
            .map(|number| ids.next(now.plus(number / 10)))
            .collect();
        assert!(made.is_sorted());
        assert!(made.iter().all(|id| id.len() == 40));
    }

    #[test]
    fn two_programs_never_make_the_same() {
        let now = UnixTime(1_800_000_000);
        assert_ne!(GrantIds::default().next(now), GrantIds::default().next(now));
    }
}
