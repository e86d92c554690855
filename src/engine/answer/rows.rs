//! The rows of groups.

use super::groups::{Group, Sides};
use super::standings::Standings;
use crate::engine::model::{Rank, Row};
use crate::engine::read::Labels;
use crate::error::Result;

/// Makes rows of groups.
pub(super) struct Rows<'a> {
    pub sides: Sides<'a>,
    pub standings: Option<&'a Standings>,
    pub labels: &'a [Labels],
    /// How many of all groups have a rank.
    pub ranked: usize,
}

impl Rows<'_> {
    /// A row of no group.
    pub fn empty(&self) -> Row {
        Row { bucket: None, keys: Vec::new(), values: Vec::new(), rank: None }
    }

    /// What all rows of a group have.
    pub fn begin(&self, group: &Group, rank: Option<u32>) -> Row {
        let of = u32::try_from(self.ranked).unwrap_or(u32::MAX);
        let rank = rank.map(|place| Rank { place, of });
        Row { keys: group.keys(self.labels), rank, ..self.empty() }
    }

    /// Makes a row of the group that of a bucket.
    pub fn at(&self, row: &mut Row, group: &Group, bucket: usize) -> Result<()> {
        row.bucket = Some(bucket);
        row.values = self.sides.values(group, bucket, self.standings)?;
        Ok(())
    }
}
