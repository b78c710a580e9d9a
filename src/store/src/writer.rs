//! The one connection that writes.
//!
//! Who wants to write while others do waits, and whoever waits at the same
//! moment is committed together: the disk is asked to flush once for all of
//! them. Nobody is answered before the commit is done. When one of them fails,
//! nothing of it is kept, and each is tried again alone.

use futures_util::{
    StreamExt as _, TryStreamExt as _,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use sqlx::{
    Describe, Either, Error, Execute, Executor, SqlStr, Sqlite, SqliteConnection, SqlitePool,
    Transaction,
    pool::PoolConnection,
    sqlite::{SqliteArguments, SqliteQueryResult, SqliteRow, SqliteStatement, SqliteTypeInfo},
};
use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// How many are committed together at most: who writes next shall not wait for
/// long.
const TOGETHER: usize = 64;

/// Begins a transaction that may write from the start, so that it cannot fail
/// half-way because another program wrote in between.
const BEGIN: &str = "BEGIN IMMEDIATE";

/// The connection and those who wait for it. Cheap to clone; all clones are one.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    pool: SqlitePool,
    queue: Arc<Mutex<Queue>>,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: Vec<Job>,
    /// Whether somebody works through the queue.
    busy: bool,
}

/// Statements that succeed together, and who waits for them.
#[derive(Debug)]
struct Job {
    statements: Vec<Statement>,
    answer: oneshot::Sender<Result<Vec<Written>, Error>>,
}

/// A statement and its values.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    sql: SqlStr,
    arguments: Option<SqliteArguments>,
}

/// What a statement did.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// What its `RETURNING` returned.
    pub(crate) rows: Vec<SqliteRow>,
    result: SqliteQueryResult,
}

impl Statement {
    /// Takes the statement out of a query of `sqlx`.
    ///
    /// # Errors
    /// When a value cannot be encoded.
    pub(crate) fn new<'q>(mut query: impl Execute<'q, Sqlite>) -> Result<Self, Error> {
        let arguments = query.take_arguments().map_err(Error::Encode)?;
        Ok(Self {
            sql: query.sql(),
            arguments,
        })
    }

    async fn run(&self, connection: &mut SqliteConnection) -> Result<Written, Error> {
        let arguments = self.arguments.clone().unwrap_or_default();
        let query = sqlx::query_with(self.sql.clone(), arguments);
        let mut pieces = connection.fetch_many(query);
        let mut written = Written::default();
        // To the end, not to the first row: only then is it known to be done.
        while let Some(piece) = pieces.try_next().await? {
            match piece {
                Either::Left(result) => written.result.extend([result]),
                Either::Right(row) => written.rows.push(row),
            }
        }
        Ok(written)
    }
}

impl Writer {
    pub(crate) fn new(pool: SqlitePool) -> Self {
        Self {
            pool,
            queue: Arc::default(),
        }
    }

    /// The connection alone, for several statements.
    pub(crate) async fn acquire(&self) -> Result<PoolConnection<Sqlite>, Error> {
        self.pool.acquire().await
    }

    /// The connection alone, for a transaction in several steps.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, Error> {
        self.pool.begin_with(BEGIN).await
    }

    /// Closes the connection, after what is under way.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }

    /// Runs statements that succeed together or not at all.
    pub(crate) async fn run(&self, statements: Vec<Statement>) -> Result<Vec<Written>, Error> {
        let (answer, answered) = oneshot::channel();
        self.enqueue(Job { statements, answer });
        answered.await.unwrap_or(Err(Error::WorkerCrashed))
    }

    fn enqueue(&self, job: Job) {
        let mut queue = lock(&self.queue);
        queue.waiting.push(job);
        if !mem::replace(&mut queue.busy, true) {
            // A task of its own: what was begun is ended also when the one who
            // waits for it is gone.
            tokio::spawn(self.clone().work());
        }
    }

    /// Works until nobody waits.
    async fn work(self) {
        let _busy = Busy(&self.queue);
        loop {
            // Whoever is ready now may still join in.
            tokio::task::yield_now().await;
            let jobs = {
                let mut queue = lock(&self.queue);
                let count = queue.waiting.len().min(TOGETHER);
                if count == 0 {
                    queue.busy = false;
                    return;
                }
                queue.waiting.drain(..count).collect()
            };
            self.commit(jobs).await;
        }
    }

    async fn commit(&self, jobs: Vec<Job>) {
        let mut connection = match self.pool.acquire().await {
            Ok(connection) => connection,
            Err(error) => {
                let problem = error.to_string();
                for job in jobs {
                    job.answer(Err(Error::Protocol(problem.clone())));
                }
                return;
            }
        };
        if jobs.len() > 1
            && let Ok(written) = together(&mut connection, &jobs).await
        {
            for (job, written) in jobs.into_iter().zip(written) {
                job.answer(Ok(written));
            }
            return;
        }
        for job in jobs {
            let result = alone(&mut connection, &job).await;
            job.answer(result);
        }
    }
}

impl Job {
    fn answer(self, result: Result<Vec<Written>, Error>) {
        // Nobody may be waiting any more; it is done all the same.
        let _ = self.answer.send(result);
    }

    async fn run(&self, connection: &mut SqliteConnection) -> Result<Vec<Written>, Error> {
        let mut written = Vec::with_capacity(self.statements.len());
        for statement in &self.statements {
            written.push(statement.run(connection).await?);
        }
        Ok(written)
    }
}

/// All jobs in one transaction, or none.
async fn together(
    connection: &mut SqliteConnection,
    jobs: &[Job],
) -> Result<Vec<Vec<Written>>, Error> {
    let mut transaction = begin(connection).await?;
    let mut written = Vec::with_capacity(jobs.len());
    for job in jobs {
        written.push(job.run(&mut transaction).await?);
    }
    transaction.commit().await?;
    Ok(written)
}

/// One job; a single statement is a transaction by itself.
async fn alone(connection: &mut SqliteConnection, job: &Job) -> Result<Vec<Written>, Error> {
    if job.statements.len() == 1 {
        return job.run(connection).await;
    }
    let mut transaction = begin(connection).await?;
    let written = job.run(&mut transaction).await?;
    transaction.commit().await?;
    Ok(written)
}

async fn begin(connection: &mut SqliteConnection) -> Result<Transaction<'_, Sqlite>, Error> {
    sqlx::Connection::begin_with(connection, BEGIN).await
}

/// While it is there, somebody works through the queue. Should that end in a
/// panic, whoever waits is told, and the next one begins anew.
struct Busy<'a>(&'a Mutex<Queue>);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let mut queue = lock(self.0);
            queue.busy = false;
            queue.waiting.clear();
        }
    }
}

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'c> Executor<'c> for &'c Writer {
    type Database = Sqlite;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, Result<Either<SqliteQueryResult, SqliteRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        let all = async move {
            let statement = Statement::new(query)?;
            let written = self.run(vec![statement]).await?;
            let pieces = written.into_iter().flat_map(|written| {
                let rows = written.rows.into_iter().map(Either::Right);
                rows.chain([Either::Left(written.result)])
            });
            Ok::<_, Error>(stream::iter(pieces.map(Ok)))
        };
        stream::once(all).try_flatten().boxed()
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
            let statement = Statement::new(query)?;
            let written = self.run(vec![statement]).await?;
            Ok(written.into_iter().flat_map(|one| one.rows).next())
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
        Executor::prepare_with(&self.pool, sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Sqlite>, Error>>
    where
        'c: 'e,
    {
        Executor::describe(&self.pool, sql)
    }
}
