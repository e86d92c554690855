//! What values were meant to be: targets of reps, of teams and of the company.

mod reader;
mod resolve;
mod statement;
mod values;

pub(crate) use reader::TargetReader;
pub(crate) use values::Targets;
