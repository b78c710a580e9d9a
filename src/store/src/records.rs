//! Records of work at the playground: what was done, and what came of it.

use crate::{Store, StoreError, row};
use oidc::time::UnixTime;
use sqlx::{Row as _, sqlite::SqliteRow};
use std::fmt;

/// A record, with a body the store does not look into. It is written once and
/// never changed; what follows from it is a record of its own.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// Its name in the address, unique within the customer.
    pub id: String,
    /// The customer it belongs to.
    pub customer_id: String,
    /// What is recorded, in the words of whoever records it.
    pub kind: String,
    /// The id of the run or record it belongs to; empty when it stands by itself.
    pub parent: String,
    /// JSON. May hold tokens, in readable form.
    pub body: String,
    /// When it was made.
    pub created_at: UnixTime,
    /// The first moment it may no longer be shown.
    pub expires_at: UnixTime,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("id", &self.id)
            .field("customer_id", &self.customer_id)
            .field("kind", &self.kind)
            .field("parent", &self.parent)
            .field("created_at", &self.created_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Keeps a record, and of its kind and parent the `newest` ones only, so
    /// that nobody fills the database.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] when the customer is not there, else when the
    /// customer has a record with this id or the database fails.
    pub async fn insert_record(&self, record: &Record, newest: u32) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "INSERT INTO records (customer_id, id, kind, parent, body, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&record.customer_id)
        .bind(&record.id)
        .bind(&record.kind)
        .bind(&record.parent)
        .bind(&record.body)
        .bind(record.created_at.0)
        .bind(record.expires_at.0)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "DELETE FROM records
             WHERE customer_id = $1 AND kind = $2 AND parent = $3 AND number <= (
                 SELECT number FROM records
                 WHERE customer_id = $1 AND kind = $2 AND parent = $3
                 ORDER BY number DESC LIMIT 1 OFFSET $4
             )",
        )
        .bind(&record.customer_id)
        .bind(&record.kind)
        .bind(&record.parent)
        .bind(newest)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await.map_err(StoreError::from)
    }

    /// The record, unless it has expired.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record(
        &self,
        customer: &str,
        id: &str,
        now: UnixTime,
    ) -> Result<Option<Record>, StoreError> {
        sqlx::query("SELECT * FROM records WHERE customer_id = $1 AND id = $2 AND expires_at > $3")
            .bind(customer)
            .bind(id)
            .bind(now.0)
            .fetch_optional(&self.reader)
            .await?
            .as_ref()
            .map(read)
            .transpose()
    }

    /// The records of a kind that belong to `parent` and have not expired, the
    /// oldest first. Without a parent: those that stand by themselves.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn records(
        &self,
        customer: &str,
        kind: &str,
        parent: &str,
        now: UnixTime,
    ) -> Result<Vec<Record>, StoreError> {
        sqlx::query(
            "SELECT * FROM records
             WHERE customer_id = $1 AND kind = $2 AND parent = $3 AND expires_at > $4
             ORDER BY number",
        )
        .bind(customer)
        .bind(kind)
        .bind(parent)
        .bind(now.0)
        .fetch_all(&self.reader)
        .await?
        .iter()
        .map(read)
        .collect()
    }
}

fn read(row: &SqliteRow) -> Result<Record, StoreError> {
    Ok(Record {
        id: row.try_get("id")?,
        customer_id: row.try_get("customer_id")?,
        kind: row.try_get("kind")?,
        parent: row.try_get("parent")?,
        body: row.try_get("body")?,
        created_at: row::time(row, "created_at")?,
        expires_at: row::time(row, "expires_at")?,
    })
}
