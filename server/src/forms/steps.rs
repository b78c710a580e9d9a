//! The buttons under a run: what is done with its tokens.

use super::{Answer, Pairs, see_other, value};
use crate::state::AppState;
use app::problem::{NextStep, Problem};
use axum::{
    Extension, Form,
    extract::{OriginalUri, Path, Query, State},
};
use oidc::scope::Scope;
use playground::{Pressed, StepError};
use provider::sandbox::SandboxKey;

/// Leads from where [`take`] listens to the run.
pub(crate) async fn of_take(OriginalUri(uri): OriginalUri) -> Answer {
    see_other(of_run(uri.path()))
}

/// Takes the step whose button was pressed.
pub(crate) async fn take(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(run): Path<String>,
    OriginalUri(uri): OriginalUri,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let words: Vec<&str> = pairs
        .iter()
        .filter(|(name, _)| name == "scope")
        .map(|(_, value)| value.as_str())
        .collect();
    let pressed = Pressed {
        button: value(&pairs, "what").unwrap_or_default().to_owned(),
        ticked: Scope::parse(&words.join(" ")).scope,
        seen: value(&pairs, "seen").unwrap_or_default().to_owned(),
    };
    let taken = state
        .context
        .playground
        .take_step(&key, &run, pressed)
        .await
        .map_err(|error| problem(error, uri.path()))?;
    if let Some(location) = taken.location {
        return see_other(&location);
    }
    let number = taken.number;
    if taken.repeated {
        let run = of_run(uri.path());
        return see_other(&format!("{run}?repeated={number}#step-{number}"));
    }
    see_other(&format!("{}#step-{number}", of_run(uri.path())))
}

/// Where the provider leads back to after logging out.
pub(crate) async fn logged_out(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Query(pairs): Query<Pairs>,
) -> Answer {
    let sent = value(&pairs, "state").unwrap_or_default();
    let playground = &state.context.playground;
    let (run, number) = playground
        .logged_out(&key, sent)
        .await
        .map_err(Problem::from)?;
    see_other(&format!("/runs/{run}#step-{number}"))
}

/// What keeps a step from being taken. What was not refused because of the run
/// leads back to it.
fn problem(error: StepError, path: &str) -> Problem {
    let about_run = matches!(error, StepError::Run(_));
    let problem = Problem::from(error);
    if about_run {
        problem
    } else {
        problem.first_step(NextStep::new("Back to the run", of_run(path)))
    }
}

/// The address of the run whose steps are taken at this one, as it was written,
/// so that nothing has to be encoded anew.
fn of_run(path: &str) -> &str {
    path.strip_suffix("/steps").unwrap_or(path)
}
