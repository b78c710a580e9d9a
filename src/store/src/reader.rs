//! The connections that only read.

use futures_util::{
    StreamExt as _, TryStreamExt as _,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use sqlx::{
    ConnectOptions as _, Describe, Either, Error, Execute, Executor, SqlStr, Sqlite,
    SqliteConnection, SqlitePool,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteQueryResult, SqliteRow, SqliteStatement, SqliteTypeInfo},
};
use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
};
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

/// Connections that read from the last committed state. Cheap to clone; all
/// clones are one.
///
/// Not a pool of `sqlx`: that one asks a connection whether it is still there
/// before it hands it out, and again after it got it back. Each question wakes
/// the connection's thread, so that a small query costs three times as much.
#[derive(Clone, Debug)]
pub(crate) enum Reader {
    /// Of a file, which others write at the same time.
    File(Arc<Connections>),
    /// Of a database in memory, which has one connection for everything.
    Memory(SqlitePool),
}

/// Connections to a file, opened when they are first needed.
#[derive(Debug)]
pub(crate) struct Connections {
    options: SqliteConnectOptions,
    slots: Vec<Slot>,
    /// One for each slot.
    permits: Arc<Semaphore>,
}

type Slot = Arc<Mutex<Option<SqliteConnection>>>;

/// A connection that is nobody else's until this is dropped.
#[derive(Debug)]
pub(crate) enum Lease {
    File(LeasedSlot),
    Memory(PoolConnection<Sqlite>),
}

#[derive(Debug)]
pub(crate) struct LeasedSlot {
    // Freed in this order, so that who gets the permit finds the slot free.
    connection: OwnedMappedMutexGuard<Option<SqliteConnection>, SqliteConnection>,
    slot: Slot,
    _permit: OwnedSemaphorePermit,
}

impl Reader {
    pub(crate) fn file(options: SqliteConnectOptions, connections: usize) -> Self {
        Self::File(Arc::new(Connections {
            options,
            slots: (0..connections).map(|_| Slot::default()).collect(),
            permits: Arc::new(Semaphore::new(connections)),
        }))
    }

    /// A connection, as soon as one is free.
    pub(crate) async fn acquire(&self) -> Result<Lease, Error> {
        match self {
            Self::Memory(pool) => pool.acquire().await.map(Lease::Memory),
            Self::File(connections) => connections.acquire().await.map(Lease::File),
        }
    }

    /// Closes every connection, after the queries that are under way.
    pub(crate) async fn close(&self) {
        match self {
            Self::Memory(pool) => pool.close().await,
            Self::File(connections) => connections.close().await,
        }
    }
}

impl Connections {
    async fn acquire(&self) -> Result<LeasedSlot, Error> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|_| Error::PoolClosed)?;
        let mut leased = None;
        for slot in &self.slots {
            if let Ok(guard) = Arc::clone(slot).try_lock_owned() {
                leased = Some((guard, slot));
                // The first ones have the warmest caches, but an open one
                // comes before one that must be opened.
                if leased.as_ref().is_some_and(|(guard, _)| guard.is_some()) {
                    break;
                }
            }
        }
        let (mut guard, slot) = leased.ok_or(Error::PoolTimedOut)?;
        if guard.is_none() {
            *guard = Some(self.options.connect().await?);
        }
        let connection = OwnedMutexGuard::try_map(guard, Option::as_mut);
        Ok(LeasedSlot {
            connection: connection.map_err(|_| Error::PoolTimedOut)?,
            slot: Arc::clone(slot),
            _permit: permit,
        })
    }

    async fn close(&self) {
        self.permits.close();
        for slot in &self.slots {
            if let Some(connection) = slot.lock().await.take() {
                // Nothing is lost with a connection that only reads.
                let _ = sqlx::Connection::close(connection).await;
            }
        }
    }
}

impl Lease {
    /// Gives the connection back, and away if its thread is gone.
    async fn done<T>(self, result: Result<T, Error>) -> Result<T, Error> {
        if let (Self::File(leased), Err(Error::WorkerCrashed)) = (self, &result) {
            let slot = Arc::clone(&leased.slot);
            drop(leased);
            *slot.lock().await = None;
        }
        result
    }
}

impl Deref for Lease {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        match self {
            Self::File(leased) => &leased.connection,
            Self::Memory(connection) => connection,
        }
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        match self {
            Self::File(leased) => &mut leased.connection,
            Self::Memory(connection) => connection,
        }
    }
}

/// What a statement answers, piece by piece.
type Piece = Either<SqliteQueryResult, SqliteRow>;

impl<'c> Executor<'c> for &'c Reader {
    type Database = Sqlite;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Piece, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        let all = async move {
            let mut lease = self.acquire().await?;
            let result: Result<Vec<Piece>, Error> =
                (&mut *lease).fetch_many(query).try_collect().await;
            lease.done(result).await
        };
        stream::once(all)
            .map_ok(|pieces| stream::iter(pieces).map(Ok))
            .try_flatten()
            .boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxFuture<'e, Result<Option<SqliteRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        Box::pin(async move {
            let mut lease = self.acquire().await?;
            let result = (&mut *lease).fetch_optional(query).await;
            lease.done(result).await
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [SqliteTypeInfo],
    ) -> BoxFuture<'e, Result<SqliteStatement, Error>>
    where
        'c: 'e,
    {
        Box::pin(async move {
            let mut lease = self.acquire().await?;
            let result = (&mut *lease).prepare_with(sql, parameters).await;
            lease.done(result).await
        })
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Sqlite>, Error>>
    where
        'c: 'e,
    {
        Box::pin(async move {
            let mut lease = self.acquire().await?;
            let result = (&mut *lease).describe(sql).await;
            lease.done(result).await
        })
    }
}
