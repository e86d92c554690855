//! Subscriptions, their movements and renewals, and what winning and keeping customers costs.

use super::dirt::{Dirt, edges};
use super::{CAMPAIGNS, CURRENCY, PRODUCTS, REPS, SOURCES};
use chrono::{DateTime, TimeDelta, Utc};
use crm_kpi::crm::{accounts, costs, mrr_movements, renewals, subscriptions};
use rand::RngExt;
use rand::seq::IndexedRandom;

/// Subscriptions that are not on record.
const NOT_ON_RECORD: [&str; 3] = ["gone", "gone too", ""];

impl Dirt {
    pub fn subscription(&mut self, number: u32) -> subscriptions::Model {
        let started_at = self.instant();
        let ended_at = self.later(started_at);
        let trial_ends_at = if self.chance(20) { ended_at } else { self.later(started_at) };
        subscriptions::Model {
            id: format!("subscription {number}"),
            account_id: self.account(),
            rep_id: self.maybe(10, &REPS),
            product_id: self.maybe(15, &PRODUCTS),
            monthly_amount_minor: self.amount(),
            currency: CURRENCY.into(),
            started_at,
            trial_ends_at: self.chance(50).then_some(trial_ends_at),
            ended_at: self.chance(40).then_some(ended_at),
            ..Default::default()
        }
    }

    /// Accounts that subscribe for the first time at an edge, have twice as much a day later, and none a week later.
    pub fn newcomers(&mut self) -> (Vec<accounts::Model>, Vec<subscriptions::Model>, Vec<mrr_movements::Model>) {
        let (mut accounts, mut subscriptions, mut movements) = (Vec::new(), Vec::new(), Vec::new());
        for (place, at) in edges().enumerate() {
            let id = format!("newcomer {place}");
            let segment = Some(if place % 4 < 2 { "enterprise" } else { "smb" }.into());
            accounts.push(accounts::Model { id: id.clone(), name: id.clone(), segment, ..Default::default() });
            for (number, days) in [(1, 0), (2, 1), (3, 7)] {
                let movement = self.mrr_movement(&id, number, at + TimeDelta::days(days));
                let change_minor = if number < 3 { 1000 } else { -2000 };
                movements.push(mrr_movements::Model { change_minor, annual_change_minor: None, ..movement });
            }
            let account_id = Some(id.clone());
            let of_all = self.subscription(0);
            subscriptions.push(subscriptions::Model { id, account_id, started_at: at, ended_at: None, ..of_all });
        }
        (accounts, subscriptions, movements)
    }

    /// Movements of subscriptions on record and of others, not always in the order of their numbers; one at every edge.
    pub fn mrr_movements(&mut self, subscriptions: &[subscriptions::Model]) -> Vec<mrr_movements::Model> {
        let mut movements = Vec::new();
        for id in subscriptions.iter().map(|subscription| subscription.id.as_str()).chain(NOT_ON_RECORD) {
            for number in 1..=self.rng.random_range(0..8) {
                let moved_at = self.instant();
                movements.push(self.mrr_movement(id, number, moved_at));
            }
        }
        for (place, at) in edges().enumerate() {
            let id = &subscriptions[place % subscriptions.len()].id;
            for number in 101..=105 {
                movements.push(self.mrr_movement(id, number, at));
            }
        }
        movements
    }

    /// Losses are negative as a rule, like refunds of them positive.
    fn mrr_movement(&mut self, subscription_id: &str, number: i32, moved_at: DateTime<Utc>) -> mrr_movements::Model {
        use mrr_movements::Kind;
        let kinds = [Kind::New, Kind::New, Kind::Expansion, Kind::Contraction, Kind::Churn, Kind::Reactivation];
        let kind = kinds.choose(&mut self.rng).copied().unwrap_or(Kind::New);
        let change = self.amount();
        mrr_movements::Model {
            subscription_id: subscription_id.into(),
            number,
            rep_id: self.maybe(10, &REPS),
            kind,
            change_minor: if matches!(kind, Kind::Contraction | Kind::Churn) { -change } else { change },
            annual_change_minor: (number % 3 == 0).then_some(12 * change + i64::from(number)),
            currency: CURRENCY.into(),
            moved_at,
            ..Default::default()
        }
    }

    /// Renewals in time, late, too early or not at all; due at every edge.
    pub fn renewals(&mut self, subscriptions: &[subscriptions::Model]) -> Vec<renewals::Model> {
        let mut renewals = Vec::new();
        for id in subscriptions.iter().map(|subscription| subscription.id.as_str()).chain(NOT_ON_RECORD) {
            for number in 1..=self.rng.random_range(0..5) {
                let due_at = self.instant();
                renewals.push(self.renewal(id, number, due_at));
            }
        }
        for (place, due_at) in edges().enumerate() {
            let id = &subscriptions[place % subscriptions.len()].id;
            renewals.push(self.renewal(id, 101, due_at));
        }
        renewals
    }

    fn renewal(&mut self, subscription_id: &str, number: i32, due_at: DateTime<Utc>) -> renewals::Model {
        let (rep_id, renewed_at) = (self.maybe(10, &REPS), self.instant());
        let renewed_at = self.chance(60).then_some(renewed_at);
        renewals::Model {
            subscription_id: subscription_id.into(),
            number,
            rep_id,
            due_at,
            renewed_at,
            ..Default::default()
        }
    }

    /// Costs over stretches of days and of milliseconds around a minute, of none, that end before they start.
    pub fn subscription_cost(&mut self, number: u32) -> costs::Model {
        use costs::Kind;
        let kinds = [Kind::Marketing, Kind::Sales, Kind::Retention, Kind::Retention, Kind::Service];
        let starts_at = self.instant();
        let milliseconds = match self.rng.random_range(0..12) {
            0 => 0,
            1 => -86_400_000,
            2 => -1,
            3 => self.rng.random_range(59_999..60_002),
            4 => 119_999,
            5 => 31 * 86_400_000,
            _ => self.rng.random_range(0..100 * 86_400_000),
        };
        costs::Model {
            id: format!("sub cost {number}"),
            kind: kinds.choose(&mut self.rng).copied().unwrap_or(Kind::Retention),
            rep_id: self.maybe(10, &REPS),
            campaign_id: self.maybe(40, &CAMPAIGNS),
            channel: self.maybe(40, &["email", "events"]),
            source_id: self.maybe(40, &SOURCES),
            account_id: self.account(),
            segment: self.maybe(20, &["enterprise", "smb", "public"]),
            region: self.maybe(20, &["north", "south"]),
            industry: self.maybe(20, &["retail", "energy"]),
            country: self.maybe(20, &["DE", "IR", "RU"]),
            amount_minor: self.amount(),
            currency: CURRENCY.into(),
            starts_at,
            ends_at: (!self.chance(15)).then_some(starts_at + TimeDelta::milliseconds(milliseconds)),
            ..Default::default()
        }
    }
}
