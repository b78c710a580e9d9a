//! Where the provider sends the browser back to.

use super::{Answer, Pairs, see_other};
use crate::state::AppState;
use app::problem::Problem;
use axum::{
    Extension,
    extract::{Query, State},
};
use provider::sandbox::SandboxKey;

/// Completes the run that the answer belongs to and shows it under an address
/// of its own, so that reloading does not use the code twice.
pub(crate) async fn get(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Query(pairs): Query<Pairs>,
) -> Answer {
    let run = state
        .context
        .playground
        .callback(&key, pairs)
        .await
        .map_err(Problem::from)?;
    see_other(&format!("/runs/{run}"))
}
