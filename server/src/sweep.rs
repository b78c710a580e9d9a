//! Throwing away, again and again, what is no longer needed.

use provider::Provider;
use std::time::Duration;
use store::Capped;
use tokio::time::sleep;

/// How long to wait after a sweep.
const PAUSE: Duration = Duration::from_mins(1);
/// The same after one that found more than there may be: somebody makes it
/// faster than it expires.
const SHORT_PAUSE: Duration = Duration::from_secs(5);

/// Sweeps for as long as it is polled.
pub(crate) async fn for_ever(provider: Provider) {
    loop {
        let mut pause = PAUSE;
        match provider.sweep().await {
            Ok(swept) => {
                tracing::debug!(?swept, "swept");
                if swept.capped != Capped::default() {
                    pause = SHORT_PAUSE;
                }
            }
            Err(error) => tracing::warn!(%error, "could not sweep"),
        }
        sleep(pause).await;
    }
}
