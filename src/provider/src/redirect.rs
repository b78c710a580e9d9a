//! Redirects.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use oidc::redirect_uri::{self, RedirectUriError};

/// Whether a page may lead to a registered address: some could have been
/// registered before such were refused that a browser would run or read itself.
pub(crate) fn may_lead_to(uri: &str) -> bool {
    // A deployment without TLS has such an address itself.
    matches!(
        redirect_uri::check(uri),
        Ok(()) | Err(RedirectUriError::PlainHttp)
    )
}

/// Sends the browser elsewhere with GET, whatever it came with. Never 307 or
/// 308, which would carry a password along.
/// [RFC 9700 section 4.12](https://www.rfc-editor.org/rfc/rfc9700#section-4.12)
pub(crate) fn see_other(location: &str, cookie: Option<&str>) -> Response {
    let Ok(location) = HeaderValue::from_str(location) else {
        // Locations are made of checked addresses and encoded parameters.
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, location);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    if let Some(Ok(cookie)) = cookie.map(HeaderValue::from_str) {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}
