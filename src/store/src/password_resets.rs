//! Forgotten passwords.

use crate::{Store, StoreError, digest::digest};
use oidc::time::UnixTime;
use sqlx::Row as _;

impl Store {
    /// Keeps the key that lets a person set a new password.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] when the person is not the customer's, else when
    /// the database fails.
    pub async fn insert_password_reset(
        &self,
        customer: &str,
        key: &str,
        person: &str,
        expires_at: UnixTime,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO password_resets (key_hash, customer_id, person_id, expires_at)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(digest(key))
        .bind(customer)
        .bind(person)
        .bind(expires_at.0)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Whose password the key may set, unless it was used or has expired.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn password_reset(
        &self,
        customer: &str,
        key: &str,
        now: UnixTime,
    ) -> Result<Option<String>, StoreError> {
        sqlx::query(
            "SELECT person_id FROM password_resets
             WHERE key_hash = $1 AND customer_id = $2 AND expires_at > $3",
        )
        .bind(digest(key))
        .bind(customer)
        .bind(now.0)
        .fetch_optional(&self.reader)
        .await?
        .map(|row| Ok(row.try_get("person_id")?))
        .transpose()
    }

    /// Sets the password of whoever the key belongs to, uses the key up, and
    /// ends the person's sessions, all or nothing. Returns the person; `None`
    /// when the key is used, expired or unknown.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reset_password(
        &self,
        customer: &str,
        key: &str,
        password_hash: &str,
        now: UnixTime,
    ) -> Result<Option<String>, StoreError> {
        let mut transaction = self.begin().await?;
        let taken = sqlx::query(
            "DELETE FROM password_resets
             WHERE key_hash = $1 AND customer_id = $2 AND expires_at > $3
             RETURNING person_id",
        )
        .bind(digest(key))
        .bind(customer)
        .bind(now.0)
        .fetch_all(&mut *transaction)
        .await?;
        let Some(row) = taken.first() else {
            return Ok(None);
        };
        let person: String = row.try_get("person_id")?;
        sqlx::query("UPDATE people SET password_hash = $3 WHERE customer_id = $1 AND id = $2")
            .bind(customer)
            .bind(&person)
            .bind(password_hash)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("DELETE FROM sessions WHERE customer_id = $1 AND person_id = $2")
            .bind(customer)
            .bind(&person)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Some(person))
    }
}
