//! Changing what a client has: its secret, one more redirect URI.

use super::{find, page, path};
use crate::{
    forms::{
        Answer, Pairs,
        console::{Asking, change},
        value,
    },
    problem::Again,
    state::AppState,
};
use app::{
    clients::{api::version, snippets::URI},
    submitted::{FieldProblem, Submitted},
};
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::IntoResponse as _,
};
use diagnosis::put::client_body;
use oidc::{authorization::append_query, redirect_uri};
use playground::{Method, Wish};
use policy::client::Client;
use provider::sandbox::SandboxKey;
use serde_json::json;

/// Shows the secret of a client.
pub(crate) async fn show_secret(
    state: State<AppState>,
    key: Extension<SandboxKey>,
    id: Path<String>,
    fields: Form<Pairs>,
) -> Answer {
    secret(state, key, id, fields, Method::Get).await
}

/// Gives a client another secret.
pub(crate) async fn reset_secret(
    state: State<AppState>,
    key: Extension<SandboxKey>,
    id: Path<String>,
    fields: Form<Pairs>,
) -> Answer {
    secret(state, key, id, fields, Method::Post).await
}

async fn secret(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
    method: Method,
) -> Answer {
    let (_, client) = find(&state, &key, &id).await?;
    let page = page(&client.id);
    let wish = Wish {
        method,
        path: format!("{}/secret", path(&client.id)),
        body: None,
        seen: None,
    };
    let asking = Asking {
        page: &page,
        fields,
    };
    change(&state, &key, wish, asking, |_| page.clone()).await
}

/// Registers one more redirect URI: the whole client is sent again, with it.
pub(crate) async fn add_redirect_uri(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let (sandbox, client) = find(&state, &key, &id).await?;
    let page = page(&client.id);
    let uri = value(&fields, URI).unwrap_or_default().trim().to_owned();
    if let Err(problem) = is_new(&client, &uri) {
        let problems = vec![FieldProblem::new(URI, problem)];
        return Ok(Again(Submitted::refused(&page, 422, fields, problems)).into_response());
    }
    let mut uris = client.redirect_uris.clone();
    uris.push(uri.clone());
    let mut body = client_body(&client);
    body.insert("redirectURIs".to_owned(), json!(uris));
    let wish = Wish {
        method: Method::Put,
        path: path(&client.id),
        body: serde_json::to_string_pretty(&body).ok(),
        // Nobody else's change is to be lost for it.
        seen: Some(version(&sandbox, &client)),
    };
    let asking = Asking {
        page: &page,
        fields,
    };
    let next = append_query(&page, [(URI, uri.as_str())]);
    change(&state, &key, wish, asking, |_| next).await
}

/// Whether an address can be registered, and is not yet.
fn is_new(client: &Client, uri: &str) -> Result<(), String> {
    if client.redirect_uris.iter().any(|own| own == uri) {
        return Err("It is registered already: your application can use it.".to_owned());
    }
    redirect_uri::check(uri).map_err(|error| format!("The address {error}."))
}
