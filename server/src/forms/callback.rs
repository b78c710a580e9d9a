//! Where the provider sends the browser back to.

use super::{Answer, Pairs, see_other};
use crate::state::AppState;
use app::problem::Problem;
use axum::{
    Extension, Form,
    extract::{Query, State},
};
use playground::Way;
use provider::sandbox::SandboxKey;

/// Completes the run that the answer belongs to and shows it under an address
/// of its own, so that reloading does not use the code twice.
pub(crate) async fn get(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Query(pairs): Query<Pairs>,
) -> Answer {
    finish(&state, &key, pairs, Way::Query).await
}

/// The same for an answer that comes as a form.
/// [Form Post Response Mode section 2](https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html#FormPostResponseMode)
pub(crate) async fn post(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    finish(&state, &key, pairs, Way::Form).await
}

async fn finish(state: &AppState, key: &SandboxKey, pairs: Pairs, way: Way) -> Answer {
    let run = state
        .context
        .playground
        .callback(key, pairs, way)
        .await
        .map_err(Problem::from)?;
    see_other(&format!("/runs/{run}"))
}
