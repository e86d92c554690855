//! How values stand among those of all groups.

use super::evaluate::{Exact, rounded};
use crate::engine::model::{Standing, Value};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap};

/// The values of all groups at every bucket, by which each finds its place.
#[derive(Debug, Default)]
pub(super) struct Standings {
    /// Of every level for every bucket and KPI the values, sorted by [`Standings::sort`].
    columns: BTreeMap<u32, Vec<Vec<Decimal>>>,
    /// The same over all groups.
    totals: Vec<Option<Decimal>>,
    /// For every KPI, whether the lowest value has the first place.
    ascending: Vec<bool>,
    levels: Levels,
}

/// Groups that overlap with others are placed within their level: teams that lie equally deep.
#[derive(Debug, Default)]
pub(super) struct Levels {
    /// Where the team stands in a group's keys.
    pub place: usize,
    /// How deep teams lie; those at the top, and those that are not here, have no others above them.
    pub depths: HashMap<String, u32>,
}

impl Levels {
    fn of(&self, key: &[String]) -> u32 {
        key.get(self.place).and_then(|team| self.depths.get(team)).copied().unwrap_or(1)
    }
}

impl Standings {
    /// For some buckets and the KPIs, of which those that are true count from the lowest value up.
    pub fn new(buckets: usize, ascending: Vec<bool>, levels: Levels) -> Self {
        let totals = vec![None; buckets * ascending.len()];
        Self { columns: BTreeMap::new(), totals, ascending, levels }
    }

    /// Values that are held.
    pub fn len(&self) -> usize {
        self.columns.values().flatten().map(Vec::len).sum()
    }

    /// Counts a group's values at a bucket in. Equal ones share a place: they are compared as they are answered.
    pub fn add(&mut self, key: &[String], bucket: usize, values: &[Exact]) {
        let first = bucket * self.ascending.len();
        let columns = self.columns.entry(self.levels.of(key)).or_insert_with(|| vec![Vec::new(); self.totals.len()]);
        for (column, value) in columns.iter_mut().skip(first).zip(values) {
            column.extend(value.answered().value.ok());
        }
    }

    /// Sets the values over all groups at a bucket.
    pub fn set_total(&mut self, bucket: usize, values: &[Exact]) {
        let first = bucket * self.ascending.len();
        for (total, value) in self.totals.iter_mut().skip(first).zip(values) {
            *total = value.value.ok();
        }
    }

    /// Has everything found its place.
    pub fn sort(&mut self) {
        for values in self.columns.values_mut().flatten() {
            values.sort_unstable();
        }
    }

    /// Where a group's value at a bucket stands.
    pub fn place(&self, key: &[String], (bucket, kpi): (usize, usize), value: &mut Value, exact: &Exact) {
        let place = bucket * self.ascending.len() + kpi;
        let columns = self.columns.get(&self.levels.of(key));
        let Some(values) = columns.and_then(|columns| columns.get(place)) else { return };
        let (ascending, total) = (self.ascending[kpi], self.totals[place]);
        let ahead = value.value.ok().map(|value| match ascending {
            true => values.partition_point(|other| *other < value),
            false => values.len() - values.partition_point(|other| *other <= value),
        });
        let difference = exact.value.ok().zip(total).and_then(|(value, total)| value.checked_sub(total));
        value.context().standing = Some(Standing {
            rank: ahead.and_then(|ahead| u32::try_from(ahead + 1).ok()),
            ranked: values.len().try_into().unwrap_or(u32::MAX),
            total: total.map(|total| rounded(total, exact.scale)),
            difference: difference.map(|difference| rounded(difference, exact.scale)),
        });
    }
}
