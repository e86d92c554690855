//! Turns the lines of the files into rows of the tables, and collects what is wrong with them. Writes nothing.

mod cell;
mod laws;
mod row;
mod tables;

pub use cell::Value;
pub use tables::{Row, Rows, Stored, read};
