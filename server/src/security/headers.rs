//! Response headers that tell a browser what it may do.

use crate::state::AppState;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{
    HeaderName, HeaderValue,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
        X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
    },
};
use std::fmt;

/// What a page may load, and from where.
/// [Content Security Policy Level 3](https://www.w3.org/TR/CSP3/)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentSecurityPolicy<'a> {
    /// Marks the scripts that the server wrote into this one response.
    pub nonce: &'a str,
    /// Whether forms may only be sent to, and redirected within, this origin.
    ///
    /// Chromium applies `form-action` also to the redirects that answer a form.
    /// The sign-in form is answered with a redirect to the client's redirect
    /// URI, which is on another origin for everybody but our own relying party,
    /// and so are some others. So these screens go without it.
    pub own_forms_only: bool,
    /// Whether the reloading socket of `cargo leptos watch` may be opened.
    pub reloads: bool,
}

impl fmt::Display for ContentSecurityPolicy<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // 'self' beside the nonce: the `modulepreload` link that leptos writes
        // carries no nonce. Nothing on this origin answers with a script that
        // somebody else wrote.
        write!(
            formatter,
            "default-src 'none'; script-src 'self' 'nonce-{}' 'wasm-unsafe-eval'; \
             style-src 'self'; img-src 'self' data:; connect-src 'self'{}; font-src 'none'; \
             base-uri 'none'; frame-ancestors 'none'",
            self.nonce,
            if self.reloads { " ws:" } else { "" },
        )?;
        if self.own_forms_only {
            formatter.write_str("; form-action 'self'")?;
        }
        Ok(())
    }
}

/// For everything that is not a page: it may do nothing at all.
const NOT_A_PAGE: HeaderValue =
    HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'");

/// Headers of every response.
const EVERYWHERE: [(HeaderName, HeaderValue); 5] = [
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // Not `no-referrer`: the forms of our own pages are sent back to where they
    // came from, and with it browsers would send `Origin: null`.
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ),
];

/// For a year, plain http is not even tried. Not for names below ours: they may
/// be somebody else's.
/// [RFC 6797 section 6.1](https://www.rfc-editor.org/rfc/rfc6797#section-6.1)
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Adds the headers that every response has, and the strictest defaults for
/// those a handler may set itself.
pub(crate) async fn protect(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if state.public_url.is_https() {
        headers.insert(STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    for (name, value) in EVERYWHERE {
        headers.entry(name).or_insert(value);
    }
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(NOT_A_PAGE);
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_inline_and_nothing_foreign_is_allowed() {
        let policy = ContentSecurityPolicy {
            nonce: "n",
            own_forms_only: true,
            reloads: false,
        }
        .to_string();
        assert!(!policy.contains("unsafe-inline") && !policy.contains("http"));
        assert!(!policy.contains("'unsafe-eval'") && !policy.contains('*'));
        assert!(policy.ends_with("form-action 'self'"));
    }

    #[test]
    fn a_sign_in_form_may_be_redirected_to_a_client() {
        let policy = ContentSecurityPolicy {
            nonce: "n",
            own_forms_only: false,
            reloads: false,
        };
        assert!(!policy.to_string().contains("form-action"));
    }
}
