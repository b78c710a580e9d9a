//! Loads what the page about the sandbox is made of.

use crate::{problem::Problem, ssr};
use playground::{Change, Kept, SandboxView};

/// What the page shows.
pub(super) struct SandboxData {
    /// The sandbox.
    pub(super) sandbox: SandboxView,
    /// What was changed lately, the newest first.
    pub(super) changes: Vec<Kept<Change>>,
    /// Whether a file has just filled it.
    pub(super) imported: bool,
}

/// How many changes are listed.
const LISTED: usize = 20;

/// Loads the visitor's sandbox.
pub(super) async fn load() -> Result<SandboxData, Problem> {
    let (context, key) = ssr::visitor()?;
    let sandbox = context.playground.sandbox(&key).await?;
    let mut changes = context.playground.changes(&key).await?;
    changes.truncate(LISTED);
    Ok(SandboxData {
        sandbox,
        changes,
        imported: ssr::query_value("imported").is_some(),
    })
}
