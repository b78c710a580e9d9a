//! A page that posts itself to the client.
//! [Form Post Response Mode section 2](https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html#FormPostResponseMode)

use axum::response::{Html, IntoResponse as _, Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, header};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Sends the form. The button is for browsers without scripts; pressing it as
/// well would send a code twice.
const SCRIPT: &str =
    "const form=document.forms[0];form.submit();form.lastElementChild.disabled=true";

/// The page whose form holds these parameters and nothing else.
pub(crate) fn page(
    action: &str,
    parameters: &[(&'static str, String)],
    cookie: Option<&str>,
) -> Response {
    let mut response = Html(document(action, parameters)).into_response();
    harden(response.headers_mut());
    if let Some(Ok(cookie)) = cookie.map(HeaderValue::from_str) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn document(action: &str, parameters: &[(&'static str, String)]) -> String {
    let mut inputs = String::new();
    for (name, value) in parameters {
        let value = Attribute(value);
        // Writing to a String cannot fail.
        let _ = write!(
            inputs,
            r#"<input type="hidden" name="{name}" value="{value}">"#
        );
    }
    let action = Attribute(action);
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <title>Back to the application</title></head>\
         <body><form method=\"post\" action=\"{action}\" accept-charset=\"utf-8\">{inputs}\
         <p>You are on your way back to the application.</p>\
         <button>Continue</button></form><script>{SCRIPT}</script></body></html>\n"
    )
}

/// It may run its one script and nothing else. Without `form-action`, because
/// browsers apply that also to where the client redirects afterwards.
/// [Content Security Policy Level 3 section 6.4.1](https://www.w3.org/TR/CSP3/#directive-form-action)
fn harden(headers: &mut HeaderMap) {
    let hash = STANDARD.encode(Sha256::digest(SCRIPT));
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{hash}'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
}

/// Text within double quotes.
/// [HTML section 13.1.2.3](https://html.spec.whatwg.org/multipage/syntax.html#attributes-2)
struct Attribute<'a>(&'a str);

impl std::fmt::Display for Attribute<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                _ => f.write_char(c)?,
            }
        }
        Ok(())
    }
}
