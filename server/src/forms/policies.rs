//! Changing policies: what a form says is put in step, looked at as the page
//! looks at it, and sent over the configuration API.

pub(crate) mod assign;
pub(crate) mod login;
pub(crate) mod token;

use super::{Answer, Pairs, see_other, value};
use crate::problem::Again;
use app::{
    policies::{conflict::OVERWRITE, editor::SEEN},
    submitted::{FieldProblem, Submitted},
};
use axum::{
    extract::OriginalUri,
    response::{IntoResponse as _, Response},
};

/// What is said at the top of a page whose body cannot be sent.
pub(super) const UNSENT: &str =
    "Nothing was sent. What is wrong stands at the field and under the JSON.";
/// What is said when a left-out property or a warning was not on the page yet.
pub(super) const LOOK_FIRST: &str =
    "Nothing was sent yet: look at what it will change, then send it again.";
/// What is said to who would lock themselves out.
pub(super) const BE_SURE: &str =
    "Nothing was sent: it would lock you out. Say below that you know, and send it again.";

/// The form with its own page, which says what is wrong where it is.
pub(super) fn again(page: &str, status: u16, fields: Pairs, problem: &str) -> Response {
    let problems = vec![FieldProblem::new("", problem)];
    Again(Submitted::refused(page, status, fields, problems)).into_response()
}

/// Shows the form with what it would do.
pub(super) fn preview(page: &str, fields: Pairs) -> Response {
    Again(Submitted::preview(page, fields)).into_response()
}

/// The version that may be overwritten: the one the form was made at, or the
/// one the person chose to overwrite.
pub(super) fn seen(fields: &Pairs) -> Option<String> {
    let chosen = value(fields, OVERWRITE).or_else(|| value(fields, SEEN));
    chosen.map(str::to_owned)
}

/// Leads from where a part of a page is sent to the page.
pub(crate) async fn to_page(OriginalUri(uri): OriginalUri) -> Answer {
    // As it was written, so that nothing has to be encoded anew.
    let path = uri.path();
    see_other(path.rsplit_once('/').map_or(path, |(page, _)| page))
}
