//! The two buttons that begin a run.

use super::{Answer, Pairs, leave, see_other, value};
use crate::state::AppState;
use app::{build::fields::draft_from_pairs, problem::Problem};
use axum::{
    Extension, Form,
    extract::{OriginalUri, Path, State},
};
use oidc::scope::Scope;
use playground::Link;
use provider::sandbox::SandboxKey;

/// Begins the run that the Build form describes.
pub(crate) async fn begin(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let playground = &state.context.playground;
    let sandbox = playground.sandbox(&key).await.map_err(Problem::from)?;
    let draft = draft_from_pairs(&pairs, &playground.default_draft(&sandbox));
    let link = Link {
        previous: value(&pairs, "previous").map(str::to_owned),
        ..Link::default()
    };
    let begun = playground
        .begin(&key, draft, link)
        .await
        .map_err(Problem::from)?;
    leave(begun)
}

/// Leads from where [`add_scopes`] listens to the run.
pub(crate) async fn of_add_scopes(OriginalUri(uri): OriginalUri) -> Answer {
    // As it was written, so that nothing has to be encoded anew.
    see_other(uri.path().trim_end_matches("/add-scopes"))
}

/// Adds scopes to the token policy of a run, as its owner would over the
/// configuration API, and begins the same run again.
pub(crate) async fn add_scopes(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(run): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let asked: Vec<&str> = pairs
        .iter()
        .filter(|(name, _)| name == "scope")
        .map(|(_, value)| value.as_str())
        .collect();
    let scopes = Scope::parse(&asked.join(" "))
        .scope
        .iter()
        .cloned()
        .collect();
    let begun = state
        .context
        .playground
        .add_scopes_and_run_again(&key, &run, scopes)
        .await
        .map_err(Problem::from)?;
    leave(begun)
}
