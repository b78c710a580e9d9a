//! What the forms of the configuration have in common: ask the configuration
//! API, and lead on, or show the form again.

use super::{Answer, Pairs, see_other};
use crate::{problem::Again, state::AppState};
use app::{
    problem::{NextStep, Problem},
    submitted::{FieldProblem, Submitted},
};
use axum::response::IntoResponse as _;
use oidc::authorization::append_query;
use playground::{Change, ConsoleError, Kept, Wish};
use provider::sandbox::SandboxKey;
use serde_json::Value;

/// A form that asks for a change.
pub(crate) struct Asking<'a> {
    /// The path of the page it is on, shown again when the change is refused.
    pub(crate) page: &'a str,
    /// What it sent.
    pub(crate) fields: Pairs,
}

/// Asks for the change. Done, it leads to where `next` says, with the change in
/// the query, so that the page can show its calls; refused, the form is shown
/// again with what was typed and what the API says.
pub(crate) async fn change(
    state: &AppState,
    key: &SandboxKey,
    wish: Wish,
    asking: Asking<'_>,
    next: impl FnOnce(&Change) -> String,
) -> Answer {
    let made = state.context.playground.change(key, wish).await;
    let made = made.map_err(problem)?;
    if made.what.is_done() {
        let place = append_query(&next(&made.what), [("change", made.id.as_str())]);
        return see_other(&place);
    }
    Ok(Again(refused(made, asking)).into_response())
}

/// The form again, with what the API says.
fn refused(made: Kept<Change>, asking: Asking<'_>) -> Submitted {
    let Kept { id, what, .. } = made;
    let said = serde_json::from_str(&what.answer)
        .ok()
        .and_then(|body: Value| Some(body.get("errors")?.as_str()?.to_owned()))
        .unwrap_or(what.answer);
    let text = format!("The configuration API answered {}: {said}", what.status);
    Submitted {
        change: Some(id),
        ..Submitted::refused(
            asking.page,
            what.status,
            asking.fields,
            vec![FieldProblem::new("", text)],
        )
    }
}

/// Why a change could not even be asked for.
pub(crate) fn problem(error: ConsoleError) -> Problem {
    match error {
        ConsoleError::LockedOut { .. } => Problem::new(
            409,
            "locked-out",
            "No token of this sandbox may change the configuration",
            "Changes are made with an administrative token of a configuration client, asked for with the scope `*:config/**`. No configuration client of this sandbox gets one any more: it was deleted, or its token policy no longer lists that scope. Nothing was changed.",
        )
        .first_step(NextStep::new("Find the way back", "/sandbox")),
        ConsoleError::Failed { failure, .. } => Problem::new(
            502,
            "configuration-unreachable",
            "The configuration API gave no answer",
            &format!("{} {}", failure.message, failure.advice),
        ),
        ConsoleError::Internal(error) => error.into(),
    }
}
