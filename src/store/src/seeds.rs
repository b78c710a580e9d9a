//! What a customer began with, and going back to it.

use crate::{Credentials, NewCustomer, Store, StoreError, customers, row};
use oidc::time::UnixTime;
use policy::{
    client::Client, login_policy::LoginPolicy, profile::Person, token_policy::TokenPolicy,
};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

const TABLE: &str = "seeds";

/// A customer's beginning as it is kept.
#[derive(Serialize, Deserialize)]
struct Seed {
    token_policies: Vec<TokenPolicy>,
    login_policies: Vec<LoginPolicy>,
    clients: Vec<SeededClient>,
    people: Vec<SeededPerson>,
}

#[derive(Serialize, Deserialize)]
struct SeededClient {
    client: Client,
    /// Beside the client, whose own JSON never holds it.
    secret: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct SeededPerson {
    person: Person,
    password_hash: String,
}

impl Store {
    /// Deletes everything that belongs to the customer, except its name for the
    /// visitor, and begins anew as it was first written. At no moment is there
    /// no customer. `false` if there is none, or it was made before beginnings
    /// were kept: then nothing is changed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reset_customer(&self, id: &str, now: UnixTime) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let Some(seed) = read(&mut transaction, id).await? else {
            return Ok(false);
        };
        let Some(kept) = customers::take(&mut transaction, id).await? else {
            return Ok(false);
        };
        let (clients, people) = (seed.clients(), seed.people());
        let mut customer = kept.customer;
        customer.last_used_at = now;
        let new = NewCustomer {
            customer: &customer,
            key: None,
            token_policies: &seed.token_policies,
            login_policies: &seed.login_policies,
            clients: &clients,
            people: &people,
        };
        customers::write(&mut transaction, &new, kept.key_hash).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

impl Seed {
    fn of(new: &NewCustomer<'_>) -> Self {
        Self {
            token_policies: new.token_policies.to_vec(),
            login_policies: new.login_policies.to_vec(),
            clients: new.clients.iter().map(SeededClient::of).collect(),
            people: new.people.iter().map(SeededPerson::of).collect(),
        }
    }

    fn clients(&self) -> Vec<Client> {
        let client = |seeded: &SeededClient| Client {
            secret: seeded.secret.clone(),
            ..seeded.client.clone()
        };
        self.clients.iter().map(client).collect()
    }

    fn people(&self) -> Vec<Credentials> {
        let credentials = |seeded: &SeededPerson| Credentials {
            person: seeded.person.clone(),
            password_hash: seeded.password_hash.clone(),
        };
        self.people.iter().map(credentials).collect()
    }
}

impl SeededClient {
    fn of(client: &Client) -> Self {
        Self {
            client: client.clone(),
            secret: client.secret.clone(),
        }
    }
}

impl SeededPerson {
    fn of(credentials: &Credentials) -> Self {
        Self {
            person: credentials.person.clone(),
            password_hash: credentials.password_hash.clone(),
        }
    }
}

/// Keeps what a customer begins with, in place of what it began with before.
pub(crate) async fn put(
    connection: &mut SqliteConnection,
    new: &NewCustomer<'_>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO seeds (customer_id, body) VALUES ($1, $2)
         ON CONFLICT (customer_id) DO UPDATE SET body = $2",
    )
    .bind(&new.customer.id)
    .bind(row::to_json(TABLE, &Seed::of(new))?)
    .execute(connection)
    .await?;
    Ok(())
}

async fn read(
    connection: &mut SqliteConnection,
    customer: &str,
) -> Result<Option<Seed>, StoreError> {
    sqlx::query("SELECT body FROM seeds WHERE customer_id = $1")
        .bind(customer)
        .fetch_optional(connection)
        .await?
        .map(|row| row::json(TABLE, &row, "body"))
        .transpose()
}
