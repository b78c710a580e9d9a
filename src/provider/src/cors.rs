//! Cross-origin reading, where a browser application may call the provider.
//!
//! Any origin, and never with credentials: what these endpoints need is in the
//! request itself. Authorize and the configuration API stay closed.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};

fn headers() -> [(HeaderName, HeaderValue); 2] {
    let value = HeaderValue::from_static;
    [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, value("*")),
        (
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            value("WWW-Authenticate, Retry-After, OIDC-Playground-Faults"),
        ),
    ]
}

fn preflight_headers() -> [(HeaderName, HeaderValue); 3] {
    let value = HeaderValue::from_static;
    [
        (
            header::ACCESS_CONTROL_ALLOW_METHODS,
            value("GET, HEAD, POST"),
        ),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            value("Authorization, Content-Type"),
        ),
        (header::ACCESS_CONTROL_MAX_AGE, value("3600")),
    ]
}

/// Opens the endpoints behind it, and answers preflights itself.
pub(crate) async fn open(request: Request, next: Next) -> Response {
    let preflight = request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if preflight {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::NO_CONTENT;
        response.headers_mut().extend(preflight_headers());
        response
    } else {
        next.run(request).await
    };
    response.headers_mut().extend(headers());
    response
}
