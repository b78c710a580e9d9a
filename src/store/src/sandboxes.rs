//! Clearing away sandboxes: those that nobody uses, and those that are too many.

use crate::{Store, StoreError};
use oidc::time::UnixTime;

/// How many sandboxes one statement deletes.
const BATCH: i64 = 20;
/// How many rows that belong to them one statement deletes, before them:
/// otherwise 20 busy ones would go in a statement that everybody waits for.
const ROWS: i64 = 500;

/// The statements that choose sandboxes, and those that delete the ones in the
/// JSON array `$1`.
mod statement {
    /// Sandboxes last used before a point in time.
    pub(super) const IDLE: &str = "SELECT id FROM customers
         WHERE kind = 'sandbox' AND last_used_at < $1 LIMIT $2";
    /// The least recently used, as many as there are beyond a number. Of those
    /// last used in the same second, the first that was made.
    pub(super) const SURPLUS: &str = "SELECT id FROM customers WHERE kind = 'sandbox'
         ORDER BY last_used_at, rowid
         LIMIT min($2, max(0,
             (SELECT count(*) FROM customers WHERE kind = 'sandbox') - $1))";
    /// Whatever there may be much of. Each takes a limit.
    pub(super) const CONTENTS: [&str; 5] = [
        "DELETE FROM tokens WHERE rowid IN (SELECT rowid FROM tokens
         WHERE customer_id IN (SELECT value FROM json_each($1)) LIMIT $2)",
        "DELETE FROM codes WHERE rowid IN (SELECT rowid FROM codes
         WHERE customer_id IN (SELECT value FROM json_each($1)) LIMIT $2)",
        "DELETE FROM sessions WHERE rowid IN (SELECT rowid FROM sessions
         WHERE customer_id IN (SELECT value FROM json_each($1)) LIMIT $2)",
        "DELETE FROM interactions WHERE rowid IN (SELECT rowid FROM interactions
         WHERE customer_id IN (SELECT value FROM json_each($1)) LIMIT $2)",
        "DELETE FROM password_resets WHERE rowid IN (SELECT rowid FROM password_resets
         WHERE customer_id IN (SELECT value FROM json_each($1)) LIMIT $2)",
    ];
    /// Takes the last use along, so that one that was used meanwhile stays.
    pub(super) const SANDBOXES: &str = "DELETE FROM customers
         WHERE id IN (SELECT value FROM json_each($1)) AND kind = 'sandbox'
         AND last_used_at < $2";
}

impl Store {
    /// Deletes the sandboxes that were last used before `unused_since`, with
    /// all that belongs to them, and says how many. The demo and what was
    /// loaded from files stay.
    ///
    /// # Errors
    /// When the database fails. What was deleted until then stays so.
    pub async fn sweep_sandboxes(&self, unused_since: UnixTime) -> Result<u64, StoreError> {
        let mut total = 0;
        loop {
            let idle = self.choose(statement::IDLE, unused_since.0).await?;
            if idle.is_empty() {
                return Ok(total);
            }
            total += self.remove(&idle, unused_since).await?;
        }
    }

    /// Deletes the least recently used sandboxes until there are no more than
    /// `most`, and says how many went.
    ///
    /// # Errors
    /// When the database fails. What was deleted until then stays so.
    pub async fn cap_sandboxes(&self, most: u64) -> Result<u64, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut total = 0;
        loop {
            let surplus = self.choose(statement::SURPLUS, most).await?;
            if surplus.is_empty() {
                return Ok(total);
            }
            total += self.remove(&surplus, UnixTime(i64::MAX)).await?;
        }
    }

    async fn choose(&self, statement: &'static str, by: i64) -> Result<Vec<String>, StoreError> {
        let chosen: Vec<(String,)> = sqlx::query_as(statement)
            .bind(by)
            .bind(BATCH)
            .fetch_all(&self.reader)
            .await?;
        Ok(chosen.into_iter().map(|(id,)| id).collect())
    }

    /// Deletes these sandboxes, unless they were used since.
    async fn remove(&self, ids: &[String], unused_since: UnixTime) -> Result<u64, StoreError> {
        let ids = serde_json::Value::from(ids).to_string();
        for statement in statement::CONTENTS {
            loop {
                let rows = sqlx::query(statement)
                    .bind(&ids)
                    .bind(ROWS)
                    .execute(&self.writer)
                    .await?
                    .rows_affected();
                if rows < ROWS.unsigned_abs() {
                    break;
                }
            }
        }
        let deleted = sqlx::query(statement::SANDBOXES)
            .bind(&ids)
            .bind(unused_since.0)
            .execute(&self.writer)
            .await?;
        Ok(deleted.rows_affected())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep::plan;

    #[tokio::test]
    async fn every_statement_finds_its_rows_by_an_index() {
        let store = Store::open("sqlite::memory:").await.unwrap();
        let all = statement::CONTENTS.into_iter().chain([
            statement::IDLE,
            statement::SURPLUS,
            statement::SANDBOXES,
        ]);
        for statement in all {
            let steps = plan(&store, statement).await;
            assert!(
                !steps
                    .iter()
                    .any(|step| step.starts_with("SCAN") && !step.contains("json_each")),
                "{statement}: {steps:?}"
            );
            assert!(
                !steps.iter().any(|step| step.contains("TEMP B-TREE")),
                "{statement}: {steps:?}"
            );
        }
    }
}
