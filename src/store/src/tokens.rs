//! Access and refresh tokens.

use crate::{Store, StoreError, digest::digest, row};
use oidc::{scope::Scope, time::UnixTime};
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

const TABLE: &str = "tokens";

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// It is shown to userinfo or the configuration API.
    Access,
    /// It is exchanged for new tokens.
    Refresh,
}

impl TokenKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Access, Self::Refresh]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// What a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is for.
    pub kind: TokenKind,
    /// The customer it belongs to.
    pub customer_id: String,
    /// The client it was issued to.
    pub client_id: String,
    /// Who signed in; `None` for an administrative token.
    pub person_id: Option<String>,
    /// What was granted.
    pub scope: Scope,
    /// What links it to the code it was made from.
    pub grant_id: String,
    /// The `jti` claim of one that is a JWT.
    pub jti: Option<String>,
    /// When it was issued.
    pub issued_at: UnixTime,
    /// The first moment it no longer counts.
    pub expires_at: UnixTime,
    /// Whether it was taken back before that.
    pub revoked: bool,
}

impl Store {
    /// Keeps tokens, all or none.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] when client or person are not the customer's, else
    /// when the database fails.
    pub async fn insert_tokens(&self, new: &[(&str, &Token)]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        insert(&mut transaction, new).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// What the token stands for, also when it has expired or is revoked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn token(&self, customer: &str, token: &str) -> Result<Option<Token>, StoreError> {
        sqlx::query("SELECT * FROM tokens WHERE token_hash = $1 AND customer_id = $2")
            .bind(digest(token))
            .bind(customer)
            .fetch_optional(&self.reader)
            .await?
            .as_ref()
            .map(read)
            .transpose()
    }

    /// Revokes every token of a grant and says how many were not revoked before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_grant(&self, customer: &str, grant_id: &str) -> Result<u64, StoreError> {
        let revoked = sqlx::query(
            "UPDATE tokens SET revoked = 1
             WHERE customer_id = $1 AND grant_id = $2 AND revoked = 0",
        )
        .bind(customer)
        .bind(grant_id)
        .execute(&self.writer)
        .await?;
        Ok(revoked.rows_affected())
    }
}

pub(crate) async fn insert(
    connection: &mut SqliteConnection,
    new: &[(&str, &Token)],
) -> Result<(), StoreError> {
    for (secret, token) in new {
        sqlx::query(
            "INSERT INTO tokens
             (token_hash, kind, customer_id, client_id, person_id, scope, grant_id, jti,
              issued_at, expires_at, revoked)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(digest(secret))
        .bind(token.kind.as_str())
        .bind(&token.customer_id)
        .bind(&token.client_id)
        .bind(&token.person_id)
        .bind(token.scope.to_string())
        .bind(&token.grant_id)
        .bind(&token.jti)
        .bind(token.issued_at.0)
        .bind(token.expires_at.0)
        .bind(i64::from(token.revoked))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

fn read(row: &SqliteRow) -> Result<Token, StoreError> {
    let revoked: i64 = row.try_get("revoked")?;
    Ok(Token {
        kind: row::word(TABLE, row, "kind", TokenKind::parse)?,
        customer_id: row.try_get("customer_id")?,
        client_id: row.try_get("client_id")?,
        person_id: row.try_get("person_id")?,
        scope: row::scope(TABLE, row, "scope")?,
        grant_id: row.try_get("grant_id")?,
        jti: row.try_get("jti")?,
        issued_at: row::time(row, "issued_at")?,
        expires_at: row::time(row, "expires_at")?,
        revoked: revoked != 0,
    })
}
