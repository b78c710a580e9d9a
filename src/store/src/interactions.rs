//! What waits for a person.

use crate::{Store, StoreError, digest::digest, row};
use oidc::{authorization::AuthorizationRequest, time::UnixTime};
use serde::{Deserialize, Serialize};
use sqlx::{Row as _, sqlite::SqliteRow};
use std::fmt;

const TABLE: &str = "interactions";

/// Something that waits until a person has answered.
#[derive(Clone, PartialEq, Eq)]
pub struct Interaction {
    /// The customer it belongs to.
    pub customer_id: String,
    /// The client that asks, if one does.
    pub client_id: Option<String>,
    /// What waits.
    pub pending: Pending,
    /// What the person last typed as their name, so that the page can show it
    /// again.
    pub hint: Option<String>,
    /// The secret of the browser that came with the request, in plain text;
    /// only its hash is kept. Nobody else may answer.
    pub browser: String,
    /// When the request came.
    pub created_at: UnixTime,
    /// The first moment it can no longer be answered.
    pub expires_at: UnixTime,
}

/// What waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pending {
    /// An authorization request, until somebody has signed in.
    Authorization(Box<AuthorizationRequest>),
    /// The account page, until somebody has signed in.
    Profile {
        /// Where the page leads back to, already checked.
        redirect_uri: Option<String>,
    },
    /// A sign-out, until somebody has confirmed it.
    Logout(LogoutRequest),
}

/// A sign-out that nobody proved to have asked for.
/// [RP-Initiated Logout section 2](https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoutRequest {
    /// Where the browser goes afterwards, already checked.
    pub redirect_uri: Option<String>,
    /// The request's `state`.
    pub state: Option<String>,
    /// The `sid` whose person is signed out everywhere.
    pub sid: Option<String>,
}

impl fmt::Debug for Interaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interaction")
            .field("customer_id", &self.customer_id)
            .field("client_id", &self.client_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Keeps an interaction under the key that stands in the page's address.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] when the client is not the customer's, else when
    /// the database fails.
    pub async fn insert_interaction(
        &self,
        key: &str,
        interaction: &Interaction,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO interactions
             (key_hash, customer_id, client_id, browser_hash, pending, hint, created_at,
              expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(digest(key))
        .bind(&interaction.customer_id)
        .bind(&interaction.client_id)
        .bind(digest(&interaction.browser))
        .bind(row::to_json(TABLE, &interaction.pending)?)
        .bind(&interaction.hint)
        .bind(interaction.created_at.0)
        .bind(interaction.expires_at.0)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// The interaction, if this browser may answer it and it has not expired.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn interaction(
        &self,
        customer: &str,
        key: &str,
        browser: &str,
        now: UnixTime,
    ) -> Result<Option<Interaction>, StoreError> {
        sqlx::query(
            "SELECT * FROM interactions
             WHERE key_hash = $1 AND customer_id = $2 AND browser_hash = $3 AND expires_at > $4",
        )
        .bind(digest(key))
        .bind(customer)
        .bind(digest(browser))
        .bind(now.0)
        .fetch_optional(&self.reader)
        .await?
        .map(|row| read(&row, browser))
        .transpose()
    }

    /// Keeps what a person typed as their name; `false` if there is no such
    /// interaction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_interaction_hint(
        &self,
        customer: &str,
        key: &str,
        browser: &str,
        hint: &str,
        now: UnixTime,
    ) -> Result<bool, StoreError> {
        let set = sqlx::query(
            "UPDATE interactions SET hint = $5
             WHERE key_hash = $1 AND customer_id = $2 AND browser_hash = $3 AND expires_at > $4",
        )
        .bind(digest(key))
        .bind(customer)
        .bind(digest(browser))
        .bind(now.0)
        .bind(hint)
        .execute(&self.writer)
        .await?;
        Ok(set.rows_affected() > 0)
    }

    /// Takes the interaction away, so that it is answered once; of two that
    /// try at the same time one gets it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_interaction(
        &self,
        customer: &str,
        key: &str,
        browser: &str,
        now: UnixTime,
    ) -> Result<Option<Interaction>, StoreError> {
        sqlx::query(
            "DELETE FROM interactions
             WHERE key_hash = $1 AND customer_id = $2 AND browser_hash = $3 AND expires_at > $4
             RETURNING *",
        )
        .bind(digest(key))
        .bind(customer)
        .bind(digest(browser))
        .bind(now.0)
        // To the end, not to the first row: only then is it known to be committed.
        .fetch_all(&self.writer)
        .await?
        .first()
        .map(|row| read(row, browser))
        .transpose()
    }
}

fn read(row: &SqliteRow, browser: &str) -> Result<Interaction, StoreError> {
    Ok(Interaction {
        customer_id: row.try_get("customer_id")?,
        client_id: row.try_get("client_id")?,
        pending: row::json(TABLE, row, "pending")?,
        hint: row.try_get("hint")?,
        browser: browser.to_owned(),
        created_at: row::time(row, "created_at")?,
        expires_at: row::time(row, "expires_at")?,
    })
}
