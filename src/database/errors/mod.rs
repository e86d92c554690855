//! Which of the driver's errors means what. The only place that looks into them.

mod class;

pub(super) use class::{Class, Interruption};

use super::{postgres, sqlite};
use crate::error::Error;
use sea_orm::sqlx::postgres::PgDatabaseError;
use sea_orm::sqlx::sqlite::SqliteError;
use sea_orm::{DbErr, RuntimeErr, sqlx};

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if let DbErr::Type(message) = &error {
            return Self::BadStoredData(message.clone());
        }
        match class(&error) {
            Class::Unavailable => Self::Unavailable(error),
            Class::Interrupted(why) if why.is_outage() => Self::Unavailable(error),
            Class::Interrupted(_) => Self::Interrupted(error),
            Class::Overloaded => Self::DatabaseOverloaded(error),
            Class::NoTable => Self::SchemaNotReady(Some(error)),
            Class::NoPermission => Self::DatabasePermission(error),
            Class::Overflow => Self::Overflow("a sum".into()),
            Class::Other => Self::Database(error),
        }
    }
}

/// Why the database broke off what failed with this error; none where asking again would bring the same.
pub(super) fn interruption(error: &Error) -> Option<Interruption> {
    match error {
        Error::Unavailable(cause) | Error::Interrupted(cause) => match class(cause) {
            Class::Interrupted(why) => Some(why),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a connection that reported this must not be used again, though it is open.
pub(super) fn leaves_unfit(error: &sqlx::Error) -> bool {
    of_driver(error) == Class::Interrupted(Interruption::Stale)
}

/// Whether the database itself has said so.
pub(crate) fn is_of_database(error: &DbErr) -> bool {
    matches!(cause(error), Some(sqlx::Error::Database(_)))
}

fn cause(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause))
        | DbErr::Conn(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}

fn class(error: &DbErr) -> Class {
    match (error, cause(error)) {
        // Whatever the reason is that there is no connection.
        (DbErr::ConnectionAcquire(_) | DbErr::Conn(_), None) => Class::Unavailable,
        (DbErr::Conn(_), Some(cause)) => match of_driver(cause) {
            Class::Overloaded => Class::Overloaded,
            _ => Class::Unavailable,
        },
        (_, Some(cause)) => of_driver(cause),
        (_, None) => Class::Other,
    }
}

fn of_driver(error: &sqlx::Error) -> Class {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => Class::Interrupted(Interruption::Lost),
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Class::Unavailable,
        // What the driver makes of a connection that ends while it is opened.
        sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) => Class::Unavailable,
        sqlx::Error::Database(error) => {
            if let Some(error) = error.try_downcast_ref::<PgDatabaseError>() {
                postgres::errors::classify(error.code(), error.routine())
            } else if let Some(error) = error.try_downcast_ref::<SqliteError>() {
                let code = sqlx::error::DatabaseError::code(error);
                let code = code.and_then(|code| code.parse().ok()).unwrap_or_default();
                sqlite::errors::classify(code, sqlx::error::DatabaseError::message(error))
            } else {
                Class::Other
            }
        }
        _ => Class::Other,
    }
}
