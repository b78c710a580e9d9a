//! The real time.

use oidc::time::{Clock, UnixTime};
use std::time::{SystemTime, UNIX_EPOCH};

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the clock of the machine"
    )]
    fn now(&self) -> UnixTime {
        // A clock set before 1970 counts as 1970.
        let seconds = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |elapsed| elapsed.as_secs());
        UnixTime(i64::try_from(seconds).unwrap_or(i64::MAX))
    }
}
