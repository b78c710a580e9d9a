//! Cookies: their names, how they are read and how they are written.
//!
//! On https every name starts with `__Host-`, so that no neighbour and no plain
//! connection can set one.
//! [RFC 6265bis section 4.1.3.2](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.3.2)

use crate::sandbox::SandboxKey;
use http::{HeaderMap, header};

/// The visitor's sandbox key.
pub const SANDBOX: &str = "sandbox";
/// The secret that ties an interaction to the browser it began in.
pub const BROWSER: &str = "browser";

/// How long a sandbox cookie is kept after its last use, in seconds: 90 days.
/// Longer than the sandbox itself: who comes back finds the same ids and secrets,
/// because all of them follow from the key.
pub const SANDBOX_MAX_AGE: u32 = 7_776_000;

/// The name as it travels: with `__Host-` in front when the site is on https.
#[must_use]
pub fn name(base: &str, secure: bool) -> String {
    let prefix = if secure { "__Host-" } else { "" };
    format!("{prefix}{base}")
}

/// The base name of a customer's sign-in session. One per customer: signing in
/// at one customer says nothing about another.
#[must_use]
pub fn session(customer: &str) -> String {
    let tail: String = customer
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .rev()
        .take(8)
        .collect();
    format!("session-{tail}")
}

/// The values of every cookie with this base name, in the order sent. Others may
/// hold any bytes: on one's own machine, every program's cookies come along.
pub fn values<'a>(
    headers: &'a HeaderMap,
    base: &str,
    secure: bool,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let name = name(base, secure);
    headers
        .get_all(header::COOKIE)
        .into_iter()
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| std::str::from_utf8(pair).ok()?.trim().split_once('='))
        .filter_map(move |(own, value)| (own == name).then_some(value))
}

/// The visitor's sandbox key; `None` when there is no cookie that can be one.
#[must_use]
pub fn sandbox_key(headers: &HeaderMap, secure: bool) -> Option<SandboxKey> {
    values(headers, SANDBOX, secure).find_map(SandboxKey::parse)
}

/// A `Set-Cookie` value: `HttpOnly`, SameSite=Lax, for every path, and Secure on
/// https. Without `max_age` (in seconds) it lasts as long as the browser runs.
#[must_use]
pub fn set(base: &str, value: &str, secure: bool, max_age: Option<u32>) -> String {
    let mut cookie = format!(
        "{}={value}; Path=/; HttpOnly; SameSite=Lax",
        name(base, secure)
    );
    if secure {
        cookie.push_str("; Secure");
    }
    if let Some(seconds) = max_age {
        cookie.push_str("; Max-Age=");
        cookie.push_str(&seconds.to_string());
    }
    cookie
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        lines
            .iter()
            .map(|line| (header::COOKIE, line.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_cookie_is_found_among_others_and_by_its_whole_name() {
        let headers = headers(&["a=1; browser=x", "browserx=2; browser=y"]);
        let found: Vec<&str> = values(&headers, BROWSER, false).collect();
        assert_eq!(found, ["x", "y"]);
        assert_eq!(values(&headers, BROWSER, true).count(), 0);
    }

    #[test]
    fn a_broken_sandbox_cookie_is_passed_over() {
        let key = SandboxKey::generate();
        let headers = headers(&[&format!("sandbox=broken; sandbox={}", key.as_str())]);
        assert_eq!(sandbox_key(&headers, false), Some(key));
    }

    #[test]
    fn cookies_are_locked_down() {
        assert_eq!(
            set(SANDBOX, "v", true, Some(60)),
            "__Host-sandbox=v; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60"
        );
        assert_eq!(
            set(SANDBOX, "v", false, None),
            "sandbox=v; Path=/; HttpOnly; SameSite=Lax"
        );
    }
}
