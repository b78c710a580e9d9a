//! Login policies.

use crate::{
    Deletion, Store, StoreError, cache, clients,
    row::{self, Limit},
};
use policy::{limits, login_policy::LoginPolicy};
use sqlx::{SqliteConnection, SqliteExecutor};

const TABLE: &str = "login_policies";
const DELETE: &str = "DELETE FROM login_policies WHERE customer_id = $1 AND id = $2";
const LIMIT: Limit = Limit {
    most: limits::LOGIN_POLICIES,
    what: "login policies",
    count: "SELECT count(*) FROM login_policies WHERE customer_id = $1",
};

impl Store {
    /// A customer's login policies in the order of their creation.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn login_policies(&self, customer: &str) -> Result<Vec<LoginPolicy>, StoreError> {
        all(&self.reader, customer).await
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
        let read = one(&self.reader, customer, id);
        self.cached(cache::of!(login_policies), customer, id, read)
            .await
    }

    /// Replaces the login policy that has this id; `false` if there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replace_login_policy(
        &self,
        customer: &str,
        policy: &LoginPolicy,
    ) -> Result<bool, StoreError> {
        let mut connection = self.writer.acquire().await?;
        replace(&mut connection, customer, policy).await
    }

    /// Makes of a login policy what `change` says, and returns it; `None` if
    /// there is none. Nobody changes it in between.
    ///
    /// # Errors
    /// What `change` refuses with, or when the database fails. Then the policy
    /// is as it was.
    pub async fn change_login_policy<E: From<StoreError>>(
        &self,
        customer: &str,
        id: &str,
        change: impl FnOnce(LoginPolicy) -> Result<LoginPolicy, E> + Send,
    ) -> Result<Option<LoginPolicy>, E> {
        let mut transaction = self.begin().await?;
        let Some(current) = one(&mut *transaction, customer, id).await? else {
            return Ok(None);
        };
        let changed = change(current)?;
        replace(&mut transaction, customer, &changed).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(Some(changed))
    }

    /// Keeps a new login policy, as the last one.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] when the customer is not there and
    /// [`StoreError::Full`] when it has too many, else when the database fails
    /// or the id is taken.
    pub async fn insert_login_policy(
        &self,
        customer: &str,
        policy: &LoginPolicy,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        insert(&mut transaction, customer, std::slice::from_ref(policy)).await?;
        row::refuse_too_many(&mut transaction, &LIMIT, customer).await?;
        transaction.commit().await.map_err(StoreError::from)
    }

    /// Deletes a login policy that no client uses.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_login_policy(
        &self,
        customer: &str,
        id: &str,
    ) -> Result<Deletion, StoreError> {
        self.delete_login_policy_if(customer, id, |_| Ok(())).await
    }

    /// The same, if `may` lets what is there go. Nobody changes it in between.
    ///
    /// # Errors
    /// What `may` refuses with, or when the database fails. Then the policy is
    /// still there.
    pub async fn delete_login_policy_if<E: From<StoreError>>(
        &self,
        customer: &str,
        id: &str,
        may: impl FnOnce(LoginPolicy) -> Result<(), E> + Send,
    ) -> Result<Deletion, E> {
        let mut transaction = self.begin().await?;
        let users = clients::using(&mut transaction, customer, "$.loginPolicy", id).await?;
        if !users.is_empty() {
            return Ok(Deletion::InUse(users));
        }
        let Some(current) = one(&mut *transaction, customer, id).await? else {
            return Ok(Deletion::NotFound);
        };
        may(current)?;
        row::delete(&mut transaction, DELETE, customer, id).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(Deletion::Done)
    }
}

pub(crate) async fn all(
    executor: impl SqliteExecutor<'_>,
    customer: &str,
) -> Result<Vec<LoginPolicy>, StoreError> {
    sqlx::query("SELECT document FROM login_policies WHERE customer_id = $1 ORDER BY position, id")
        .bind(customer)
        .fetch_all(executor)
        .await?
        .iter()
        .map(|row| row::json(TABLE, row, "document"))
        .collect()
}

async fn one(
    executor: impl SqliteExecutor<'_>,
    customer: &str,
    id: &str,
) -> Result<Option<LoginPolicy>, StoreError> {
    sqlx::query("SELECT document FROM login_policies WHERE customer_id = $1 AND id = $2")
        .bind(customer)
        .bind(id)
        .fetch_optional(executor)
        .await?
        .map(|row| row::json(TABLE, &row, "document"))
        .transpose()
}

async fn replace(
    connection: &mut SqliteConnection,
    customer: &str,
    policy: &LoginPolicy,
) -> Result<bool, StoreError> {
    let replaced =
        sqlx::query("UPDATE login_policies SET document = $3 WHERE customer_id = $1 AND id = $2")
            .bind(customer)
            .bind(&policy.id)
            .bind(row::to_json(TABLE, policy)?)
            .execute(connection)
            .await?;
    Ok(replaced.rows_affected() > 0)
}

pub(crate) async fn clear(
    connection: &mut SqliteConnection,
    customer: &str,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM login_policies WHERE customer_id = $1")
        .bind(customer)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn insert(
    connection: &mut SqliteConnection,
    customer: &str,
    policies: &[LoginPolicy],
) -> Result<(), StoreError> {
    for policy in policies {
        sqlx::query(
            "INSERT INTO login_policies (customer_id, id, position, document)
             VALUES ($1, $2, (SELECT coalesce(max(position) + 1, 0) FROM login_policies
                              WHERE customer_id = $1), $3)",
        )
        .bind(customer)
        .bind(&policy.id)
        .bind(row::to_json(TABLE, policy)?)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
