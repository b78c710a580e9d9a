//! Token policies.

use crate::{Store, StoreError, row};
use policy::token_policy::TokenPolicy;
use sqlx::SqliteConnection;

const TABLE: &str = "token_policies";

impl Store {
    /// A customer's token policies in the order of their creation.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn token_policies(&self, customer: &str) -> Result<Vec<TokenPolicy>, StoreError> {
        sqlx::query(
            "SELECT document FROM token_policies WHERE customer_id = $1 ORDER BY position, id",
        )
        .bind(customer)
        .fetch_all(&self.reader)
        .await?
        .iter()
        .map(|row| row::json(TABLE, row, "document"))
        .collect()
    }

    /// One token policy of a customer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn token_policy(
        &self,
        customer: &str,
        id: &str,
    ) -> Result<Option<TokenPolicy>, StoreError> {
        sqlx::query("SELECT document FROM token_policies WHERE customer_id = $1 AND id = $2")
            .bind(customer)
            .bind(id)
            .fetch_optional(&self.reader)
            .await?
            .map(|row| row::json(TABLE, &row, "document"))
            .transpose()
    }

    /// Replaces the token policy that has this id; `false` if there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replace_token_policy(
        &self,
        customer: &str,
        policy: &TokenPolicy,
    ) -> Result<bool, StoreError> {
        let replaced = sqlx::query(
            "UPDATE token_policies SET document = $3 WHERE customer_id = $1 AND id = $2",
        )
        .bind(customer)
        .bind(&policy.id)
        .bind(row::to_json(TABLE, policy)?)
        .execute(&self.writer)
        .await?;
        Ok(replaced.rows_affected() > 0)
    }
}

pub(crate) async fn insert(
    connection: &mut SqliteConnection,
    customer: &str,
    policies: &[TokenPolicy],
) -> Result<(), StoreError> {
    for (index, policy) in policies.iter().enumerate() {
        sqlx::query(
            "INSERT INTO token_policies (customer_id, id, position, document)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(customer)
        .bind(&policy.id)
        .bind(row::position(index))
        .bind(row::to_json(TABLE, policy)?)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
