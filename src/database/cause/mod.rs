//! Why a database cannot be reached or asked, in words of our own: a driver's may quote secrets.

mod tls;
mod words;

pub use words::Cause;

use super::{postgres, sqlite};
use sea_orm::sqlx::postgres::PgDatabaseError;
use sea_orm::sqlx::sqlite::SqliteError;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, sqlx};
use std::io;
use tls::of_tls;

impl Cause {
    /// What an error of the driver means.
    pub fn of(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Io(error) => Self::of_io(error),
            sqlx::Error::Tls(error) => of_tls(&**error).unwrap_or(Self::Tls),
            sqlx::Error::PoolTimedOut => Self::PoolBusy,
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => Self::Closed,
            // What the driver makes of a connection that ends, or does not speak PostgreSQL, while it is opened.
            sqlx::Error::Protocol(_) => Self::Closed,
            sqlx::Error::Database(error) => {
                if let Some(error) = error.try_downcast_ref::<PgDatabaseError>() {
                    postgres::errors::cause(error.code(), error.message())
                } else if error.try_downcast_ref::<SqliteError>().is_some() {
                    sqlite::errors::cause(&error.code().unwrap_or_default(), error.message())
                } else {
                    Self::Other
                }
            }
            _ => Self::Other,
        }
    }

    fn of_io(error: &io::Error) -> Self {
        if let Some(cause) = error.get_ref().and_then(|inner| of_tls(inner)) {
            return cause;
        }
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Self::Refused,
            io::ErrorKind::TimedOut => Self::TimedOut,
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable | io::ErrorKind::AddrNotAvailable => {
                Self::Unreachable
            }
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof
            | io::ErrorKind::NotConnected => Self::Closed,
            io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => Self::Socket,
            io::ErrorKind::StorageFull => Self::Disk,
            // The system's resolver has no kind of its own.
            _ if error.to_string().starts_with("failed to lookup address") => Self::UnknownHost,
            _ => Self::Other,
        }
    }
}

impl From<&DbErr> for Cause {
    fn from(error: &DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => Self::PoolBusy,
            DbErr::ConnectionAcquire(_) => Self::Closed,
            DbErr::Conn(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause)) => Self::of(cause),
            // Our own: nothing came within the time that is allowed.
            DbErr::Conn(RuntimeErr::Internal(_)) => Self::TimedOut,
            _ => Self::Other,
        }
    }
}
