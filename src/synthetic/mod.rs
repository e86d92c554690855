//! Made-up data in a database: `crm-kpi demo` and `crm-kpi generate`.
//!
//! The rows come from the crate `crm-kpi-synthetic`, which knows no database. A build without the feature `synthetic` has
//! neither the crate nor the two commands.

mod fill;
mod suggestions;

use chrono::{DateTime, NaiveDate, Utc};

pub use crm_kpi_synthetic::Options;
pub use fill::{FillError, Filled, fill};
pub use suggestions::suggestions;

/// The last day that is over: what is made up until then lies in the past.
pub fn yesterday(now: DateTime<Utc>) -> NaiveDate {
    let today = now.date_naive();
    today.pred_opt().unwrap_or(today)
}
