//! Who holds which sandbox: a cookie, and nothing on the server until something
//! is written.

use crate::state::AppState;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderValue, header::SET_COOKIE};
use provider::{cookie, sandbox::SandboxKey};

/// Gives every visitor a sandbox key and hands it to the page or form behind.
///
/// The cookie is sent each time, so that it is kept as long as the sandbox is
/// used.
pub(crate) async fn identify(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let key = known(&state, request.headers()).unwrap_or_else(SandboxKey::generate);
    let line = state.context.provider.sandbox_cookie(&key);
    request.extensions_mut().insert(key.clone());
    let mut response = next.run(request).await;
    response.extensions_mut().insert(key);
    if let Ok(line) = HeaderValue::from_str(&line) {
        response.headers_mut().append(SET_COOKIE, line);
    }
    response
}

/// The key a request brought along.
pub(crate) fn known(state: &AppState, headers: &HeaderMap) -> Option<SandboxKey> {
    cookie::sandbox_key(headers, state.public_url.is_https())
}
