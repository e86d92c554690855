use crate::database::url::{DatabaseUrl, UrlError};
use sea_orm::sqlx::ConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use std::time::Duration;

/// What every connection is opened with.
pub fn file_options(url: &DatabaseUrl, create: bool) -> Result<SqliteConnectOptions, UrlError> {
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
