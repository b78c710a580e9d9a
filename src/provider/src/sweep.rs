//! Throwing away what has expired, what is too much, and what nobody uses.

use crate::{
    customer::TOUCH_CALLED_AFTER,
    provider::{Provider, ProviderError},
};
use store::Capped;

/// A day, in seconds.
const DAY: i64 = 24 * 60 * 60;

/// What a sweep threw away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// What had expired.
    pub expired: store::Swept,
    /// What was too much.
    pub capped: Capped,
    /// How many sandboxes nobody used, or were too many.
    pub sandboxes: u64,
}

impl Provider {
    /// Throws away what has expired, the oldest of what a customer has too much
    /// of, and the sandboxes that nobody uses or that are too many.
    ///
    /// # Errors
    /// When the store fails. What was thrown away until then stays so.
    pub async fn sweep(&self) -> Result<Swept, ProviderError> {
        let now = self.now();
        let expired = self.store().sweep(now).await?;
        // Twice as long as it may take until a use is written down.
        let used_since = now.plus(-2 * TOUCH_CALLED_AFTER);
        let capped = self.store().cap_rows(used_since).await?;
        let idle = i64::from(self.0.settings.sandboxes.idle_days) * DAY;
        let unused = self.store().sweep_sandboxes(now.plus(-idle)).await?;
        if unused > 0 {
            tracing::info!(sandboxes = unused, "removed sandboxes that nobody uses");
        }
        Ok(Swept {
            expired,
            capped,
            sandboxes: unused + self.cap_sandboxes().await?,
        })
    }

    /// Removes the least recently used sandboxes when there are too many.
    pub(crate) async fn cap_sandboxes(&self) -> Result<u64, ProviderError> {
        let most = self.0.settings.sandboxes.most;
        let removed = self.store().cap_sandboxes(most).await?;
        if removed > 0 {
            tracing::info!(
                sandboxes = removed,
                "removed the sandboxes unused for longest"
            );
        }
        Ok(removed)
    }

    /// After how many days without use a sandbox goes.
    #[must_use]
    pub fn sandbox_idle_days(&self) -> u16 {
        self.0.settings.sandboxes.idle_days
    }
}
