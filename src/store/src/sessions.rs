//! Sign-in sessions.

use crate::{Store, StoreError, digest::digest, row};
use oidc::time::UnixTime;
use sqlx::{Row as _, sqlite::SqliteRow};

/// A browser in which a person has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The customer it belongs to.
    pub customer_id: String,
    /// Who signed in.
    pub person_id: String,
    /// Its public name, for the `sid` claim. Opens nothing.
    pub sid: String,
    /// When the person signed in, for the `auth_time` claim.
    pub auth_time: UnixTime,
    /// The first moment it no longer counts.
    pub expires_at: UnixTime,
}

impl Store {
    /// Keeps a session under the key the browser holds.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] when the person is not the customer's, else when
    /// the database fails.
    pub async fn insert_session(&self, key: &str, session: &Session) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO sessions (key_hash, customer_id, person_id, sid, auth_time, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(digest(key))
        .bind(&session.customer_id)
        .bind(&session.person_id)
        .bind(&session.sid)
        .bind(session.auth_time.0)
        .bind(session.expires_at.0)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// The session this key opens, unless it has expired.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session(
        &self,
        customer: &str,
        key: &str,
        now: UnixTime,
    ) -> Result<Option<Session>, StoreError> {
        sqlx::query(
            "SELECT * FROM sessions
             WHERE key_hash = $1 AND customer_id = $2 AND expires_at > $3",
        )
        .bind(digest(key))
        .bind(customer)
        .bind(now.0)
        .fetch_optional(&self.reader)
        .await?
        .as_ref()
        .map(read)
        .transpose()
    }

    /// Ends a session; `false` if there was none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_session(&self, customer: &str, key: &str) -> Result<bool, StoreError> {
        let deleted = sqlx::query("DELETE FROM sessions WHERE key_hash = $1 AND customer_id = $2")
            .bind(digest(key))
            .bind(customer)
            .execute(&self.writer)
            .await?;
        Ok(deleted.rows_affected() > 0)
    }

    /// Ends every session of the person whose session has this public name, in
    /// whatever browser, and says how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_sessions_by_sid(
        &self,
        customer: &str,
        sid: &str,
    ) -> Result<u64, StoreError> {
        let deleted = sqlx::query(
            "DELETE FROM sessions WHERE customer_id = $1 AND person_id IN
             (SELECT person_id FROM sessions WHERE customer_id = $1 AND sid = $2)",
        )
        .bind(customer)
        .bind(sid)
        .execute(&self.writer)
        .await?;
        Ok(deleted.rows_affected())
    }
}

fn read(row: &SqliteRow) -> Result<Session, StoreError> {
    Ok(Session {
        customer_id: row.try_get("customer_id")?,
        person_id: row.try_get("person_id")?,
        sid: row.try_get("sid")?,
        auth_time: row::time(row, "auth_time")?,
        expires_at: row::time(row, "expires_at")?,
    })
}
