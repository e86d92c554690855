//! Checks the CRM's records against the rules of data quality: counts what breaks them and lists it record by record.
//!
//! A rule is a declaration: a law, and for every table that it is about a condition over the record, what it refers to
//! and its neighbours. A new rule needs no new query.

/// Records that break rules, each once.
mod counted;
mod finding;
mod inspection;
/// What a rule is made of.
mod rule;
/// The rules.
mod rules;
mod run;
/// Texts that are spelled in several ways.
mod spelled;
/// Checks as SQL.
mod sql;
/// What rules say of records: values, and the conditions on them.
mod terms;

pub use finding::{Finding, KeyPart};
pub use inspection::Inspection;
pub use rule::{Rule, Severity};
pub use run::{News, Quality};
