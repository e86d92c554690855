//! PostgreSQL's SQL.

mod buckets;
mod times;
mod values;

/// Writes SQL as PostgreSQL reads it.
#[derive(Clone, Copy, Debug)]
pub struct PostgresSql;
