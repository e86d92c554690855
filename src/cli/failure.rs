use crate::config::{ConfigError, redact};
use crate::database::{Cause, ConnectError, UnsupportedDatabase};
use crate::error::Error;
use crate::server::StartError;
use crate::server::telemetry::TelemetryError;
use sea_orm::DbErr;
use std::error::Error as _;
use std::fmt::{Display, Write};
use tonic::{Code, Status};
use tonic_types::StatusExt;

/// Why a command failed, and what to do about it: text for a person.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failure(String, Told);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// On standard error.
    Aloud,
    /// Not at all: nobody reads what the command prints.
    Not,
}

impl Failure {
    /// A failure in one line.
    pub fn new(message: impl Display) -> Self {
        Self(message.to_string(), Told::Aloud)
    }

    /// Adds a line that says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Display) -> Self {
        let _ = write!(self.0, "\n{hint}");
        self
    }

    /// Whoever read the output has gone. The command ends without a word.
    pub fn not_read() -> Self {
        Self("nobody reads the output".into(), Told::Not)
    }

    /// Whether it is no failure to tell about: nobody reads the output any more.
    pub fn is_not_read(&self) -> bool {
        self.1 == Told::Not
    }

    /// The service could not be reached.
    pub fn not_reached(endpoint: &str) -> Self {
        Self::new(format_args!("cannot reach {}", redact(endpoint)))
            .hint("Is the service running? Start it with: crm-kpi demo (or serve)")
    }
}

/// What an error began with.
pub(super) fn innermost<'a>(mut error: &'a (dyn std::error::Error + 'static)) -> impl Display + 'a {
    while let Some(source) = error.source() {
        error = source;
    }
    error
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::new(error).hint("Every setting with its default: crm-kpi config default")
    }
}

impl From<TelemetryError> for Failure {
    fn from(error: TelemetryError) -> Self {
        Self::new(error)
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        let failure = Self::new(&error);
        if error.is_about_a_file() {
            return failure.hint("Is the file there? `crm-kpi migrate up` makes one, `crm-kpi demo` one with data");
        }
        failure
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Database(error) => error.into(),
            StartError::Listen { .. } => {
                Self::new(error).hint("Take another address with --listen, such as 127.0.0.1:0")
            }
            _ => Self::new(error),
        }
    }
}

impl From<UnsupportedDatabase> for Failure {
    fn from(error: UnsupportedDatabase) -> Self {
        Self::new(error)
    }
}

impl From<DbErr> for Failure {
    fn from(error: DbErr) -> Self {
        // The driver's words are of use where a statement failed; those about connections and URLs are not its to say.
        let detail = match Cause::from(&error) {
            Cause::Code(_) | Cause::Other if !matches!(error, DbErr::Conn(_)) => {
                redact(&error.to_string()).into_owned()
            }
            cause => cause.to_string(),
        };
        Self::new(Error::from(error)).hint(detail)
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        let violations = status.get_details_bad_request().map(|request| request.field_violations).unwrap_or_default();
        let mut failure = match violations.as_slice() {
            [] => Self::new(status.message()),
            _ => Self::new("the service refused the query"),
        };
        for violation in violations {
            failure = failure.hint(format_args!("  {}: {}", violation.field, violation.description));
        }
        // The message may have room for a part of them only.
        for violation in status.get_details_precondition_failure().map(|of| of.violations).unwrap_or_default() {
            failure = failure.hint(format_args!("  {} {}", violation.subject, violation.description));
        }
        if let Some(source) = status.source() {
            failure = failure.hint(format_args!("Cause: {}", innermost(source)));
        }
        match status.code() {
            Code::InvalidArgument | Code::Unimplemented => failure.hint("KPIs and dimensions: crm-kpi catalog"),
            Code::Unauthenticated => failure.hint("Say who asks: --token-file FILE, or the token in CRM_KPI_TOKEN"),
            Code::Unavailable => failure.hint("Try again in a moment"),
            Code::Internal | Code::Unknown if status.get_details_error_info().is_none() => {
                failure.hint("Is that this service? Does it speak TLS (https://), or does it not (http://)?")
            }
            Code::Internal => failure.hint("The service's log says more"),
            _ => failure,
        }
    }
}
