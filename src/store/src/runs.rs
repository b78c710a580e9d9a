//! Runs of the playground.

use crate::{Store, StoreError, row};
use oidc::time::UnixTime;
use sqlx::{Row as _, sqlite::SqliteRow};
use std::fmt;

const TABLE: &str = "runs";

/// A run, with a body the store does not look into.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredRun {
    /// Its name in the address, unique within the customer.
    pub id: String,
    /// The customer it belongs to.
    pub customer_id: String,
    /// The `state` of its authorization request.
    pub state: String,
    /// How far it got.
    pub status: RunStatus,
    /// JSON, and empty once the run has expired and was swept: only that it
    /// existed is still known then. Holds tokens, in readable form.
    pub body: String,
    /// When it began.
    pub created_at: UnixTime,
    /// The first moment it may no longer be shown.
    pub expires_at: UnixTime,
}

/// How far a run got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStatus {
    /// The browser has not come back yet.
    Pending,
    /// There is an outcome.
    Finished,
}

impl RunStatus {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Finished => "finished",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Finished]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}

impl fmt::Debug for StoredRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredRun")
            .field("id", &self.id)
            .field("customer_id", &self.customer_id)
            .field("status", &self.status)
            .field("created_at", &self.created_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Keeps a run.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] when the customer is not there, else when the
    /// customer has a run with this id or the database fails.
    pub async fn insert_run(&self, run: &StoredRun) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO runs (customer_id, id, state, status, body, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&run.customer_id)
        .bind(&run.id)
        .bind(&run.state)
        .bind(run.status.as_str())
        .bind(&run.body)
        .bind(run.created_at.0)
        .bind(run.expires_at.0)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Keeps the newest runs of a customer and deletes the others, so that
    /// nobody fills the database. Returns how many went.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn trim_runs(&self, customer: &str, newest: u32) -> Result<u64, StoreError> {
        let deleted = sqlx::query(
            "DELETE FROM runs
             WHERE customer_id = $1 AND number <= (
                 SELECT number FROM runs WHERE customer_id = $1
                 ORDER BY number DESC LIMIT 1 OFFSET $2
             )",
        )
        .bind(customer)
        .bind(newest)
        .execute(&self.writer)
        .await?;
        Ok(deleted.rows_affected())
    }

    /// The run, also when it has expired; its body is empty once it was swept,
    /// and 30 days after its expiry nothing is known of it any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run(&self, customer: &str, id: &str) -> Result<Option<StoredRun>, StoreError> {
        sqlx::query("SELECT * FROM runs WHERE customer_id = $1 AND id = $2")
            .bind(customer)
            .bind(id)
            .fetch_optional(&self.reader)
            .await?
            .as_ref()
            .map(read)
            .transpose()
    }

    /// The newest run with this `state` that still waits for the browser.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pending_run(
        &self,
        customer: &str,
        state: &str,
        now: UnixTime,
    ) -> Result<Option<StoredRun>, StoreError> {
        sqlx::query(
            "SELECT * FROM runs
             WHERE customer_id = $1 AND state = $2 AND status = 'pending' AND expires_at > $3
             ORDER BY created_at DESC, number DESC LIMIT 1",
        )
        .bind(customer)
        .bind(state)
        .bind(now.0)
        .fetch_optional(&self.reader)
        .await?
        .as_ref()
        .map(read)
        .transpose()
    }

    /// The newest run with this `state`, whatever became of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run_by_state(
        &self,
        customer: &str,
        state: &str,
    ) -> Result<Option<StoredRun>, StoreError> {
        sqlx::query(
            "SELECT * FROM runs WHERE customer_id = $1 AND state = $2
             ORDER BY created_at DESC, number DESC LIMIT 1",
        )
        .bind(customer)
        .bind(state)
        .fetch_optional(&self.reader)
        .await?
        .as_ref()
        .map(read)
        .transpose()
    }

    /// Gives a pending run its final body; `false` if there is no such run or
    /// it has one already. Of two that try at the same time one succeeds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish_run(
        &self,
        customer: &str,
        id: &str,
        body: &str,
    ) -> Result<bool, StoreError> {
        let finished = sqlx::query(
            "UPDATE runs SET status = 'finished', body = $3
             WHERE customer_id = $1 AND id = $2 AND status = 'pending'",
        )
        .bind(customer)
        .bind(id)
        .bind(body)
        .execute(&self.writer)
        .await?;
        Ok(finished.rows_affected() > 0)
    }

    /// A customer's finished runs, the newest first, at most `limit` of them.
    /// Runs of which only a tombstone is left are not among them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn runs(&self, customer: &str, limit: u32) -> Result<Vec<StoredRun>, StoreError> {
        sqlx::query(
            "SELECT * FROM runs
             WHERE customer_id = $1 AND status = 'finished' AND body <> ''
             ORDER BY created_at DESC, number DESC LIMIT $2",
        )
        .bind(customer)
        .bind(i64::from(limit))
        .fetch_all(&self.reader)
        .await?
        .iter()
        .map(read)
        .collect()
    }
}

fn read(row: &SqliteRow) -> Result<StoredRun, StoreError> {
    Ok(StoredRun {
        id: row.try_get("id")?,
        customer_id: row.try_get("customer_id")?,
        state: row.try_get("state")?,
        status: row::word(TABLE, row, "status", RunStatus::parse)?,
        body: row.try_get("body")?,
        created_at: row::time(row, "created_at")?,
        expires_at: row::time(row, "expires_at")?,
    })
}
