//! Opening the database.

use crate::{cache::Cache, error::StoreError, reader::Reader, writer::Writer};
use sqlx::{
    Sqlite, SqlitePool, Transaction,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{fs, io, path::Path, str::FromStr as _, time::Duration};

static MIGRATIONS: Migrator = sqlx::migrate!();

/// How many connections read at the same time.
const READERS: usize = 4;
/// How many pages of 4 KiB the write-ahead log takes before they are copied into
/// the file. Who writes waits for that, and in a longer log than SQLite's own 1000 more of
/// them are the same pages, which are then copied once.
const CHECKPOINT: &str = "4000";
/// How long a request waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(10);
/// How long a statement waits for another program's lock.
const BUSY: Duration = Duration::from_secs(5);

/// Everything that is kept. Cheap to clone; all clones are the same database.
#[derive(Clone, Debug)]
pub struct Store {
    /// The only connection that writes: writers queue here, in order, and never
    /// fail because of each other.
    pub(crate) writer: Writer,
    /// Connections that only read, from the last committed state.
    pub(crate) reader: Reader,
    /// What was read a moment ago and is still so.
    pub(crate) cache: Cache,
}

impl Store {
    /// Opens the database at `url`, which is `sqlite:` and a path, or
    /// `sqlite::memory:`. Makes the file and its folders if they are missing and
    /// brings the tables up to date.
    ///
    /// # Errors
    /// When the file cannot be used. The text is meant to be read by the person
    /// who started the program.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let Some(options) = file_options(url)? else {
            return Self::open_in_memory()
                .await
                .map_err(|error| error.explain(Path::new(":memory:")));
        };
        let path = options.get_filename().to_owned();
        let opened = match make_file(&path) {
            Ok(()) => Self::open_file(options).await,
            Err(error) => Err(error.into()),
        };
        opened.map_err(|error| error.explain(&path))
    }

    /// The same for a database that is there: makes no file.
    ///
    /// # Errors
    /// When the file is not there, or cannot be used.
    pub async fn open_existing(url: &str) -> Result<Self, StoreError> {
        let path = file_options(url)?.map(|options| options.get_filename().to_owned());
        match path.filter(|path| !path.exists()) {
            Some(path) => {
                let missing = io::Error::new(io::ErrorKind::NotFound, "there is no such file");
                Err(OpenError::from(missing).explain(&path))
            }
            None => Self::open(url).await,
        }
    }

    async fn open_in_memory() -> Result<Self, OpenError> {
        // The database lives and dies with its one connection.
        let options = SqliteConnectOptions::new()
            .in_memory(true)
            .foreign_keys(true);
        let cache = Cache::default();
        let pool = one_connection(options, &cache).await?;
        MIGRATIONS.run(&pool).await?;
        Ok(Self {
            writer: Writer::new(pool.clone()),
            reader: Reader::Memory(pool),
            cache,
        })
    }

    async fn open_file(options: SqliteConnectOptions) -> Result<Self, OpenError> {
        let options = options.foreign_keys(true).busy_timeout(BUSY);
        let writing = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            // Why so careful: see the crate's documentation.
            .synchronous(SqliteSynchronous::Full)
            .pragma("wal_autocheckpoint", CHECKPOINT)
            .pragma("secure_delete", "ON");
        let cache = Cache::default();
        let writer = one_connection(writing, &cache).await?;
        MIGRATIONS.run(&writer).await?;
        // SQLite opens a file it may not write for reading, and says so only
        // when something is written.
        sqlx::query("DELETE FROM signing_keys WHERE 1 = 0")
            .execute(&writer)
            .await?;
        let reading = options.pragma("query_only", "ON");
        let store = Self {
            writer: Writer::new(writer),
            reader: Reader::file(reading, READERS),
            cache,
        };
        // Finds out now whether it can be read.
        sqlx::query("SELECT 1").execute(&store.reader).await?;
        Ok(store)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.writer).await?;
        sqlx::query("SELECT 1").execute(&self.reader).await?;
        Ok(())
    }

    /// Closes every connection, after the statements that are under way.
    /// What was acknowledged is kept also without this.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// Begins a transaction in several steps; others who write wait for its end.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin().await?)
    }
}

/// A pool of the one connection that may write. It tells the cache what it
/// changes, and when the change is done: by the time the connection is free
/// again.
async fn one_connection(
    options: SqliteConnectOptions,
    cache: &Cache,
) -> Result<SqlitePool, sqlx::Error> {
    let (told, settled) = (cache.clone(), cache.clone());
    SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .acquire_timeout(ACQUIRE)
        .idle_timeout(None)
        .max_lifetime(None)
        // It is a part of this program and cannot hang up.
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            let cache = told.clone();
            Box::pin(async move {
                let mut handle = connection.lock_handle().await?;
                handle.set_update_hook(move |change| cache.row_changed(change.table));
                Ok(())
            })
        })
        .after_release(move |_, _| {
            settled.settled();
            Box::pin(async { Ok(true) })
        })
        .connect_with(options)
        .await
}

/// Reads a URL; `None` for a database in memory.
fn file_options(url: &str) -> Result<Option<SqliteConnectOptions>, StoreError> {
    let wrong = |problem: String| StoreError::Url {
        url: url.to_owned(),
        problem,
    };
    let Some(rest) = url.strip_prefix("sqlite:") else {
        return Err(wrong("does not begin with `sqlite:`".to_owned()));
    };
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    if path == ":memory:" || parameters.split('&').any(|one| one == "mode=memory") {
        return Ok(None);
    }
    if path.is_empty() {
        return Err(wrong("names no file".to_owned()));
    }
    let options = SqliteConnectOptions::from_str(url).map_err(|error| match error {
        sqlx::Error::Configuration(problem) => wrong(format!("cannot be read ({problem})")),
        other => wrong(format!("cannot be read ({other})")),
    })?;
    Ok(Some(options))
}

/// Makes the file and its folders if they are missing, and finds out early
/// whether the file can be written.
fn make_file(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent()
        && !folder.as_os_str().is_empty()
    {
        fs::create_dir_all(folder)?;
    }
    let mut file = fs::OpenOptions::new();
    file.read(true).write(true).create(true).truncate(false);
    // The file holds private keys. SQLite gives the files beside it the same mode.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    file.open(path).map(drop)
}

/// Why a file did not open, before the words for it are found.
#[derive(Debug, thiserror::Error)]
enum OpenError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Sqlx(#[from] sqlx::Error),
    #[error(transparent)]
    Migrate(#[from] MigrateError),
}

impl OpenError {
    fn explain(self, path: &Path) -> StoreError {
        let path = std::path::absolute(path)
            .unwrap_or_else(|_| path.to_owned())
            .display()
            .to_string();
        let problem = match self {
            Self::Io(error) => {
                return StoreError::File {
                    path,
                    problem: error.to_string(),
                };
            }
            Self::Migrate(MigrateError::VersionMissing(_)) => {
                return StoreError::Foreign {
                    path,
                    problem: "a newer version wrote it".to_owned(),
                };
            }
            Self::Migrate(MigrateError::VersionMismatch(_)) => {
                return StoreError::Foreign {
                    path,
                    problem: "a development version with other tables wrote it".to_owned(),
                };
            }
            Self::Migrate(
                MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _),
            )
            | Self::Sqlx(error) => error,
            Self::Migrate(error) => sqlx::Error::Migrate(Box::new(error)),
        };
        explain_sqlite(problem, path)
    }
}

/// [Result codes](https://www.sqlite.org/rescode.html); the low byte is the
/// primary one.
fn explain_sqlite(error: sqlx::Error, path: String) -> StoreError {
    let Some(database) = error.as_database_error() else {
        return match error {
            sqlx::Error::Io(error) => StoreError::File {
                path,
                problem: error.to_string(),
            },
            other => StoreError::File {
                path,
                problem: other.to_string(),
            },
        };
    };
    let problem = database.message().to_owned();
    let code: i64 = database
        .code()
        .and_then(|code| code.parse().ok())
        .unwrap_or_default();
    match code & 0xff {
        // SQLITE_BUSY, SQLITE_LOCKED
        5 | 6 => StoreError::Locked { path },
        // SQLITE_ERROR (a table that is there already), SQLITE_CORRUPT, SQLITE_NOTADB
        1 | 11 | 26 => StoreError::Foreign { path, problem },
        _ => StoreError::File { path, problem },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::SqliteExecutor;

    async fn pragma(executor: impl SqliteExecutor<'_>, question: &'static str) -> String {
        let answer: (String,) = sqlx::query_as(question).fetch_one(executor).await.unwrap();
        answer.0
    }

    #[tokio::test]
    async fn the_connections_are_as_the_documentation_says() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("a.db").display());
        let store = Store::open(&url).await.unwrap();

        for (question, writer, reader) in [
            ("SELECT journal_mode FROM pragma_journal_mode", "wal", "wal"),
            (
                "SELECT '' || foreign_keys FROM pragma_foreign_keys",
                "1",
                "1",
            ),
            ("SELECT '' || synchronous FROM pragma_synchronous", "2", "2"),
            (
                "SELECT '' || secure_delete FROM pragma_secure_delete",
                "1",
                "0",
            ),
            ("SELECT '' || query_only FROM pragma_query_only", "0", "1"),
            (
                "SELECT '' || timeout FROM pragma_busy_timeout",
                "5000",
                "5000",
            ),
        ] {
            assert_eq!(pragma(&store.writer, question).await, writer, "{question}");
            assert_eq!(pragma(&store.reader, question).await, reader, "{question}");
        }
    }

    /// A database as an earlier version left it, after this migration.
    async fn of_version(version: i64) -> SqlitePool {
        let options = SqliteConnectOptions::new()
            .in_memory(true)
            .foreign_keys(true);
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .connect_with(options)
            .await
            .unwrap();
        MIGRATIONS.run_to(version, &pool).await.unwrap();
        pool
    }

    #[tokio::test]
    async fn of_the_keys_of_an_earlier_version_the_newest_stays() {
        let pool = of_version(3).await;
        for (kid, created_at) in [("old", 1), ("newest", 2), ("a tie", 2)] {
            sqlx::query(
                "INSERT INTO signing_keys (kid, algorithm, pkcs8, created_at)
                 VALUES ($1, 'RS256', x'01', $2)",
            )
            .bind(kid)
            .bind(created_at)
            .execute(&pool)
            .await
            .unwrap();
        }
        MIGRATIONS.run(&pool).await.unwrap();
        let store = Store {
            writer: Writer::new(pool.clone()),
            reader: Reader::Memory(pool),
            cache: Cache::default(),
        };
        let keys = store.signing_keys(None).await.unwrap();
        assert_eq!(keys.len(), 1, "{keys:?}");
        assert_eq!((keys[0].kid.as_str(), keys[0].created_at.0), ("newest", 2));
        assert_eq!(keys[0].published_until, None);
    }

    #[tokio::test]
    async fn every_table_of_ours_is_strict() {
        let store = Store::open("sqlite::memory:").await.unwrap();
        let lax: Vec<(String,)> = sqlx::query_as(
            "SELECT name FROM pragma_table_list
             WHERE schema = 'main' AND strict = 0 AND name NOT LIKE '%sql%_%'",
        )
        .fetch_all(&store.reader)
        .await
        .unwrap();
        assert_eq!(lax, []);
    }
}
