//! Whatever bodies strangers send are read, or refused for a reason; what is
//! read can be shown, and sent back as it was shown.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod admin_scope;
mod client;
mod client_metadata;
mod login_policy;
mod person;
mod token_policy;

use fuzz::{Corpus, TestCaseResult, hold, prop_assert};
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt::Display;

type Body = Map<String, Value>;

/// The body, if it is one: an object.
fn body(bytes: &[u8]) -> Option<Body> {
    serde_json::from_slice(bytes).ok()
}

/// What a document looks like when it is shown, as a body to be sent.
fn shown(document: &impl Serialize) -> Body {
    match serde_json::to_value(document).unwrap() {
        Value::Object(members) => members,
        other => panic!("{other} is no object"),
    }
}

/// A refusal, of whose reason the beginning is enough.
fn refused<T>(reason: &str) -> Result<T, String> {
    Err(reason.chars().take(60).collect())
}

/// What becomes of bytes.
fn class<T, E: Display>(bytes: &[u8], read: impl Fn(&Body) -> Result<T, E>) -> Result<T, String> {
    let body = body(bytes).ok_or("no object")?;
    read(&body).or_else(|error| refused(&error.to_string()))
}

/// Asserts that a property holds for all that chance makes of the bytes and of
/// the JSON in them.
fn hold_for_bodies(corpus: &Corpus, property: impl Fn(&Body) -> TestCaseResult) {
    hold(corpus.bytes(), |bytes| match body(&bytes) {
        Some(body) => property(&body),
        None => Ok(()),
    });
    hold(corpus.json(), |json| match json {
        Value::Object(body) => property(&body),
        _ => Ok(()),
    });
}

/// Asserts that a refusal can be told: it names the property, and is no longer
/// than what was sent allows.
fn check_refusal(body: &Body, error: &impl Display) -> TestCaseResult {
    let (told, sent) = (error.to_string(), Value::Object(body.clone()).to_string());
    prop_assert!(!told.is_empty() && told.len() <= 10 * sent.len() + 500);
    Ok(())
}
