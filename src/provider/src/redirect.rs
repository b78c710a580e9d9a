//! Redirects.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use oidc::redirect_uri::{self, RedirectUriError};

/// Whether the address is among the registered ones, character by character, and
/// a page may lead there: some could have been registered before such were
/// refused that a browser would run or read itself.
/// [RFC 9700 section 4.1.3](https://www.rfc-editor.org/rfc/rfc9700#section-4.1.3)
pub(crate) fn is_registered(registered: &[String], uri: &str) -> bool {
    registered.iter().any(|own| own == uri)
        && matches!(
            redirect_uri::check(uri),
            // A deployment without TLS has such an address itself.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_registered_addresses_that_no_browser_runs_are_led_to() {
        let registered = [
            "https://app.example/out",
            "http://192.168.1.5:3000/callback",
            "app.example:/out",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://app.example/o#ut",
            "/relative",
        ]
        .map(str::to_owned);
        for (uri, expected) in [
            ("https://app.example/out", true),
            ("http://192.168.1.5:3000/callback", true),
            ("app.example:/out", true),
            ("https://app.example/out/", false),
            ("https://app.example/out?a=b", false),
            ("https://APP.example/out", false),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("https://app.example/o#ut", false),
            ("/relative", false),
            ("", false),
        ] {
            assert_eq!(is_registered(&registered, uri), expected, "{uri}");
        }
    }
}
