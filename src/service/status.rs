use crate::error::{Error, Violation};
use std::collections::HashMap;
use std::error::Error as _;
use std::time::Duration;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

/// The domain of every error's `google.rpc.ErrorInfo`.
pub const DOMAIN: &str = "crm.kpi.v1";

/// When a failed call may be tried again.
const RETRY: Duration = Duration::from_secs(1);

/// Bytes of violations that a status holds, and characters of its message: clients accept 8 KiB of metadata, and
/// details travel in base64.
const MAX_VIOLATION_BYTES: usize = 3_600;
const MAX_MESSAGE_CHARS: usize = 600;

/// The reason of an error, as callers test it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason(&'static str, Code);

impl Reason {
    /// What `google.rpc.ErrorInfo` says.
    pub fn name(self) -> &'static str {
        self.0
    }

    fn of(error: &Error) -> Self {
        match error {
            Error::Invalid(_) => Self("INVALID_REQUEST", Code::InvalidArgument),
            Error::InvalidToken { .. } => Self("INVALID_TOKEN", Code::InvalidArgument),
            Error::SchemaNotReady(_) => Self("SCHEMA_NOT_READY", Code::FailedPrecondition),
            Error::MissingRate { .. } => Self("MISSING_EXCHANGE_RATE", Code::FailedPrecondition),
            Error::DataChanged => Self("DATA_VERSION_CHANGED", Code::Aborted),
            Error::TooLarge(_) => Self("ANSWER_TOO_LARGE", Code::ResourceExhausted),
            Error::Overflow(_) => Self("NUMERIC_OVERFLOW", Code::OutOfRange),
            Error::Unavailable(_) => Self("DATABASE_UNAVAILABLE", Code::Unavailable),
            Error::Unauthenticated(_) => Self("UNAUTHENTICATED", Code::Unauthenticated),
            Error::PermissionDenied(_) => Self("PERMISSION_DENIED", Code::PermissionDenied),
            Error::KeysUnavailable => Self("KEYS_UNAVAILABLE", Code::Unavailable),
            Error::DeadlineExceeded => Self("DEADLINE_EXCEEDED", Code::DeadlineExceeded),
            Error::TooManyQueries => Self("TOO_MANY_QUERIES", Code::ResourceExhausted),
            Error::TooManyConnections => Self("TOO_MANY_CONNECTIONS", Code::Unavailable),
            Error::RequestTooLarge => Self("REQUEST_TOO_LARGE", Code::ResourceExhausted),
            Error::SlowReader => Self("SLOW_READER", Code::ResourceExhausted),
            Error::ShuttingDown => Self("SHUTTING_DOWN", Code::Unavailable),
            Error::BadStoredData(_) => Self("BAD_STORED_DATA", Code::Internal),
            Error::Database(_) => Self("DATABASE_ERROR", Code::Internal),
            Error::Internal(_) => Self("INTERNAL_ERROR", Code::Internal),
        }
    }
}

/// The status that a caller gets, which never holds SQL or a driver's text; those are logged here, once.
pub fn to_status(error: Error, rpc: &str) -> Status {
    let Reason(reason, code) = Reason::of(&error);
    log(&error, reason, rpc);
    let mut details = ErrorDetails::new();
    let mut metadata = HashMap::new();
    let mut message = error.to_string();
    match error {
        Error::Invalid(violations) => add(&mut details, &violations),
        Error::InvalidToken { field, reason } => add(&mut details, &[Violation { field, description: reason }]),
        Error::MissingRate { currency, into, day } => {
            let pairs = [("currency", currency), ("into", into), ("day", day.to_string())];
            metadata.extend(pairs.map(|(name, value)| (name.to_owned(), value)));
        }
        Error::Unavailable(_)
        | Error::KeysUnavailable
        | Error::ShuttingDown
        | Error::TooManyQueries
        | Error::TooManyConnections
        | Error::SlowReader => {
            details.set_retry_info(Some(RETRY));
        }
        Error::Internal(_) => message = "internal error".into(),
        Error::BadStoredData(_) => message = "a stored value is not what its column promises: see the log".into(),
        _ => {}
    }
    if message.chars().nth(MAX_MESSAGE_CHARS).is_some() {
        message = message.chars().take(MAX_MESSAGE_CHARS).chain(['…']).collect();
    }
    details.set_error_info(reason, DOMAIN, metadata);
    Status::with_error_details(code, message, details)
}

/// Adds as many violations as there is room for, and says how many there are beside them.
fn add(details: &mut ErrorDetails, violations: &[Violation]) {
    let mut bytes = 0;
    for (i, violation) in violations.iter().enumerate() {
        bytes += violation.field.len() + violation.description.len();
        if i > 0 && bytes > MAX_VIOLATION_BYTES {
            let more = violations.len() - i;
            details.add_bad_request_violation(
                violation.field.as_str(),
                format!("and {more} more violations from here on"),
            );
            return;
        }
        details.add_bad_request_violation(violation.field.as_str(), violation.description.as_str());
    }
}

/// What a caller does wrong is told to the caller; values stay out of the log.
fn log(error: &Error, reason: &str, rpc: &str) {
    match error {
        Error::Invalid(violations) => {
            let field = violations.first().map(|violation| violation.field.as_str());
            tracing::info!(rpc, reason, violations = violations.len(), field, "refused");
        }
        Error::InvalidToken { .. }
        | Error::DataChanged
        | Error::MissingRate { .. }
        | Error::TooLarge(_)
        | Error::RequestTooLarge
        | Error::Overflow(_) => {
            tracing::info!(rpc, reason, "refused");
        }
        Error::Unauthenticated(cause) | Error::PermissionDenied(cause) => {
            tracing::info!(rpc, reason, cause, "refused");
        }
        Error::KeysUnavailable => tracing::warn!(rpc, reason, "failed"),
        Error::ShuttingDown | Error::DeadlineExceeded | Error::SlowReader => tracing::info!(rpc, reason, "ended"),
        Error::TooManyQueries | Error::TooManyConnections => tracing::warn!(rpc, reason, "refused"),
        Error::SchemaNotReady(_) | Error::Unavailable(_) => {
            tracing::warn!(rpc, reason, cause = error.source(), "failed");
        }
        Error::BadStoredData(cause) | Error::Internal(cause) => tracing::error!(rpc, reason, cause, "failed"),
        Error::Database(_) => tracing::error!(rpc, reason, cause = error.source(), "failed"),
    }
}
