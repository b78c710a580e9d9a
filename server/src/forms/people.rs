//! Changing people.

use crate::{
    forms::{
        Answer, Pairs,
        clients::{GONE, member},
        console::{Asking, change},
        policies::{LOOK_FIRST, UNSENT, again, preview, seen},
    },
    state::AppState,
};
use app::{
    people::{api::no_such_person, fields::PersonFields, new::ADDRESS},
    policies::editor,
    problem::Problem,
    submitted::Submitted,
};
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use diagnosis::put::{self, How};
use playground::{Method, Wish};
use policy::profile::Person;
use provider::sandbox::SandboxKey;

/// The person's page.
fn page(uuid: &str) -> String {
    format!("/people/{uuid}")
}

/// The person's address in the configuration API.
fn path(uuid: &str) -> String {
    format!("config/people/{uuid}")
}

async fn find(state: &AppState, key: &SandboxKey, uuid: &str) -> Result<Option<Person>, Problem> {
    let sandbox = state.context.playground.sandbox(key).await?;
    let mut people = sandbox.people.into_iter();
    Ok(people.find(|person| person.profile.uuid == uuid))
}

/// Shows what the form would change.
pub(crate) async fn look(Path(id): Path<String>, Form(fields): Form<Pairs>) -> Response {
    preview(&page(&id), fields)
}

/// Shows what the form would make.
pub(crate) async fn look_at_new(Form(fields): Form<Pairs>) -> Response {
    preview(ADDRESS, fields)
}

/// Replaces a person. What is left out must have been on the page before.
pub(crate) async fn put(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let page = page(&id);
    let Some(before) = find(&state, &key, &id).await? else {
        return Ok(again(&page, 404, fields, GONE));
    };
    let form = Submitted::preview(&page, fields.clone());
    let edited = editor::edited::<PersonFields>(&form);
    let now = state.clock.now();
    let outcome = edited.body.as_ref().ok();
    let Some(Ok(outcome)) = outcome.map(|body| put::person(Some(&before), body, now)) else {
        return Ok(again(&page, 422, fields, UNSENT));
    };
    let is_trap = outcome.lines.iter().any(|line| line.how == How::Reset);
    if is_trap && !edited.is_as_shown {
        return Ok(again(&page, 200, fields, LOOK_FIRST));
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

/// Makes a person.
pub(crate) async fn create(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let form = Submitted::preview(ADDRESS, fields.clone());
    let edited = editor::edited::<PersonFields>(&form);
    let now = state.clock.now();
    let outcome = edited.body.as_ref().ok();
    if !matches!(
        outcome.map(|body| put::person(None, body, now)),
        Some(Ok(_))
    ) {
        return Ok(again(ADDRESS, 422, fields, UNSENT));
    }
    let wish = Wish {
        method: Method::Post,
        path: "config/people".to_owned(),
        body: Some(edited.text),
        seen: None,
    };
    let asking = Asking {
        page: ADDRESS,
        fields,
    };
    change(&state, &key, wish, asking, |made| {
        page(&member(&made.answer, "uuid"))
    })
    .await
}

/// Deletes a person.
pub(crate) async fn delete(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let found = find(&state, &key, &id).await?;
    let page = page(&found.ok_or_else(no_such_person)?.profile.uuid);
    let wish = Wish {
        method: Method::Delete,
        path: path(&id),
        body: None,
        seen: None,
    };
    let asking = Asking {
        page: &page,
        fields,
    };
    change(&state, &key, wish, asking, |_| "/people".to_owned()).await
}
