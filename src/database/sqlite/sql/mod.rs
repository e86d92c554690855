//! SQLite's SQL.

mod buckets;
mod grid;
mod lookup;
mod side;
mod times;
mod values;

use chrono::{DateTime, SecondsFormat, Utc};

/// Writes SQL as SQLite reads it.
#[derive(Clone, Copy, Debug)]
pub struct SqliteSql;

/// Up to so many values SQLite is fastest with each of them in the statement, and not all of them in one parameter.
const FEW: usize = 64;

/// An instant as it is stored.
fn text(at: &DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, false)
}
