//! Accounts and their tenures.

use super::dirt::{ACCOUNTS, Dirt, edges};
use super::{REASONS, REPS};
use chrono::{DateTime, TimeDelta, Utc};
use crm_kpi::crm::{accounts, customer_tenures};
use rand::RngExt;

impl Dirt {
    pub fn customers(&mut self) -> (Vec<accounts::Model>, Vec<customer_tenures::Model>) {
        let (mut accounts, mut tenures) = (Vec::new(), self.tenures("gone"));
        for id in (1..=ACCOUNTS).map(|number| format!("a{number}")) {
            let own = self.tenures(&id);
            let since = own.first().map(|tenure| tenure.started_at);
            let since = if self.chance(20) { Some(self.instant()) } else { since };
            self.customers.extend(since.map(|since| (id.clone(), since)));
            accounts.push(self.account_on_record(id, since));
            tenures.extend(own);
        }
        let year = TimeDelta::days(365);
        for (place, at) in edges().enumerate() {
            for length in [TimeDelta::days(200), year, year - TimeDelta::milliseconds(1)] {
                let id = format!("back {place} {}", length.num_milliseconds());
                let started_at = at - length;
                tenures.push(self.tenure(&id, 1, started_at, Some(at)));
                tenures.push(self.tenure(&id, 2, at, None));
                accounts.push(self.account_on_record(id, Some(started_at)));
            }
            let id = format!("pause {place}");
            tenures.push(self.tenure(&id, 1, at - year, Some(at - TimeDelta::days(9))));
            tenures.push(self.tenure(&id, 2, at, None));
            let id = format!("new {place}");
            tenures.push(self.tenure(&id, 1, at, None));
            if place % 3 > 0 {
                accounts.push(self.account_on_record(id, Some(at)));
            }
        }
        (accounts, tenures)
    }

    /// Any number of tenures one after the other, some of them empty, some beginning when the one before ends.
    fn tenures(&mut self, account_id: &str) -> Vec<customer_tenures::Model> {
        let mut tenures = Vec::new();
        let mut at = self.instant();
        if self.chance(40) {
            at -= TimeDelta::days(self.rng.random_range(0..300));
        }
        for number in 1..=self.rng.random_range(0..8) {
            let started_at = at;
            at = self.later(at);
            let lasts = self.chance(15);
            tenures.push(self.tenure(account_id, number, started_at, (!lasts).then_some(at)));
            if lasts {
                break;
            }
            at = self.later(at);
        }
        tenures
    }

    fn tenure(
        &mut self,
        account_id: &str,
        number: i32,
        started_at: DateTime<Utc>,
        ended_at: Option<DateTime<Utc>>,
    ) -> customer_tenures::Model {
        let (rep_id, end_reason) = (self.maybe(10, &REPS), self.maybe(20, &REASONS));
        customer_tenures::Model {
            account_id: account_id.into(),
            number,
            rep_id,
            started_at,
            ended_at,
            end_reason,
            ..Default::default()
        }
    }

    fn account_on_record(&mut self, id: String, customer_since: Option<DateTime<Utc>>) -> accounts::Model {
        accounts::Model {
            name: format!("Account {id}"),
            id,
            segment: self.maybe(20, &["enterprise", "enterprise", "smb", "public"]),
            region: self.maybe(20, &["north", "south"]),
            industry: self.maybe(20, &["retail", "energy"]),
            country: self.maybe(20, &["DE", "IR", "RU"]),
            rep_id: self.maybe(20, &REPS),
            customer_since,
            ..Default::default()
        }
    }
}
