use super::cause::Cause;
use super::dialect::Dialect;
use super::postgres::connect::{reach, server_options, serving_options, still_there};
use super::sqlite::connect::file_options;
use super::url::DatabaseUrl;
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use std::time::Duration;

/// How long a command waits for PostgreSQL to let it in.
const FIRST: Duration = Duration::from_secs(5);

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
#[error("cannot connect to {url}: {cause}")]
pub struct ConnectError {
    /// Where to.
    pub url: Box<DatabaseUrl>,
    /// What is wrong.
    pub cause: Cause,
}

impl ConnectError {
    /// Whether the database is a file that is not there.
    pub fn is_about_a_file(&self) -> bool {
        self.cause == Cause::NoFile
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
pub async fn connect(url: &DatabaseUrl) -> Result<DatabaseConnection, ConnectError> {
    connect_now(url, true, |options| {
        options.max_connections(10).acquire_timeout(FIRST);
    })
    .await
}

/// As [`connect`], but a file that does not exist is an error.
pub async fn connect_existing(url: &DatabaseUrl) -> Result<DatabaseConnection, ConnectError> {
    connect_now(url, false, |_| {}).await
}

/// A pool to read through. PostgreSQL need not answer yet: it is connected to when it is needed. A file that does not exist
/// is an error.
pub async fn connect_when_needed(url: &DatabaseUrl, pool: &PoolOptions) -> Result<DatabaseConnection, ConnectError> {
    let PoolOptions { connections, acquire, longest } = *pool;
    open(url, false, Some(longest), |options| {
        options
            .max_connections(connections)
            .connect_lazy(url.dialect() == Dialect::Postgres)
            .acquire_timeout(acquire)
            .test_before_acquire(false)
            .map_sqlx_postgres_pool_opts(|pool| pool.before_acquire(|connection, _| Box::pin(still_there(connection))));
    })
    .await
}

/// Connects once before there is a pool, which would try a refused connection again until its time is over and then say no
/// more than that.
async fn connect_now(
    url: &DatabaseUrl,
    create: bool,
    how: impl FnOnce(&mut ConnectOptions),
) -> Result<DatabaseConnection, ConnectError> {
    let failed = |cause| ConnectError { url: url.clone().into(), cause };
    if url.unusable_file().is_some() {
        return Err(failed(Cause::CertificateFile));
    }
    if let Dialect::Postgres = url.dialect() {
        let options = url.postgres().map_err(|_| failed(Cause::Other))?;
        reach(&server_options(options), FIRST).await.map_err(failed)?;
    }
    open(url, create, None, how).await
}

/// A pool. `longest` is for those that questions are asked through. `how` may not set options of the server, since those would
/// replace the URL's.
async fn open(
    url: &DatabaseUrl,
    create: bool,
    longest: Option<Duration>,
    how: impl FnOnce(&mut ConnectOptions),
) -> Result<DatabaseConnection, ConnectError> {
    let failed = |cause| ConnectError { url: url.clone().into(), cause };
    if url.unusable_file().is_some() {
        return Err(failed(Cause::CertificateFile));
    }
    // The URL is no business of what writes options into traces.
    let mut options = ConnectOptions::new(match url.dialect() {
        Dialect::Sqlite => "sqlite::memory:",
        Dialect::Postgres => "postgres://localhost",
    });
    options.sqlx_logging(false).record_stmt_in_spans(false);
    match url.dialect() {
        Dialect::Sqlite => {
            let sqlite = file_options(url, create).map_err(|_| failed(Cause::Other))?;
            options.map_sqlx_sqlite_opts(move |_| sqlite.clone());
        }
        Dialect::Postgres => {
            let postgres = match longest {
                Some(longest) => serving_options(url, longest),
                None => url.postgres().map(server_options),
            };
            let postgres = postgres.map_err(|_| failed(Cause::Other))?;
            options.map_sqlx_postgres_opts(move |_| postgres.clone());
        }
    }
    how(&mut options);
    Database::connect(options).await.map_err(|error| failed(Cause::from(&error)))
}
