//! Which of the driver's errors means what. The only place that looks into them.

use crate::error::Error;
use sea_orm::{DbErr, RuntimeErr, sqlx};

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unavailable(error),
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
                match classify(cause) {
                    Class::Unavailable => Self::Unavailable(error),
                    Class::NoTable => Self::SchemaNotReady(Some(error)),
                    Class::Overflow => Self::Overflow("a sum".into()),
                    Class::Other => Self::Database(error),
                }
            }
            DbErr::Type(message) => Self::BadStoredData(message.clone()),
            _ => Self::Database(error),
        }
    }
}

/// Whether the database itself has said so.
pub(crate) fn is_of_database(error: &DbErr) -> bool {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            matches!(**cause, sqlx::Error::Database(_))
        }
        _ => false,
    }
}

enum Class {
    Unavailable,
    NoTable,
    Overflow,
    Other,
}

fn classify(error: &sqlx::Error) -> Class {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
            Class::Unavailable
        }
        // What the driver makes of a connection that ends while it is opened.
        sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) => Class::Unavailable,
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            match code.as_ref() {
                // PostgreSQL: undefined_table, undefined_column, numeric_value_out_of_range.
                "42P01" | "42703" => Class::NoTable,
                "22003" => Class::Overflow,
                // PostgreSQL: connection exceptions, who may connect, insufficient resources, operator intervention; no such
                // database.
                "3D000" => Class::Unavailable,
                code if code.len() == 5 && ["08", "28", "53", "57"].contains(&&code[..2]) => Class::Unavailable,
                // SQLite has one code for all that is wrong with a statement: only the text tells.
                "1" if database.message().starts_with("no such table") => Class::NoTable,
                "1" if database.message().starts_with("no such column") => Class::NoTable,
                "1" if database.message() == "integer overflow" => Class::Overflow,
                code => match code.parse::<u32>().map(|code| code & 0xff) {
                    // SQLite: SQLITE_BUSY, SQLITE_LOCKED, SQLITE_IOERR, SQLITE_CANTOPEN, whatever is said beside them.
                    Ok(5 | 6 | 10 | 14) => Class::Unavailable,
                    _ => Class::Other,
                },
            }
        }
        _ => Class::Other,
    }
}
