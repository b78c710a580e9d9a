//! Customers: the demo, every visitor's sandbox, and those of files.

use crate::{Credentials, Store, StoreError, cache, digest::digest, row};
use oidc::time::UnixTime;
use policy::{client::Client, login_policy::LoginPolicy, token_policy::TokenPolicy};
use sqlx::{Row as _, SqliteConnection, SqliteExecutor, sqlite::SqliteRow};

const TABLE: &str = "customers";

/// Someone who has policies, clients and people of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// A UUID, the first segment of every address of the provider.
    pub id: String,
    /// Whose it is.
    pub kind: CustomerKind,
    /// What its file calls it; only a customer that was loaded has a name.
    pub name: Option<String>,
    /// Whether clients may register themselves.
    pub registration: bool,
    /// Whether its file lets everybody sign in as anybody with one click, where
    /// everybody is the developer.
    pub one_click: bool,
    /// When it was first written.
    pub created_at: UnixTime,
    /// When somebody last did something with it.
    pub last_used_at: UnixTime,
}

/// Whose a customer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomerKind {
    /// Everybody's, with ids that are written down.
    Demo,
    /// One visitor's. Goes when it has not been used for long.
    Sandbox,
    /// Loaded from a file.
    Fixture,
}

impl CustomerKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Sandbox => "sandbox",
            Self::Fixture => "fixture",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Demo, Self::Sandbox, Self::Fixture]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// A customer with everything it starts with. The order of each list is kept.
#[derive(Clone, Copy)]
pub struct NewCustomer<'a> {
    /// The customer itself.
    pub customer: &'a Customer,
    /// The visitor's sandbox key in plain text; only its hash is kept.
    pub key: Option<&'a str>,
    /// Its token policies.
    pub token_policies: &'a [TokenPolicy],
    /// Its login policies.
    pub login_policies: &'a [LoginPolicy],
    /// Its clients, with their secrets.
    pub clients: &'a [Client],
    /// Its people. No two may share an e-mail address or a user name.
    pub people: &'a [Credentials],
}

impl Store {
    /// Writes a customer with all that belongs to it, or nothing: `false` if
    /// the id is there already.
    ///
    /// # Errors
    /// When the database fails, or two people share a name to sign in with.
    pub async fn insert_customer(&self, new: &NewCustomer<'_>) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        if !write(&mut transaction, new, new.key.map(digest)).await? {
            return Ok(false);
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Deletes the customer that has this id, with all that belongs to it, and
    /// writes this one in its place, both or neither: nobody finds it missing.
    ///
    /// # Errors
    /// When the database fails, or two people share a name to sign in with.
    pub async fn replace_customer(&self, new: &NewCustomer<'_>) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM customers WHERE id = $1")
            .bind(&new.customer.id)
            .execute(&mut *transaction)
            .await?;
        write(&mut transaction, new, new.key.map(digest)).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The customer with this id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn customer(&self, id: &str) -> Result<Option<Customer>, StoreError> {
        let read = one(&self.reader, id);
        self.cached(cache::of!(itself), id, "", read).await
    }

    /// The sandbox this key opens.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn customer_by_key(&self, key: &str) -> Result<Option<Customer>, StoreError> {
        sqlx::query("SELECT * FROM customers WHERE key_hash = $1")
            .bind(digest(key))
            .fetch_optional(&self.reader)
            .await?
            .as_ref()
            .map(read)
            .transpose()
    }

    /// Notes that the customer was used now. Never turns the time back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn touch_customer(&self, id: &str, now: UnixTime) -> Result<(), StoreError> {
        sqlx::query("UPDATE customers SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2")
            .bind(id)
            .bind(now.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Deletes the customer and everything that belongs to it; `false` if it
    /// was not there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_customer(&self, id: &str) -> Result<bool, StoreError> {
        let deleted = sqlx::query("DELETE FROM customers WHERE id = $1")
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(deleted.rows_affected() > 0)
    }
}

pub(crate) async fn one(
    executor: impl SqliteExecutor<'_>,
    id: &str,
) -> Result<Option<Customer>, StoreError> {
    sqlx::query("SELECT * FROM customers WHERE id = $1")
        .bind(id)
        .fetch_optional(executor)
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// A customer that was taken away in order to be written anew.
pub(crate) struct Taken {
    pub(crate) customer: Customer,
    /// See `key_hash` in the table.
    pub(crate) key_hash: Option<Vec<u8>>,
}

/// Deletes the customer and all that belongs to it, and says what it was.
pub(crate) async fn take(
    connection: &mut SqliteConnection,
    id: &str,
) -> Result<Option<Taken>, StoreError> {
    sqlx::query("DELETE FROM customers WHERE id = $1 RETURNING *")
        .bind(id)
        .fetch_optional(connection)
        .await?
        .map(|row| {
            Ok(Taken {
                customer: read(&row)?,
                key_hash: row.try_get("key_hash")?,
            })
        })
        .transpose()
}

/// Writes all of a customer under the hash of its key, not the key itself;
/// `false` if the id is there already.
pub(crate) async fn write(
    connection: &mut SqliteConnection,
    new: &NewCustomer<'_>,
    key_hash: Option<Vec<u8>>,
) -> Result<bool, StoreError> {
    let customer = new.customer;
    let inserted = sqlx::query(
        "INSERT INTO customers
         (id, kind, key_hash, registration, created_at, last_used_at, name, one_click)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
    )
    .bind(&customer.id)
    .bind(customer.kind.as_str())
    .bind(key_hash)
    .bind(i64::from(customer.registration))
    .bind(customer.created_at.0)
    .bind(customer.last_used_at.0)
    .bind(&customer.name)
    .bind(i64::from(customer.one_click))
    .execute(&mut *connection)
    .await?
    .rows_affected();
    if inserted == 0 {
        return Ok(false);
    }
    crate::token_policies::insert(connection, &customer.id, new.token_policies).await?;
    crate::login_policies::insert(connection, &customer.id, new.login_policies).await?;
    crate::clients::insert(connection, &customer.id, new.clients).await?;
    crate::people::insert(connection, &customer.id, new.people).await?;
    crate::seeds::put(connection, new).await?;
    Ok(true)
}

/// Writes a customer of kind fixture. One that is there already keeps its age
/// and its key.
pub(crate) async fn put_fixture(
    connection: &mut SqliteConnection,
    customer: &Customer,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO customers
         (id, kind, registration, created_at, last_used_at, name, one_click)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO UPDATE SET kind = $2, registration = $3, name = $6, one_click = $7",
    )
    .bind(&customer.id)
    .bind(CustomerKind::Fixture.as_str())
    .bind(i64::from(customer.registration))
    .bind(customer.created_at.0)
    .bind(customer.last_used_at.0)
    .bind(&customer.name)
    .bind(i64::from(customer.one_click))
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<Customer, StoreError> {
    Ok(Customer {
        id: row.try_get("id")?,
        kind: row::word(TABLE, row, "kind", CustomerKind::parse)?,
        name: row.try_get("name")?,
        registration: row.try_get("registration")?,
        one_click: row.try_get("one_click")?,
        created_at: row::time(row, "created_at")?,
        last_used_at: row::time(row, "last_used_at")?,
    })
}
