//! Days and instants as they are stored. PostgreSQL has `infinity` and years that Rust's calendar lacks, SQLite has any
//! text: what is before year 1 or after year 9999 is read as the first or last instant of these years, never as an error.

pub(super) mod near;
pub(super) mod text;

use super::postgres::times::PostgresTime;
use super::sqlite::times::SqliteTime;
use super::{postgres, sqlite};
use sea_orm::{DbErr, QueryResult};

/// A day or an instant that a column can hold.
pub trait Time: PostgresTime + SqliteTime {}

impl<T: PostgresTime + SqliteTime> Time for T {}

/// A column of a row as a day or an instant; none where it is unset.
pub fn time<T: Time>(row: &QueryResult, place: usize) -> Result<Option<T>, DbErr> {
    match (row.try_as_pg_row(), row.try_as_sqlite_row()) {
        (Some(row), _) => postgres::times::time(row, place),
        (None, Some(row)) => sqlite::times::time(row, place),
        (None, None) => Err(DbErr::Type("a row of neither database".into())),
    }
}

/// A column of a row as a whole number of whatever size; none where it is unset.
pub fn whole(row: &QueryResult, place: usize) -> Result<Option<i64>, DbErr> {
    match row.try_as_pg_row() {
        Some(row) => postgres::times::whole(row, place),
        None => row.try_get_by_index(place),
    }
}
