//! `/{customerId}/config/tokenPolicies`

use super::ConfigError;
use crate::{parameters, provider::Provider};
use axum::{
    Json,
    extract::{Path, Request, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, Method, header};
use policy::token_policy::{TokenPolicy, TokenPolicyDraft};
use serde::Serialize;
use serde_json::{Map, Value, json};

const PATH: &str = "config/tokenPolicies";

/// A policy with its link.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    policy: &'a TokenPolicy,
    #[serde(rename = "_links")]
    links: Value,
}

// Inferred: two spellings of the link are documented; this one resolves (domain
// notes, section 10).
fn links(customer: &str, id: &str) -> Value {
    json!({"self": {"href": format!("/{customer}/{PATH}/{id}")}})
}

fn document(customer: &str, policy: &TokenPolicy) -> Response {
    let document = Document {
        policy,
        links: links(customer, &policy.id),
    };
    ([(header::CACHE_CONTROL, "no-store")], Json(document)).into_response()
}

/// Lists all: id, title and link of each.
pub(crate) async fn list(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ConfigError> {
    let customer = provider.admit(&customer, &headers, &method, PATH).await?;
    let items: Vec<Value> = provider
        .store()
        .token_policies(&customer)
        .await?
        .iter()
        .map(|policy| {
            json!({
                "id": policy.id,
                "title": policy.title,
                "_links": links(&customer, &policy.id),
            })
        })
        .collect();
    let body = json!({"total": items.len(), "_embedded": {"tokenPolicies": items}});
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// Shows one.
pub(crate) async fn get(
    State(provider): State<Provider>,
    Path((customer, id)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ConfigError> {
    let path = format!("{PATH}/{id}");
    let customer = provider.admit(&customer, &headers, &method, &path).await?;
    let policy = provider
        .store()
        .token_policy(&customer, &id)
        .await?
        .ok_or(ConfigError::NotFound)?;
    Ok(document(&customer, &policy))
}

/// Replaces one, whole. What the body leaves out gets its default, which for
/// `allowedScopes` is every scope.
pub(crate) async fn put(
    State(provider): State<Provider>,
    Path((customer, id)): Path<(String, String)>,
    request: Request,
) -> Result<Response, ConfigError> {
    let path = format!("{PATH}/{id}");
    let customer = provider
        .admit(&customer, request.headers(), &Method::PUT, &path)
        .await?;
    if provider
        .store()
        .token_policy(&customer, &id)
        .await?
        .is_none()
    {
        return Err(ConfigError::NotFound);
    }
    let body = parameters::body(request).await?;
    let body: Map<String, Value> =
        serde_json::from_slice(&body).map_err(|error| ConfigError::Malformed(error.to_string()))?;
    // The id in the path counts, not one in the body.
    let policy = TokenPolicyDraft::from_json(&body)?.with_id(id);
    if !provider
        .store()
        .replace_token_policy(&customer, &policy)
        .await?
    {
        return Err(ConfigError::NotFound);
    }
    tracing::info!(customer, policy = policy.id, "replaced a token policy");
    Ok(document(&customer, &policy))
}
