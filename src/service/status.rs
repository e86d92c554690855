use super::percent;
use crate::error::{CallerLimit, Error, Violation};
use std::collections::HashMap;
use std::error::Error as _;
use std::time::Duration;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

/// The domain of every error's `google.rpc.ErrorInfo`.
pub const DOMAIN: &str = "crm.kpi.v1";

/// When a failed call may be tried again.
const RETRY: Duration = Duration::from_secs(1);

/// Bytes of an answer's head beside the message and the details of its status: the other headers (the id of the request has
/// up to 128 bytes), the names, and 32 bytes a header (RFC 9113, 10.5.1).
const OTHER_HEADERS: usize = 640;

/// Characters of a value in the metadata of `google.rpc.ErrorInfo`.
const MAX_VALUE: usize = 64;

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
            Error::SchemaNotReady(_) | Error::WrongSchema { .. } => Self("SCHEMA_NOT_READY", Code::FailedPrecondition),
            Error::DatabasePermission(_) => Self("DATABASE_PERMISSION", Code::FailedPrecondition),
            Error::MissingRate { .. } => Self("MISSING_EXCHANGE_RATE", Code::FailedPrecondition),
            Error::DataChanged => Self("DATA_VERSION_CHANGED", Code::Aborted),
            Error::TooLarge(_) => Self("ANSWER_TOO_LARGE", Code::ResourceExhausted),
            Error::Overflow(_) => Self("NUMERIC_OVERFLOW", Code::OutOfRange),
            Error::Unavailable(_) => Self("DATABASE_UNAVAILABLE", Code::Unavailable),
            Error::Interrupted(_) => Self("DATABASE_INTERRUPTED", Code::Unavailable),
            Error::DatabaseOverloaded(_) => Self("DATABASE_OVERLOADED", Code::ResourceExhausted),
            Error::PoolExhausted => Self("POOL_EXHAUSTED", Code::ResourceExhausted),
            Error::Unauthenticated(_) => Self("UNAUTHENTICATED", Code::Unauthenticated),
            Error::PermissionDenied(_) => Self("PERMISSION_DENIED", Code::PermissionDenied),
            Error::KeysUnavailable => Self("KEYS_UNAVAILABLE", Code::Unavailable),
            Error::DeadlineExceeded => Self("DEADLINE_EXCEEDED", Code::DeadlineExceeded),
            Error::TooManyQueries => Self("TOO_MANY_QUERIES", Code::ResourceExhausted),
            Error::MemoryLimit { .. } => Self("MEMORY_LIMIT", Code::ResourceExhausted),
            Error::CallerLimit(_) => Self("CALLER_LIMIT", Code::ResourceExhausted),
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

/// The status that a caller gets, which never holds SQL or a driver's text; those are logged here, once. With the other
/// headers of an answer that has nothing else it stays within `max_bytes` as it travels, escaped and in base64: proxies and
/// clients drop larger ones and the status with them.
pub fn to_status(error: Error, rpc: &str, max_bytes: usize) -> Status {
    let Reason(reason, code) = Reason::of(&error);
    log(&error, reason, rpc);
    let room = max_bytes.saturating_sub(OTHER_HEADERS);
    let mut details = ErrorDetails::new();
    let mut metadata = HashMap::new();
    let message = match &error {
        Error::Invalid(violations) => listed(violations, room / 4),
        Error::Internal(_) => "internal error".into(),
        Error::BadStoredData(_) => "a stored value is not what its column promises: see the log".into(),
        other => percent::cut(&other.to_string(), room / 4),
    };
    let mut violations = Vec::new();
    match error {
        Error::Invalid(all) | Error::WrongSchema { misfits: all, .. } => violations = all,
        Error::InvalidToken { field, reason } => violations.push(Violation { field, description: reason }),
        Error::MissingRate { currency, into, day } => {
            let pairs = [("currency", currency), ("into", into), ("day", day.to_string())];
            let short = |value: String| value.chars().take(MAX_VALUE).collect();
            metadata.extend(pairs.map(|(name, value)| (name.to_owned(), short(value))));
        }
        Error::Unavailable(_)
        | Error::Interrupted(_)
        | Error::DatabaseOverloaded(_)
        | Error::PoolExhausted
        | Error::KeysUnavailable
        | Error::ShuttingDown
        | Error::TooManyQueries
        | Error::MemoryLimit { retry: true }
        | Error::TooManyConnections
        | Error::SlowReader => {
            details.set_retry_info(Some(RETRY));
        }
        Error::CallerLimit(CallerLimit { limit, wait }) => {
            metadata.insert("limit".to_owned(), limit.to_owned());
            details.set_retry_info(Some(wait));
        }
        _ => {}
    }
    details.set_error_info(reason, DOMAIN, metadata);
    let room = room.saturating_sub(percent::encoded_len(&message));
    with_violations(code, &message, details, &violations, room)
}

/// A message that begins with the violations that fit so many bytes, as they travel, and says how many do not.
fn listed(violations: &[Violation], room: usize) -> String {
    let mut message = "invalid request: ".to_owned();
    for (i, Violation { field, description }) in violations.iter().enumerate() {
        let separator = if i == 0 { "" } else { "; " };
        let left = violations.len() - i;
        let rest = format!("{separator}and {left} more");
        let next = format!("{separator}{field}: {description}");
        let needed = [message.as_str(), &next, if left > 1 { &rest } else { "" }];
        if needed.map(percent::encoded_len).iter().sum::<usize>() > room {
            match i {
                0 => message.push_str(&percent::cut(&next, room.saturating_sub(message.len() + rest.len()))),
                _ => {
                    message.push_str(&rest);
                    return message;
                }
            }
        } else {
            message.push_str(&next);
        }
    }
    message
}

/// A status with as many violations as fit so many bytes of details in base64, the last of them saying how many do not.
fn with_violations(code: Code, message: &str, details: ErrorDetails, violations: &[Violation], room: usize) -> Status {
    // More than fit in any case: every one takes some bytes.
    let mut shown = violations.len().min(room / 8);
    loop {
        let mut details = details.clone();
        let mut add = |field: String, description: String| {
            match code {
                Code::FailedPrecondition => details.add_precondition_failure_violation("SCHEMA", field, description),
                _ => details.add_bad_request_violation(field, description),
            };
        };
        for violation in &violations[..shown] {
            add(violation.field.clone(), violation.description.clone());
        }
        if let Some(first_left_out) = violations.get(shown) {
            let left = violations.len() - shown;
            let text = match shown {
                0 if left == 1 => percent::cut(&first_left_out.description, room / 4),
                _ => format!("and {left} more violations from here on"),
            };
            add(percent::cut(&first_left_out.field, room / 8), text);
        }
        let status = Status::with_error_details(code, message, details);
        let travels = status.details().len().div_ceil(3) * 4;
        if travels <= room || shown == 0 {
            return status;
        }
        // By as much as it is too large, so that few tries are needed.
        shown = (shown * room / travels).min(shown - 1);
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
        Error::CallerLimit(CallerLimit { limit, .. }) => tracing::warn!(rpc, reason, limit, "refused"),
        Error::TooManyQueries | Error::MemoryLimit { .. } | Error::TooManyConnections | Error::PoolExhausted => {
            tracing::warn!(rpc, reason, "refused")
        }
        // What does not fit is logged where it is found.
        Error::WrongSchema { misfits, .. } => tracing::warn!(rpc, reason, misfits = misfits.len(), "failed"),
        Error::SchemaNotReady(_)
        | Error::DatabasePermission(_)
        | Error::Unavailable(_)
        | Error::Interrupted(_)
        | Error::DatabaseOverloaded(_) => {
            tracing::warn!(rpc, reason, cause = error.source(), "failed");
        }
        Error::BadStoredData(cause) | Error::Internal(cause) => tracing::error!(rpc, reason, cause, "failed"),
        Error::Database(_) => tracing::error!(rpc, reason, cause = error.source(), "failed"),
    }
}
