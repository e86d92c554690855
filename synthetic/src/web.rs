//! Visits to the website.

use crate::branch::{Branch, by_time};
use crate::calendar::{Day, MINUTES_A_DAY, Minute, instant, is_weekend, midnight};
use crate::dice::Dice;
use crate::keys::{segment, source_id};
use crm_kpi_crm::web_sessions::Model;

/// Visits a day for a hundred reps of the demo, before growth.
const VISITS: i64 = 62;

/// How often visitors come from each place in SOURCES.
const SOURCE_WEIGHTS: [u32; 9] = [52, 6, 2, 14, 22, 2, 2, 0, 0];

impl Branch<'_> {
    /// Visits by time.
    pub fn web_sessions(&self) -> impl Iterator<Item = Model> {
        let span = &self.company.span;
        let mut dice = self.dice("web", 0);
        // For each rep of the demo, in thousandths.
        let reps = self.seats.len() as i64 * self.company.detail.days;
        let days = (span.first..=span.last).flat_map(move |day| {
            let level = span.grown(day, 160) * if is_weekend(day) { 350 } else { 1000 } / 1000;
            let mean = VISITS * reps / 100 * level / 1000;
            let count = dice.around(mean * 7 / 10, mean * 13 / 10);
            let visits = (0..dice.rounded(count)).map(|_| self.visit(&mut dice, day));
            by_time(visits.collect()).map(|(_, row)| row)
        });
        days.enumerate().map(|(place, row)| Model { id: self.id("web", place), ..row })
    }

    fn visit(&self, dice: &mut Dice, day: Day) -> (Minute, Model) {
        let rep = self.rep(dice.place(self.seats.len()));
        let minute = rep.region.opening_hour * 60 + dice.around(-240, 960);
        let at = midnight(day) + minute.rem_euclid(MINUTES_A_DAY);
        let (account, lead) = match dice.weighted(&[70, 16, 14]) {
            1 => (None, self.recent_lead(dice, at)),
            2 => (self.some_customer(dice, at), None),
            _ => (None, None),
        };
        let drawn = dice.weighted(&SOURCE_WEIGHTS);
        let source = lead.map_or(drawn, |lead| self.leads[lead].source);
        let pages = 1 + dice.around(0, 14) * dice.between(0, 1000) / 1000;
        let seconds = pages * dice.between(15, 75);
        let goal = dice.chance(if lead.is_some() { 90 } else { 18 });
        let country = rep.country(dice);
        let account_known = account.map(|place| (self.accounts[place].seat, self.accounts[place].market));
        let known = account_known.or(lead.map(|place| (self.leads[place].seat, self.leads[place].market)));
        let market = known.map(|(_, market)| market);
        let near = (
            market.map_or(usize::MAX, |market| market.segment),
            market.map_or(rep.region.name, |market| market.region),
        );
        let (_, _, industry, _) = market.map(|market| market.words()).unwrap_or_default();
        let row = Model {
            rep_id: known.map(|(seat, _)| self.rep_id(seat)),
            account_id: account.map(|account| self.account_id(account)),
            lead_id: lead.map(|lead| self.lead_id(lead)),
            source_id: Some(source_id(source)),
            campaign_id: self.running(source, near, at).map(|campaign| self.campaign_id(campaign)),
            segment: segment(near.0),
            region: Some(near.1.to_owned()),
            industry,
            country: Some(market.map_or(country, |market| market.country).to_owned()),
            started_at: instant(at),
            duration_seconds: dice.chance(970).then_some(seconds),
            page_views: pages as i32,
            goal_completed: goal,
            ..Default::default()
        };
        (at, row)
    }

    /// One of the last leads that there were then.
    fn recent_lead(&self, dice: &mut Dice, at: Minute) -> Option<usize> {
        let known = self.leads.partition_point(|lead| lead.created <= at);
        let step = dice.place(10 + self.seats.len());
        known.checked_sub(1 + step)
    }
}
