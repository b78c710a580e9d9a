//! What a request must be about to be looked at.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::StatusCode;

/// Refuses a request without a path: CONNECT names a host to be connected to,
/// and this is no proxy.
/// [RFC 9110 section 9.3.6](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6)
pub(crate) async fn refuse_without_path(request: Request, next: Next) -> Response {
    if request.uri().path_and_query().is_none() {
        return StatusCode::NOT_IMPLEMENTED.into_response();
    }
    next.run(request).await
}
