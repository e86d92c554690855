use super::queries::Query;
use super::size;
use crate::convert;
use crate::engine::{Row, Sink};
use crate::error::Result;
use crate::memory::{Held, Lease};
use crate::proto::fields::query_kpis_response::{HEADER, ROWS, TOTALS};
use crate::proto::{self, put_head};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use prost::Message;

/// An answer as it goes over the wire, to be cut into pages. The memory of its rows is held as long as any of them is kept or
/// on its way.
#[derive(Debug)]
pub(super) struct EncodedAnswer {
    /// The header, but for the version of the data.
    header: Bytes,
    /// The rows, each with its field's head.
    rows: Bytes,
    /// The first row that is there, and where each one ends.
    first: usize,
    ends: Vec<usize>,
    /// How many rows there are with those that are not there.
    count: usize,
    totals: Bytes,
}

/// Which rows of an answer are wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    /// Rows on the pages before; none: it is the first page.
    pub skip: Option<usize>,
    /// Rows at most.
    pub rows: usize,
    /// Bytes at most, but for a single row.
    pub bytes: usize,
}

/// The parts of a page, and how many rows it and those before it have.
pub(super) struct Page {
    pub parts: Vec<Bytes>,
    pub shown: usize,
    pub is_last: bool,
}

/// Encodes the rows of an answer as they are worked out: all of them where they can be kept together, otherwise those of one
/// page.
#[derive(Debug)]
pub(super) struct Encoder {
    /// The page's first row.
    page: usize,
    /// Bytes that can be kept.
    most: usize,
    bytes: Vec<u8>,
    /// Bytes of memory that they take.
    room: usize,
    first: usize,
    ends: Vec<usize>,
    count: usize,
    /// Where the rows end and the totals begin.
    rows: usize,
    is_page: bool,
    held: Held,
}

/// Rows after which it is seen how many bytes all of them will have.
const SAMPLE: usize = 256;

/// Bytes that a row and its end have, most likely; more are made room for when they have come.
const ROW_BYTES: usize = 4096;

impl Encoder {
    /// For a page that begins with a row, of an answer that is kept up to so many bytes.
    pub fn new(page: usize, most: usize, lease: Lease) -> Self {
        let (bytes, ends) = (Vec::new(), Vec::new());
        Self { page, most, bytes, room: 0, first: 0, ends, count: 0, rows: 0, is_page: false, held: lease.hold() }
    }

    /// Encodes the totals, behind the rows.
    fn totals(&mut self, totals: &[Row]) -> Result<()> {
        self.rows = self.bytes.len();
        for row in totals {
            self.make_room()?;
            convert::put_row(&mut self.bytes, TOTALS, row);
        }
        Ok(())
    }

    /// Has room for another row. Grows by half, so that not much is left over; old and new are there at the same time.
    fn make_room(&mut self) -> Result<()> {
        let length = self.bytes.len();
        if self.bytes.capacity() - length < ROW_BYTES {
            let room = length + (length / 2).max(2 * ROW_BYTES);
            self.held.grow(room)?;
            self.bytes.reserve_exact(room - length);
            self.held.shrink(std::mem::replace(&mut self.room, room));
        }
        if self.ends.len() == self.ends.capacity() {
            let more = (self.ends.len() / 2).max(64);
            self.held.grow(more * size_of::<usize>())?;
            self.ends.reserve_exact(more);
        }
        Ok(())
    }

    /// Lets go what is left over, as far as there is memory for doing so.
    fn fit(&mut self) {
        let (length, room) = (self.bytes.len(), self.bytes.capacity());
        if room - length > length / 8 && self.held.grow(length).is_ok() {
            self.bytes.shrink_to_fit();
            self.held.shrink(std::mem::replace(&mut self.room, length));
        }
        self.held.shrink((self.ends.capacity() - self.ends.len()) * size_of::<usize>());
        self.ends.shrink_to_fit();
        self.held.lease().trim();
    }

    /// From here on only the page's rows are kept.
    fn only_page(&mut self) {
        self.is_page = true;
        self.bytes.clear();
        self.ends.clear();
        self.first = self.page.min(self.count);
    }

    /// The answer, which was read at an instant.
    pub fn finish(mut self, query: &Query, totals: &[Row], as_of: DateTime<Utc>) -> Result<EncodedAnswer> {
        self.totals(totals)?;
        self.fit();
        let header = convert::header(&query.question, query.language, "", as_of).encode_to_vec().into();
        let Self { bytes, first, ends, count, rows, held, .. } = self;
        let bytes = held.into_bytes(bytes);
        let totals = bytes.slice(rows..);
        Ok(EncodedAnswer { header, rows: bytes.slice(..rows), first, ends, count, totals })
    }
}

impl Sink for Encoder {
    fn begin(&mut self, rows: usize) {
        self.count = rows;
    }

    fn wants(&mut self, next: usize) -> Option<usize> {
        let encoded = self.ends.len();
        if !self.is_page {
            let sampled = encoded == SAMPLE || encoded > 0 && encoded.is_multiple_of(16 * SAMPLE);
            let whole = || self.bytes.len() / encoded * self.count + self.count * size_of::<usize>();
            if !sampled || whole() <= self.most {
                return Some(next);
            }
            self.only_page();
        }
        let full = self.ends.len() >= size::MAX_PAGE || self.bytes.len() >= size::MAX_MESSAGE;
        (!full).then_some(self.first + self.ends.len())
    }

    fn row(&mut self, row: &Row) -> Result<()> {
        self.make_room()?;
        convert::put_row(&mut self.bytes, ROWS, row);
        self.ends.push(self.bytes.len());
        Ok(())
    }
}

impl EncodedAnswer {
    /// Whether all rows are there.
    pub fn is_whole(&self) -> bool {
        self.ends.len() == self.count
    }

    /// Bytes of memory that it takes, about.
    pub fn size(&self) -> usize {
        let Self { header, rows, ends, totals, .. } = self;
        size_of::<Self>() + header.len() + rows.len() + size_of_val(ends.as_slice()) + totals.len()
    }

    /// A page: header, rows and, on the first one, totals. None where its rows are not there.
    pub fn page(&self, version: &str, cut: Cut) -> Option<Page> {
        let version = proto::ResultHeader { data_version: version.into(), ..Default::default() }.encode_to_vec();
        let mut head = Vec::with_capacity(12);
        put_head(&mut head, HEADER, self.header.len() + version.len());
        let totals = if cut.skip.is_none() { self.totals.clone() } else { Bytes::new() };
        let room = cut.bytes.saturating_sub(head.len() + self.header.len() + version.len() + totals.len());

        let skip = cut.skip.unwrap_or(0).min(self.count).checked_sub(self.first)?;
        let there = self.ends.get(skip..).filter(|there| !there.is_empty() || self.first + skip == self.count)?;
        let end_of = |rows: usize| rows.checked_sub(1).map_or(0, |last| self.ends[last]);
        let begin = end_of(skip);
        let fitting = there.partition_point(|end| end - begin <= room).max(1);
        let shown = skip.saturating_add(fitting.min(cut.rows)).min(self.ends.len());
        let rows = self.rows.slice(begin..end_of(shown));
        let parts = vec![head.into(), self.header.clone(), version.into(), rows, totals];
        let shown = self.first + shown;
        Some(Page { parts, shown, is_last: shown == self.count })
    }
}
