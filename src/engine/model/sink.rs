//! Where the rows of an answer go.

use super::result::Row;
use crate::error::Result;
use crate::memory::{Held, Lease};
use std::ops::Deref;

/// A row's place in the total order of a breakdown: what a stream that was cut off goes on behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The ids of the row's keys.
    pub keys: Vec<String>,
    /// The row's bucket.
    pub bucket: usize,
    /// Rows up to and with this one.
    pub rows: u64,
}

/// Takes the rows of an answer as they are worked out.
pub trait Sink: Send {
    /// There are so many rows.
    fn begin(&mut self, rows: usize);
    /// The place of the row that is wanted next, where `next` is the one in order; none: no more are.
    fn wants(&mut self, next: usize) -> Option<usize>;
    /// Takes a row.
    fn row(&mut self, row: &Row) -> Result<()>;
}

impl Sink for Vec<Row> {
    fn begin(&mut self, _: usize) {}

    fn wants(&mut self, next: usize) -> Option<usize> {
        Some(next)
    }

    fn row(&mut self, row: &Row) -> Result<()> {
        self.push(row.clone());
        Ok(())
    }
}

/// Some rows of a breakdown, and the memory that they take.
#[derive(Debug)]
pub struct Page {
    rows: Vec<Row>,
    held: Held,
}

impl Page {
    /// No rows yet.
    pub(crate) fn new(lease: &Lease) -> Self {
        Self { rows: Vec::new(), held: lease.hold() }
    }

    /// Bytes of memory that the rows take.
    pub(crate) fn bytes(&self) -> u64 {
        self.held.bytes()
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: Row) -> Result<()> {
        self.held.grow(row.size())?;
        self.rows.push(row);
        Ok(())
    }
}

impl Deref for Page {
    type Target = [Row];

    fn deref(&self) -> &[Row] {
        &self.rows
    }
}

impl IntoIterator for Page {
    type Item = Row;
    type IntoIter = std::vec::IntoIter<Row>;

    /// The rows; their memory counts no more.
    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter()
    }
}
