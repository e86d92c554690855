use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, Connection, PgConnection};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};
use std::time::Duration;
use tokio::time::timeout;

/// How long a connection that nobody used may take to show that it is there; otherwise another one is opened.
const ANSWER: Duration = Duration::from_millis(500);

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL is of no database that is served.
    #[error("the database URL {0:?} is not supported: write sqlite://FILE or postgres://USER@HOST/DATABASE")]
    UnsupportedUrl(String),
    /// The database does not answer, or not as it should.
    #[error("cannot connect to {url}: {source}")]
    Failed {
        /// The URL without its password.
        url: String,
        /// What the driver says.
        source: DbErr,
    },
}

impl ConnectError {
    /// Whether the database is a file, which may not be there.
    pub fn is_about_a_file(&self) -> bool {
        matches!(self, Self::Failed { url, .. } if url.starts_with("sqlite:"))
    }
}

/// The connections of a service.
#[derive(Clone, Copy, Debug)]
pub struct PoolOptions {
    /// At most so many.
    pub connections: u32,
    /// How long one may be waited for.
    pub acquire: Duration,
    /// The database itself ends a statement, or a transaction in which nothing happens, after this long: what nobody could
    /// tell it to end.
    pub longest: Duration,
}

/// Connects a pool to `sqlite://FILE` (created where it does not exist) or `postgres://…`.
pub async fn connect(url: &str) -> Result<DatabaseConnection, ConnectError> {
    open(url, true, |options| {
        options.max_connections(10).acquire_timeout(Duration::from_secs(5));
    })
    .await
}

/// As [`connect`], but a file that does not exist is an error.
pub async fn connect_existing(url: &str) -> Result<DatabaseConnection, ConnectError> {
    open(url, false, |_| {}).await
}

/// A pool to read through. PostgreSQL need not answer yet: it is connected to when it is needed. A file that does not exist
/// is an error.
pub async fn connect_when_needed(url: &str, pool: &PoolOptions) -> Result<DatabaseConnection, ConnectError> {
    let PoolOptions { connections, acquire, longest } = *pool;
    let longest = longest.as_millis().to_string();
    open(url, false, move |options| {
        options
            .max_connections(connections)
            .connect_lazy(url.starts_with("postgres"))
            .acquire_timeout(acquire)
            .test_before_acquire(false)
            .map_sqlx_postgres_pool_opts(|pool| pool.before_acquire(|connection, _| Box::pin(still_there(connection))))
            .map_sqlx_postgres_opts(move |postgres| {
                server_options(postgres)
                    .options([("statement_timeout", &longest), ("idle_in_transaction_session_timeout", &longest)])
            });
    })
    .await
}

async fn open(
    url: &str,
    create: bool,
    how: impl FnOnce(&mut ConnectOptions),
) -> Result<DatabaseConnection, ConnectError> {
    if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(ConnectError::UnsupportedUrl(describe(url)));
    }
    let mut options = ConnectOptions::new(url);
    options
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(create)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Normal)
                .busy_timeout(Duration::from_secs(10))
                // In KiB, for each connection; sorting takes as much again.
                .pragma("cache_size", "-8192")
        })
        .map_sqlx_postgres_opts(server_options);
    how(&mut options);
    Database::connect(options).await.map_err(|source| ConnectError::Failed { url: describe(url), source })
}

/// Whether a connection from before answers. A closed one says so; one that died unnoticed says nothing.
async fn still_there(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    match timeout(ANSWER, connection.ping()).await {
        Ok(answered) => answered.map(|()| true),
        Err(_) => Err(sqlx::Error::PoolTimedOut),
    }
}

fn server_options(postgres: PgConnectOptions) -> PgConnectOptions {
    // A statement is planned for its values every time: from the sixth time on PostgreSQL would take a plan for any values,
    // which expects a two-hundredth of a table in a period of years.
    postgres.application_name("crm-kpi").options([("timezone", "UTC"), ("plan_cache_mode", "force_custom_plan")])
}

/// A database URL fit to be shown: without a password and without options.
pub fn describe(url: &str) -> String {
    let url = url.split('?').next().unwrap_or_default();
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 <= at => {
            let user = url[scheme + 3..at].split(':').next().unwrap_or_default();
            format!("{}{user}{}", &url[..scheme + 3], &url[at..])
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::describe;

    #[test]
    fn a_described_url_has_no_secret() {
        assert_eq!(describe("postgres://kpi:s3cret@db:5432/crm?sslmode=require"), "postgres://kpi@db:5432/crm");
        assert_eq!(describe("postgres://kpi:p@ss@db/crm"), "postgres://kpi@db/crm");
        assert_eq!(describe("sqlite://crm.db?mode=ro"), "sqlite://crm.db");
    }
}
