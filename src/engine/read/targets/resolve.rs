//! What stored targets make of a bucket.

use super::statement::{Stored, Target};
use super::values::{TargetValue, TargetValues};
use crate::catalog::{Kpi, KpiKind, Unit};
use crate::engine::read::rates::Rates;
use crate::error::{Error, Result};
use crate::period::Bucket;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Works out the targets of buckets.
#[derive(Debug)]
pub(super) struct Resolver<'a> {
    /// The KPIs of the question.
    pub kpis: &'a [&'static Kpi],
    /// The buckets, and the whole period where there are several.
    pub buckets: Vec<Bucket>,
    /// Where some target is of another currency.
    pub rates: Option<Rates>,
}

impl Resolver<'_> {
    /// The targets of an owner at every bucket, from those that are stored for each KPI.
    pub fn values(&self, stored: &[Stored]) -> Result<TargetValues> {
        let mut values = Vec::with_capacity(stored.len() * self.buckets.len());
        for (kpi, stored) in self.kpis.iter().zip(stored) {
            let stored: Vec<&Target> = stored.values().collect();
            for bucket in &self.buckets {
                values.push(match kpi.kind {
                    KpiKind::Flow => self.sum(kpi, &stored, bucket)?,
                    _ => self.in_force(kpi, &stored, bucket)?,
                });
            }
        }
        Ok(values)
    }

    /// The sum of the targets that lie inside a bucket without overlap: of those that cover the most days, and of the
    /// fewest of these, where there are several ways.
    fn sum(&self, kpi: &Kpi, stored: &[&Target], bucket: &Bucket) -> Result<TargetValue> {
        let inside = |target: &&&Target| target.first >= bucket.first && target.last <= bucket.last;
        let mut inside: Vec<&Target> = stored.iter().filter(inside).copied().collect();
        inside.sort_by_key(|target| (target.last, &target.id));
        // The best up to a day: how many days are covered, by how few targets, and what these add up to.
        let mut best = BTreeMap::from([(bucket.first, (0, Reverse(0_u32), Decimal::ZERO))]);
        for target in inside {
            let Some(next) = target.last.succ_opt() else { continue };
            let before = |day: NaiveDate| best.range(..=day).next_back().map(|(_, found)| *found).unwrap_or_default();
            let (days, Reverse(count), sum) = before(target.first);
            let (days, count) = (days + (next - target.first).num_days(), Reverse(count + 1));
            let (most, fewest, _) = before(next);
            if (days, count) > (most, fewest) {
                let overflow = || Error::Overflow(format!("the target of {}", kpi.id));
                let sum = sum.checked_add(self.value(kpi, target, target.first)?).ok_or_else(overflow)?;
                best.insert(next, (days, count, sum));
            }
        }
        let Some((_, &(covered, _, sum))) = best.last_key_value().filter(|(_, found)| found.0 > 0) else {
            return Ok(TargetValue::default());
        };
        let whole = covered == (bucket.last - bucket.first).num_days() + 1;
        Ok(TargetValue { whole: whole.then_some(sum), any: Some(sum) })
    }

    /// The target on the last day of a bucket: of several the one that began last. It is that of the whole where all days
    /// have one.
    fn in_force(&self, kpi: &Kpi, stored: &[&Target], bucket: &Bucket) -> Result<TargetValue> {
        let mut sorted: Vec<&Target> = stored.to_vec();
        sorted.sort_by_key(|target| target.first);
        let mut covered = Some(bucket.first);
        for target in &sorted {
            if covered.is_some_and(|day| target.first <= day && target.last >= day) {
                covered = target.last.succ_opt();
            }
        }
        let whole = covered.is_none_or(|day| day > bucket.last);
        let on_last_day = sorted.into_iter().filter(|t| t.first <= bucket.last && t.last >= bucket.last);
        let latest =
            on_last_day.max_by(|one, other| (one.first, other.last, &other.id).cmp(&(other.first, one.last, &one.id)));
        let any = latest.map(|target| self.value(kpi, target, bucket.last)).transpose()?;
        Ok(TargetValue { whole: any.filter(|_| whole), any })
    }

    /// A target in the currency of the answer, with the rate of a day.
    fn value(&self, kpi: &Kpi, target: &Target, day: NaiveDate) -> Result<Decimal> {
        match &self.rates {
            Some(rates) if kpi.unit == Unit::Currency => rates.convert_units(target.value, &target.currency, day),
            _ => Ok(target.value),
        }
    }
}
