use super::queries::Query;
use crate::convert;
use crate::engine::Answer;
use crate::proto::{self, put_head};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use prost::Message;

/// Field numbers of `QueryKpisResponse`.
const HEADER: u32 = 1;
const ROWS: u32 = 2;
const TOTALS: u32 = 3;

/// An answer as it goes over the wire, to be cut into pages.
#[derive(Debug)]
pub(super) struct Kept {
    /// The header, but for the version of the data.
    header: Bytes,
    /// The rows, each with its field's head.
    rows: Bytes,
    /// Where each row ends.
    ends: Vec<usize>,
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

impl Kept {
    /// Encodes an answer that was read at an instant.
    pub fn new(query: &Query, answer: &Answer, as_of: DateTime<Utc>) -> Self {
        let header = convert::header(&query.question, query.language, "", as_of).encode_to_vec().into();
        let mut ends = Vec::with_capacity(answer.rows.len());
        let mut rows = Vec::new();
        for row in &answer.rows {
            convert::put_row(&mut rows, ROWS, row);
            ends.push(rows.len());
        }
        let mut totals = Vec::new();
        answer.totals.iter().for_each(|row| convert::put_row(&mut totals, TOTALS, row));
        rows.shrink_to_fit();
        Self { header, rows: rows.into(), ends, totals: totals.into() }
    }

    /// Bytes of memory that it takes, about.
    pub fn size(&self) -> usize {
        let Self { header, rows, ends, totals } = self;
        size_of::<Self>() + header.len() + rows.len() + size_of_val(ends.as_slice()) + totals.len()
    }

    /// A page: header, rows and, on the first one, totals.
    pub fn page(&self, version: &str, cut: Cut) -> Page {
        let version = proto::ResultHeader { data_version: version.into(), ..Default::default() }.encode_to_vec();
        let mut head = Vec::with_capacity(12);
        put_head(&mut head, HEADER, self.header.len() + version.len());
        let totals = if cut.skip.is_none() { self.totals.clone() } else { Bytes::new() };
        let room = cut.bytes.saturating_sub(head.len() + self.header.len() + version.len() + totals.len());

        let skip = cut.skip.unwrap_or(0).min(self.ends.len());
        let begin = skip.checked_sub(1).map_or(0, |last| self.ends[last]);
        let fitting = self.ends[skip..].partition_point(|end| end - begin <= room).max(1);
        let shown = skip.saturating_add(fitting.min(cut.rows)).min(self.ends.len());
        let end = shown.checked_sub(1).map_or(0, |last| self.ends[last]);
        let parts = vec![head.into(), self.header.clone(), version.into(), self.rows.slice(begin..end), totals];
        Page { parts, shown, is_last: shown == self.ends.len() }
    }
}
