//! What stored targets make of a bucket.

use super::employment::{Days, Employment};
use super::statement::{Stored, Target};
use super::values::{TargetValue, TargetValues};
use crate::catalog::{Kpi, KpiKind, Unit};
use crate::engine::model::{Code, MissingRate, NoTarget};
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
    /// A missing rate is an error; otherwise a target that needs it is absent.
    pub needs_rates: bool,
}

impl Resolver<'_> {
    /// The targets of an owner at every bucket, from those that are stored for each KPI.
    pub fn values(&self, stored: &[Stored], employment: Employment) -> Result<TargetValues> {
        let mut values = Vec::with_capacity(stored.len() * self.buckets.len());
        for (kpi, stored) in self.kpis.iter().zip(stored) {
            for bucket in &self.buckets {
                values.push(match employment.of(bucket) {
                    Some(days) => self.value(kpi, stored, bucket, days)?,
                    None => TargetValue::default(),
                });
            }
        }
        Ok(values)
    }

    /// The target of a bucket, of which these days count.
    fn value(&self, kpi: &Kpi, stored: &Stored, bucket: &Bucket, days: Days) -> Result<TargetValue> {
        let there: Vec<&Target> = stored.values().filter(|target| days.shared(target.first, target.last) > 0).collect();
        let found = match kpi.kind {
            KpiKind::Flow => self.sum(kpi, &there, bucket, days),
            _ => self.in_force(kpi, &there, bucket, days),
        };
        let absent = if there.is_empty() { NoTarget::NotSet } else { NoTarget::OtherDays };
        Ok(match found {
            Err(Error::MissingRate { currency, day, .. }) if !self.needs_rates => {
                let missing = MissingRate { day, currency: Code::new(&currency) };
                TargetValue { whole: Err(NoTarget::MissingRate(missing)), any: Some(Err(missing)) }
            }
            found => match found? {
                Some((value, whole)) => {
                    TargetValue { whole: whole.then_some(value).ok_or(absent), any: Some(Ok(value)) }
                }
                None => TargetValue { whole: Err(absent), any: None },
            },
        })
    }

    /// The sum of the targets that lie inside a bucket without overlap: of those that cover the most of its days, and of the
    /// fewest of these, where there are several ways. And whether that is all of the days.
    fn sum(&self, kpi: &Kpi, there: &[&Target], bucket: &Bucket, days: Days) -> Result<Option<(Decimal, bool)>> {
        let inside = |target: &&&Target| target.first >= bucket.first && target.last <= bucket.last;
        let mut inside: Vec<&Target> = there.iter().filter(inside).copied().collect();
        inside.sort_by_key(|target| (target.last, &target.id));
        // The best up to a day: how many days are covered, by how few targets, and what these add up to.
        let mut best = BTreeMap::from([(bucket.first, (0, Reverse(0_u32), Decimal::ZERO))]);
        for target in inside {
            let Some(next) = target.last.succ_opt() else { continue };
            let before = |day: NaiveDate| best.range(..=day).next_back().map(|(_, found)| *found).unwrap_or_default();
            let (covered, Reverse(count), sum) = before(target.first);
            let (covered, count) = (covered + days.shared(target.first, target.last), Reverse(count + 1));
            let (most, fewest, _) = before(next);
            if (covered, count) > (most, fewest) {
                let overflow = || Error::Overflow(format!("the target of {}", kpi.id));
                let sum = sum.checked_add(self.converted(kpi, target, target.first)?).ok_or_else(overflow)?;
                best.insert(next, (covered, count, sum));
            }
        }
        let found = best.last_key_value().map(|(_, &(covered, _, sum))| (sum, covered));
        Ok(found.filter(|(_, covered)| *covered > 0).map(|(sum, covered)| (sum, covered == days.count())))
    }

    /// The target on the last of the days: of several the one that began last. And whether all of the days have one.
    fn in_force(&self, kpi: &Kpi, there: &[&Target], bucket: &Bucket, days: Days) -> Result<Option<(Decimal, bool)>> {
        let mut sorted: Vec<&Target> = there.to_vec();
        sorted.sort_by_key(|target| target.first);
        let mut covered = Some(days.first);
        for target in &sorted {
            if covered.is_some_and(|day| target.first <= day && target.last >= day) {
                covered = target.last.succ_opt();
            }
        }
        let whole = covered.is_none_or(|day| day > days.last);
        let on_last_day = sorted.into_iter().filter(|target| target.last >= days.last);
        let latest =
            on_last_day.max_by(|one, other| (one.first, other.last, &other.id).cmp(&(other.first, one.last, &one.id)));
        latest.map(|target| Ok((self.converted(kpi, target, bucket.last)?, whole))).transpose()
    }

    /// A target in the currency of the answer, with the rate of a day.
    fn converted(&self, kpi: &Kpi, target: &Target, day: NaiveDate) -> Result<Decimal> {
        match &self.rates {
            Some(rates) if kpi.unit == Unit::Currency => rates.convert_units(target.value, &target.currency, day),
            _ => Ok(target.value),
        }
    }
}
