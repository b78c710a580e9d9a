//! Clearing away what is too much: no customer fills the database, whatever is
//! begun there and abandoned.

use crate::{Store, StoreError};
use oidc::time::UnixTime;

/// How many rows one statement clears away. Between two statements others get
/// to write.
const BATCH: usize = 500;
/// How many rows are listed at once in order to be cleared away.
const LISTED: i64 = 100_000;

/// How many rows of a kind one customer may have. The oldest go first, by the
/// order in which they were written.
struct Cap {
    most: i64,
    /// Lists the rows beyond the newest `$2` of customer `$1`, at most `$3`.
    excess: &'static str,
    /// Deletes the rows listed in the JSON array `$2` from customer `$1`. The
    /// plus keeps SQLite from walking all of the customer's rows.
    delete: &'static str,
}

/// A cap on a table, with an index that begins with the customer.
macro_rules! cap {
    ($most:expr, $table:literal, $index:literal) => {
        Cap {
            most: $most,
            excess: concat!(
                "SELECT rowid FROM ",
                $table,
                " INDEXED BY ",
                $index,
                " WHERE customer_id = $1 ORDER BY rowid DESC LIMIT $3 OFFSET $2"
            ),
            delete: concat!(
                "DELETE FROM ",
                $table,
                " WHERE +customer_id = $1 AND rowid IN (SELECT value FROM json_each($2))"
            ),
        }
    };
}

/// A load test's worth of tokens, some 30 MB.
const TOKENS: Cap = cap!(50_000, "tokens", "tokens_client");
/// More browsers than sign in to a test provider within half a day.
const SESSIONS: Cap = cap!(20_000, "sessions", "sessions_person");
/// Whoever is on a sign-in page when 10 000 others came after them has waited
/// longer than anybody reads it; some 10 MB.
const INTERACTIONS: Cap = cap!(10_000, "interactions", "interactions_client");
/// Most are used and remembered for a day, against replay.
const CODES: Cap = cap!(20_000, "codes", "codes_client");
/// As many as interactions, since each comes from one.
const PASSWORD_RESETS: Cap = cap!(10_000, "password_resets", "password_resets_person");

/// How many rows were cleared away because there were too many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capped {
    /// Tokens deleted.
    pub tokens: u64,
    /// Sessions deleted.
    pub sessions: u64,
    /// Interactions deleted.
    pub interactions: u64,
    /// Codes deleted.
    pub codes: u64,
    /// Keys to forgotten passwords deleted.
    pub password_resets: u64,
}

impl Store {
    /// Clears away the oldest tokens, sessions, interactions, codes and keys to
    /// forgotten passwords of every customer that has too many and was used
    /// since: only there can anything have been added.
    ///
    /// # Errors
    /// When the database fails. What was cleared away until then stays so.
    pub async fn cap_rows(&self, used_since: UnixTime) -> Result<Capped, StoreError> {
        let customers: Vec<(String,)> =
            sqlx::query_as("SELECT id FROM customers WHERE last_used_at >= $1")
                .bind(used_since.0)
                .fetch_all(&self.reader)
                .await?;
        let mut capped = Capped::default();
        for (customer,) in customers {
            capped.tokens += self.cap(&TOKENS, &customer).await?;
            capped.sessions += self.cap(&SESSIONS, &customer).await?;
            capped.interactions += self.cap(&INTERACTIONS, &customer).await?;
            capped.codes += self.cap(&CODES, &customer).await?;
            capped.password_resets += self.cap(&PASSWORD_RESETS, &customer).await?;
        }
        Ok(capped)
    }

    async fn cap(&self, cap: &Cap, customer: &str) -> Result<u64, StoreError> {
        let mut total = 0;
        loop {
            let excess: Vec<(i64,)> = sqlx::query_as(cap.excess)
                .bind(customer)
                .bind(cap.most)
                .bind(LISTED)
                .fetch_all(&self.reader)
                .await?;
            if excess.is_empty() {
                return Ok(total);
            }
            for batch in excess.chunks(BATCH) {
                let rows: Vec<String> = batch.iter().map(|(row,)| row.to_string()).collect();
                total += sqlx::query(cap.delete)
                    .bind(customer)
                    .bind(format!("[{}]", rows.join(",")))
                    .execute(&self.writer)
                    .await?
                    .rows_affected();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep::plan;

    const ALL: [&Cap; 5] = [&TOKENS, &SESSIONS, &INTERACTIONS, &CODES, &PASSWORD_RESETS];

    #[tokio::test]
    async fn every_statement_finds_its_rows_by_an_index() {
        let store = Store::open("sqlite::memory:").await.unwrap();
        for cap in ALL {
            let steps = plan(&store, cap.excess).await;
            assert!(
                steps[0].contains("COVERING INDEX") && steps[0].contains("customer_id=?"),
                "{}: {steps:?}",
                cap.excess
            );
            let steps = plan(&store, cap.delete).await;
            assert!(
                steps[0].contains("INTEGER PRIMARY KEY (rowid=?)"),
                "{}: {steps:?}",
                cap.delete
            );
        }
    }

    #[tokio::test]
    async fn the_oldest_rows_beyond_the_cap_go_and_other_customers_keep_theirs() {
        let store = Store::open("sqlite::memory:").await.unwrap();
        for (customer, kind) in [
            ("flooded", "sandbox"),
            ("other", "demo"),
            ("idle", "sandbox"),
        ] {
            sqlx::query(
                "INSERT INTO customers (id, kind, created_at, last_used_at)
                 VALUES ($1, $2, 0, CASE $1 WHEN 'idle' THEN 0 ELSE 100 END)",
            )
            .bind(customer)
            .bind(kind)
            .execute(&store.writer)
            .await
            .unwrap();
            for statement in [
                "INSERT INTO people (customer_id, id, position, document, password_hash)
                 VALUES ($1, 'p', 0, '{}', '')",
                "INSERT INTO clients (customer_id, id, position, document) VALUES
                 ($1, 'z', 0, '{}'), ($1, 'a', 1, '{}')",
                // The older of two clients comes last in the index.
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1501)
                 INSERT INTO codes (code_hash, customer_id, client_id, person_id, grant_id,
                    redirect_uri, scope, requested, auth_time, issued_at, expires_at)
                 SELECT CAST($1 || i AS BLOB), $1, CASE WHEN i <= 750 THEN 'z' ELSE 'a' END,
                    'p', '', '', '', '', 0, i, 0 FROM n",
            ] {
                sqlx::query(statement)
                    .bind(customer)
                    .execute(&store.writer)
                    .await
                    .unwrap();
            }
        }
        sqlx::query("DELETE FROM codes WHERE customer_id = 'other' AND issued_at > 300")
            .execute(&store.writer)
            .await
            .unwrap();
        let small = Cap { most: 300, ..CODES };
        let kept = async |customer: &'static str| -> (i64, i64) {
            sqlx::query_as("SELECT count(*), min(issued_at) FROM codes WHERE customer_id = $1")
                .bind(customer)
                .fetch_one(&store.reader)
                .await
                .unwrap()
        };

        assert_eq!(store.cap(&small, "flooded").await.unwrap(), 1201);
        assert_eq!(store.cap(&small, "other").await.unwrap(), 0);
        assert_eq!(kept("flooded").await, (300, 1202));
        assert_eq!(kept("other").await, (300, 1));
        assert_eq!(store.cap(&small, "flooded").await.unwrap(), 0);
        // And nobody has too many by the real measure.
        let capped = store.cap_rows(UnixTime(100)).await.unwrap();
        assert_eq!(capped, Capped::default());
        assert_eq!(kept("idle").await, (1501, 1));
    }
}
