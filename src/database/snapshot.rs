use super::connection::Connection;
use super::dialect::Dialect;
use super::driver::failed;
use super::errors::leaves_unfit;
use super::meters::Meters;
use super::postgres::connection::PostgresConnection;
use super::postgres::pool::PostgresPool;
use super::precision::DayColumns;
use super::reach::Reach;
use super::sqlite::connection::SqliteConnection;
use crate::error::{Error, Result};
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, Postgres, Sqlite};
use sea_orm::{QueryResult, Statement};
use std::future::ready;
use tokio::sync::{Mutex, OnceCell};
use tokio::time::Instant;

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

impl Snapshot {
    pub(super) async fn of_postgres(
        pool: &PostgresPool,
        connection: PoolConnection<Postgres>,
        reach: &Reach,
        meters: &Meters,
    ) -> Result<Self> {
        let connection = Connection::Postgres(PostgresConnection::of(pool, connection));
        let mut snapshot = Self::new(Dialect::Postgres, connection, reach, meters);
        snapshot.pool = Some(pool.clone());
        snapshot.begun().await
    }

    pub(super) async fn of_sqlite(connection: PoolConnection<Sqlite>, reach: &Reach, meters: &Meters) -> Result<Self> {
        let connection = Connection::Sqlite(SqliteConnection::of(connection));
        Self::new(Dialect::Sqlite, connection, reach, meters).begun().await
    }

    fn new(dialect: Dialect, connection: Connection, reach: &Reach, meters: &Meters) -> Self {
        let held = Mutex::new(Held { connection: Some(connection), busy: false, unfit: false });
        let (days, exported) = (DayColumns::default(), OnceCell::new());
        Self { dialect, days, held, reach: reach.clone(), meters: meters.clone(), pool: None, exported }
    }

    /// Begins. Dropped before that is done, it is busy.
    async fn begun(mut self) -> Result<Self> {
        self.held.get_mut().busy = true;
        self.begin("").await?;
        self.held.get_mut().busy = false;
        Ok(self)
    }

    async fn begin(&mut self, state: &str) -> Result<()> {
        if let Some(connection) = &mut self.held.get_mut().connection {
            unless_dead(&self.reach, connection.begin(state)).await.map_err(failed)?;
        }
        Ok(())
    }

    /// Connections that nobody uses, for one that can use so many more.
    pub(super) fn free(&self, wanted: usize) -> Vec<PoolConnection<Postgres>> {
        self.pool.as_ref().map(|pool| pool.free(wanted)).unwrap_or_default()
    }

    /// Begins to read the same state, which was exported, on another connection. One that is stopped before it has begun is
    /// as fit for others as it was.
    pub(super) async fn beside(&self, connection: PoolConnection<Postgres>, exported: &str) -> Result<Self> {
        let pool = self.pool.as_ref().ok_or_else(|| Error::Internal("a connection of no pool".into()))?;
        let connection = Connection::Postgres(PostgresConnection::of(pool, connection));
        let mut snapshot = Self::new(self.dialect, connection, &self.reach, &self.meters);
        snapshot.begin(&format!("SET TRANSACTION SNAPSHOT {exported};")).await?;
        Ok(snapshot)
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
            let mut rows = match connection {
                Some(connection) => connection.fetch(statement),
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
