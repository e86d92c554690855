//! What values were meant to be: targets of reps, of teams and of the company, of all that they do or of a member of a
//! dimension.

mod employment;
mod reader;
mod resolve;
mod statement;
mod subject;
mod values;

pub(crate) use reader::TargetReader;
pub(crate) use values::{Aim, Targets};
