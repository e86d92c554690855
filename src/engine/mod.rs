//! Answers questions: plans the fewest scans, runs them in one snapshot, evaluates the formulas.

/// One question in one snapshot.
mod ask;
/// Time axes as SQL.
mod axis;
/// What values are read beside: an earlier period, targets, all groups.
mod beside;
/// A breakdown by rep, page by page.
mod breakdown;
/// The figures of one measure.
mod cells;
/// From measures to figures that people read.
mod evaluate;
/// The integers that scans bring.
mod figures;
/// Groups: which are kept, their order, their rows.
mod groups;
/// The values of dimensions and their labels.
mod members;
/// Stretches of time, cut where buckets and exchange rates change.
mod pieces;
/// Which measures a question needs, and the fewest scans that bring them.
mod plan;
mod question;
/// Exchange rates.
mod rates;
/// The figures of a question over one timeline.
mod reader;
mod result;
mod run;
/// Runs a scan.
mod scan;
/// What a caller may see, as SQL.
mod scope;
/// How long statements are.
#[cfg(test)]
mod sizes;
/// The catalogue's words as SQL.
mod sql;
/// The statement of a scan.
mod statement;
/// What a question depends on.
mod tables;
/// What values were meant to be.
mod targets;

pub use question::{Filter, Order, OrderKey, Question, Scope, Test};
pub use result::{Answer, Attainment, Beside, Column, Key, NullReason, Rank, Row, Standing, Value};
pub use run::{Engine, Page, Place, Sink};
pub(crate) use scope::TEAM_PATHS;
