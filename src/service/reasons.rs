use crate::database::Cause;
use crate::error::Error;
use std::fmt::{self, Display};
use tokio::sync::watch;

/// Why the service is not ready, in words for an operator and without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The database cannot be reached or asked.
    Database(Cause),
    /// The tables are not those that are needed, or something else that a sentence tells.
    Sentence(String),
}

impl Reason {
    /// What an error means to an operator.
    pub(super) fn of(error: &Error) -> Self {
        match (error, error.cause_of_database()) {
            (Error::PoolExhausted, _) => Self::Database(Cause::PoolBusy),
            // It says itself which tables are missing.
            (Error::SchemaNotReady(_), _) | (_, None) => Self::Sentence(error.to_string()),
            (_, Some(cause)) => Self::Database(Cause::from(cause)),
        }
    }

    /// One word for the log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Database(cause) => cause.name(),
            Self::Sentence(_) => "not_ready",
        }
    }
}

impl Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(cause) => write!(f, "the database cannot be asked: {cause}"),
            Self::Sentence(text) => f.write_str(text),
        }
    }
}

/// Why the service is not ready now. Each reason is logged when it appears.
#[derive(Debug)]
pub(super) struct Reasons(watch::Sender<Option<Reason>>);

impl Default for Reasons {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl Reasons {
    /// What is so from now on; None: it is ready.
    pub fn set(&self, reason: Option<Reason>) {
        self.0.send_if_modified(|now| {
            if *now == reason {
                return false;
            }
            match &reason {
                Some(reason) => tracing::warn!(reason = reason.name(), "not ready: {reason}"),
                None => tracing::info!("the database can be asked again"),
            }
            *now = reason;
            true
        });
    }

    /// Why it is not ready.
    pub fn now(&self) -> Option<Reason> {
        self.0.borrow().clone()
    }
}
