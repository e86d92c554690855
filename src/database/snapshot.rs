use super::dialect::Dialect;
use super::driver::failed;
use super::errors::leaves_unfit;
use super::meters::{Meters, Outcome};
use super::postgres::cancel::Canceller;
use super::postgres::pool::PostgresPool;
use super::precision::DayColumns;
use super::reach::Reach;
use crate::error::{Error, Result};
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, AssertSqlSafe, Postgres, Row, Sqlite};
use sea_orm::{QueryResult, Statement};
use sea_query_sqlx::SqlxValues;
use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OnceCell};
use tokio::time::{Instant, timeout};

/// How long a connection may take to become fit for the next question. One that takes longer is closed.
const PATIENCE: Duration = Duration::from_secs(2);

/// Bytes of a statement that connections remember, to send it in fewer words the next time: each remembers a hundred.
const MAX_REMEMBERED: usize = 16 << 10;

/// Errors that may be left to read on a connection before it is fit again: a cancelled statement's, and one for a cancellation
/// that came late.
const MAX_ERRORS: usize = 2;

/// Instructions of SQLite between two looks at whether it is to stop: well below a millisecond.
const INSTRUCTIONS: i32 = 10_000;

/// A transaction that only reads, and whose reads all see the same data.
///
/// It owns its connection. When it is dropped, or a future that reads through it, whatever the database still does for it is
/// stopped; the connection is given back once it is fit for the next question, and closed where that takes too long.
#[derive(Debug)]
pub struct Snapshot {
    dialect: Dialect,
    /// The columns that hold days.
    days: DayColumns,
    held: Mutex<Held>,
    reach: Reach,
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
    /// It must not be used by others.
    unfit: bool,
}

#[derive(Debug)]
enum Connection {
    Postgres { connection: PoolConnection<Postgres>, pid: i32, canceller: Arc<Canceller> },
    Sqlite { connection: PoolConnection<Sqlite>, stop: Arc<AtomicBool> },
}

impl Snapshot {
    pub(super) async fn of_postgres(
        pool: &PostgresPool,
        connection: PoolConnection<Postgres>,
        reach: &Reach,
        meters: &Meters,
    ) -> Result<Self> {
        let connection = Connection::Postgres { connection, pid: 0, canceller: pool.canceller.clone() };
        let mut snapshot = Self::new(Dialect::Postgres, connection, reach, meters);
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
        let mut snapshot = Self::new(self.dialect, connection, &self.reach, &self.meters);
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
        let row = unless_dead(&self.reach, beginning).await.map_err(failed)?;
        *pid = row.try_get(0).map_err(failed)?;
        Ok(())
    }

    pub(super) async fn of_sqlite(connection: PoolConnection<Sqlite>, reach: &Reach, meters: &Meters) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let connection = Connection::Sqlite { connection, stop: stop.clone() };
        let mut snapshot = Self::new(Dialect::Sqlite, connection, reach, meters);
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

    fn new(dialect: Dialect, connection: Connection, reach: &Reach, meters: &Meters) -> Self {
        let held = Mutex::new(Held { connection: Some(connection), busy: false, unfit: false });
        let (days, exported) = (DayColumns::default(), OnceCell::new());
        Self { dialect, days, held, reach: reach.clone(), meters: meters.clone(), pool: None, exported }
    }

    /// The schema that its connection was asked to use.
    pub(super) fn wanted_schema(&self) -> Option<String> {
        let options = self.pool.as_ref()?.pool.connect_options();
        let (_, behind) = options.get_options()?.split_once("search_path=\"")?;
        behind.split_once('"').map(|(schema, _)| schema.to_owned())
    }

    pub(super) fn with_days(mut self, days: DayColumns) -> Self {
        self.days = days;
        self
    }

    /// The columns that hold days.
    pub fn days(&self) -> &DayColumns {
        &self.days
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
            let Held { connection, busy, unfit } = &mut *held;
            if *busy {
                Err(Error::Internal("a statement behind one that was not read to its end".into()))?;
            }
            *busy = true;
            let remembered = statement.sql.len() <= MAX_REMEMBERED;
            let sql = AssertSqlSafe(statement.sql);
            let values = SqlxValues(statement.values.unwrap_or_else(|| sea_orm::Values(Vec::new())));
            let mut rows = match connection {
                Some(Connection::Postgres { connection, .. }) => {
                    sqlx::query_with(sql, values).persistent(remembered).fetch(&mut **connection).map_ok(QueryResult::from).boxed()
                }
                Some(Connection::Sqlite { connection, .. }) => {
                    sqlx::query_with(sql, values).persistent(remembered).fetch(&mut **connection).map_ok(QueryResult::from).boxed()
                }
                None => stream::once(ready(Err(sqlx::Error::PoolClosed))).boxed(),
            };
            let outcome = loop {
                match unless_dead(&self.reach, rows.try_next()).await {
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
            *unfit = outcome.as_ref().is_err_and(leaves_unfit);
            if !*busy {
                self.reach.answered();
            }
            self.meters.read(began.elapsed().as_secs_f64(), count);
            outcome.map_err(failed)?;
        }
        .boxed()
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        let Held { connection, busy, unfit } = self.held.get_mut();
        let Some(connection) = connection.take() else { return };
        if *busy {
            self.meters.stopped();
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            connection.forget();
            return;
        };
        match (*unfit, *busy) {
            (true, _) => connection.forget(),
            (false, true) => drop(runtime.spawn(connection.stop(self.meters.clone()))),
            (false, false) => drop(runtime.spawn(connection.give_back())),
        }
    }
}

impl Connection {
    /// Ends the transaction and gives the connection back; closes it where that takes too long. Returns whether it was given
    /// back.
    async fn give_back(mut self) -> bool {
        match timeout(PATIENCE, self.end()).await {
            // What does not come back in time is closed there: it is not ours any more.
            Ok(Ok(())) => timeout(PATIENCE, self.into_pool()).await.is_ok(),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a connection was not fit to be used again");
                self.forget();
                false
            }
            Err(_) => {
                self.forget();
                false
            }
        }
    }

    /// Reads what is left of the answer to a statement that was stopped, and ends the transaction.
    async fn end(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Postgres { connection, .. } => {
                // The driver first reads to the end of what came before: that it was cancelled, mostly, is an error of that.
                let mut errors = 0;
                while let Err(error) = sqlx::raw_sql("ROLLBACK").execute(&mut **connection).await {
                    errors += 1;
                    if !matches!(error, sqlx::Error::Database(_)) || errors > MAX_ERRORS {
                        return Err(error);
                    }
                }
            }
            Self::Sqlite { connection, .. } => {
                // Once the statement has ended. What stops statements would stop the next one too.
                connection.lock_handle().await?.remove_progress_handler();
                sqlx::raw_sql("ROLLBACK").execute(&mut **connection).await?;
            }
        }
        Ok(())
    }

    async fn into_pool(mut self) {
        match &mut self {
            Self::Postgres { connection, .. } => connection.return_to_pool().await,
            Self::Sqlite { connection, .. } => connection.return_to_pool().await,
        }
    }

    /// Stops what the database does, and gives the connection back where the database confirms that in time. It counts as
    /// used until then.
    async fn stop(self, meters: Meters) {
        let stopped = match &self {
            // It has sent nothing but the beginning of a transaction, which takes no time.
            Self::Postgres { pid: 0, .. } => true,
            // Not confirmed, the cancellation may still come, and would hit whatever is asked next on this connection.
            Self::Postgres { pid, canceller, .. } => canceller.cancel(*pid).await,
            Self::Sqlite { stop, .. } => {
                stop.store(true, Ordering::Relaxed);
                true
            }
        };
        let kept = match stopped {
            true => self.give_back().await,
            false => {
                self.forget();
                false
            }
        };
        meters.ended(if kept { Outcome::Kept } else { Outcome::Closed });
    }

    /// Closes the connection without a word.
    fn forget(self) {
        match self {
            Self::Postgres { connection, .. } => drop(connection.detach()),
            Self::Sqlite { connection, .. } => drop(connection.detach()),
        }
    }
}

/// Waits for a connection's answer, unless it turns out to be dead.
async fn unless_dead<T>(reach: &Reach, answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    match reach.unless_dead(answer).await {
        Some(answer) => answer,
        None => {
            let message = "the database has said nothing for too long";
            Err(sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::NotConnected, message)))
        }
    }
}
