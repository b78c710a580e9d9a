//! Login policies: looked at, made, replaced, deleted, and what each says under
//! addresses of its own.

use super::{LOOK_FIRST, UNSENT, again, preview, seen};
use crate::{
    forms::{
        Answer, Pairs,
        console::{Asking, change},
        value,
    },
    state::AppState,
};
use app::{
    policies::{
        editor,
        login::{
            fields::LoginFields,
            sub_resources::{PUSH, TYPE},
        },
    },
    problem::Problem,
    submitted::Submitted,
};
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use diagnosis::put::{self, How};
use playground::{Change, Method, Wish};
use provider::sandbox::SandboxKey;
use serde_json::{Value, json};

const LIST: &str = "config/loginPolicies";
const NEW: &str = "/policies/login/new";

fn page(id: &str) -> String {
    format!("/policies/login/{id}")
}

/// Shows what the form would change.
pub(crate) async fn look(Path(id): Path<String>, Form(fields): Form<Pairs>) -> Response {
    preview(&page(&id), fields)
}

/// Shows what the form would make.
pub(crate) async fn look_at_new(Form(fields): Form<Pairs>) -> Response {
    preview(NEW, fields)
}

/// Replaces a login policy. What is left out must have been on the page before.
pub(crate) async fn put(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let page = page(&id);
    let sandbox = state.context.playground.sandbox(&key).await;
    let sandbox = sandbox.map_err(Problem::from)?;
    let before = sandbox.login_policies.iter().find(|policy| policy.id == id);
    let edited = editor::edited::<LoginFields>(&Submitted::preview(&page, fields.clone()));
    let outcome = edited.body.as_ref().ok();
    let Some(Ok(outcome)) = outcome.map(|body| put::login_policy(before, body)) else {
        return Ok(again(&page, 422, fields, UNSENT));
    };
    let is_trap = outcome.lines.iter().any(|line| line.how == How::Reset);
    if is_trap && !edited.is_as_shown {
        return Ok(again(&page, 200, fields, LOOK_FIRST));
    }
    let wish = Wish {
        method: Method::Put,
        path: format!("{LIST}/{id}"),
        body: Some(edited.text),
        seen: seen(&fields),
    };
    let asking = Asking {
        page: &page,
        fields,
    };
    change(&state, &key, wish, asking, |_| page.clone()).await
}

/// Makes a login policy.
pub(crate) async fn create(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let edited = editor::edited::<LoginFields>(&Submitted::preview(NEW, fields.clone()));
    let outcome = edited.body.as_ref().ok();
    if !matches!(
        outcome.map(|body| put::login_policy(None, body)),
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

/// Sets which response types clients may ask for.
pub(crate) async fn set_response_types(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let ticked = fields.iter().filter(|(name, _)| name == TYPE);
    let ticked: Vec<&str> = ticked.map(|(_, value)| value.as_str()).collect();
    let body = json!({ "allowedResponseTypes": ticked });
    set(&state, &key, (&id, "allowedResponseTypes"), &body, fields).await
}

/// Sets whether claims are pushed.
pub(crate) async fn set_push_claims(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let body = json!({ "pushClaims": value(&fields, PUSH).is_some() });
    set(&state, &key, (&id, "pushClaims"), &body, fields).await
}

/// Sets what has an address of its own.
async fn set(
    state: &AppState,
    key: &SandboxKey,
    (id, property): (&str, &str),
    body: &Value,
    fields: Pairs,
) -> Answer {
    let page = page(id);
    let wish = Wish {
        method: Method::Put,
        path: format!("{LIST}/{id}/{property}"),
        body: Some(body.to_string()),
        seen: seen(&fields),
    };
    let asking = Asking {
        page: &page,
        fields,
    };
    change(state, key, wish, asking, |_| page.clone()).await
}

/// Deletes a login policy that no client uses.
pub(crate) async fn delete(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let page = page(&id);
    let wish = Wish {
        method: Method::Delete,
        path: format!("{LIST}/{id}"),
        body: None,
        seen: seen(&fields),
    };
    let asking = Asking {
        page: &page,
        fields,
    };
    change(&state, &key, wish, asking, |_| "/policies".to_owned()).await
}

/// Gives a client another login policy, with a PUT of the whole client.
pub(crate) async fn assign(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
) -> Answer {
    super::assign::login_policy(&state, &key, &page(&id), fields).await
}
