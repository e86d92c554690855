use super::cancel::Canceller;
use super::dialect::Dialect;
use super::meters::Meters;
use super::postgres::PostgresPool;
use super::snapshot::Snapshot;
use crate::error::Result;
use sea_orm::{DatabaseConnection, DbBackend};
use std::sync::Arc;
use tokio::sync::watch;

/// A database that is asked questions: a pool of connections whose work can be stopped. A clone is the same pool.
#[derive(Clone, Debug)]
pub struct Database {
    connection: DatabaseConnection,
    postgres: Option<PostgresPool>,
    /// Changes where the database cannot be reached any more.
    lost: watch::Sender<()>,
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
                let canceller = Canceller::new((*pool.connect_options()).clone());
                Some(PostgresPool::new(pool.clone(), Arc::new(canceller)))
            }
            _ => None,
        };
        Self { connection, postgres, lost: watch::Sender::default(), meters: Meters::default() }
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

    /// Begins to read one state of the data. Whoever drops what is returned, or a future that works with it, stops what the
    /// database does for it.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        match &self.postgres {
            Some(pool) => Snapshot::of_postgres(pool, self.lost.subscribe(), &self.meters).await,
            None => {
                let pool = self.connection.get_sqlite_connection_pool();
                Snapshot::of_sqlite(pool, self.lost.subscribe(), &self.meters).await
            }
        }
    }

    /// Ends what waits for the database, with an error: it cannot be reached, and connections from before may be dead
    /// without having said so.
    pub fn abandon(&self) {
        self.lost.send_replace(());
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
