//! People and what they sign in with.

use crate::{
    Store, StoreError, cache,
    row::{self, Limit},
};
use policy::{limits, profile::Person};
use sqlx::{Row as _, SqliteConnection, SqliteExecutor, sqlite::SqliteRow};
use std::fmt;

const TABLE: &str = "people";
const DELETE: &str = "DELETE FROM people WHERE customer_id = $1 AND id = $2";
const LIMIT: Limit = Limit {
    most: limits::PEOPLE,
    what: "people",
    count: "SELECT count(*) FROM people WHERE customer_id = $1",
};

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
        let read = one(&self.reader, customer, uuid);
        self.cached(cache::of!(people), customer, uuid, read).await
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
        row.as_ref().map(read).transpose()
    }

    /// Keeps a new person, as the last one; `false` if somebody of the customer
    /// has this id, or signs in by this e-mail address or user name.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] when the customer is not there and
    /// [`StoreError::Full`] when it has too many, else when the database fails.
    pub async fn insert_person(
        &self,
        customer: &str,
        new: &Credentials,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let inserted = insert(&mut transaction, customer, std::slice::from_ref(new)).await;
        if !unless_taken(inserted.map(|()| true))? {
            return Ok(false);
        }
        row::refuse_too_many(&mut transaction, &LIMIT, customer).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Replaces the person that has this UUID, and leaves the password alone.
    /// `None` when there is nobody, `false` if somebody else of the customer
    /// signs in by this e-mail address or user name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replace_person(
        &self,
        customer: &str,
        person: &Person,
    ) -> Result<Option<bool>, StoreError> {
        self.replace_credentials(customer, person, None).await
    }

    /// The same together with the password, if there is a new one: both or
    /// neither.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replace_credentials(
        &self,
        customer: &str,
        person: &Person,
        password_hash: Option<&str>,
    ) -> Result<Option<bool>, StoreError> {
        self.replace_credentials_if(customer, person, password_hash, |_| Ok(()))
            .await
    }

    /// The same, if `may` lets what is there go. Nobody changes it in between.
    ///
    /// # Errors
    /// What `may` refuses with, or when the database fails. Then the person is
    /// as they were.
    pub async fn replace_credentials_if<E: From<StoreError>>(
        &self,
        customer: &str,
        person: &Person,
        password_hash: Option<&str>,
        may: impl FnOnce(Person) -> Result<(), E> + Send,
    ) -> Result<Option<bool>, E> {
        let mut transaction = self.begin().await?;
        let Some(current) = one(&mut *transaction, customer, &person.profile.uuid).await? else {
            return Ok(None);
        };
        may(current)?;
        let replaced = replace(&mut transaction, customer, person, password_hash).await;
        let free = unless_taken(replaced.map(|()| true))?;
        if free {
            transaction.commit().await.map_err(StoreError::from)?;
        }
        Ok(Some(free))
    }

    /// Sets a person's password; `false` if there is no such person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_password(
        &self,
        customer: &str,
        uuid: &str,
        password_hash: &str,
    ) -> Result<bool, StoreError> {
        let set =
            sqlx::query("UPDATE people SET password_hash = $3 WHERE customer_id = $1 AND id = $2")
                .bind(customer)
                .bind(uuid)
                .bind(password_hash)
                .execute(&self.writer)
                .await?;
        Ok(set.rows_affected() > 0)
    }

    /// Deletes a person with their sessions, codes and tokens; `false` if there
    /// was none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_person(&self, customer: &str, uuid: &str) -> Result<bool, StoreError> {
        self.delete_person_if(customer, uuid, |_| Ok(())).await
    }

    /// The same, if `may` lets who is there go. Nobody changes them in between.
    ///
    /// # Errors
    /// What `may` refuses with, or when the database fails. Then the person is
    /// still there.
    pub async fn delete_person_if<E: From<StoreError>>(
        &self,
        customer: &str,
        uuid: &str,
        may: impl FnOnce(Person) -> Result<(), E> + Send,
    ) -> Result<bool, E> {
        let mut transaction = self.begin().await?;
        let Some(current) = one(&mut *transaction, customer, uuid).await? else {
            return Ok(false);
        };
        may(current)?;
        row::delete(&mut transaction, DELETE, customer, uuid).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(true)
    }
}

async fn one(
    executor: impl SqliteExecutor<'_>,
    customer: &str,
    uuid: &str,
) -> Result<Option<Person>, StoreError> {
    sqlx::query("SELECT document FROM people WHERE customer_id = $1 AND id = $2")
        .bind(customer)
        .bind(uuid)
        .fetch_optional(executor)
        .await?
        .map(|row| row::json(TABLE, &row, "document"))
        .transpose()
}

async fn replace(
    connection: &mut SqliteConnection,
    customer: &str,
    person: &Person,
    password_hash: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE people SET document = $3, email = $4, username = $5,
            password_hash = coalesce($6, password_hash)
         WHERE customer_id = $1 AND id = $2",
    )
    .bind(customer)
    .bind(&person.profile.uuid)
    .bind(row::to_json(TABLE, person)?)
    .bind(email(person))
    .bind(username(person))
    .bind(password_hash)
    .execute(connection)
    .await?;
    Ok(())
}

/// Turns the refusal of a name that is taken into `false`.
fn unless_taken(written: Result<bool, StoreError>) -> Result<bool, StoreError> {
    match written {
        Err(StoreError::Database(error))
            if error
                .as_database_error()
                .is_some_and(sqlx::error::DatabaseError::is_unique_violation) =>
        {
            Ok(false)
        }
        other => other,
    }
}

/// The address to sign in with: in small letters, and `None` for none.
fn email(person: &Person) -> Option<String> {
    let email = person.profile.email.to_lowercase();
    (!email.is_empty()).then_some(email)
}

fn username(person: &Person) -> Option<&String> {
    person.username.as_ref().filter(|name| !name.is_empty())
}

/// A customer's people with what their passwords are checked against, in the
/// order of their creation.
pub(crate) async fn all(
    executor: impl SqliteExecutor<'_>,
    customer: &str,
) -> Result<Vec<Credentials>, StoreError> {
    sqlx::query(
        "SELECT document, password_hash FROM people WHERE customer_id = $1 ORDER BY position, id",
    )
    .bind(customer)
    .fetch_all(executor)
    .await?
    .iter()
    .map(read)
    .collect()
}

fn read(row: &SqliteRow) -> Result<Credentials, StoreError> {
    Ok(Credentials {
        person: row::json(TABLE, row, "document")?,
        password_hash: row.try_get("password_hash")?,
    })
}

/// Makes these the customer's people, in this order. Who is there already keeps
/// their sessions, codes and tokens.
pub(crate) async fn put_all(
    connection: &mut SqliteConnection,
    customer: &str,
    people: &[Credentials],
) -> Result<(), StoreError> {
    let ids: Vec<&String> = people.iter().map(|one| &one.person.profile.uuid).collect();
    sqlx::query(
        "DELETE FROM people WHERE customer_id = $1
         AND id NOT IN (SELECT value FROM json_each($2))",
    )
    .bind(customer)
    .bind(row::to_json(TABLE, &ids)?)
    .execute(&mut *connection)
    .await?;
    // Two people may have swapped the names they sign in with.
    sqlx::query("UPDATE people SET email = NULL, username = NULL WHERE customer_id = $1")
        .bind(customer)
        .execute(&mut *connection)
        .await?;
    for (position, one) in (0_i64..).zip(people) {
        sqlx::query(
            "INSERT INTO people
             (customer_id, id, position, document, email, username, password_hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (customer_id, id) DO UPDATE SET
             position = $3, document = $4, email = $5, username = $6, password_hash = $7",
        )
        .bind(customer)
        .bind(&one.person.profile.uuid)
        .bind(position)
        .bind(row::to_json(TABLE, &one.person)?)
        .bind(email(&one.person))
        .bind(username(&one.person))
        .bind(&one.password_hash)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

pub(crate) async fn insert(
    connection: &mut SqliteConnection,
    customer: &str,
    people: &[Credentials],
) -> Result<(), StoreError> {
    for Credentials {
        person,
        password_hash,
    } in people
    {
        sqlx::query(
            "INSERT INTO people
             (customer_id, id, position, document, email, username, password_hash)
             VALUES ($1, $2, (SELECT coalesce(max(position) + 1, 0) FROM people
                              WHERE customer_id = $1), $3, $4, $5, $6)",
        )
        .bind(customer)
        .bind(&person.profile.uuid)
        .bind(row::to_json(TABLE, person)?)
        .bind(email(person))
        .bind(username(person))
        .bind(password_hash)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
