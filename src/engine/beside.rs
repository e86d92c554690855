//! What values are read beside: an earlier period, targets, all groups.

use super::evaluate::{Exact, rounded};
use super::result::{Attainment, Beside, Standing, Value};
use rust_decimal::Decimal;

/// Decimals of ratios.
const RATIO_SCALE: u32 = 6;

/// A value over another one, where there is such a ratio.
fn ratio(value: Decimal, base: Decimal) -> Option<Decimal> {
    value.checked_div(base).map(|ratio| rounded(ratio, RATIO_SCALE))
}

impl Exact {
    /// The value as it is answered, beside nothing.
    pub fn answered(&self) -> Value {
        let value = self.value.map(|value| rounded(value, self.scale));
        Value { value, quotient: self.quotient, beside: None }
    }

    /// How far a target is reached.
    fn attainment(&self, target: Decimal) -> Attainment {
        let attainment = self.value.ok().and_then(|value| ratio(value, target));
        Attainment { target: rounded(target, self.scale), attainment }
    }
}

impl Value {
    fn beside(&mut self) -> &mut Beside {
        self.beside.get_or_insert_default()
    }

    /// Sets it beside the value of an earlier period.
    pub(super) fn compare(&mut self, now: &Exact, then: Option<&Exact>) {
        let Some(before) = then.and_then(|then| then.value.ok()) else { return };
        let change = now.value.ok().and_then(|value| value.checked_sub(before));
        let beside = self.beside();
        beside.compared = Some(rounded(before, now.scale));
        beside.change = change.map(|change| rounded(change, now.scale));
        beside.change_ratio = change.and_then(|change| ratio(change, before.abs()));
    }

    /// Sets it beside its own target and the sum of the reps' targets.
    pub(super) fn aim(&mut self, now: &Exact, target: Option<Decimal>, of_reps: Option<Decimal>) {
        if target.is_some() || of_reps.is_some() {
            let beside = self.beside();
            beside.target = target.map(|target| now.attainment(target));
            beside.reps_target = of_reps.map(|target| now.attainment(target));
        }
    }
}

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
        value.beside().standing = Some(Standing {
            rank: ahead.and_then(|ahead| u32::try_from(ahead + 1).ok()),
            ranked: values.len().try_into().unwrap_or(u32::MAX),
            total: column.total.map(|total| rounded(total, exact.scale)),
            difference: difference.map(|difference| rounded(difference, exact.scale)),
        });
    }
}
