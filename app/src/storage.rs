//! Drafts and preferences in the browser: the only module that touches its storage.
//!
//! Storage may be blocked, full, or hold what an older version wrote. None of
//! that may be seen: reading then finds nothing, writing does nothing.
//! `gloo-storage` panics when storage is blocked, so it is asked for only after
//! the browser has said that there is one.

use serde::{Serialize, de::DeserializeOwned};

/// What is kept, each under a key with a version: a new shape is a new key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The request as composed last.
    Draft,
}

impl Kept {
    #[cfg(feature = "hydrate")]
    const fn key(self) -> &'static str {
        match self {
            Self::Draft => "oidc-playground.draft.1",
        }
    }
}

/// Reads a value; one that no longer decodes is removed.
#[cfg(feature = "hydrate")]
#[must_use]
pub fn read<T: DeserializeOwned>(kept: Kept) -> Option<T> {
    use gloo_storage::{LocalStorage, Storage as _, errors::StorageError};
    if !available() {
        return None;
    }
    match LocalStorage::get(kept.key()) {
        Ok(value) => Some(value),
        Err(StorageError::SerdeError(_)) => {
            LocalStorage::delete(kept.key());
            None
        }
        Err(_) => None,
    }
}

/// Keeps a value, or does nothing when storage is blocked or full.
#[cfg(feature = "hydrate")]
pub fn write<T: Serialize>(kept: Kept, value: &T) {
    use gloo_storage::{LocalStorage, Storage as _};
    if available() && LocalStorage::set(kept.key(), value).is_err() {
        leptos::logging::warn!("the browser did not keep the draft");
    }
}

/// Asking for blocked storage throws; asking through `web_sys` gives an error instead.
#[cfg(feature = "hydrate")]
#[expect(
    clippy::disallowed_methods,
    reason = "the one module that may ask for the window"
)]
fn available() -> bool {
    web_sys::window().is_some_and(|window| matches!(window.local_storage(), Ok(Some(_))))
}

/// There is no browser here.
#[cfg(not(feature = "hydrate"))]
#[must_use]
pub fn read<T: DeserializeOwned>(_: Kept) -> Option<T> {
    None
}

/// There is no browser here.
#[cfg(not(feature = "hydrate"))]
pub fn write<T: Serialize>(_: Kept, _: &T) {}
