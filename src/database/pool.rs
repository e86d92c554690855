use super::dialect::Dialect;
use super::meters::Meters;
use super::postgres::cancel::Canceller;
use super::postgres::pool::PostgresPool;
use super::reach::Reach;
use super::snapshot::{Snapshot, failed};
use crate::error::{Error, Result};
use sea_orm::sqlx;
use sea_orm::{DatabaseConnection, DbBackend};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// A database that is asked questions: a pool of connections whose work can be stopped. A clone is the same pool.
#[derive(Clone, Debug)]
pub struct Database {
    connection: DatabaseConnection,
    postgres: Option<PostgresPool>,
    reach: Reach,
    meters: Meters,
}

/// How many connections a pool has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// Nobody uses them.
    pub idle: u32,
    /// Somebody does.
    pub used: u32,
}

impl From<DatabaseConnection> for Database {
    fn from(connection: DatabaseConnection) -> Self {
        let postgres = match connection.get_database_backend() {
            DbBackend::Postgres => {
                let pool = connection.get_postgres_connection_pool();
                let canceller = Canceller::new(pool.clone());
                Some(PostgresPool::new(pool.clone(), Arc::new(canceller)))
            }
            _ => None,
        };
        Self { connection, postgres, reach: Reach::unwatched(), meters: Meters::default() }
    }
}

impl Database {
    /// Another pool of connections to the same database, whose statements are stopped through the same connection.
    pub fn beside(&self, connection: DatabaseConnection) -> Self {
        let mut beside = Self::from(connection);
        if let (Some(postgres), Some(own)) = (&mut beside.postgres, &self.postgres) {
            postgres.canceller = own.canceller.clone();
        }
        beside
    }

    /// Has a question with several scans use up to so many connections at once, as far as nobody uses them; SQLite goes on
    /// with one.
    #[must_use]
    pub fn with_scans(mut self, at_once: usize) -> Self {
        if let Some(postgres) = &mut self.postgres {
            postgres.at_once = at_once;
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

    /// Begins to read one state of the data. Whoever drops what is returned, or a future that works with it, stops what the
    /// database does for it.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        match &self.postgres {
            Some(postgres) => {
                let connection = self.acquired(postgres.pool.acquire()).await?;
                Snapshot::of_postgres(postgres, connection, &self.reach, &self.meters).await
            }
            None => {
                let connection = self.acquired(self.connection.get_sqlite_connection_pool().acquire()).await?;
                Snapshot::of_sqlite(connection, &self.reach, &self.meters).await
            }
        }
    }

    /// Waits for a connection of the pool. That none is free in time is another matter than that the database is away.
    async fn acquired<T>(&self, acquire: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T> {
        let began = Instant::now();
        let acquired = acquire.await;
        self.meters.waited(began.elapsed().as_secs_f64());
        acquired.map_err(|error| match error {
            sqlx::Error::PoolTimedOut if self.is_exhausted(began) => Error::PoolExhausted,
            error => failed(error),
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
        match self.dialect() {
            Dialect::Postgres => self.connection.get_postgres_connection_pool().options().get_max_connections(),
            Dialect::Sqlite => self.connection.get_sqlite_connection_pool().options().get_max_connections(),
        }
    }

    /// The pool itself.
    pub fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// How it writes SQL.
    pub fn dialect(&self) -> Dialect {
        self.connection.get_database_backend().into()
    }

    /// What is counted of it.
    pub fn meters(&self) -> &Meters {
        &self.meters
    }

    /// Its connections now.
    pub fn connections(&self) -> Connections {
        let (size, idle) = match self.dialect() {
            Dialect::Postgres => {
                let pool = self.connection.get_postgres_connection_pool();
                (pool.size(), pool.num_idle())
            }
            Dialect::Sqlite => {
                let pool = self.connection.get_sqlite_connection_pool();
                (pool.size(), pool.num_idle())
            }
        };
        let idle = u32::try_from(idle).unwrap_or(u32::MAX).min(size);
        Connections { idle, used: size - idle }
    }
}
