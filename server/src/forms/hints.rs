//! Hints that were put away.

use super::{Answer, Pairs, page_before, remember, see_other, value};
use crate::state::AppState;
use app::components::hint::COOKIE;
use axum::{Form, extract::State};
use http::HeaderMap;
use provider::cookie;

/// How many are remembered. There are fewer, so that nobody fills the cookie.
const MOST: usize = 32;

/// Remembers in a cookie that a hint was put away, or with `show_again` forgets
/// all of them, and goes back.
pub(crate) async fn post(
    State(state): State<AppState>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let known = cookie::values(&headers, COOKIE, false).next();
    let mut ids: Vec<&str> = known
        .filter(|_| value(&pairs, "show_again").is_none())
        .map(|ids| ids.split('.').filter(|id| is_id(id)).take(MOST).collect())
        .unwrap_or_default();
    ids.extend(value(&pairs, "put_away").filter(|id| is_id(id) && !ids.contains(id)));
    let mut response = see_other(page_before(&headers, state.public_url.as_str()))?;
    remember(&state, &mut response, COOKIE, &ids.join("."));
    Ok(response)
}

fn is_id(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}
