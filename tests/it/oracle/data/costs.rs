//! Costs.

use super::dirt::{Dirt, edges};
use super::marketing::CHANNELS;
use super::{CAMPAIGNS, CURRENCY, REPS, SOURCES};
use chrono::{DateTime, TimeDelta, Utc};
use crm_kpi::crm::costs;
use rand::RngExt;
use rand::seq::IndexedRandom;

impl Dirt {
    /// Over months and years, and over less than a minute; points; ends before starts; credits; amounts that do not
    /// divide.
    pub fn costs(&mut self) -> Vec<costs::Model> {
        let mut rows = Vec::new();
        for number in 0..260 {
            let (starts_at, amount_minor) = (self.instant(), self.cost());
            let ends_at = self.cost_until(starts_at);
            rows.push(self.cost_over(format!("cost {number}"), amount_minor, starts_at, ends_at));
        }
        let (week, year) = (TimeDelta::days(7), TimeDelta::days(365));
        for (place, at) in edges().enumerate() {
            let stretches = [
                (at, None),
                (at, Some(at)),
                (at, Some(at + week)),
                (at - week, Some(at)),
                (at - year, Some(at + year)),
            ];
            for (step, (starts_at, ends_at)) in stretches.into_iter().enumerate() {
                let amount_minor = self.cost();
                rows.push(self.cost_over(format!("cost at edge {place} {step}"), amount_minor, starts_at, ends_at));
            }
        }
        rows
    }

    fn cost_over(
        &mut self,
        id: String,
        amount_minor: i64,
        starts_at: DateTime<Utc>,
        ends_at: Option<DateTime<Utc>>,
    ) -> costs::Model {
        use costs::Kind::{Marketing, Retention, Sales, Service};
        let kinds = [Marketing, Marketing, Sales, Sales, Retention, Service];
        let [segment, region, industry, country] = self.market();
        costs::Model {
            id,
            kind: kinds.choose(&mut self.rng).copied().unwrap_or(Marketing),
            rep_id: self.maybe(10, &REPS),
            campaign_id: self.maybe(45, &CAMPAIGNS),
            channel: self.maybe(25, &CHANNELS),
            source_id: self.maybe(20, &SOURCES),
            account_id: self.account(),
            segment,
            region,
            industry,
            country,
            amount_minor,
            currency: CURRENCY.into(),
            starts_at,
            ends_at,
            ..Default::default()
        }
    }

    /// An amount that no number of minutes divides, more often than not.
    fn cost(&mut self) -> i64 {
        match self.rng.random_range(0..10) {
            0 => 1,
            1 => -1,
            2 => 99_999_999_999,
            3 => -1_000_003,
            _ => self.amount(),
        }
    }

    fn cost_until(&mut self, starts_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let milliseconds = match self.rng.random_range(0..16) {
            0 | 1 => return None,
            2 => return Some(self.instant()),
            3 => 0,
            4 => -self.rng.random_range(1..40 * 86_400_000),
            5 => self.rng.random_range(1..60_000),
            6 => 60_000,
            7 => self.rng.random_range(60_001..180_000),
            8..11 => self.rng.random_range(300..800) * 86_400_000 + 12_345,
            _ => return Some(self.later(starts_at)),
        };
        Some(starts_at + TimeDelta::milliseconds(milliseconds))
    }
}
