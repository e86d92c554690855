//! Opportunities, their stays in stages and their proposals.

use super::dirt::{Dirt, edges};
use super::{CURRENCY, PIPELINES, PRODUCTS, REASONS, REPS, SOURCES, STAGES, text};
use chrono::TimeDelta;
use crm_kpi::crm::{opportunities, opportunity_stages, proposals};
use rand::RngExt;
use rand::seq::IndexedRandom;

impl Dirt {
    pub fn deal(&mut self, number: u32) -> opportunities::Model {
        let status = match self.rng.random_range(0..5) {
            0 | 1 => opportunities::Status::Won,
            2 => opportunities::Status::Lost,
            _ => opportunities::Status::Open,
        };
        let created_at = self.instant();
        let closed_at = if self.chance(5) { self.instant() } else { self.later(created_at) };
        let is_closed = (status != opportunities::Status::Open) != self.chance(4);
        let amount_minor = (!self.chance(15)).then(|| self.amount());
        let contact = if self.chance(80) { created_at - TimeDelta::milliseconds(1_234_567) } else { self.instant() };
        opportunities::Model {
            id: format!("deal {number}"),
            rep_id: self.maybe(10, &REPS),
            account_id: self.account(),
            product_id: self.maybe(15, &PRODUCTS),
            source_id: self.maybe(15, &SOURCES),
            pipeline_id: self.maybe(20, &PIPELINES),
            stage_id: self.maybe(15, &STAGES),
            status,
            sale_type: self.maybe(30, &["new", "renewal"]),
            probability_bp: (!self.chance(40)).then(|| self.rng.random_range(0..=10_000)),
            expected_close_on: (!self.chance(25)).then(|| self.instant().date_naive()),
            forecast_category: self.maybe(30, &["commit", "best case"]),
            loss_reason: if status == opportunities::Status::Lost { self.maybe(25, &REASONS) } else { None },
            amount_minor,
            monthly_amount_minor: (amount_minor.is_some() && self.chance(30)).then(|| self.amount()),
            currency: if amount_minor.is_none() { self.maybe(50, &[CURRENCY]) } else { text(CURRENCY) },
            created_at: (!self.chance(10)).then_some(created_at),
            first_contact_at: (!self.chance(25)).then_some(contact),
            closed_at: is_closed.then_some(closed_at),
            ..Default::default()
        }
    }

    /// Deals that are created, won or lost exactly at an edge, or a millisecond before.
    pub fn deals_at_edges(&mut self) -> Vec<opportunities::Model> {
        use opportunities::Status::{Lost, Open, Won};
        let mut deals = Vec::new();
        for at in edges() {
            for status in [Open, Won, Lost] {
                let id = format!("deal {status:?} {at}");
                let (created_at, closed_at) =
                    if status == Open { (at, None) } else { (at - TimeDelta::days(40), Some(at)) };
                let created_at = Some(created_at);
                deals.push(opportunities::Model { id, status, created_at, closed_at, ..self.deal(0) });
            }
        }
        deals
    }

    /// Stays one after the other from the deal's beginning to its end, or none. Some histories begin before their deal,
    /// some end after it.
    pub fn stays(&mut self, deal: &opportunities::Model) -> Vec<opportunity_stages::Model> {
        let mut stays = Vec::new();
        let begun = self.instant();
        let (begins_early, ends_late) = (self.chance(10), self.chance(10));
        let mut at = match deal.created_at {
            Some(created_at) if begins_early => created_at.min(begun),
            Some(created_at) => created_at,
            None => deal.closed_at.map_or(begun, |closed_at| begun.min(closed_at)),
        };
        let count = self.rng.random_range(0..5);
        for number in 1..=count {
            let entered_at = at;
            at = self.later(at);
            if let Some(closed_at) = deal.closed_at {
                let end = closed_at.max(entered_at);
                at = match number == count {
                    true if ends_late => at.max(end),
                    true => end,
                    false => at.min(end),
                };
            }
            let lasts = number == count && deal.closed_at.is_none();
            // An open deal is in its last stage, whatever closing time it has.
            let lasts_on = lasts || number == count && deal.status == opportunities::Status::Open;
            let since_ever = number == 1 && (deal.created_at.is_none() || self.chance(20));
            stays.push(opportunity_stages::Model {
                opportunity_id: deal.id.clone(),
                number,
                stage_id: self.maybe(10, &STAGES),
                rep_id: self.maybe(10, &REPS),
                entered_at: (!since_ever).then_some(entered_at),
                left_at: (!lasts_on).then_some(at),
                outcome: self.outcome(lasts),
                ..Default::default()
            });
        }
        stays
    }

    /// A stay that, at an edge, has lasted exactly as long as its stage is expected to, or a millisecond longer.
    pub fn stays_expected_until_edges(&mut self) -> Vec<(opportunities::Model, opportunity_stages::Model)> {
        let mut stays = Vec::new();
        for (place, at) in edges().enumerate() {
            let created_at = Some(at - TimeDelta::days(14));
            let id = format!("expected {place}");
            let deal = opportunities::Model { id, created_at, closed_at: None, ..self.deal(0) };
            let stay = opportunity_stages::Model {
                opportunity_id: deal.id.clone(),
                number: 1,
                stage_id: Some("proposal".into()),
                rep_id: self.maybe(10, &REPS),
                entered_at: created_at,
                ..Default::default()
            };
            stays.push((deal, stay));
        }
        stays
    }

    /// Stays of deals that are not on record.
    pub fn stays_of_nothing(&mut self) -> Vec<opportunity_stages::Model> {
        let deal = opportunities::Model { id: "gone".into(), ..self.deal(0) };
        (0..3)
            .flat_map(|_| self.stays(&deal))
            .zip(1..)
            .map(|(stay, number)| opportunity_stages::Model { number, ..stay })
            .collect()
    }

    pub fn outcome(&mut self, lasts: bool) -> Option<opportunity_stages::Outcome> {
        use opportunity_stages::Outcome;
        let outcome = [Outcome::Advanced, Outcome::Returned, Outcome::Won, Outcome::Lost];
        let outcome = outcome.choose(&mut self.rng).copied();
        if lasts || self.chance(10) { None } else { outcome }
    }

    pub fn proposals(&mut self, deals: &[opportunities::Model]) -> Vec<proposals::Model> {
        let mut rows = Vec::new();
        for id in deals.iter().map(|deal| deal.id.as_str()).chain(["gone", "gone too", "gone as well"]) {
            for number in 1..=self.rng.random_range(0..3) {
                let rep_id = self.maybe(10, &REPS);
                rows.push(proposals::Model {
                    opportunity_id: id.into(),
                    number,
                    rep_id,
                    sent_at: self.instant(),
                    ..Default::default()
                });
            }
        }
        rows
    }
}
