//! Clearing away what has expired.

use crate::{Store, StoreError};
use oidc::time::UnixTime;

/// How many rows one statement clears away. Between two statements others get
/// to write, so that a large sweep holds nobody up.
const BATCH: i64 = 500;
/// How long a used code is remembered after it expired, so that a replay is
/// recognised: a day.
const USED_CODE: i64 = 24 * 60 * 60;
/// How long it is remembered that a run existed, after it expired: 30 days.
const TOMBSTONE: i64 = 30 * 24 * 60 * 60;

/// The statements: each takes a point in time and a limit.
mod statement {
    pub(super) const SESSIONS: &str = "DELETE FROM sessions WHERE key_hash IN
         (SELECT key_hash FROM sessions WHERE expires_at <= $1 LIMIT $2)";
    pub(super) const INTERACTIONS: &str = "DELETE FROM interactions WHERE key_hash IN
         (SELECT key_hash FROM interactions WHERE expires_at <= $1 LIMIT $2)";
    pub(super) const PASSWORD_RESETS: &str = "DELETE FROM password_resets WHERE key_hash IN
         (SELECT key_hash FROM password_resets WHERE expires_at <= $1 LIMIT $2)";
    pub(super) const UNUSED_CODES: &str = "DELETE FROM codes WHERE code_hash IN
         (SELECT code_hash FROM codes
         WHERE expires_at <= $1 AND used_at IS NULL LIMIT $2)";
    pub(super) const USED_CODES: &str = "DELETE FROM codes WHERE code_hash IN
         (SELECT code_hash FROM codes
         WHERE expires_at <= $1 AND used_at IS NOT NULL LIMIT $2)";
    pub(super) const TOKENS: &str = "DELETE FROM tokens WHERE token_hash IN
         (SELECT token_hash FROM tokens WHERE expires_at <= $1 LIMIT $2)";
    pub(super) const SIGNING_KEYS: &str = "DELETE FROM signing_keys WHERE kid IN
         (SELECT kid FROM signing_keys WHERE published_until <= $1 LIMIT $2)";
    pub(super) const KEY_ROTATIONS: &str = "DELETE FROM key_rotations WHERE rowid IN
         (SELECT rowid FROM key_rotations WHERE counts_until <= $1 LIMIT $2)";
    pub(super) const RUNS: &str = "UPDATE runs SET body = '' WHERE number IN
         (SELECT number FROM runs WHERE expires_at <= $1 AND body <> '' LIMIT $2)";
    pub(super) const TOMBSTONES: &str = "DELETE FROM runs WHERE number IN
         (SELECT number FROM runs WHERE expires_at <= $1 AND body = '' LIMIT $2)";
    pub(super) const RECORDS: &str = "DELETE FROM records WHERE number IN
         (SELECT number FROM records WHERE expires_at <= $1 LIMIT $2)";
    #[cfg(test)]
    pub(super) const ALL: [&str; 11] = [
        SESSIONS,
        INTERACTIONS,
        PASSWORD_RESETS,
        UNUSED_CODES,
        USED_CODES,
        TOKENS,
        SIGNING_KEYS,
        KEY_ROTATIONS,
        RUNS,
        TOMBSTONES,
        RECORDS,
    ];
}

/// How many rows a sweep cleared away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Sessions deleted.
    pub sessions: u64,
    /// Interactions deleted.
    pub interactions: u64,
    /// Keys to forgotten passwords deleted.
    pub password_resets: u64,
    /// Codes deleted.
    pub codes: u64,
    /// Tokens deleted.
    pub tokens: u64,
    /// Retired signing keys deleted.
    pub signing_keys: u64,
    /// Rotations of signing keys forgotten.
    pub key_rotations: u64,
    /// Runs emptied to tombstones.
    pub runs: u64,
    /// Tombstones of runs deleted.
    pub tombstones: u64,
    /// Records of work deleted.
    pub records: u64,
}

impl Store {
    /// Clears away what has expired. Used codes stay a day longer. Runs lose
    /// their body and stay as tombstones for 30 days.
    ///
    /// Walks the indexes of `expires_at` only, so that it costs as much as
    /// there is to clear away, and lets others write in between.
    ///
    /// # Errors
    /// When the database fails. What was cleared away until then stays so.
    pub async fn sweep(&self, now: UnixTime) -> Result<Swept, StoreError> {
        let sessions = self.in_batches(statement::SESSIONS, now).await?;
        let interactions = self.in_batches(statement::INTERACTIONS, now).await?;
        let password_resets = self.in_batches(statement::PASSWORD_RESETS, now).await?;
        let unused = self.in_batches(statement::UNUSED_CODES, now).await?;
        let used = self
            .in_batches(statement::USED_CODES, now.plus(-USED_CODE))
            .await?;
        let tokens = self.in_batches(statement::TOKENS, now).await?;
        let signing_keys = self.in_batches(statement::SIGNING_KEYS, now).await?;
        let key_rotations = self.in_batches(statement::KEY_ROTATIONS, now).await?;
        let runs = self.in_batches(statement::RUNS, now).await?;
        let tombstones = self
            .in_batches(statement::TOMBSTONES, now.plus(-TOMBSTONE))
            .await?;
        let records = self.in_batches(statement::RECORDS, now).await?;
        Ok(Swept {
            sessions,
            interactions,
            password_resets,
            codes: unused + used,
            tokens,
            signing_keys,
            key_rotations,
            runs,
            tombstones,
            records,
        })
    }

    /// Repeats a statement that takes a point in time and a limit until it
    /// finds nothing more.
    async fn in_batches(&self, statement: &'static str, time: UnixTime) -> Result<u64, StoreError> {
        let mut total = 0;
        loop {
            let rows = sqlx::query(statement)
                .bind(time.0)
                .bind(BATCH)
                .execute(&self.writer)
                .await?
                .rows_affected();
            total += rows;
            if rows < BATCH.unsigned_abs() {
                return Ok(total);
            }
        }
    }
}

/// The steps in which SQLite carries out a statement.
#[cfg(test)]
pub(crate) async fn plan(store: &Store, statement: &str) -> Vec<String> {
    use sqlx::Row as _;
    let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
    sqlx::query(explain)
        .fetch_all(&store.reader)
        .await
        .unwrap()
        .iter()
        .map(|row| row.get("detail"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_statement_finds_its_rows_by_an_index() {
        let store = Store::open("sqlite::memory:").await.unwrap();
        for statement in statement::ALL {
            let steps = plan(&store, statement).await;
            assert!(
                steps
                    .iter()
                    .any(|step| step.contains("INDEX") && step.contains('<')),
                "{statement}: {steps:?}"
            );
            assert!(
                !steps.iter().any(|step| step.starts_with("SCAN")),
                "{statement}: {steps:?}"
            );
        }
    }

    #[tokio::test]
    async fn deleting_finds_what_goes_along_by_an_index() {
        let store = Store::open("sqlite::memory:").await.unwrap();
        // Every column list that refers to another table must begin an index,
        // or a deletion walks the whole table.
        let tables: Vec<(String,)> =
            sqlx::query_as("SELECT name FROM pragma_table_list WHERE strict = 1")
                .fetch_all(&store.reader)
                .await
                .unwrap();
        for (table,) in tables {
            let without: Vec<(String,)> = sqlx::query_as(
                "SELECT \"from\" FROM pragma_foreign_key_list($1) AS refers
                 WHERE seq = 0 AND NOT EXISTS (
                     SELECT 1 FROM pragma_index_list($1) AS list,
                                   pragma_index_info(list.name) AS info
                     WHERE info.seqno = 0 AND info.name = refers.\"from\"
                 )",
            )
            .bind(&table)
            .fetch_all(&store.reader)
            .await
            .unwrap();
            assert_eq!(without, [], "{table}");
        }
    }
}
