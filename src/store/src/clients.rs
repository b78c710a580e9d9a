//! Registered clients.

use crate::{Store, StoreError, row};
use policy::client::Client;
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

const TABLE: &str = "clients";

impl Store {
    /// A customer's clients, with their secrets, in the order of their creation.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clients(&self, customer: &str) -> Result<Vec<Client>, StoreError> {
        sqlx::query(
            "SELECT document, secret FROM clients WHERE customer_id = $1 ORDER BY position, id",
        )
        .bind(customer)
        .fetch_all(&self.reader)
        .await?
        .iter()
        .map(read)
        .collect()
    }

    /// One client of a customer, with its secret.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn client(&self, customer: &str, id: &str) -> Result<Option<Client>, StoreError> {
        sqlx::query("SELECT document, secret FROM clients WHERE customer_id = $1 AND id = $2")
            .bind(customer)
            .bind(id)
            .fetch_optional(&self.reader)
            .await?
            .as_ref()
            .map(read)
            .transpose()
    }

    /// Replaces the client that has this id, its secret too; `false` if there
    /// is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replace_client(
        &self,
        customer: &str,
        client: &Client,
    ) -> Result<bool, StoreError> {
        let replaced = sqlx::query(
            "UPDATE clients SET document = $3, secret = $4 WHERE customer_id = $1 AND id = $2",
        )
        .bind(customer)
        .bind(&client.id)
        .bind(row::to_json(TABLE, client)?)
        .bind(&client.secret)
        .execute(&self.writer)
        .await?;
        Ok(replaced.rows_affected() > 0)
    }
}

pub(crate) async fn insert(
    connection: &mut SqliteConnection,
    customer: &str,
    clients: &[Client],
) -> Result<(), StoreError> {
    for (index, client) in clients.iter().enumerate() {
        sqlx::query(
            "INSERT INTO clients (customer_id, id, position, document, secret)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(customer)
        .bind(&client.id)
        .bind(row::position(index))
        .bind(row::to_json(TABLE, client)?)
        .bind(&client.secret)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

fn read(row: &SqliteRow) -> Result<Client, StoreError> {
    let mut client: Client = row::json(TABLE, row, "document")?;
    client.secret = row.try_get("secret")?;
    Ok(client)
}
