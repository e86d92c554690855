use super::dialect::{Dialect, UnsupportedDatabase};
use super::driver::{DriverPool, failed};
use super::either::Either;
use super::meters::Meters;
use super::postgres::pool::PostgresPool;
use super::precision::DayColumns;
use super::reach::Reach;
use super::snapshot::Snapshot;
use crate::error::{Error, Result};
use sea_orm::DatabaseConnection;
use sea_orm::sqlx::{self, SqlitePool};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::time::Instant;

/// A database that is asked questions: a pool of connections whose work can be stopped. A clone is the same pool.
#[derive(Clone, Debug)]
pub struct Database {
    connection: DatabaseConnection,
    pool: Pool,
    reach: Reach,
    meters: Meters,
    /// As far as is known; shared by all pools of the database.
    days: Arc<RwLock<DayColumns>>,
}

type Pool = Either<PostgresPool, SqlitePool>;

/// How many connections a pool has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// Nobody uses them.
    pub idle: u32,
    /// Somebody does.
    pub used: u32,
}

impl TryFrom<DatabaseConnection> for Database {
    type Error = UnsupportedDatabase;

    fn try_from(connection: DatabaseConnection) -> Result<Self, UnsupportedDatabase> {
        let pool = match DriverPool::try_from(&connection)? {
            DriverPool::Postgres(pool) => Pool::Postgres(PostgresPool::new(pool)),
            DriverPool::Sqlite(pool) => Pool::Sqlite(pool),
        };
        let (reach, meters, days) = (Reach::unwatched(), Meters::default(), Arc::default());
        Ok(Self { connection, pool, reach, meters, days })
    }
}

impl Database {
    /// Another pool of connections to the same database, whose statements are stopped through the same connection.
    pub fn beside(&self, connection: DatabaseConnection) -> Result<Self, UnsupportedDatabase> {
        let mut beside = Self { days: self.days.clone(), ..Self::try_from(connection)? };
        if let (Pool::Postgres(beside), Pool::Postgres(own)) = (&mut beside.pool, &self.pool) {
            beside.canceller = own.canceller.clone();
        }
        Ok(beside)
    }

    /// Has a question with several scans use up to so many connections at once, as far as nobody uses them; SQLite goes on
    /// with one.
    #[must_use]
    pub fn with_scans(mut self, at_once: usize) -> Self {
        if let Pool::Postgres(pool) = &mut self.pool {
            pool.at_once = at_once;
        }
        self
    }

    /// Has somebody ask whether the database is there ([`Self::answered`]): at least this often while it is. A connection
    /// that says nothing counts as dead once the database has answered nobody for `silence`.
    #[must_use]
    pub fn watched(mut self, every: Duration, silence: Duration) -> Self {
        self.reach = Reach::watched(every, silence);
        self
    }

    /// The columns that hold days, as far as is known.
    pub fn days(&self) -> DayColumns {
        self.days.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Learns which columns hold days: snapshots that begin from now on know it.
    pub fn learn(&self, days: DayColumns) {
        *self.days.write().unwrap_or_else(PoisonError::into_inner) = days;
    }

    /// Begins to read one state of the data. Whoever drops what is returned, or a future that works with it, stops what the
    /// database does for it.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        let snapshot = match &self.pool {
            Pool::Postgres(pool) => {
                let connection = self.acquired(pool.pool.acquire()).await?;
                Snapshot::of_postgres(pool, connection, &self.reach, &self.meters).await?
            }
            Pool::Sqlite(pool) => {
                let connection = self.acquired(pool.acquire()).await?;
                Snapshot::of_sqlite(connection, &self.reach, &self.meters).await?
            }
        };
        Ok(snapshot.with_days(self.days()))
    }

    /// Waits for a connection of the pool. That none is free in time is another matter than that the database is away.
    async fn acquired<T>(&self, acquire: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T> {
        let began = Instant::now();
        let acquired = acquire.await;
        self.meters.waited(began.elapsed().as_secs_f64());
        acquired.map_err(|error| match error {
            sqlx::Error::PoolTimedOut if self.is_exhausted(began) => Error::PoolExhausted,
            error => failed(error).into(),
        })
    }

    /// Whether connections are in use, and the database has been there all the time since an instant.
    fn is_exhausted(&self, began: Instant) -> bool {
        let Connections { idle, used } = self.connections();
        match self.reach.has_been_there_since(began) {
            Some(is_there) => is_there && used > 0,
            None => idle == 0 && used >= self.max_connections(),
        }
    }

    /// The database has answered whoever asks whether it is there.
    pub fn answered(&self) {
        self.reach.answered();
    }

    /// Whether the database is known not to answer.
    pub(super) fn is_away(&self) -> bool {
        self.reach.is_there() == Some(false)
    }

    fn max_connections(&self) -> u32 {
        match &self.pool {
            Pool::Postgres(pool) => pool.pool.options().get_max_connections(),
            Pool::Sqlite(pool) => pool.options().get_max_connections(),
        }
    }

    /// The pool itself.
    pub fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// How it writes SQL.
    pub fn dialect(&self) -> Dialect {
        match self.pool {
            Pool::Postgres(_) => Dialect::Postgres,
            Pool::Sqlite(_) => Dialect::Sqlite,
        }
    }

    /// The pool as its driver has it.
    pub(super) fn driver(&self) -> DriverPool {
        match &self.pool {
            Pool::Postgres(pool) => DriverPool::Postgres(pool.pool.clone()),
            Pool::Sqlite(pool) => DriverPool::Sqlite(pool.clone()),
        }
    }

    /// What is counted of it.
    pub fn meters(&self) -> &Meters {
        &self.meters
    }

    /// Its connections now.
    pub fn connections(&self) -> Connections {
        let (size, idle) = match &self.pool {
            Pool::Postgres(pool) => (pool.pool.size(), pool.pool.num_idle()),
            Pool::Sqlite(pool) => (pool.size(), pool.num_idle()),
        };
        let idle = u32::try_from(idle).unwrap_or(u32::MAX).min(size);
        Connections { idle, used: size - idle }
    }
}
