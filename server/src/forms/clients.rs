//! Changing clients.

mod parts;

pub(crate) use parts::{add_redirect_uri, reset_secret, show_secret};

use crate::{
    forms::{
        Answer, Pairs,
        console::{Asking, change},
        see_other, value,
    },
    problem::Again,
    state::AppState,
};
use app::{
    clients::{
        api::{is_last_way_in, no_such_client},
        page::SURE,
    },
    problem::Problem,
    submitted::{FieldProblem, Submitted},
};
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::IntoResponse as _,
};
use playground::{Method, SandboxView, Wish};
use policy::client::Client;
use provider::sandbox::SandboxKey;

/// Leads from an address that a form is sent to, to the client's page.
pub(crate) async fn of_client(Path(id): Path<String>) -> Answer {
    see_other(&page(&id))
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
    let sandbox = state.context.playground.sandbox(key).await?;
    let client = sandbox.clients.iter().find(|client| client.id == id);
    let client = client.cloned().ok_or_else(no_such_client)?;
    Ok((sandbox, client))
}

/// The client's page.
fn page(id: &str) -> String {
    format!("/clients/{id}")
}

/// The client's address in the configuration API.
fn path(id: &str) -> String {
    format!("config/clients/{id}")
}
