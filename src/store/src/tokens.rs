//! Access and refresh tokens.

use crate::{
    Login, Store, StoreError,
    digest::digest,
    login, row,
    writer::{Statement, Writer},
};
use oidc::{scope::Scope, time::UnixTime};
use sqlx::{Row as _, sqlite::SqliteRow};

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
    /// The login it came from; `None` for an administrative token.
    pub login: Option<Login>,
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
    /// When a refresh token was exchanged for the next one.
    pub used_at: Option<UnixTime>,
}

impl Token {
    /// Customer, client and grant: what all tokens of one login share.
    pub(crate) const fn family(&self) -> (&String, &String, &String) {
        (&self.customer_id, &self.client_id, &self.grant_id)
    }
}

impl Store {
    /// Keeps tokens, all or none.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] when client or person are not the customer's, else
    /// when the database fails.
    pub async fn insert_tokens(&self, new: &[(&str, &Token)]) -> Result<(), StoreError> {
        let statements = new.iter().map(|new| insertion(ALWAYS, new));
        let statements = statements.collect::<Result<_, _>>()?;
        self.writer.run(statements).await?;
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

    /// Exchanges a refresh token that is neither used, revoked nor expired for
    /// new tokens of the same grant, both or neither: `false` when it was not
    /// there to take. Of two that try at the same time one succeeds, and
    /// whoever finds the token used also finds what it was exchanged for.
    /// [RFC 9700 section 4.14.2](https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2)
    ///
    /// # Errors
    /// [`StoreError::Mismatch`] when a new token is of another customer, client
    /// or grant. Else when the database fails.
    pub async fn rotate_refresh_token(
        &self,
        customer: &str,
        token: &str,
        now: UnixTime,
        made: &[(&str, &Token)],
    ) -> Result<bool, StoreError> {
        let (client, grant) = shared(customer, made)?;
        let take = sqlx::query(
            "UPDATE tokens SET used_at = $3
             WHERE token_hash = $1 AND customer_id = $2 AND kind = 'refresh'
             AND revoked = 0 AND used_at IS NULL AND expires_at > $3
             AND ifnull(client_id = $4 AND grant_id = $5, 1)
             RETURNING kind",
        )
        .bind(digest(token))
        .bind(customer)
        .bind(now.0)
        .bind(client)
        .bind(grant);
        let row = exchange(&self.writer, Statement::new(take)?, made).await?;
        if row.is_some() {
            return Ok(true);
        }
        match (self.token(customer, token).await?, made.first()) {
            (Some(former), Some((_, new))) if new.family() != former.family() => Err(
                StoreError::Mismatch("a token is not of the client and grant of its refresh token"),
            ),
            _ => Ok(false),
        }
    }

    /// Revokes one token; `false` if it is not there or was revoked before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_token(&self, customer: &str, token: &str) -> Result<bool, StoreError> {
        let revoked = sqlx::query(
            "UPDATE tokens SET revoked = 1
             WHERE token_hash = $1 AND customer_id = $2 AND revoked = 0",
        )
        .bind(digest(token))
        .bind(customer)
        .execute(&self.writer)
        .await?;
        Ok(revoked.rows_affected() > 0)
    }

    /// Lets a token that still counts expire at `now`; `false` if it is not
    /// there, was revoked, or has expired before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn expire_token(
        &self,
        customer: &str,
        token: &str,
        now: UnixTime,
    ) -> Result<bool, StoreError> {
        let expired = sqlx::query(
            "UPDATE tokens SET expires_at = $3
             WHERE token_hash = $1 AND customer_id = $2 AND revoked = 0 AND expires_at > $3",
        )
        .bind(digest(token))
        .bind(customer)
        .bind(now.0)
        .execute(&self.writer)
        .await?;
        Ok(expired.rows_affected() > 0)
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

/// Runs a statement that takes one row or none, and keeps tokens if it took
/// one: both or neither. Returns the row.
pub(crate) async fn exchange(
    writer: &Writer,
    take: Statement,
    made: &[(&str, &Token)],
) -> Result<Option<SqliteRow>, StoreError> {
    let mut statements = vec![take];
    for new in made {
        statements.push(insertion(IF_TAKEN, new)?);
    }
    let written = writer.run(statements).await?;
    Ok(written.into_iter().flat_map(|one| one.rows).next())
}

/// Client and grant of new tokens, which must be the same for all of them.
pub(crate) fn shared<'a>(
    customer: &str,
    made: &[(&str, &'a Token)],
) -> Result<(Option<&'a str>, Option<&'a str>), StoreError> {
    let Some((_, first)) = made.first() else {
        return Ok((None, None));
    };
    if first.customer_id != customer || made.iter().any(|(_, new)| new.family() != first.family()) {
        return Err(StoreError::Mismatch("new tokens are not of one family"));
    }
    Ok((Some(&first.client_id), Some(&first.grant_id)))
}

macro_rules! insert {
    ($values:literal) => {
        concat!(
            "INSERT INTO tokens
             (token_hash, kind, customer_id, client_id, person_id, scope, grant_id, jti,
              issued_at, expires_at, revoked, requested, claims, auth_time, sid) ",
            $values
        )
    };
}

const ALWAYS: &str =
    insert!("VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)");
/// Only if the statement before changed a row.
const IF_TAKEN: &str = insert!(
    "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15 WHERE changes() = 1"
);

fn insertion(sql: &'static str, (secret, token): &(&str, &Token)) -> Result<Statement, StoreError> {
    let login = token.login.as_ref();
    let query = sqlx::query(sql)
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
        .bind(login.map(|login| login.requested.to_string()))
        .bind(login.and_then(|login| login.claims.as_ref()))
        .bind(login.map(|login| login.auth_time.0))
        .bind(login.and_then(|login| login.sid.as_ref()));
    Ok(Statement::new(query)?)
}

fn read(row: &SqliteRow) -> Result<Token, StoreError> {
    let revoked: i64 = row.try_get("revoked")?;
    let used_at: Option<i64> = row.try_get("used_at")?;
    Ok(Token {
        kind: row::word(TABLE, row, "kind", TokenKind::parse)?,
        customer_id: row.try_get("customer_id")?,
        client_id: row.try_get("client_id")?,
        person_id: row.try_get("person_id")?,
        scope: row::scope(TABLE, row, "scope")?,
        login: login::read(TABLE, row)?,
        grant_id: row.try_get("grant_id")?,
        jti: row.try_get("jti")?,
        issued_at: row::time(row, "issued_at")?,
        expires_at: row::time(row, "expires_at")?,
        revoked: revoked != 0,
        used_at: used_at.map(UnixTime),
    })
}
