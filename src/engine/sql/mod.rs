//! A plan's scans as SQL: one SELECT each.

mod axis;
mod belonging;
mod buckets;
mod moment;
mod needs;
mod pieces;
mod row_layout;
#[cfg(test)]
mod sizes;
mod statement;
mod teams;
mod times;
mod writer;

pub(crate) use axis::edges;
pub(crate) use buckets::Buckets;
pub(crate) use moment::day_of_number;
pub(crate) use needs::needs_met;
pub(crate) use row_layout::RowLayout;
pub(crate) use statement::{Context, ScanStatement, statements};
pub(crate) use teams::TeamRows;
pub(crate) use writer::Writer;
