//! Faults that are switched on, and how often they happened.

use crate::{
    Store, StoreError,
    row::{self, Limit},
};
use policy::{fault::Fault, limits};
use sqlx::{Row as _, SqliteConnection, SqliteExecutor, sqlite::SqliteRow};

const TABLE: &str = "faults";
const LIMIT: Limit = Limit {
    most: limits::FAULTS,
    what: "faults",
    count: "SELECT count(*) FROM faults WHERE customer_id = $1",
};

/// A fault and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFault {
    /// The fault as it was switched on.
    pub fault: Fault,
    /// How often it happened.
    pub hits: u32,
}

impl KeptFault {
    /// How often it may still happen; `None` for good.
    #[must_use]
    pub fn remaining(&self) -> Option<u32> {
        let times = self.fault.times?;
        Some(times.saturating_sub(self.hits))
    }
}

/// A fault happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Whether it was the last time.
    pub last: bool,
}

impl Store {
    /// A customer's faults in the order they were switched on, those that have
    /// happened as often as they should among them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn faults(&self, customer: &str) -> Result<Vec<KeptFault>, StoreError> {
        all(&self.reader, customer).await
    }

    /// One fault of a customer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fault(&self, customer: &str, id: &str) -> Result<Option<KeptFault>, StoreError> {
        sqlx::query("SELECT document, hits FROM faults WHERE customer_id = $1 AND id = $2")
            .bind(customer)
            .bind(id)
            .fetch_optional(&self.reader)
            .await?
            .as_ref()
            .map(read)
            .transpose()
    }

    /// Keeps a new fault, as the last one. Where there is no room for it, the
    /// oldest of those go that have happened as often as they should.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] when the customer or the client is not there and
    /// [`StoreError::Full`] when the customer has too many, else when the
    /// database fails or the id is taken.
    pub async fn insert_fault(&self, customer: &str, fault: &Fault) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        insert(&mut transaction, customer, fault).await?;
        make_room(&mut transaction, customer).await?;
        row::refuse_too_many(&mut transaction, &LIMIT, customer).await?;
        transaction.commit().await.map_err(StoreError::from)
    }

    /// Counts that a fault happens. `None` if it does not: it is not there, or
    /// has happened as often as it should. Of a crowd, exactly as many get
    /// through as it may still happen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hit_fault(&self, customer: &str, id: &str) -> Result<Option<Hit>, StoreError> {
        sqlx::query(
            "UPDATE faults SET hits = hits + 1
             WHERE customer_id = $1 AND id = $2 AND (times IS NULL OR hits < times)
             RETURNING times IS NOT NULL AND hits >= times AS last",
        )
        .bind(customer)
        .bind(id)
        .fetch_optional(&self.writer)
        .await?
        .map(|row| {
            Ok(Hit {
                last: row.try_get("last")?,
            })
        })
        .transpose()
    }

    /// Switches a fault off; `false` if there was none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_fault(&self, customer: &str, id: &str) -> Result<bool, StoreError> {
        let deleted = sqlx::query("DELETE FROM faults WHERE customer_id = $1 AND id = $2")
            .bind(customer)
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(deleted.rows_affected() > 0)
    }

    /// Switches all of a customer's faults off, and says how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clear_faults(&self, customer: &str) -> Result<u64, StoreError> {
        clear(&self.writer, customer).await
    }
}

pub(crate) async fn clear(
    executor: impl SqliteExecutor<'_>,
    customer: &str,
) -> Result<u64, StoreError> {
    let deleted = sqlx::query("DELETE FROM faults WHERE customer_id = $1")
        .bind(customer)
        .execute(executor)
        .await?;
    Ok(deleted.rows_affected())
}

async fn all(
    executor: impl SqliteExecutor<'_>,
    customer: &str,
) -> Result<Vec<KeptFault>, StoreError> {
    sqlx::query("SELECT document, hits FROM faults WHERE customer_id = $1 ORDER BY position, id")
        .bind(customer)
        .fetch_all(executor)
        .await?
        .iter()
        .map(read)
        .collect()
}

async fn insert(
    connection: &mut SqliteConnection,
    customer: &str,
    fault: &Fault,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO faults (customer_id, id, position, client_id, document, times)
         VALUES ($1, $2, (SELECT coalesce(max(position) + 1, 0) FROM faults
                          WHERE customer_id = $1), $3, $4, $5)",
    )
    .bind(customer)
    .bind(&fault.id)
    .bind(&fault.client)
    .bind(row::to_json(TABLE, fault)?)
    .bind(fault.times)
    .execute(connection)
    .await?;
    Ok(())
}

async fn make_room(connection: &mut SqliteConnection, customer: &str) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM faults WHERE customer_id = $1 AND id IN (
           SELECT id FROM faults WHERE customer_id = $1 AND hits >= times ORDER BY position, id
           LIMIT max(0, (SELECT count(*) FROM faults WHERE customer_id = $1) - $2))",
    )
    .bind(customer)
    .bind(i64::try_from(LIMIT.most).unwrap_or(i64::MAX))
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<KeptFault, StoreError> {
    Ok(KeptFault {
        fault: row::json(TABLE, row, "document")?,
        hits: row.try_get("hits")?,
    })
}
