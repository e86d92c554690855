//! What an error says.

use crm_kpi::service::DOMAIN;
use tonic::{Code, Status};
use tonic_types::StatusExt;

/// An error as a client reads it.
#[derive(Debug)]
pub struct Refusal {
    pub code: Code,
    pub reason: String,
    /// Fields and descriptions, in their order.
    pub violations: Vec<(String, String)>,
    pub retryable: bool,
    pub message: String,
}

impl Refusal {
    /// Reads a status, whose domain must be the service's.
    pub fn of(status: &Status) -> Self {
        let details = status.get_error_details();
        let info = details.error_info().unwrap_or_else(|| panic!("no ErrorInfo in {status:?}"));
        assert_eq!(info.domain, DOMAIN);
        for secret in ["SELECT", "sqlx", "sqlite3", "relation \""] {
            assert!(!status.message().contains(secret), "{status:?}");
        }
        let violations = details.bad_request().map(|bad| bad.field_violations.clone()).unwrap_or_default();
        Self {
            code: status.code(),
            reason: info.reason.clone(),
            violations: violations.into_iter().map(|violation| (violation.field, violation.description)).collect(),
            retryable: details.retry_info().is_some(),
            message: status.message().to_owned(),
        }
    }

    /// Checks everything: fields in their order, each with a part of its description.
    pub fn must_be(&self, code: Code, reason: &str, violations: &[(&str, &str)]) {
        assert_eq!((self.code, self.reason.as_str()), (code, reason), "{self:#?}");
        let fields: Vec<_> = self.violations.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, violations.iter().map(|(field, _)| *field).collect::<Vec<_>>(), "{self:#?}");
        for ((field, description), (_, part)) in self.violations.iter().zip(violations) {
            assert!(description.contains(part), "{field}: {part:?} is not in {description:?}");
        }
    }
}
