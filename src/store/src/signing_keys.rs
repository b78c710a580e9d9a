//! Signing keys: the deployment's, and those of customers that rotated.

use crate::{Store, StoreError, row};
use oidc::{signing_algorithm::SigningAlgorithm, time::UnixTime};
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};
use std::fmt;

const TABLE: &str = "signing_keys";

/// A key the provider signs with, or signed with until it was retired.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// The key's name in the JWKS.
    pub kid: String,
    /// The algorithm it signs with.
    pub algorithm: SigningAlgorithm,
    /// The private key. It stays readable in the file.
    pub pkcs8: Vec<u8>,
    /// When it was made.
    pub created_at: UnixTime,
    /// The first moment it is no longer published; `None` while it signs.
    pub published_until: Option<UnixTime>,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .field("created_at", &self.created_at)
            .field("published_until", &self.published_until)
            .finish_non_exhaustive()
    }
}

/// New keys for a customer, and what becomes of the former ones.
#[derive(Clone, Copy, Debug)]
pub struct Rotation<'a> {
    /// Whose keys are rotated.
    pub customer: &'a str,
    /// The keys that sign from now on, one of each algorithm.
    pub keys: &'a [SigningKey],
    /// The first moment the former ones are no longer published, and this
    /// rotation no longer counts.
    pub former_until: UnixTime,
    /// How many rotations may count at the same time, this one among them.
    pub at_most: usize,
    /// When it happens.
    pub now: UnixTime,
}

impl Store {
    /// Keeps keys of the deployment. One of an algorithm it has a key for
    /// already is left out: another program was faster.
    ///
    /// # Errors
    /// When there is another key with this `kid`, or the database fails.
    pub async fn add_deployment_keys(&self, keys: &[SigningKey]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let had = of(&mut transaction, None).await?;
        for key in keys {
            if !had.iter().any(|own| own.algorithm == key.algorithm) {
                insert(&mut transaction, None, 0, key).await?;
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The keys of a customer's own, or the deployment's: the newest generation
    /// first, and within one in the order they were handed in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn signing_keys(
        &self,
        customer: Option<&str>,
    ) -> Result<Vec<SigningKey>, StoreError> {
        of(&mut *self.reader.acquire().await?, customer).await
    }

    /// Until when each of the customer's rotations counts that does now, the
    /// first to end first. Whether the customer was deleted and made anew since
    /// makes no difference.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rotations(
        &self,
        customer: &str,
        now: UnixTime,
    ) -> Result<Vec<UnixTime>, StoreError> {
        rotations(&mut *self.reader.acquire().await?, customer, now).await
    }

    /// Retires the customer's keys and keeps new ones, both or neither. `false`
    /// if there were too many rotations already.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] when the customer is not there, else when there is
    /// another key with one's `kid` or the database fails.
    pub async fn rotate_signing_keys(&self, rotation: &Rotation<'_>) -> Result<bool, StoreError> {
        let Rotation { customer, .. } = *rotation;
        let mut transaction = self.begin().await?;
        let before = rotations(&mut transaction, customer, rotation.now).await?;
        if before.len() >= rotation.at_most {
            return Ok(false);
        }
        let generation: i64 = sqlx::query_scalar(
            "SELECT ifnull(max(generation), 0) + 1 FROM signing_keys WHERE customer_id = $1",
        )
        .bind(customer)
        .fetch_one(&mut *transaction)
        .await?;
        sqlx::query(
            "UPDATE signing_keys SET published_until = $2
             WHERE customer_id = $1 AND published_until IS NULL",
        )
        .bind(customer)
        .bind(rotation.former_until.0)
        .execute(&mut *transaction)
        .await?;
        for key in rotation.keys {
            insert(&mut transaction, Some(customer), generation, key).await?;
        }
        remember(&mut transaction, rotation).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

async fn of(
    connection: &mut SqliteConnection,
    customer: Option<&str>,
) -> Result<Vec<SigningKey>, StoreError> {
    sqlx::query(
        "SELECT * FROM signing_keys WHERE customer_id IS $1 ORDER BY generation DESC, rowid",
    )
    .bind(customer)
    .fetch_all(connection)
    .await?
    .iter()
    .map(read)
    .collect()
}

async fn rotations(
    connection: &mut SqliteConnection,
    customer: &str,
    now: UnixTime,
) -> Result<Vec<UnixTime>, StoreError> {
    let times: Vec<i64> = sqlx::query_scalar(
        "SELECT counts_until FROM key_rotations
         WHERE customer_id = $1 AND counts_until > $2 ORDER BY counts_until",
    )
    .bind(customer)
    .bind(now.0)
    .fetch_all(connection)
    .await?;
    Ok(times.into_iter().map(UnixTime).collect())
}

async fn remember(
    connection: &mut SqliteConnection,
    rotation: &Rotation<'_>,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO key_rotations (customer_id, counts_until) VALUES ($1, $2)")
        .bind(rotation.customer)
        .bind(rotation.former_until.0)
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert(
    connection: &mut SqliteConnection,
    customer: Option<&str>,
    generation: i64,
    key: &SigningKey,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO signing_keys
         (kid, algorithm, pkcs8, created_at, customer_id, generation, published_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&key.kid)
    .bind(key.algorithm.as_str())
    .bind(&key.pkcs8)
    .bind(key.created_at.0)
    .bind(customer)
    .bind(generation)
    .bind(key.published_until.map(|until| until.0))
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<SigningKey, StoreError> {
    let published_until: Option<i64> = row.try_get("published_until")?;
    Ok(SigningKey {
        kid: row.try_get("kid")?,
        algorithm: row::word(TABLE, row, "algorithm", SigningAlgorithm::parse)?,
        pkcs8: row.try_get("pkcs8")?,
        created_at: row::time(row, "created_at")?,
        published_until: published_until.map(UnixTime),
    })
}
