//! The switch between light and dark.

use super::{Answer, Pairs, see_other, value};
use crate::state::AppState;
use axum::{Form, extract::State};
use http::{
    HeaderMap, HeaderValue,
    header::{REFERER, SET_COOKIE},
};

/// How long a choice is remembered: a year.
const REMEMBERED: u32 = 31_536_000;

/// Remembers the choice in a cookie, or forgets it, and goes back.
pub(crate) async fn post(
    State(state): State<AppState>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let secure = if state.public_url.is_https() {
        "; Secure"
    } else {
        ""
    };
    let cookie = match value(&pairs, "theme") {
        Some(theme @ ("light" | "dark")) => {
            format!("theme={theme}; Path=/; SameSite=Lax; Max-Age={REMEMBERED}{secure}")
        }
        _ => format!("theme=; Path=/; SameSite=Lax; Max-Age=0{secure}"),
    };
    let mut response = see_other(page_before(&headers, state.public_url.as_str()))?;
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
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
