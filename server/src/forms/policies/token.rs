//! Token policies: looked at, made, replaced, deleted.

use super::{BE_SURE, LOOK_FIRST, UNSENT, again, preview, seen};
use crate::{
    forms::{
        Answer, Pairs,
        console::{Asking, change},
        value,
    },
    state::AppState,
};
use app::{
    policies::{editor, review::SURE, token::fields::TokenFields},
    problem::Problem,
    submitted::Submitted,
};
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use diagnosis::{
    consequences,
    put::{self, How},
};
use playground::{Change, Method, Wish};
use provider::sandbox::SandboxKey;

const LIST: &str = "config/tokenPolicies";
const NEW: &str = "/policies/token/new";

fn page(id: &str) -> String {
    format!("/policies/token/{id}")
}

fn path(id: &str) -> String {
    format!("{LIST}/{id}")
}

/// Shows what the form would change.
pub(crate) async fn look(Path(id): Path<String>, Form(fields): Form<Pairs>) -> Response {
    preview(&page(&id), fields)
}

/// Shows what the form would make.
pub(crate) async fn look_at_new(Form(fields): Form<Pairs>) -> Response {
    preview(NEW, fields)
}

/// Replaces a token policy. What is left out, or warned of, must have been on
/// the page before.
pub(crate) async fn put(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let page = page(&id);
    let sandbox = state.context.playground.sandbox(&key).await;
    let sandbox = sandbox.map_err(Problem::from)?;
    let before = sandbox.token_policies.iter().find(|policy| policy.id == id);
    let form = Submitted::preview(&page, fields.clone());
    let edited = editor::edited::<TokenFields>(&form);
    let outcome = edited.body.as_ref().ok();
    let Some(Ok(outcome)) = outcome.map(|body| put::token_policy(before, body)) else {
        return Ok(again(&page, 422, fields, UNSENT));
    };
    let (policies, clients) = (&sandbox.token_policies, &sandbox.clients);
    let warnings = consequences::of_token_policy(&outcome.after, policies, clients);
    let is_trap = outcome.lines.iter().any(|line| line.how == How::Reset) || !warnings.is_empty();
    if is_trap && !edited.is_as_shown {
        return Ok(again(&page, 200, fields, LOOK_FIRST));
    }
    let locks_out = warnings.iter().any(|warning| warning.locks_out);
    if locks_out && value(&fields, SURE).is_none() {
        return Ok(again(&page, 422, fields, BE_SURE));
    }
    let wish = Wish {
        method: Method::Put,
        path: path(&id),
        body: Some(edited.text),
        seen: seen(&fields),
    };
    let asking = Asking {
        page: &page,
        fields,
    };
    change(&state, &key, wish, asking, |_| page.clone()).await
}

/// Makes a token policy.
pub(crate) async fn create(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let form = Submitted::preview(NEW, fields.clone());
    let edited = editor::edited::<TokenFields>(&form);
    let outcome = edited.body.as_ref().ok();
    if !matches!(
        outcome.map(|body| put::token_policy(None, body)),
        Some(Ok(_))
    ) {
        return Ok(again(NEW, 422, fields, UNSENT));
    }
    let wish = Wish {
        method: Method::Post,
        path: LIST.to_owned(),
        body: Some(edited.text),
        seen: None,
    };
    let asking = Asking { page: NEW, fields };
    change(&state, &key, wish, asking, |made| page(&id_of(made))).await
}

/// The id of what was made: all the answer says.
fn id_of(made: &Change) -> String {
    serde_json::from_str(&made.answer).unwrap_or_default()
}

/// Deletes a token policy that no client uses.
pub(crate) async fn delete(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let page = page(&id);
    let wish = Wish {
        method: Method::Delete,
        path: path(&id),
        body: None,
        seen: seen(&fields),
    };
    let asking = Asking {
        page: &page,
        fields,
    };
    change(&state, &key, wish, asking, |_| "/policies".to_owned()).await
}

/// Gives a client another token policy, with a PUT of the whole client.
pub(crate) async fn assign(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
) -> Answer {
    super::assign::token_policy(&state, &key, &page(&id), fields).await
}
