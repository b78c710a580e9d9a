//! Authorization codes.

use crate::{
    Login, Store, StoreError, Token, digest::digest, login, row, tokens, writer::Statement,
};
use oidc::{scope::Scope, time::UnixTime};
use sqlx::{Row as _, sqlite::SqliteRow};

const TABLE: &str = "codes";

/// What an authorization code stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The customer it belongs to.
    pub customer_id: String,
    /// The client it was issued to.
    pub client_id: String,
    /// Who signed in.
    pub person_id: String,
    /// The redirect URI of the request, which the exchange must repeat.
    pub redirect_uri: String,
    /// What was granted.
    pub scope: Scope,
    /// The login it came from.
    pub login: Login,
    /// The request's `nonce`.
    pub nonce: Option<String>,
    /// The request's `code_challenge`.
    pub code_challenge: Option<String>,
    /// What links the code to the tokens made from it.
    pub grant_id: String,
    /// When it was issued.
    pub issued_at: UnixTime,
    /// The first moment it can no longer be exchanged.
    pub expires_at: UnixTime,
}

impl Store {
    /// Keeps a code.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] when client or person are not the customer's, else
    /// when the database fails.
    pub async fn insert_code(&self, code: &str, what: &Code) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO codes
             (code_hash, customer_id, client_id, person_id, grant_id, redirect_uri, scope,
              requested, claims, nonce, code_challenge, auth_time, sid, issued_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        )
        .bind(digest(code))
        .bind(&what.customer_id)
        .bind(&what.client_id)
        .bind(&what.person_id)
        .bind(&what.grant_id)
        .bind(&what.redirect_uri)
        .bind(what.scope.to_string())
        .bind(what.login.requested.to_string())
        .bind(&what.login.claims)
        .bind(&what.nonce)
        .bind(&what.code_challenge)
        .bind(what.login.auth_time.0)
        .bind(&what.login.sid)
        .bind(what.issued_at.0)
        .bind(what.expires_at.0)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// What the code stands for and whether it was used, also when it has
    /// expired. A used code is remembered until a day after its expiry, so
    /// that a replay is recognised.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn code(
        &self,
        customer: &str,
        code: &str,
    ) -> Result<Option<(Code, bool)>, StoreError> {
        let row = sqlx::query("SELECT * FROM codes WHERE code_hash = $1 AND customer_id = $2")
            .bind(digest(code))
            .bind(customer)
            .fetch_optional(&self.reader)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let used: Option<i64> = row.try_get("used_at")?;
        Ok(Some((read(&row)?, used.is_some())))
    }

    /// Takes a code that is neither used nor expired and keeps the tokens made
    /// from it, both or neither: `false` when the code was not there to take. Of two that try at the same time
    /// one succeeds, and whoever finds the code used also finds its tokens.
    /// [RFC 6749 section 4.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2)
    ///
    /// # Errors
    /// [`StoreError::Mismatch`] when a token is of another customer, client or
    /// grant than the code, for then a replay could not revoke it. Else when
    /// the database fails.
    pub async fn redeem_code(
        &self,
        customer: &str,
        code: &str,
        now: UnixTime,
        made: &[(&str, &Token)],
    ) -> Result<bool, StoreError> {
        let (client, grant) = tokens::shared(customer, made)?;
        let take = sqlx::query(
            "UPDATE codes SET used_at = $3
             WHERE code_hash = $1 AND customer_id = $2 AND used_at IS NULL AND expires_at > $3
             AND ifnull(client_id = $4 AND grant_id = $5, 1)
             RETURNING used_at",
        )
        .bind(digest(code))
        .bind(customer)
        .bind(now.0)
        .bind(client)
        .bind(grant);
        let taken = tokens::exchange(&self.writer, Statement::new(take)?, made).await?;
        if taken.is_some() {
            return Ok(true);
        }
        match (self.code(customer, code).await?, made.first()) {
            (Some((code, _)), Some((_, new))) if new.family() != code.family() => Err(
                StoreError::Mismatch("a token is not of the client and grant of its code"),
            ),
            _ => Ok(false),
        }
    }
}

impl Code {
    /// Customer, client and grant, which its tokens must share.
    const fn family(&self) -> (&String, &String, &String) {
        (&self.customer_id, &self.client_id, &self.grant_id)
    }
}

fn read(row: &SqliteRow) -> Result<Code, StoreError> {
    Ok(Code {
        customer_id: row.try_get("customer_id")?,
        client_id: row.try_get("client_id")?,
        person_id: row.try_get("person_id")?,
        redirect_uri: row.try_get("redirect_uri")?,
        scope: row::scope(TABLE, row, "scope")?,
        login: login::read(TABLE, row)?.ok_or(StoreError::Unreadable {
            table: TABLE,
            problem: "auth_time is not there".to_owned(),
        })?,
        nonce: row.try_get("nonce")?,
        code_challenge: row.try_get("code_challenge")?,
        grant_id: row.try_get("grant_id")?,
        issued_at: row::time(row, "issued_at")?,
        expires_at: row::time(row, "expires_at")?,
    })
}
