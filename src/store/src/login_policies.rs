//! Login policies.

use crate::{Store, StoreError, row};
use policy::login_policy::LoginPolicy;
use sqlx::SqliteConnection;

const TABLE: &str = "login_policies";

impl Store {
    /// A customer's login policies in the order of their creation.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn login_policies(&self, customer: &str) -> Result<Vec<LoginPolicy>, StoreError> {
        sqlx::query(
            "SELECT document FROM login_policies WHERE customer_id = $1 ORDER BY position, id",
        )
        .bind(customer)
        .fetch_all(&self.reader)
        .await?
        .iter()
        .map(|row| row::json(TABLE, row, "document"))
        .collect()
    }

    /// One login policy of a customer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn login_policy(
        &self,
        customer: &str,
        id: &str,
    ) -> Result<Option<LoginPolicy>, StoreError> {
        sqlx::query("SELECT document FROM login_policies WHERE customer_id = $1 AND id = $2")
            .bind(customer)
            .bind(id)
            .fetch_optional(&self.reader)
            .await?
            .map(|row| row::json(TABLE, &row, "document"))
            .transpose()
    }
}

pub(crate) async fn insert(
    connection: &mut SqliteConnection,
    customer: &str,
    policies: &[LoginPolicy],
) -> Result<(), StoreError> {
    for (index, policy) in policies.iter().enumerate() {
        sqlx::query(
            "INSERT INTO login_policies (customer_id, id, position, document)
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
