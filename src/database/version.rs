use super::count::Count;
use super::listener::Listener;
use crate::clock::SharedClock;
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use prometheus_client::registry::Registry;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::sqlx::{self, ConnectOptions, SqliteConnection};
use sea_orm::{DatabaseConnection, DbBackend, DbErr, RuntimeErr};
use std::sync::Arc;
use tokio::sync::Mutex as AsyncMutex;

/// Tells whether the data have changed.
///
/// A version is read before the snapshot that it labels begins: an answer may be newer than its label, never older, so
/// that whoever compares labels asks once too often at worst. A version read after a commit was acknowledged differs
/// from all versions read before it.
///
/// Tables that are views over another database have no triggers: on PostgreSQL whoever changes the data below them must
/// `NOTIFY crm_kpi_data_changed`.
#[derive(Debug)]
pub struct DataVersions {
    count: Arc<Count>,
    source: Source,
}

#[derive(Debug)]
enum Source {
    /// A connection of its own, which sees the commits of all others.
    Sqlite {
        options: Box<SqliteConnectOptions>,
        pragma: AsyncMutex<Pragma>,
    },
    Postgres(Listener),
}

#[derive(Debug, Default)]
struct Pragma {
    connection: Option<SqliteConnection>,
    /// What the connection said last. Only values of one connection can be compared.
    seen: Option<i64>,
    /// There was a connection before.
    reconnected: bool,
}

impl DataVersions {
    /// Begins to watch a database. Works, with a new version at every call, also while it cannot be reached.
    pub async fn start(connection: &DatabaseConnection, clock: SharedClock) -> Self {
        let count = Arc::new(Count::start(clock));
        let source = match connection.get_database_backend() {
            DbBackend::Postgres => {
                let options = connection.get_postgres_connection_pool().connect_options();
                Source::Postgres(Listener::start((*options).clone(), count.clone()).await)
            }
            _ => {
                let options = connection.get_sqlite_connection_pool().connect_options();
                Source::Sqlite { options: Box::new((*options).clone()), pragma: AsyncMutex::default() }
            }
        };
        Self { count, source }
    }

    /// Shows in a registry how often the version has become another one.
    pub fn register(&self, registry: &mut Registry) {
        let help = "Changes of the data's version";
        registry.register("crm_kpi_data_version_changes", help, self.count.changes.clone());
    }

    /// The version of the data, and when it was last seen to change.
    pub async fn current(&self) -> Result<(String, DateTime<Utc>)> {
        match &self.source {
            Source::Sqlite { options, pragma } => {
                let mut pragma = pragma.lock().await;
                pragma.read(options, &self.count).await.map_err(from_sqlx)?;
            }
            Source::Postgres(listener) => {
                if !listener.is_up_to_date().await {
                    self.count.move_on();
                }
            }
        }
        Ok(self.count.version())
    }
}

impl Pragma {
    /// Asks the connection. A caller who gives up while it answers leaves it fit for the next one: otherwise callers could
    /// have the version move on without any change.
    async fn read(&mut self, options: &SqliteConnectOptions, count: &Count) -> Result<(), sqlx::Error> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            place => {
                let connection = options.connect().await?;
                self.seen = None;
                if std::mem::replace(&mut self.reconnected, true) {
                    count.move_on();
                }
                place.insert(connection)
            }
        };
        let answer = sqlx::query_scalar("PRAGMA data_version").fetch_one(connection).await;
        if answer.is_err() {
            self.connection = None;
        }
        let now: i64 = answer?;
        if self.seen.replace(now).is_some_and(|before| before != now) {
            count.move_on();
        }
        Ok(())
    }
}

fn from_sqlx(error: sqlx::Error) -> Error {
    DbErr::Query(RuntimeErr::SqlxError(error.into())).into()
}
