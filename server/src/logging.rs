//! The log, on standard error.

use crate::cli::LogLevel;
use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use std::{io::IsTerminal, time::Instant};
use tracing_subscriber::EnvFilter;

/// Our own crates, as `tracing` names them. All others may only warn: what they
/// write in detail is not ours to vouch for.
const OURS: [&str; 7] = [
    "app",
    "oidc_playground",
    "playground",
    "provider",
    "relying_party",
    "server",
    "store",
];

/// How much of a path is logged.
const LONGEST_PATH: usize = 120;

/// What is logged at a level.
#[must_use]
pub fn filter(level: LogLevel) -> EnvFilter {
    let level = level.as_str();
    let others = if level == "error" { "error" } else { "warn" };
    EnvFilter::new(OURS.iter().fold(others.to_owned(), |filter, name| {
        format!("{filter},{name}={level}")
    }))
}

/// Starts to log. Does nothing when logging was started before.
pub(crate) fn start(level: LogLevel) {
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter(level))
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .try_init();
}

/// Writes one line per request: method, path, status and time.
///
/// Never the query, a header or a body: codes, states, interaction keys and
/// passwords travel there. The path is the pattern of the route where there is
/// one, so that the ids of runs do not end up in the log either.
pub(crate) async fn log_request(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let path: String = match request.extensions().get::<MatchedPath>() {
        Some(path) => path.as_str().to_owned(),
        None => request.uri().path().chars().take(LONGEST_PATH).collect(),
    };
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    if response.status().is_server_error() {
        tracing::error!(%method, path, status, ms, "answered");
    } else {
        tracing::info!(%method, path, status, ms, "answered");
    }
    response
}
