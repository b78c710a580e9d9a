//! Throwing away what has expired.

use crate::state::AppState;
use provider::cookie::SANDBOX_MAX_AGE;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// How often expired rows are looked for.
const EVERY: Duration = Duration::from_mins(1);

/// Sweeps the store every minute, for as long as it is polled. A sandbox goes
/// when nothing was done in it for as long as its cookie lives without a visit.
pub(crate) async fn for_ever(state: AppState) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let now = state.clock.now();
        match state.store.sweep(now).await {
            Ok(swept) => tracing::debug!(?swept, "swept"),
            Err(error) => tracing::warn!(%error, "could not sweep"),
        }
        let unused_since = now.plus(-i64::from(SANDBOX_MAX_AGE));
        match state.store.sweep_sandboxes(unused_since).await {
            Ok(0) => {}
            Ok(sandboxes) => tracing::info!(sandboxes, "removed sandboxes that nobody uses"),
            Err(error) => tracing::warn!(%error, "could not remove unused sandboxes"),
        }
    }
}
