//! What a page may know of the request it answers.

mod problems;

use crate::problem::Problem;
use http::request::Parts;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use playground::Playground;
use provider::{Provider, sandbox::SandboxKey};

/// What the server hands to every page.
#[derive(Clone)]
pub struct AppContext {
    /// Runs, sandboxes, and what is said of them.
    pub playground: Playground,
    /// The bundled provider.
    pub provider: Provider,
}

/// The server's parts, and the key of the sandbox the visitor holds.
///
/// # Errors
/// When the server has not provided them, which is a fault of ours.
pub fn visitor() -> Result<(AppContext, SandboxKey), Problem> {
    let context = use_context::<AppContext>().ok_or_else(Problem::internal)?;
    let parts = use_context::<Parts>().ok_or_else(Problem::internal)?;
    let key = parts
        .extensions
        .get::<SandboxKey>()
        .cloned()
        .ok_or_else(Problem::internal)?;
    Ok((context, key))
}

/// The path of the request.
#[must_use]
pub fn path() -> String {
    use_context::<Parts>().map_or_else(String::new, |parts| parts.uri.path().to_owned())
}

/// The decoded pairs of the request's query, in order.
#[must_use]
pub fn query_pairs() -> Vec<(String, String)> {
    use_context::<Parts>()
        .and_then(|parts| parts.uri.query().map(str::to_owned))
        .map(|query| {
            form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect()
        })
        .unwrap_or_default()
}

/// The value of a query parameter.
#[must_use]
pub fn query_value(name: &str) -> Option<String> {
    query_pairs()
        .into_iter()
        .find_map(|(own, value)| (own == name).then_some(value))
}

/// The theme chosen with the switch in the header; `None` follows the system.
#[must_use]
pub fn theme() -> Option<String> {
    let parts = use_context::<Parts>()?;
    provider::cookie::values(&parts.headers, "theme", false)
        .find(|value| matches!(*value, "light" | "dark"))
        .map(str::to_owned)
}

/// Whether the visitor has put a hint away.
#[must_use]
pub fn is_put_away(hint: &str) -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        provider::cookie::values(&parts.headers, crate::components::hint::COOKIE, false)
            .any(|ids| ids.split('.').any(|id| id == hint))
    })
}

/// For how long a sandbox may be left alone, in words.
#[must_use]
pub fn sandbox_idle_days() -> Option<String> {
    let days = use_context::<AppContext>()?.provider.sandbox_idle_days();
    let unit = if days == 1 { "day" } else { "days" };
    Some(format!("{days} {unit}"))
}

/// Sets the status of the page being rendered.
pub fn set_status(status: u16) {
    if let (Some(options), Ok(status)) = (
        use_context::<ResponseOptions>(),
        http::StatusCode::from_u16(status),
    ) {
        options.set_status(status);
    }
}
