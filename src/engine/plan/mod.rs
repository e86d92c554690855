//! What it takes to answer a question: its measures, the scans that bring them, and the formulas over them.

mod formula;
mod measures;
mod passes;
mod scans;

pub(crate) use formula::{Computation, Term};
pub(crate) use measures::{Plan, Planned};
pub(crate) use passes::Pass;
pub(crate) use scans::{Counts, Part, Scan};
