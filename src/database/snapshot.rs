use super::cancel::Canceller;
use super::dialect::Dialect;
use super::meters::Meters;
use super::postgres::PostgresPool;
use crate::error::{Error, Result};
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, AssertSqlSafe, Postgres, Row, Sqlite, SqlitePool};
use sea_orm::{DbErr, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OnceCell, watch};
use tokio::time::{Instant, timeout};

/// How long a connection may take to become fit for the next question. One that takes longer is closed.
const PATIENCE: Duration = Duration::from_secs(2);

/// Instructions of SQLite between two looks at whether it is to stop: well below a millisecond.
const INSTRUCTIONS: i32 = 10_000;

/// A transaction that only reads, and whose reads all see the same data.
///
/// It owns its connection. When it is dropped, or a future that reads through it, whatever the database still does for it is
/// stopped; the connection is given back once it is fit for the next question, and closed otherwise.
#[derive(Debug)]
pub struct Snapshot {
    dialect: Dialect,
    held: Mutex<Held>,
    /// Changes where the database cannot be reached any more.
    lost: watch::Receiver<()>,
    meters: Meters,
    /// Where other connections come from that help to read.
    pool: Option<PostgresPool>,
    /// The literal by which these see the same.
    pub(super) exported: OnceCell<Option<String>>,
}

/// A connection within a transaction.
#[derive(Debug)]
struct Held {
    connection: Option<Connection>,
    /// The database has not answered to its end what it was sent last.
    busy: bool,
}

#[derive(Debug)]
enum Connection {
    Postgres { connection: PoolConnection<Postgres>, pid: i32, canceller: Arc<Canceller> },
    Sqlite { connection: PoolConnection<Sqlite>, stop: Arc<AtomicBool> },
}

impl Snapshot {
    pub(super) async fn of_postgres(
        pool: &PostgresPool,
        mut lost: watch::Receiver<()>,
        meters: &Meters,
    ) -> Result<Self> {
        let connection = waiting(meters, unless_lost(&mut lost, pool.pool.acquire())).await?;
        let connection = Connection::Postgres { connection, pid: 0, canceller: pool.canceller.clone() };
        let mut snapshot = Self::new(Dialect::Postgres, connection, lost, meters);
        snapshot.pool = Some(pool.clone());
        snapshot.held.get_mut().busy = true;
        snapshot.begin("").await?;
        snapshot.held.get_mut().busy = false;
        Ok(snapshot)
    }

    /// Connections that nobody uses, for one that can use so many more.
    pub(super) fn free(&self, wanted: usize) -> Vec<PoolConnection<Postgres>> {
        self.pool.as_ref().map(|pool| pool.free(wanted)).unwrap_or_default()
    }

    /// Begins to read the same state, which was exported, on another connection. One that is stopped before it has begun is
    /// as fit for others as it was.
    pub(super) async fn beside(&self, connection: PoolConnection<Postgres>, exported: &str) -> Result<Self> {
        let pool = self.pool.as_ref().ok_or_else(|| Error::Internal("a connection of no pool".into()))?;
        let connection = Connection::Postgres { connection, pid: 0, canceller: pool.canceller.clone() };
        let mut snapshot = Self::new(self.dialect, connection, self.lost.clone(), &self.meters);
        snapshot.begin(&format!("SET TRANSACTION SNAPSHOT {exported};")).await?;
        Ok(snapshot)
    }

    async fn begin(&mut self, state: &str) -> Result<()> {
        let Some(Connection::Postgres { connection, pid, .. }) = &mut self.held.get_mut().connection else {
            return Ok(());
        };
        // The first statement that reads, or looks as if it did, is what the snapshot begins with.
        let begin = format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {state} SELECT pg_backend_pid()");
        let beginning = sqlx::raw_sql(AssertSqlSafe(begin)).fetch_one(&mut **connection);
        let row = unless_lost(&mut self.lost, beginning).await.map_err(failed)?;
        *pid = row.try_get(0).map_err(failed)?;
        Ok(())
    }

    pub(super) async fn of_sqlite(pool: &SqlitePool, lost: watch::Receiver<()>, meters: &Meters) -> Result<Self> {
        let connection = waiting(meters, pool.acquire()).await?;
        let stop = Arc::new(AtomicBool::new(false));
        let connection = Connection::Sqlite { connection, stop: stop.clone() };
        let mut snapshot = Self::new(Dialect::Sqlite, connection, lost, meters);
        let held = snapshot.held.get_mut();
        held.busy = true;
        if let Some(Connection::Sqlite { connection, .. }) = &mut held.connection {
            let mut handle = connection.lock_handle().await.map_err(failed)?;
            handle.set_progress_handler(INSTRUCTIONS, move || !stop.load(Ordering::Relaxed));
            drop(handle);
            sqlx::raw_sql("BEGIN").execute(&mut **connection).await.map_err(failed)?;
        }
        held.busy = false;
        Ok(snapshot)
    }

    fn new(dialect: Dialect, connection: Connection, lost: watch::Receiver<()>, meters: &Meters) -> Self {
        let held = Mutex::new(Held { connection: Some(connection), busy: false });
        Self { dialect, held, lost, meters: meters.clone(), pool: None, exported: OnceCell::new() }
    }

    /// How it writes SQL.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// All rows of a statement.
    pub async fn all(&self, statement: Statement) -> Result<Vec<QueryResult>> {
        self.stream(statement).try_collect().await
    }

    /// The first row of a statement, if there is one.
    pub async fn one(&self, statement: Statement) -> Result<Option<QueryResult>> {
        Ok(self.all(statement).await?.into_iter().next())
    }

    /// The rows of a statement as they come. One statement at a time: the next one waits until this is read or dropped, and
    /// fails where it was dropped before its end.
    pub fn stream(&self, statement: Statement) -> BoxStream<'_, Result<QueryResult>> {
        async_stream::try_stream! {
            let began = Instant::now();
            let mut count = 0;
            let mut held = self.held.lock().await;
            let Held { connection, busy } = &mut *held;
            if *busy {
                Err(Error::Internal("a statement behind one that was not read to its end".into()))?;
            }
            *busy = true;
            let mut lost = self.lost.clone();
            let sql = AssertSqlSafe(statement.sql);
            let values = SqlxValues(statement.values.unwrap_or_else(|| sea_orm::Values(Vec::new())));
            let mut rows = match connection {
                Some(Connection::Postgres { connection, .. }) => {
                    sqlx::query_with(sql, values).fetch(&mut **connection).map_ok(QueryResult::from).boxed()
                }
                Some(Connection::Sqlite { connection, .. }) => {
                    sqlx::query_with(sql, values).fetch(&mut **connection).map_ok(QueryResult::from).boxed()
                }
                None => stream::once(ready(Err(sqlx::Error::PoolClosed))).boxed(),
            };
            let outcome = loop {
                match unless_lost(&mut lost, rows.try_next()).await {
                    Ok(Some(row)) => {
                        count += 1;
                        yield row;
                    }
                    Ok(None) => break Ok(()),
                    Err(error) => break Err(error),
                }
            };
            drop(rows);
            // What the database itself reports ends the statement; anything else leaves open where the connection is.
            *busy = !matches!(outcome, Ok(()) | Err(sqlx::Error::Database(_)));
            self.meters.read(began.elapsed().as_secs_f64(), count);
            outcome.map_err(failed)?;
        }
        .boxed()
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        let Held { connection, busy } = self.held.get_mut();
        let Some(connection) = connection.take() else { return };
        if *busy {
            self.meters.stopped();
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            connection.forget();
            return;
        };
        match *busy {
            true => drop(runtime.spawn(connection.stop())),
            false => drop(runtime.spawn(connection.give_back())),
        }
    }
}

impl Connection {
    /// Ends the transaction and gives the connection back; closes it where that takes too long.
    async fn give_back(mut self) {
        let outcome = timeout(PATIENCE, async {
            match &mut self {
                Self::Postgres { connection, .. } => {
                    sqlx::raw_sql("ROLLBACK").execute(&mut **connection).await?;
                }
                Self::Sqlite { connection, .. } => {
                    sqlx::raw_sql("ROLLBACK").execute(&mut **connection).await?;
                    connection.lock_handle().await?.remove_progress_handler();
                }
            }
            Ok::<_, sqlx::Error>(())
        });
        match outcome.await {
            // What does not come back in time is closed there: it is not ours any more.
            Ok(Ok(())) => drop(timeout(PATIENCE, self.into_pool()).await),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a connection was not fit to be used again");
                self.forget();
            }
            Err(_) => self.forget(),
        }
    }

    async fn into_pool(mut self) {
        match &mut self {
            Self::Postgres { connection, .. } => connection.return_to_pool().await,
            Self::Sqlite { connection, .. } => connection.return_to_pool().await,
        }
    }

    /// Stops what the database does and closes the connection, which counts as used until then.
    async fn stop(self) {
        match &self {
            Self::Postgres { pid: 0, .. } => {}
            Self::Postgres { pid, canceller, .. } => canceller.cancel(*pid).await,
            Self::Sqlite { stop, .. } => stop.store(true, Ordering::Relaxed),
        }
        self.forget();
    }

    /// Closes the connection without a word.
    fn forget(self) {
        match self {
            Self::Postgres { connection, .. } => drop(connection.detach()),
            Self::Sqlite { connection, .. } => drop(connection.detach()),
        }
    }
}

/// Waits for the database, unless it turns out that it cannot be reached.
async fn unless_lost<T>(
    lost: &mut watch::Receiver<()>,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    tokio::select! {
        biased;
        done = work => done,
        Ok(()) = lost.changed() => {
            let message = "the database cannot be reached any more";
            Err(sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::NotConnected, message)))
        }
    }
}

async fn waiting<T>(meters: &Meters, acquire: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T> {
    let began = Instant::now();
    let acquired = acquire.await;
    meters.waited(began.elapsed().as_secs_f64());
    acquired.map_err(failed)
}

fn failed(error: sqlx::Error) -> Error {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error))).into()
}
