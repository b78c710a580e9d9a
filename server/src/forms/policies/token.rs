//! Changing a token policy.

use crate::{
    forms::{
        Answer, Pairs,
        console::{Asking, change},
        value,
    },
    problem::Again,
    state::AppState,
};
use app::submitted::{FieldProblem, Submitted};
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::IntoResponse as _,
};
use playground::{Method, Wish};
use policy::token_policy::TokenPolicyDraft;
use provider::sandbox::SandboxKey;

/// Replaces a token policy.
pub(crate) async fn put(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let page = format!("/policies/token/{id}");
    let body = value(&fields, "json").unwrap_or_default().to_owned();
    let read = serde_json::from_str(&body)
        .map_err(|error| format!("This is not a JSON object: {error}."))
        .and_then(|members| {
            TokenPolicyDraft::from_json(&members).map_err(|error| error.to_string())
        });
    if let Err(problem) = read {
        let problems = vec![FieldProblem::new("json", problem)];
        return Ok(Again(Submitted::refused(&page, 422, fields, problems)).into_response());
    }
    let wish = Wish {
        method: Method::Put,
        path: format!("config/tokenPolicies/{id}"),
        body: Some(body),
        seen: None,
    };
    let asking = Asking {
        page: &page,
        fields,
    };
    change(&state, &key, wish, asking, |_| page.clone()).await
}
