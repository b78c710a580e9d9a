//! People and what they sign in with.

use crate::{Store, StoreError, row};
use policy::profile::Person;
use sqlx::{Row as _, SqliteConnection};
use std::fmt;

const TABLE: &str = "people";

/// A person together with what their password is checked against.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The person.
    pub person: Person,
    /// The hash of the password, in the words of `argon2`.
    pub password_hash: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("person", &self.person.profile.uuid)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// A customer's people in the order of their creation.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people(&self, customer: &str) -> Result<Vec<Person>, StoreError> {
        sqlx::query("SELECT document FROM people WHERE customer_id = $1 ORDER BY position, id")
            .bind(customer)
            .fetch_all(&self.reader)
            .await?
            .iter()
            .map(|row| row::json(TABLE, row, "document"))
            .collect()
    }

    /// One person of a customer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn person(&self, customer: &str, uuid: &str) -> Result<Option<Person>, StoreError> {
        sqlx::query("SELECT document FROM people WHERE customer_id = $1 AND id = $2")
            .bind(customer)
            .bind(uuid)
            .fetch_optional(&self.reader)
            .await?
            .map(|row| row::json(TABLE, &row, "document"))
            .transpose()
    }

    /// Whoever signs in as `login`: their e-mail address in whatever letters,
    /// or else their user name exactly.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn credentials(
        &self,
        customer: &str,
        login: &str,
    ) -> Result<Option<Credentials>, StoreError> {
        let row = sqlx::query(
            "SELECT document, password_hash FROM people
             WHERE customer_id = $1 AND (email = $2 OR username = $3)
             ORDER BY CASE WHEN email = $2 THEN 0 ELSE 1 END LIMIT 1",
        )
        .bind(customer)
        .bind(login.to_lowercase())
        .bind(login)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Credentials {
            person: row::json(TABLE, &row, "document")?,
            password_hash: row.try_get("password_hash")?,
        }))
    }
}

pub(crate) async fn insert(
    connection: &mut SqliteConnection,
    customer: &str,
    people: &[Person],
    password_hash: &str,
) -> Result<(), StoreError> {
    for (index, person) in people.iter().enumerate() {
        let email = person.profile.email.to_lowercase();
        sqlx::query(
            "INSERT INTO people
             (customer_id, id, position, document, email, username, password_hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(customer)
        .bind(&person.profile.uuid)
        .bind(row::position(index))
        .bind(row::to_json(TABLE, person)?)
        .bind((!email.is_empty()).then_some(email))
        .bind(person.username.as_ref().filter(|name| !name.is_empty()))
        .bind(password_hash)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
