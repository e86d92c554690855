//! What stored targets make of a bucket.

use super::{Aiming, Aims};
use crate::catalog::{Kind, Kpi, Unit};
use crate::error::{Error, Result};
use crate::period::Bucket;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A target as it is stored.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub id: String,
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub value: Decimal,
    pub currency: String,
}

/// Targets of one KPI for one owner.
pub(super) type Stored = BTreeMap<String, Target>;

impl Aiming<'_> {
    /// The targets of an owner at every bucket, from those that are stored for each KPI.
    pub(super) fn aims(&self, stored: &[Stored]) -> Result<Aims> {
        let buckets = self.buckets();
        let mut aims = Vec::with_capacity(stored.len() * buckets.len());
        for (kpi, stored) in self.question.kpis.iter().zip(stored) {
            let stored: Vec<&Target> = stored.values().collect();
            for bucket in &buckets {
                aims.push(match kpi.kind {
                    Kind::Flow => self.sum(kpi, &stored, bucket)?,
                    _ => self.in_force(kpi, &stored, bucket)?,
                });
            }
        }
        Ok(aims)
    }

    /// The sum of the targets that make up a bucket without gap or overlap: of the fewest, where there are several ways.
    fn sum(&self, kpi: &Kpi, stored: &[&Target], bucket: &Bucket) -> Result<Option<Decimal>> {
        let mut inside: Vec<&Target> =
            stored.iter().copied().filter(|t| t.first >= bucket.first && t.last <= bucket.last).collect();
        inside.sort_by(|one, other| (one.first, other.last, &other.id).cmp(&(other.first, one.last, &one.id)));
        // By the day that they reach up to: how many targets, and what they add up to.
        let mut reached = BTreeMap::from([(bucket.first, (0_u32, Decimal::ZERO))]);
        for target in inside {
            let (Some(&(count, sum)), Some(next)) = (reached.get(&target.first), target.last.succ_opt()) else {
                continue;
            };
            if reached.get(&next).is_none_or(|(fewest, _)| *fewest > count + 1) {
                let value = self.value(kpi, target, target.first)?;
                let overflow = || Error::Overflow(format!("the target of {}", kpi.id));
                reached.insert(next, (count + 1, sum.checked_add(value).ok_or_else(overflow)?));
            }
        }
        let end = bucket.last.succ_opt();
        Ok(end.and_then(|end| reached.get(&end)).map(|(_, sum)| *sum))
    }

    /// The target on the last day of a bucket, all of whose days have one: the one that began last.
    fn in_force(&self, kpi: &Kpi, stored: &[&Target], bucket: &Bucket) -> Result<Option<Decimal>> {
        let mut sorted: Vec<&Target> = stored.to_vec();
        sorted.sort_by_key(|target| target.first);
        let mut covered = Some(bucket.first);
        for target in &sorted {
            if covered.is_some_and(|day| target.first <= day && target.last >= day) {
                covered = target.last.succ_opt();
            }
        }
        if covered.is_some_and(|day| day <= bucket.last) {
            return Ok(None);
        }
        let on_last_day = sorted.into_iter().filter(|t| t.first <= bucket.last && t.last >= bucket.last);
        let latest =
            on_last_day.max_by(|one, other| (one.first, other.last, &other.id).cmp(&(other.first, one.last, &one.id)));
        latest.map(|target| self.value(kpi, target, bucket.last)).transpose()
    }

    /// A target in the currency of the answer, with the rate of a day.
    fn value(&self, kpi: &Kpi, target: &Target, day: NaiveDate) -> Result<Decimal> {
        match &self.rates {
            Some(rates) if kpi.unit == Unit::Currency => rates.convert_units(target.value, &target.currency, day),
            _ => Ok(target.value),
        }
    }
}
