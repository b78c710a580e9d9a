//! What can go wrong.

/// Why the store could not do what it was asked.
///
/// The first four are read by a person when the program starts: each says in
/// one sentence what is wrong and what to do. The others are for the log.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database URL cannot be read.
    #[error(
        "the database URL {url:?} {problem}: write `sqlite:` and the path of a file, or `sqlite::memory:`"
    )]
    Url {
        /// The URL as it was given.
        url: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The file cannot be made, read or written.
    #[error(
        "the database file {path} cannot be opened ({problem}): make it and its folder writable, or name another file in the database URL"
    )]
    File {
        /// The file's path, absolute if possible.
        path: String,
        /// What the system says.
        problem: String,
    },
    /// The file is there and is no database of ours, or of another version.
    #[error(
        "the database file {path} is not one this version can use ({problem}): move it away, or name another file in the database URL"
    )]
    Foreign {
        /// The file's path, absolute if possible.
        path: String,
        /// What does not fit.
        problem: String,
    },
    /// Another program keeps the file locked.
    #[error(
        "the database file {path} is in use by another program: end that program, or name another file in the database URL"
    )]
    Locked {
        /// The file's path, absolute if possible.
        path: String,
    },
    /// What is to be written belongs to a customer, client or person that is
    /// not there, or not there any more: a sandbox may be reset at any moment.
    #[error("the customer, client or person this belongs to is not there")]
    Orphan,
    /// The customer has as many of these as it may have ([`policy::limits`]).
    #[error("the customer has as many {0} as it may have")]
    Full(&'static str),
    /// The caller mixes what does not belong together.
    #[error("refused to write: {0}")]
    Mismatch(&'static str),
    /// A row does not hold what the program once wrote there.
    #[error("a row of {table} cannot be read: {problem}")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// What does not fit.
        problem: String,
    },
    /// The database refused or did not answer.
    #[error("the database failed: {0}")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(database) if database.is_foreign_key_violation() => Self::Orphan,
            _ => Self::Database(error),
        }
    }
}
