//! What can go wrong with a question, as callers need to know it.

use chrono::NaiveDate;
use sea_orm::DbErr;
use std::time::Duration;

/// A field of a request that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The full path of the field, such as `query.filters[0].any_of`.
    pub field: String,
    /// What is wrong and what to write instead.
    pub description: String,
}

/// What one caller may have of what is there for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many concurrent requests from this caller ({limit}): try again, or send fewer at a time")]
pub struct CallerLimit {
    /// The setting that says how much it may have.
    pub limit: &'static str,
    /// When to try again.
    pub wait: Duration,
}

/// Why a question was not answered.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The request breaks rules: all of them.
    #[error("invalid request: {}", list(.0))]
    Invalid(Vec<Violation>),
    /// A page or resume token that was not made for this request.
    #[error("invalid token in {field}: {reason}")]
    InvalidToken {
        /// The path of the token's field.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The data are not those that a page or resume token was made from.
    #[error("the data changed since the token was made: start over without it")]
    DataChanged,
    /// Tables are missing.
    #[error("the database is not ready: run `crm-kpi migrate up`")]
    SchemaNotReady(#[source] Option<DbErr>),
    /// Tables or columns are missing or of another type: all of them, each with what to do.
    #[error("the database is not ready: {}", misfits_in(schema.as_deref(), misfits))]
    WrongSchema {
        /// Where they were looked for (PostgreSQL).
        schema: Option<String>,
        /// Tables (`orders`) and columns (`orders.amount_minor`).
        misfits: Vec<Violation>,
    },
    /// Amounts of a currency that cannot be converted into the one answered in.
    #[error(
        "no exchange rate from {currency} to {into} on {day}: store one in exchange_rates, or leave out \
         currency_code and filter or group by the dimension \"currency\"; `crm-kpi check` lists such amounts"
    )]
    MissingRate {
        /// The currency of the amounts.
        currency: String,
        /// The currency answered in.
        into: String,
        /// The day whose rate is missing: the first one.
        day: NaiveDate,
    },
    /// A figure is too large.
    #[error("a figure of {0} is out of range")]
    Overflow(String),
    /// The service may not read a table.
    #[error(
        "the service has no permission to read a table in the database: whoever operates it must grant that (the log names \
         the table)"
    )]
    DatabasePermission(#[source] DbErr),
    /// The database cannot be reached.
    #[error("the database is not available")]
    Unavailable(#[source] DbErr),
    /// The database broke off the question, twice, though nothing is wrong with it.
    #[error("the database interrupted the query: try again")]
    Interrupted(#[source] DbErr),
    /// The database answers, but has no room: connections, memory or disk.
    #[error("the database has no room for more work: try again")]
    DatabaseOverloaded(#[source] DbErr),
    /// No connection to the database was free in time; the database is there.
    #[error("all connections to the database are in use: try again")]
    PoolExhausted,
    /// Nothing says who calls, or what says it does not hold: why, without a word of the secret.
    #[error("{0}")]
    Unauthenticated(String),
    /// The caller is known but may not do this: why.
    #[error("{0}")]
    PermissionDenied(String),
    /// The keys that callers' tokens are checked by were never had yet.
    #[error("the keys for verifying tokens have not been fetched yet")]
    KeysUnavailable,
    /// The call's time is over.
    #[error("deadline exceeded: ask for less, or allow more time (grpc-timeout)")]
    DeadlineExceeded,
    /// There are too many questions already.
    #[error("too many concurrent queries: try again")]
    TooManyQueries,
    /// There is no memory for it.
    #[error("{}", no_memory(*retry))]
    MemoryLimit {
        /// Others have it now; otherwise the question alone needs more than there is.
        retry: bool,
    },
    /// The caller has, or wants, more than its share.
    #[error("{0}")]
    CallerLimit(CallerLimit),
    /// There are too many connections already.
    #[error("too many connections: try again, or share one between calls")]
    TooManyConnections,
    /// A request is too large.
    #[error("the request is larger than limits.request_bytes allows")]
    RequestTooLarge,
    /// The caller of a stream has not read for too long.
    #[error("the stream was not read in time: its last resume token continues it")]
    SlowReader,
    /// The service is stopping.
    #[error("the service is shutting down")]
    ShuttingDown,
    /// A stored value is not what its column promises.
    #[error("bad stored data: {0}")]
    BadStoredData(String),
    /// The answer has too many figures to be held at once.
    #[error(
        "the answer has more than {0} figures (groups × buckets × measures): filter, group by fewer dimensions, or take a \
         coarser grain or a shorter period"
    )]
    TooLarge(usize),
    /// Anything else that the database reports.
    #[error("database error")]
    Database(#[source] DbErr),
    /// A fault of the service itself.
    #[error("internal error")]
    Internal(String),
}

impl Error {
    /// What the database or its driver has said, where that is the cause.
    pub fn cause_of_database(&self) -> Option<&DbErr> {
        match self {
            Self::SchemaNotReady(cause) => cause.as_ref(),
            Self::DatabasePermission(cause)
            | Self::Unavailable(cause)
            | Self::Interrupted(cause)
            | Self::DatabaseOverloaded(cause)
            | Self::Database(cause) => Some(cause),
            _ => None,
        }
    }
}

/// An answer or why there is none.
pub type Result<T, E = Error> = std::result::Result<T, E>;

fn misfits_in(schema: Option<&str>, misfits: &[Violation]) -> String {
    let place = schema.map(|schema| format!(" in the schema {schema}")).unwrap_or_default();
    let each = misfits.iter().map(|misfit| format!("{} {}", misfit.field, misfit.description)).collect::<Vec<_>>();
    format!("{} tables or columns{place} do not fit: {}", misfits.len(), each.join("; "))
}

fn no_memory(retry: bool) -> &'static str {
    match retry {
        true => "other questions have the memory that this one needs: try again, or ask for less",
        false => {
            "the answer takes more memory than there is (limits.memory): filter, group by fewer dimensions, or take a coarser \
             grain or a shorter period"
        }
    }
}

fn list(violations: &[Violation]) -> String {
    violations.iter().map(|v| format!("{}: {}", v.field, v.description)).collect::<Vec<_>>().join("; ")
}
