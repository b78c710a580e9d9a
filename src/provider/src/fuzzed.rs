//! Whatever strangers send is read, or refused for a reason; nothing panics.
//! Here are the parsers that only this crate can call; the router and all
//! behind it are in `tests/it/fuzzed.rs`.

mod authorization_header;
mod cookie;
mod parameters;

use http::{HeaderMap, HeaderName, HeaderValue};

/// A request's headers, if a header can hold these bytes.
fn headers(name: &HeaderName, bytes: &[u8]) -> Option<HeaderMap> {
    let value = HeaderValue::from_bytes(bytes).ok()?;
    Some([(name.clone(), value)].into_iter().collect())
}
