//! Starting afresh.

use super::{Answer, see_other};
use crate::state::AppState;
use app::problem::Problem;
use axum::{Extension, extract::State};
use provider::sandbox::SandboxKey;

/// Puts the visitor's sandbox back to how it was at first.
pub(crate) async fn reset(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
) -> Answer {
    state
        .context
        .playground
        .reset(&key)
        .await
        .map_err(|error| {
            tracing::error!(%error, "could not reset a sandbox");
            Problem::internal()
        })?;
    see_other("/?reset=done")
}
