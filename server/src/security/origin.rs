//! Requests that another site makes a browser send.

use crate::{problem::Explained, state::AppState};
use app::problem::Problem;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use http::{
    HeaderMap, Method, StatusCode,
    header::{HOST, ORIGIN},
};

/// Whether a request that changes something comes from a page of ours, or from
/// no page at all.
///
/// Browsers say so in `Sec-Fetch-Site`
/// ([Fetch Metadata](https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header));
/// older ones at least send `Origin`
/// ([RFC 6454 section 7](https://www.rfc-editor.org/rfc/rfc6454#section-7)) with
/// a form. What sends neither is no browser and carries nobody's cookies but its
/// own.
#[must_use]
pub fn is_same_origin(headers: &HeaderMap, public_url: &str) -> bool {
    match (headers.get("sec-fetch-site"), headers.get(ORIGIN)) {
        (Some(site), _) => site == "same-origin" || site == "none",
        (None, Some(origin)) => origin == public_url,
        (None, None) => true,
    }
}

/// Refuses a form that another site sent.
pub(crate) async fn refuse_cross_site(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if safe || is_same_origin(request.headers(), state.public_url.as_str()) {
        return next.run(request).await;
    }
    Explained(Problem::new(
        StatusCode::FORBIDDEN.as_u16(),
        "cross-site-request",
        "This form came from another site",
        "The request was not sent by a page of this playground, so nothing was changed. If you were using the playground, open it again and repeat what you did.",
    ))
    .into_response()
}

/// Sends a person who typed `localhost` to the address that cookies, issuer and
/// redirect URIs belong to. Otherwise the run would begin under one name and
/// come back under the other, without its cookie.
///
/// Only from one loopback name to another with the same port: behind a proxy or
/// a forwarded port, other names may be right.
pub(crate) async fn to_public_origin(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let asked = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads && is_other_loopback_name(asked, state.public_url.authority()) {
        let path = request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str());
        return Redirect::temporary(&format!("{}{path}", state.public_url)).into_response();
    }
    next.run(request).await
}

fn is_other_loopback_name(asked: &str, ours: &str) -> bool {
    fn parts(authority: &str) -> (&str, &str) {
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
            _ => (authority, "80"),
        }
    }
    let is_loopback = |host: &str| {
        host.eq_ignore_ascii_case("localhost") || host == "127.0.0.1" || host == "[::1]"
    };
    let ((asked_host, asked_port), (our_host, our_port)) = (parts(asked), parts(ours));
    is_loopback(asked_host)
        && is_loopback(our_host)
        && asked_port == our_port
        && !asked_host.eq_ignore_ascii_case(our_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[(&'static str, &str)]) -> bool {
        let headers = lines
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        is_same_origin(&headers, "https://play.example")
    }

    #[test]
    fn only_own_pages_and_no_pages_pass() {
        assert!(check(&[]));
        assert!(check(&[("sec-fetch-site", "same-origin")]));
        assert!(check(&[("sec-fetch-site", "none")]));
        assert!(check(&[("origin", "https://play.example")]));
        assert!(!check(&[("sec-fetch-site", "cross-site")]));
        assert!(!check(&[("sec-fetch-site", "same-site")]));
        assert!(!check(&[("origin", "https://evil.example")]));
        assert!(!check(&[("origin", "http://play.example")]));
        assert!(!check(&[("origin", "null")]));
        assert!(!check(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://play.example")
        ]));
    }

    #[test]
    fn only_loopback_names_are_exchanged() {
        for (asked, ours, other) in [
            ("localhost:3000", "127.0.0.1:3000", true),
            ("[::1]:3000", "127.0.0.1:3000", true),
            ("LOCALHOST", "127.0.0.1", true),
            ("127.0.0.1:3000", "127.0.0.1:3000", false),
            ("localhost:8080", "127.0.0.1:3000", false),
            ("play.example:3000", "127.0.0.1:3000", false),
            ("localhost:3000", "play.example:3000", false),
            ("", "127.0.0.1:3000", false),
        ] {
            assert_eq!(is_other_loopback_name(asked, ours), other, "{asked} {ours}");
        }
    }
}
