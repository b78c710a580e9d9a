//! The deployment's signing keys.

use crate::{Store, StoreError, row};
use oidc::time::UnixTime;
use sqlx::{Row as _, sqlite::SqliteRow};
use std::fmt;

/// A key the provider signs with, for all customers.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// The key's name in the JWKS.
    pub kid: String,
    /// The algorithm it signs with, such as `RS256`.
    pub algorithm: String,
    /// The private key. It stays readable in the file.
    pub pkcs8: Vec<u8>,
    /// When it was made.
    pub created_at: UnixTime,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Keeps a signing key.
    ///
    /// # Errors
    /// When there is one with this `kid`, or the database fails.
    pub async fn insert_signing_key(&self, key: &SigningKey) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO signing_keys (kid, algorithm, pkcs8, created_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(&key.kid)
        .bind(&key.algorithm)
        .bind(&key.pkcs8)
        .bind(key.created_at.0)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Every signing key, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError> {
        sqlx::query("SELECT * FROM signing_keys ORDER BY created_at, kid")
            .fetch_all(&self.reader)
            .await?
            .iter()
            .map(read)
            .collect()
    }
}

fn read(row: &SqliteRow) -> Result<SigningKey, StoreError> {
    Ok(SigningKey {
        kid: row.try_get("kid")?,
        algorithm: row.try_get("algorithm")?,
        pkcs8: row.try_get("pkcs8")?,
        created_at: row::time(row, "created_at")?,
    })
}
