//! How many sandboxes one address makes.
//!
//! The provider writes a sandbox on the way, when its owner first does something
//! in it. Who asks stands in front of the provider, so it is asked here whether
//! a request is going to be such a first one.

use super::{counted, customer, refusal};
use crate::{state::AppState, visitor};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::Method;
use provider::{SandboxKey, Seed};

/// Refuses who makes sandboxes too quickly. To be put around whatever may write
/// one.
pub(crate) async fn count_new(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let (Some(limits), Some(address)) = (&state.limits, counted(&request)) else {
        return next.run(request).await;
    };
    if let Some(key) = may_write(&state, &request)
        && is_new(&state, &key).await
    {
        let now = state.clock.now();
        if let Err(wait) = limits.new_sandboxes.take(address, now) {
            return refusal::of(&request, wait, limits.has_page(&request, now));
        }
    }
    next.run(request).await
}

/// The key of the sandbox that the request writes if it is not there: a form is
/// sent, or the visitor's own customer is called.
fn may_write(state: &AppState, request: &Request) -> Option<SandboxKey> {
    let key = request
        .extensions()
        .get()
        .cloned()
        .or_else(|| visitor::known(state, request.headers()))?;
    let writes = match customer(request) {
        Some(id) => Seed::sandbox(&key, state.public_url.as_str()).customer_id == id,
        None => request.method() == Method::POST,
    };
    writes.then_some(key)
}

async fn is_new(state: &AppState, key: &SandboxKey) -> bool {
    // When the store fails, the request will say so itself.
    let found = state.store.customer_by_key(key.as_str()).await;
    matches!(found, Ok(None))
}
