use super::size;
use crate::convert::{self, Fingerprint, ResumeToken};
use crate::engine::{Position, Row};
use crate::error::Result;
use crate::memory::{Held, Lease};
use crate::proto;
use crate::proto::fields::row_batch::ROWS;
use crate::proto::fields::summary::TOTALS;
use bytes::Bytes;
use prost::Message as _;

/// Gathers rows into batches.
pub(super) struct Batches {
    fingerprint: Fingerprint,
    /// That of the data which the rows are read from.
    pub version: String,
    batch_rows: usize,
    /// The rows that wait, encoded, the memory that they take, and how many there are.
    rows: Vec<u8>,
    held: Held,
    room: usize,
    count: usize,
    /// The last row's place.
    place: Option<Position>,
}

impl Batches {
    /// Batches of so many rows at most, behind a position.
    pub fn new(
        fingerprint: Fingerprint,
        version: String,
        batch_rows: usize,
        after: Option<&Position>,
        lease: &Lease,
    ) -> Self {
        let (rows, held) = (Vec::new(), lease.hold());
        Self { fingerprint, version, batch_rows, rows, held, room: 0, count: 0, place: after.cloned() }
    }

    /// Adds a row; returns the batch before it where the row does not fit, or the batch that it fills.
    pub fn push(&mut self, row: Row) -> Result<Option<Vec<Bytes>>> {
        let before = self.rows.len();
        convert::put_row(&mut self.rows, ROWS, &row);
        self.hold()?;
        let full = match self.rows.len() > size::MAX_MESSAGE && self.count > 0 {
            true => {
                let this = self.rows.split_off(before);
                let full = self.flush()?;
                self.rows = this;
                self.hold()?;
                full
            }
            false => None,
        };
        self.count += 1;
        self.place = Some(Position {
            rows: self.row_count() + 1,
            bucket: row.bucket.unwrap_or(0),
            keys: row.keys.into_iter().map(|key| key.id).collect(),
        });
        match full {
            None if self.count >= self.batch_rows => self.flush(),
            full => Ok(full),
        }
    }

    /// Takes the memory that the rows have.
    fn hold(&mut self) -> Result<()> {
        let room = self.rows.capacity();
        self.held.grow(room.saturating_sub(self.room))?;
        self.room = self.room.max(room);
        Ok(())
    }

    /// The rows that wait, if any.
    pub fn flush(&mut self) -> Result<Option<Vec<Bytes>>> {
        let count = std::mem::take(&mut self.count);
        let Some(place) = self.place.clone().filter(|_| count > 0) else { return Ok(None) };
        let mut next = self.held.lease().hold();
        next.grow(self.rows.len())?;
        self.room = self.rows.len();
        let rows = std::mem::replace(&mut self.rows, Vec::with_capacity(self.room));
        let rows = std::mem::replace(&mut self.held, next).into_bytes(rows);
        let resume_token = ResumeToken::new(&self.fingerprint, &self.version, place).encode();
        let tail = proto::RowBatch { resume_token, ..Default::default() };
        Ok(Some(vec![rows, tail.encode_to_vec().into()]))
    }

    fn row_count(&self) -> u64 {
        self.place.as_ref().map_or(0, |place| place.rows)
    }

    /// What is said at the end.
    pub fn summary(&self, totals: &[Row]) -> Bytes {
        let mut summary = Vec::new();
        totals.iter().for_each(|row| convert::put_row(&mut summary, TOTALS, row));
        let row_count = i64::try_from(self.row_count()).unwrap_or(i64::MAX);
        summary.extend(proto::Summary { row_count, ..Default::default() }.encode_to_vec());
        summary.into()
    }
}
