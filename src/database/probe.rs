//! What an operator wants to know of a database, beside its data.

use super::cause::Cause;
use super::dialect::Dialect;
use super::driver::DriverPool;
use super::pool::Database;
use super::postgres::connect::{reach, serving_options};
use super::url::DatabaseUrl;
use crate::error::Result;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::time::Duration;

/// How many connections the role, the database and the server allow; the least of them. Those of a superuser count only
/// against the server's.
const ALLOWED: &str = "SELECT least(\
    (SELECT NULLIF(rolconnlimit, -1) FROM pg_roles WHERE rolname = session_user AND NOT rolsuper), \
    (SELECT NULLIF(datconnlimit, -1) FROM pg_database WHERE datname = current_database()), \
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int) AS allowed";

impl Database {
    /// Connects once, apart from the pool, which tries a refused connection again until its time is over and then says no
    /// more than that. Always well for SQLite.
    pub async fn probe(&self, within: Duration) -> Result<(), Cause> {
        match self.driver() {
            DriverPool::Sqlite(_) => Ok(()),
            DriverPool::Postgres(pool) => reach(&pool.connect_options(), within).await,
        }
    }

    /// How many connections the server, the database and the role allow at most. None for SQLite.
    pub async fn connections_allowed(&self) -> Result<Option<u32>> {
        match self.dialect() {
            Dialect::Sqlite => Ok(None),
            Dialect::Postgres => {
                let statement = Statement::from_string(DbBackend::Postgres, ALLOWED);
                let row = self.connection().query_one_raw(statement).await?;
                let allowed: Option<i32> = row.map(|row| row.try_get("", "allowed")).transpose()?.flatten();
                Ok(allowed.and_then(|allowed| u32::try_from(allowed).ok()))
            }
        }
    }

    /// Takes over role and password of a URL for connections that are opened from now on. Returns whether they are others
    /// than `seen`, which tells what was taken over last.
    pub fn connect_as(&self, url: &DatabaseUrl, longest: Duration, seen: &mut Option<blake3::Hash>) -> bool {
        let DriverPool::Postgres(pool) = self.driver() else { return false };
        // Nothing of a URL that was one when it was read is not understood.
        let Ok(options) = serving_options(url, longest) else { return false };
        let now = fingerprint(&options);
        let is_new = seen.replace(now).is_some_and(|seen| seen != now);
        if is_new {
            pool.set_connect_options(options);
        }
        is_new
    }
}

/// Tells whether options are others without keeping their secrets.
fn fingerprint(options: &PgConnectOptions) -> blake3::Hash {
    blake3::hash(format!("{options:?}").as_bytes())
}
