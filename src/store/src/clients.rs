//! Registered clients.

use crate::{
    Store, StoreError, cache,
    digest::digest,
    row::{self, Limit},
};
use policy::{client::Client, limits};
use serde_json::{Map, Value};
use sqlx::{Row as _, SqliteConnection, SqliteExecutor, sqlite::SqliteRow};

const TABLE: &str = "clients";
const DELETE: &str = "DELETE FROM clients WHERE customer_id = $1 AND id = $2";
const LIMIT: Limit = Limit {
    most: limits::CLIENTS,
    what: "clients",
    count: "SELECT count(*) FROM clients WHERE customer_id = $1",
};

/// Why a client was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientRefusal {
    /// There is no client with this id.
    #[error("there is no such client")]
    NotFound,
    /// The customer has another client of this name.
    #[error("another client has this name")]
    NameTaken,
    /// The customer has no such token policy.
    #[error("there is no such token policy")]
    NoTokenPolicy,
    /// The customer has no such login policy.
    #[error("there is no such login policy")]
    NoLoginPolicy,
}

/// What a client registered itself with.
/// [RFC 7591 section 2](https://www.rfc-editor.org/rfc/rfc7591#section-2)
#[derive(Clone, PartialEq, Eq)]
pub struct Registration {
    /// The metadata, as it was answered.
    pub metadata: Map<String, Value>,
    /// The registration access token in plain text; only its hash is kept, so
    /// that it is empty in what is read.
    pub token: String,
}

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
        let read = one(&self.reader, customer, id);
        self.cached(cache::of!(clients), customer, id, read).await
    }

    /// Keeps a new client, as the last one, if its policies are there and
    /// nobody has its name.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] when the customer is not there and
    /// [`StoreError::Full`] when it has too many, else when the database fails
    /// or the id is taken.
    pub async fn insert_client(
        &self,
        customer: &str,
        client: &Client,
        registration: Option<&Registration>,
    ) -> Result<Result<(), ClientRefusal>, StoreError> {
        let mut transaction = self.begin().await?;
        if let Err(refusal) = check(&mut transaction, customer, client).await? {
            return Ok(Err(refusal));
        }
        insert(&mut transaction, customer, std::slice::from_ref(client)).await?;
        row::refuse_too_many(&mut transaction, &LIMIT, customer).await?;
        if let Some(registration) = registration {
            sqlx::query(
                "UPDATE clients SET registration = $3, registration_token_hash = $4
                 WHERE customer_id = $1 AND id = $2",
            )
            .bind(customer)
            .bind(&client.id)
            .bind(row::to_json(TABLE, &registration.metadata)?)
            .bind(digest(&registration.token))
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(Ok(()))
    }

    /// Replaces the client that has this id, its secret too, if its policies
    /// are there and nobody else has its name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replace_client(
        &self,
        customer: &str,
        client: &Client,
    ) -> Result<Result<(), ClientRefusal>, StoreError> {
        let mut transaction = self.begin().await?;
        let replaced = replace(&mut transaction, customer, client).await?;
        if replaced.is_ok() {
            transaction.commit().await?;
        }
        Ok(replaced)
    }

    /// Makes of a client, with its secret, what `change` says, and returns it.
    /// Nobody changes it in between. Refused like [`Store::replace_client`].
    ///
    /// # Errors
    /// What `change` refuses with, why it was not written, or when the database
    /// fails. Then the client is as it was.
    pub async fn change_client<E>(
        &self,
        customer: &str,
        id: &str,
        change: impl FnOnce(Client) -> Result<Client, E> + Send,
    ) -> Result<Client, E>
    where
        E: From<StoreError> + From<ClientRefusal>,
    {
        let mut transaction = self.begin().await?;
        let current = one(&mut *transaction, customer, id).await?;
        let changed = change(current.ok_or(ClientRefusal::NotFound)?)?;
        replace(&mut transaction, customer, &changed).await??;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(changed)
    }

    /// Deletes a client with its codes and tokens; `false` if there was none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_client(&self, customer: &str, id: &str) -> Result<bool, StoreError> {
        self.delete_client_if(customer, id, |_| Ok(())).await
    }

    /// The same, if `may` lets what is there go. Nobody changes it in between.
    ///
    /// # Errors
    /// What `may` refuses with, or when the database fails. Then the client is
    /// still there.
    pub async fn delete_client_if<E: From<StoreError>>(
        &self,
        customer: &str,
        id: &str,
        may: impl FnOnce(Client) -> Result<(), E> + Send,
    ) -> Result<bool, E> {
        let mut transaction = self.begin().await?;
        let Some(current) = one(&mut *transaction, customer, id).await? else {
            return Ok(false);
        };
        may(current)?;
        row::delete(&mut transaction, DELETE, customer, id).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(true)
    }

    /// Deletes the clients that registered themselves, but for the `keep` of
    /// them that were issued a token, or registered (`client_id_issued_at` in
    /// their metadata), most recently. Says how many went.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn trim_registrations(&self, customer: &str, keep: u32) -> Result<u64, StoreError> {
        let deleted = sqlx::query(
            "DELETE FROM clients WHERE customer_id = $1 AND id IN (
               SELECT id FROM clients WHERE customer_id = $1 AND registration IS NOT NULL
               ORDER BY max(
                 coalesce(json_extract(registration, '$.client_id_issued_at'), 0),
                 coalesce((SELECT max(issued_at) FROM tokens
                   WHERE tokens.customer_id = $1 AND tokens.client_id = clients.id), 0)) DESC,
               position DESC
               LIMIT -1 OFFSET $2)",
        )
        .bind(customer)
        .bind(keep)
        .execute(&self.writer)
        .await?;
        Ok(deleted.rows_affected())
    }

    /// What a client registered itself with, for whoever holds the registration
    /// access token; `None` also for a client that did not register itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn registration(
        &self,
        customer: &str,
        id: &str,
        token: &str,
    ) -> Result<Option<Registration>, StoreError> {
        sqlx::query(
            "SELECT registration FROM clients
             WHERE customer_id = $1 AND id = $2 AND registration_token_hash = $3",
        )
        .bind(customer)
        .bind(id)
        .bind(digest(token))
        .fetch_optional(&self.reader)
        .await?
        .map(|row| {
            Ok(Registration {
                metadata: row::json(TABLE, &row, "registration")?,
                token: String::new(),
            })
        })
        .transpose()
    }

    /// The ids of the clients that registered themselves.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn registered_clients(&self, customer: &str) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query(
            "SELECT id FROM clients WHERE customer_id = $1 AND registration IS NOT NULL",
        )
        .bind(customer)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
    }

    /// What a client registered itself with; `None` for a client that did not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn registered_metadata(
        &self,
        customer: &str,
        id: &str,
    ) -> Result<Option<Map<String, Value>>, StoreError> {
        let read = metadata(&self.reader, customer, id);
        let found = self.cached(cache::of!(registrations), customer, id, read);
        Ok(found.await?.flatten())
    }
}

/// What a client registered itself with, if there is one and it did.
async fn metadata(
    executor: impl SqliteExecutor<'_>,
    customer: &str,
    id: &str,
) -> Result<Option<Option<Map<String, Value>>>, StoreError> {
    sqlx::query(
        "SELECT coalesce(registration, 'null') AS registration FROM clients
         WHERE customer_id = $1 AND id = $2",
    )
    .bind(customer)
    .bind(id)
    .fetch_optional(executor)
    .await?
    .map(|row| row::json(TABLE, &row, "registration"))
    .transpose()
}

async fn one(
    executor: impl SqliteExecutor<'_>,
    customer: &str,
    id: &str,
) -> Result<Option<Client>, StoreError> {
    sqlx::query("SELECT document, secret FROM clients WHERE customer_id = $1 AND id = $2")
        .bind(customer)
        .bind(id)
        .fetch_optional(executor)
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Writes the client, and then says whether it may stay so.
async fn replace(
    connection: &mut SqliteConnection,
    customer: &str,
    client: &Client,
) -> Result<Result<(), ClientRefusal>, StoreError> {
    let replaced = sqlx::query(
        "UPDATE clients SET document = $3, secret = $4 WHERE customer_id = $1 AND id = $2",
    )
    .bind(customer)
    .bind(&client.id)
    .bind(row::to_json(TABLE, client)?)
    .bind(&client.secret)
    .execute(&mut *connection)
    .await?;
    if replaced.rows_affected() == 0 {
        return Ok(Err(ClientRefusal::NotFound));
    }
    check(connection, customer, client).await
}

/// Whether a client may be written as it is.
async fn check(
    connection: &mut SqliteConnection,
    customer: &str,
    client: &Client,
) -> Result<Result<(), ClientRefusal>, StoreError> {
    let row = sqlx::query(
        "SELECT
           EXISTS (SELECT 1 FROM token_policies WHERE customer_id = $1 AND id = $2) AS token_policy,
           $3 IS NULL OR EXISTS
             (SELECT 1 FROM login_policies WHERE customer_id = $1 AND id = $3) AS login_policy,
           NOT EXISTS (SELECT 1 FROM clients WHERE customer_id = $1 AND id <> $4
             AND json_extract(document, '$.name') = $5) AS name",
    )
    .bind(customer)
    .bind(&client.token_policy)
    .bind(&client.login_policy)
    .bind(&client.id)
    .bind(&client.name)
    .fetch_one(connection)
    .await?;
    for (column, refusal) in [
        ("token_policy", ClientRefusal::NoTokenPolicy),
        ("login_policy", ClientRefusal::NoLoginPolicy),
        ("name", ClientRefusal::NameTaken),
    ] {
        if !row.try_get::<bool, _>(column)? {
            return Ok(Err(refusal));
        }
    }
    Ok(Ok(()))
}

/// The clients, by id, that have this value at a path of their document.
pub(crate) async fn using(
    connection: &mut SqliteConnection,
    customer: &str,
    path: &str,
    value: &str,
) -> Result<Vec<String>, StoreError> {
    sqlx::query(
        "SELECT id FROM clients WHERE customer_id = $1 AND json_extract(document, $2) = $3
         ORDER BY position, id",
    )
    .bind(customer)
    .bind(path)
    .bind(value)
    .fetch_all(connection)
    .await?
    .iter()
    .map(|row| Ok(row.try_get("id")?))
    .collect()
}

/// The clients that did not register themselves, with their secrets.
pub(crate) async fn configured(
    executor: impl SqliteExecutor<'_>,
    customer: &str,
) -> Result<Vec<Client>, StoreError> {
    sqlx::query(
        "SELECT document, secret FROM clients
         WHERE customer_id = $1 AND registration IS NULL ORDER BY position, id",
    )
    .bind(customer)
    .fetch_all(executor)
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Makes these the customer's clients, in this order. What is there already
/// keeps its codes and tokens. Clients that registered themselves follow, those
/// that still may be written as they are.
pub(crate) async fn put_all(
    connection: &mut SqliteConnection,
    customer: &str,
    clients: &[Client],
) -> Result<(), StoreError> {
    let ids: Vec<&String> = clients.iter().map(|client| &client.id).collect();
    sqlx::query(
        "DELETE FROM clients WHERE customer_id = $1 AND registration IS NULL
         AND id NOT IN (SELECT value FROM json_each($2))",
    )
    .bind(customer)
    .bind(row::to_json(TABLE, &ids)?)
    .execute(&mut *connection)
    .await?;
    for (position, client) in (0_i64..).zip(clients) {
        sqlx::query(
            "INSERT INTO clients (customer_id, id, position, document, secret)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (customer_id, id) DO UPDATE SET
             position = $3, document = $4, secret = $5,
             registration = NULL, registration_token_hash = NULL",
        )
        .bind(customer)
        .bind(&client.id)
        .bind(position)
        .bind(row::to_json(TABLE, client)?)
        .bind(&client.secret)
        .execute(&mut *connection)
        .await?;
    }
    follow(connection, customer, clients.len()).await
}

/// Puts the clients that registered themselves after so many others, and
/// deletes those whose policies went or whose name another has now.
async fn follow(
    connection: &mut SqliteConnection,
    customer: &str,
    after: usize,
) -> Result<(), StoreError> {
    let registered: Vec<Client> = sqlx::query(
        "SELECT document, secret FROM clients
         WHERE customer_id = $1 AND registration IS NOT NULL ORDER BY position, id",
    )
    .bind(customer)
    .fetch_all(&mut *connection)
    .await?
    .iter()
    .map(read)
    .collect::<Result<_, _>>()?;
    for (position, client) in (i64::try_from(after).unwrap_or(i64::MAX)..).zip(registered) {
        let kept = check(connection, customer, &client).await?.is_ok();
        let query = if kept {
            sqlx::query("UPDATE clients SET position = $1 WHERE customer_id = $2 AND id = $3")
                .bind(position)
        } else {
            sqlx::query("DELETE FROM clients WHERE customer_id = $1 AND id = $2")
        };
        query
            .bind(customer)
            .bind(&client.id)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(crate) async fn insert(
    connection: &mut SqliteConnection,
    customer: &str,
    clients: &[Client],
) -> Result<(), StoreError> {
    for client in clients {
        sqlx::query(
            "INSERT INTO clients (customer_id, id, position, document, secret)
             VALUES ($1, $2, (SELECT coalesce(max(position) + 1, 0) FROM clients
                              WHERE customer_id = $1), $3, $4)",
        )
        .bind(customer)
        .bind(&client.id)
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
