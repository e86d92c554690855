//! The service desk: cases, calls, what they cost, and what customers answer to surveys.

use super::dirt::{Dirt, edges};
use super::{CURRENCY, PRODUCTS, REPS};
use chrono::{DateTime, TimeDelta, Utc};
use crm_kpi::crm::{costs, service_calls, service_cases, survey_answers};
use rand::RngExt;
use rand::seq::IndexedRandom;

impl Dirt {
    /// So many instants, see [`Dirt::instant`].
    pub fn instants(&mut self, count: usize) -> Vec<DateTime<Utc>> {
        (0..count).map(|_| self.instant()).collect()
    }

    pub fn cases(&mut self) -> Vec<service_cases::Model> {
        let random = self.instants(350);
        random.into_iter().chain(edges()).enumerate().map(|(number, at)| self.case(number, at)).collect()
    }

    /// Opened, responded to, due and resolved soon after each other, or at any time, in any order; due and resolved often
    /// at the same instant, or a millisecond apart.
    fn case(&mut self, number: usize, opened_at: DateTime<Utc>) -> service_cases::Model {
        use service_cases::Kind::{Complaint, Incident, Question, Request};
        let soon = |dirt: &mut Self, hours: i64| match dirt.rng.random_range(0..10) {
            0 => dirt.instant(),
            1 => opened_at,
            2 => opened_at + TimeDelta::hours(hours),
            _ => opened_at + TimeDelta::milliseconds(dirt.rng.random_range(0..hours * 3_600_000)),
        };
        let resolved_at = soon(self, 40);
        let first_response_at = soon(self, 9);
        let due_at = match self.rng.random_range(0..8) {
            0 => resolved_at,
            1 => resolved_at - TimeDelta::milliseconds(1),
            2 => resolved_at + TimeDelta::milliseconds(1),
            3 => self.later(opened_at),
            _ => soon(self, 48),
        };
        service_cases::Model {
            id: format!("case {number}"),
            rep_id: self.maybe(10, &REPS),
            account_id: self.account(),
            product_id: self.maybe(15, &PRODUCTS),
            kind: if self.chance(10) {
                None
            } else {
                [Question, Incident, Complaint, Request].choose(&mut self.rng).copied()
            },
            priority: ["high", "low", ""].get(number % 4).copied().map(str::to_owned),
            channel: self.maybe(10, &["phone", "email", "chat"]),
            opened_at,
            first_response_at: (!self.chance(20)).then_some(first_response_at),
            due_at: (!self.chance(25)).then_some(due_at),
            resolved_at: (!self.chance(20)).then_some(resolved_at),
            ..Default::default()
        }
    }

    pub fn calls(&mut self) -> Vec<service_calls::Model> {
        use service_calls::Outcome::{Abandoned, Answered};
        let random = self.instants(300);
        let calls = random.into_iter().chain(edges()).enumerate();
        calls
            .map(|(number, offered_at)| service_calls::Model {
                id: format!("call {number}"),
                rep_id: self.maybe(15, &REPS),
                account_id: self.account(),
                case_id: self.maybe(50, &["case 1", "gone"]),
                outcome: if self.chance(70) { Answered } else { Abandoned },
                callback: self.chance(25),
                handle_seconds: (!self.chance(20)).then(|| self.rng.random_range(0..4000)),
                offered_at,
                ..Default::default()
            })
            .collect()
    }

    /// Scores on every scale, and off it.
    pub fn answers(&mut self) -> Vec<survey_answers::Model> {
        use survey_answers::Kind::{Ces, Csat, Nps};
        let random = self.instants(450);
        let answers = random.into_iter().chain(edges()).enumerate();
        answers
            .map(|(number, answered_at)| survey_answers::Model {
                id: format!("answer {number}"),
                kind: *[Nps, Nps, Csat, Ces].choose(&mut self.rng).unwrap(),
                rep_id: self.maybe(15, &REPS),
                account_id: self.account(),
                product_id: self.maybe(15, &PRODUCTS),
                case_id: self.maybe(50, &["case 1", "gone"]),
                score: self.rng.random_range(-1..=11),
                answered_at,
                ..Default::default()
            })
            .collect()
    }

    /// Costs of service over stretches that begin and end in the middle of a minute, are as short as that, or end before
    /// they begin; some are credits.
    pub fn service_costs(&mut self) -> Vec<costs::Model> {
        let starts = self.instants(40);
        let starts = starts.into_iter().chain(edges()).enumerate();
        starts
            .map(|(number, starts_at)| {
                let ends_at = match self.rng.random_range(0..8) {
                    0 => None,
                    1 => Some(starts_at),
                    2 => Some(starts_at + TimeDelta::milliseconds(59_999)),
                    3 => Some(starts_at + TimeDelta::milliseconds(60_000)),
                    4 => Some(starts_at - TimeDelta::days(2)),
                    _ => Some(self.later(starts_at)),
                };
                costs::Model {
                    id: format!("svc cost {number}"),
                    kind: costs::Kind::Service,
                    rep_id: self.maybe(15, &REPS),
                    account_id: self.account(),
                    segment: self.maybe(20, &["enterprise", "smb"]),
                    region: self.maybe(20, &["north", "south"]),
                    amount_minor: self.amount(),
                    currency: CURRENCY.into(),
                    starts_at,
                    ends_at,
                    ..Default::default()
                }
            })
            .collect()
    }
}
