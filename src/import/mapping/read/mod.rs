//! Turns the lines of the files into rows of the tables, and collects what is wrong with them. Writes nothing.

mod cell;
mod joined;
mod laws;
mod lookups;
mod merge;
mod order;
mod reader;
mod row;
mod rows;
mod tables;
mod test;

pub use lookups::wanted;
pub use rows::{Gone, Rows, Stored};
pub use tables::read;
