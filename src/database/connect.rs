use super::cause::Cause;
use super::dialect::Dialect;
use super::url::{DatabaseUrl, UrlError};
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, ConnectOptions as _, Connection, PgConnection};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use std::time::Duration;
use tokio::time::timeout;

/// How long a connection that nobody used may take to show that it is there; otherwise another one is opened.
const ANSWER: Duration = Duration::from_millis(500);

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

fn file_options(url: &DatabaseUrl, create: bool) -> Result<SqliteConnectOptions, UrlError> {
    let options = url
        .sqlite()?
        .disable_statement_logging()
        .busy_timeout(Duration::from_secs(10))
        // In KiB, for each connection; sorting takes as much again.
        .pragma("cache_size", "-8192");
    Ok(match url.is_only_read() {
        true => options,
        false => options
            .create_if_missing(create)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal),
    })
}

/// What pools connect with that questions are asked through: PostgreSQL itself ends what takes longer.
pub(super) fn serving_options(url: &DatabaseUrl, longest: Duration) -> Result<PgConnectOptions, UrlError> {
    let longest = longest.as_millis().to_string();
    let timeouts = [("statement_timeout", &longest), ("idle_in_transaction_session_timeout", &longest)];
    url.postgres().map(|postgres| server_options(postgres).options(timeouts))
}

/// Connects to PostgreSQL once, and says why that does not work.
pub(super) async fn reach(options: &PgConnectOptions, within: Duration) -> Result<(), Cause> {
    match timeout(within, options.connect()).await {
        Err(_) => Err(Cause::TimedOut),
        Ok(Err(error)) => Err(Cause::of(&error)),
        Ok(Ok(connection)) => {
            // It worked. How the connection ends does not matter.
            let _ = timeout(within, connection.close()).await;
            Ok(())
        }
    }
}

/// Whether a connection from before answers. A closed one says so; one that died unnoticed says nothing.
async fn still_there(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    match timeout(ANSWER, connection.ping()).await {
        Ok(answered) => answered.map(|()| true),
        Err(_) => Err(sqlx::Error::PoolTimedOut),
    }
}

pub(super) fn server_options(postgres: PgConnectOptions) -> PgConnectOptions {
    // A statement is planned for its values every time: from the sixth time on PostgreSQL would take a plan for any values,
    // which expects a two-hundredth of a table in a period of years.
    // Nothing is compiled: that takes longer than it gains, and PostgreSQL cannot be interrupted while it does.
    let settings = [("timezone", "UTC"), ("plan_cache_mode", "force_custom_plan"), ("jit", "off")];
    postgres.application_name("crm-kpi").disable_statement_logging().options(settings)
}
