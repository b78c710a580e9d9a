//! Changing clients.

mod parts;

pub(crate) use parts::{add_redirect_uri, reset_secret, show_secret};

use crate::{
    forms::{
        Answer, Pairs,
        console::{Asking, change},
        policies::{BE_SURE, LOOK_FIRST, UNSENT, again, preview, seen},
        see_other, value,
    },
    problem::Again,
    state::AppState,
};
use app::{
    clients::{
        api::{is_last_way_in, no_such_client},
        fields::{ClientFields, known},
        new::ADDRESS,
        page::SURE,
    },
    policies::{editor, review},
    problem::Problem,
    submitted::{FieldProblem, Submitted},
};
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use diagnosis::{
    consequences,
    put::{self, How},
};
use playground::{Method, SandboxView, Wish};
use policy::client::Client;
use provider::sandbox::SandboxKey;
use serde_json::Value;

/// What is said of a form of something that is not there any more.
pub(super) const GONE: &str = "Nothing was sent: it is not there any more.";

/// Leads from an address that a form is sent to, to the client's page.
pub(crate) async fn of_client(Path(id): Path<String>) -> Answer {
    see_other(&page(&id))
}

/// Shows what the form would change.
pub(crate) async fn look(Path(id): Path<String>, Form(fields): Form<Pairs>) -> Response {
    preview(&page(&id), fields)
}

/// Shows what the form would make.
pub(crate) async fn look_at_new(Form(fields): Form<Pairs>) -> Response {
    preview(ADDRESS, fields)
}

/// Replaces a client. What is left out, or warned of, must have been on the page
/// before.
pub(crate) async fn put(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let page = page(&id);
    let sandbox = sandbox(&state, &key).await?;
    let before = sandbox.clients.iter().find(|client| client.id == id);
    let Some(before) = before else {
        return Ok(again(&page, 404, fields, GONE));
    };
    let form = Submitted::preview(&page, fields.clone());
    let edited = editor::edited::<ClientFields>(&form);
    let known = known(&sandbox, Some(before));
    let outcome = edited.body.as_ref().ok();
    let Some(Ok(outcome)) = outcome.map(|body| put::client(Some(before), body, &known)) else {
        return Ok(again(&page, 422, fields, UNSENT));
    };
    let (policies, clients) = (&sandbox.token_policies, &sandbox.clients);
    let warnings = consequences::of_client(&outcome.after, policies, clients);
    let is_trap = outcome.lines.iter().any(|line| line.how == How::Reset) || !warnings.is_empty();
    if is_trap && !edited.is_as_shown {
        return Ok(again(&page, 200, fields, LOOK_FIRST));
    }
    let locks_out = warnings.iter().any(|warning| warning.locks_out);
    if locks_out && value(&fields, review::SURE).is_none() {
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

/// Makes a client.
pub(crate) async fn create(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let form = Submitted::preview(ADDRESS, fields.clone());
    let edited = editor::edited::<ClientFields>(&form);
    let known = known(&sandbox(&state, &key).await?, None);
    let outcome = edited.body.as_ref().ok();
    if !matches!(
        outcome.map(|body| put::client(None, body, &known)),
        Some(Ok(_))
    ) {
        return Ok(again(ADDRESS, 422, fields, UNSENT));
    }
    let wish = Wish {
        method: Method::Post,
        path: "config/clients".to_owned(),
        body: Some(edited.text),
        seen: None,
    };
    let asking = Asking {
        page: ADDRESS,
        fields,
    };
    change(&state, &key, wish, asking, |made| {
        page(&member(&made.answer, "id"))
    })
    .await
}

/// A member of what the API answered.
pub(super) fn member(answer: &str, name: &str) -> String {
    let answer: Value = serde_json::from_str(answer).unwrap_or_default();
    let text = answer.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// Deletes a client. The last one whose tokens may change the configuration
/// goes only when the person says to know.
pub(crate) async fn delete(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let (sandbox, client) = find(&state, &key, &id).await?;
    let page = page(&client.id);
    if is_last_way_in(&sandbox, &client.id) && value(&fields, SURE).is_none() {
        let problem = FieldProblem::new(SURE, "Tick that you know what this does.");
        return Ok(Again(Submitted::refused(&page, 422, fields, vec![problem])).into_response());
    }
    let wish = Wish {
        method: Method::Delete,
        path: path(&client.id),
        body: None,
        seen: None,
    };
    let asking = Asking {
        page: &page,
        fields,
    };
    change(&state, &key, wish, asking, |_| "/clients".to_owned()).await
}

/// The visitor's sandbox, and the client of this id in it.
async fn find(
    state: &AppState,
    key: &SandboxKey,
    id: &str,
) -> Result<(SandboxView, Client), Problem> {
    let sandbox = sandbox(state, key).await?;
    let client = sandbox.clients.iter().find(|client| client.id == id);
    let client = client.cloned().ok_or_else(no_such_client)?;
    Ok((sandbox, client))
}

async fn sandbox(state: &AppState, key: &SandboxKey) -> Result<SandboxView, Problem> {
    Ok(state.context.playground.sandbox(key).await?)
}

/// The client's page.
fn page(id: &str) -> String {
    format!("/clients/{id}")
}

/// The client's address in the configuration API.
fn path(id: &str) -> String {
    format!("config/clients/{id}")
}
