//! Where the forms of the pages are sent. Every one works without scripts:
//! take the input apart, call one function, redirect.

pub(crate) mod admin_tokens;
pub(crate) mod callback;
pub(crate) mod clients;
pub(crate) mod console;
pub(crate) mod draft;
pub(crate) mod hints;
pub(crate) mod people;
pub(crate) mod policies;
pub(crate) mod run;
pub(crate) mod sandbox;
pub(crate) mod steps;
pub(crate) mod theme;

use crate::{problem::Explained, state::AppState};
use app::problem::Problem;
use axum::response::{IntoResponse, Redirect, Response};
use http::{
    HeaderMap, HeaderValue,
    header::{REFERER, SET_COOKIE},
};
use playground::Begun;

/// Decoded names and values, in the order they were sent.
type Pairs = Vec<(String, String)>;

/// What a form is answered with: a redirect, or a page that explains.
type Answer = Result<Response, Explained>;

/// The first value of a field; an empty one counts as not sent.
fn value<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find_map(|(own, value)| (own == name && !value.is_empty()).then_some(value.as_str()))
}

/// Sends the browser to the authorization endpoint.
fn leave(begun: Begun) -> Answer {
    let mut response = see_other(&begun.location)?;
    for cookie in begun.set_cookies {
        let cookie = HeaderValue::from_str(&cookie).map_err(|_| Problem::internal())?;
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// 303, so that a reload does not repeat the form.
fn see_other(location: &str) -> Answer {
    // `Redirect` panics about a location that cannot be in a header.
    if HeaderValue::from_str(location).is_err() {
        return Err(Problem::internal().into());
    }
    Ok(Redirect::to(location).into_response())
}

/// How long what a visitor prefers is remembered: a year, in seconds.
const REMEMBERED: u32 = 31_536_000;

/// Remembers what a visitor prefers in a cookie; nothing forgets it.
fn remember(state: &AppState, response: &mut Response, name: &str, value: &str) {
    let secure = if state.public_url.is_https() {
        "; Secure"
    } else {
        ""
    };
    let age = if value.is_empty() { 0 } else { REMEMBERED };
    let cookie = format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={age}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// The path of the page the form was on, if it was one of ours.
fn page_before<'a>(headers: &'a HeaderMap, public_url: &str) -> &'a str {
    headers
        .get(REFERER)
        .and_then(|referer| referer.to_str().ok())
        .and_then(|referer| referer.strip_prefix(public_url))
        // `//host` and `/\host` would lead to another host.
        .filter(|path| path.starts_with('/') && !path[1..].starts_with(['/', '\\']))
        .unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(referer: &str, expected: &str) {
        let headers = HeaderMap::from_iter([(REFERER, referer.parse().unwrap())]);
        assert_eq!(page_before(&headers, "http://127.0.0.1:3000"), expected);
    }

    #[test]
    fn the_theme_switch_never_leads_to_another_host() {
        check("http://127.0.0.1:3000/runs/a?b=c", "/runs/a?b=c");
        check("http://127.0.0.1:3000", "/");
        check("http://127.0.0.1:3000//evil.example", "/");
        check("http://127.0.0.1:3000/\\evil.example", "/");
        check("http://127.0.0.1:3000.evil.example/", "/");
        check("http://127.0.0.1:30001/x", "/");
        check("https://evil.example/x", "/");
    }
}
