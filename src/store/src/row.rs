//! From columns to values and back.

use crate::error::StoreError;
use oidc::{scope::Scope, time::UnixTime};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Row as _, sqlite::SqliteRow};

/// A value as the JSON text it is kept as.
pub(crate) fn to_json<T: Serialize>(table: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Unreadable {
        table,
        problem: error.to_string(),
    })
}

/// The value of a JSON column.
pub(crate) fn json<T: DeserializeOwned>(
    table: &'static str,
    row: &SqliteRow,
    column: &str,
) -> Result<T, StoreError> {
    let text: String = row.try_get(column)?;
    serde_json::from_str(&text).map_err(|error| StoreError::Unreadable {
        table,
        problem: format!("{column}: {error}"),
    })
}

/// The value of a column with a point in time.
pub(crate) fn time(row: &SqliteRow, column: &str) -> Result<UnixTime, StoreError> {
    Ok(UnixTime(row.try_get(column)?))
}

/// The value of a column with space-separated scope tokens.
pub(crate) fn scope(
    table: &'static str,
    row: &SqliteRow,
    column: &str,
) -> Result<Scope, StoreError> {
    let text: String = row.try_get(column)?;
    let parsed = Scope::parse(&text);
    if parsed.findings.is_empty() {
        Ok(parsed.scope)
    } else {
        Err(StoreError::Unreadable {
            table,
            problem: format!("{column} is not a list of scopes"),
        })
    }
}

/// One word of a fixed list.
pub(crate) fn word<T>(
    table: &'static str,
    row: &SqliteRow,
    column: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, StoreError> {
    let text: String = row.try_get(column)?;
    read(&text).ok_or_else(|| StoreError::Unreadable {
        table,
        problem: format!("{column} is {text:?}"),
    })
}
