//! How values stand among those of all groups.

use super::evaluate::{Exact, rounded};
use crate::engine::model::{Standing, Value};
use rust_decimal::Decimal;

/// The values of all groups at every bucket, by which each finds its place.
#[derive(Debug, Default)]
pub(super) struct Standings {
    /// For every bucket and KPI the values, sorted by [`Standings::sort`].
    columns: Vec<Column>,
    kpis: usize,
}

#[derive(Debug)]
struct Column {
    values: Vec<Decimal>,
    total: Option<Decimal>,
    /// The lowest value has the first place.
    ascending: bool,
}

impl Standings {
    /// For some buckets and the KPIs, of which those that are true count from the lowest value up.
    pub fn new(buckets: usize, ascending: &[bool]) -> Self {
        let column = |&ascending: &bool| Column { values: Vec::new(), total: None, ascending };
        let columns = (0..buckets).flat_map(|_| ascending.iter().map(column)).collect();
        Self { columns, kpis: ascending.len() }
    }

    /// Values that are held.
    pub fn len(&self) -> usize {
        self.columns.iter().map(|column| column.values.len()).sum()
    }

    /// Counts a group's values at a bucket in. Equal ones share a place: they are compared as they are answered.
    pub fn add(&mut self, bucket: usize, values: &[Exact]) {
        let first = bucket * self.kpis;
        for (column, value) in self.columns.iter_mut().skip(first).zip(values) {
            column.values.extend(value.answered().value.ok());
        }
    }

    /// Sets the values over all groups at a bucket.
    pub fn set_total(&mut self, bucket: usize, values: &[Exact]) {
        let first = bucket * self.kpis;
        for (column, value) in self.columns.iter_mut().skip(first).zip(values) {
            column.total = value.value.ok();
        }
    }

    /// Has everything found its place.
    pub fn sort(&mut self) {
        for column in &mut self.columns {
            column.values.sort_unstable();
        }
    }

    /// Where a value at a bucket stands.
    pub fn place(&self, (bucket, kpi): (usize, usize), value: &mut Value, exact: &Exact) {
        let Some(column) = self.columns.get(bucket * self.kpis + kpi) else { return };
        let values = &column.values;
        let ahead = value.value.ok().map(|value| match column.ascending {
            true => values.partition_point(|other| *other < value),
            false => values.len() - values.partition_point(|other| *other <= value),
        });
        let difference = exact.value.ok().zip(column.total).and_then(|(value, total)| value.checked_sub(total));
        value.context().standing = Some(Standing {
            rank: ahead.and_then(|ahead| u32::try_from(ahead + 1).ok()),
            ranked: values.len().try_into().unwrap_or(u32::MAX),
            total: column.total.map(|total| rounded(total, exact.scale)),
            difference: difference.map(|difference| rounded(difference, exact.scale)),
        });
    }
}
