//! Makes answers of what was read: groups, values and what these are beside, row by row.

mod breakdown;
mod context;
mod engine;
mod evaluate;
mod execution;
mod explain;
mod groups;
mod rows;
mod standings;
mod totals;

pub use engine::Engine;
pub use explain::{ExplainedPass, ExplainedScan, Purpose, explain};
