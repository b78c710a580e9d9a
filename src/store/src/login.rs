//! The login that codes and tokens go back to.

use crate::{StoreError, row};
use oidc::{scope::Scope, time::UnixTime};
use sqlx::{Row as _, sqlite::SqliteRow};

/// What a person's sign-in leaves with every code and token made from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// What was asked for.
    pub requested: Scope,
    /// The request's `claims` parameter, as it was sent.
    pub claims: Option<String>,
    /// When the person signed in.
    pub auth_time: UnixTime,
    /// The session's public name.
    pub sid: Option<String>,
}

/// The login in a row of codes or tokens; `None` where no person signed in.
pub(crate) fn read(table: &'static str, row: &SqliteRow) -> Result<Option<Login>, StoreError> {
    let auth_time: Option<i64> = row.try_get("auth_time")?;
    let Some(auth_time) = auth_time else {
        return Ok(None);
    };
    Ok(Some(Login {
        requested: row::scope(table, row, "requested")?,
        claims: row.try_get("claims")?,
        auth_time: UnixTime(auth_time),
        sid: row.try_get("sid")?,
    }))
}
