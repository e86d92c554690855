//! Reads what a question asks for from a snapshot: the integers of its measures, targets, and the values of dimensions.

mod cells;
mod figures;
mod group;
mod lost;
mod members;
mod rates;
mod reader;
mod sorter;
mod sources;
mod targets;
mod teller;
mod things;
mod totals;

pub(crate) use figures::{Figures, fine_decimals};
pub(crate) use group::GroupKey;
pub(crate) use members::{Labels, Listing, labels, levels, list, next_reps};
pub(crate) use reader::Reader;
pub(crate) use sources::Sources;
pub(crate) use targets::{Aim, TargetReader, Targets};
