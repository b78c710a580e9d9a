//! From columns to values and back.

use crate::error::StoreError;
use oidc::{scope::Scope, time::UnixTime};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

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

/// Deletes one row of a customer, with a statement that takes the customer and
/// the row's id.
pub(crate) async fn delete(
    connection: &mut SqliteConnection,
    statement: &'static str,
    customer: &str,
    id: &str,
) -> Result<(), StoreError> {
    sqlx::query(statement)
        .bind(customer)
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// How many rows of a kind one customer may have.
pub(crate) struct Limit {
    pub(crate) most: usize,
    /// Their name in the plural.
    pub(crate) what: &'static str,
    /// Counts the rows of customer `$1`.
    pub(crate) count: &'static str,
}

/// Refuses what was written last if there are too many rows now. To be asked
/// before the commit, so that a crowd gets no further than one.
pub(crate) async fn refuse_too_many(
    connection: &mut SqliteConnection,
    limit: &Limit,
    customer: &str,
) -> Result<(), StoreError> {
    let rows: i64 = sqlx::query_scalar(limit.count)
        .bind(customer)
        .fetch_one(connection)
        .await?;
    if usize::try_from(rows).is_ok_and(|rows| rows <= limit.most) {
        Ok(())
    } else {
        Err(StoreError::Full(limit.what))
    }
}
