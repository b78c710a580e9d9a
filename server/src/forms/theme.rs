//! The switch between light and dark.

use super::{Answer, Pairs, page_before, remember, see_other, value};
use crate::state::AppState;
use axum::{Form, extract::State};
use http::HeaderMap;

/// Remembers the choice in a cookie, or forgets it, and goes back.
pub(crate) async fn post(
    State(state): State<AppState>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let theme = value(&pairs, "theme").filter(|theme| matches!(*theme, "light" | "dark"));
    let mut response = see_other(page_before(&headers, state.public_url.as_str()))?;
    remember(&state, &mut response, "theme", theme.unwrap_or_default());
    Ok(response)
}
