//! Leads: those that deals came of, and the many more that nothing came of.

use super::calendar::{Day, MINUTES_A_DAY, Minute, creation_permille, day_at};
use super::campaigns::running;
use super::dataset::Dataset;
use super::deals::Deal;
use super::dice::Dice;
use super::people::Rep;
use super::staff::Employee;
use super::vocabulary::{INDUSTRIES, SOURCES};
use crate::crm::leads::Status;
use crate::crm::opportunities::Status as DealStatus;
use crate::crm::orders::Kind;

/// How many deals with new customers there was a lead of before, in per mille.
const DEALS_WITH_LEAD: i64 = 400;

/// Leads a year of an average rep that nothing comes of, before growth.
const HOPELESS_A_YEAR: i64 = 84;

/// The first of them come so many days before the first day.
const LEAD_DAYS: Day = 30;

/// Between two steps there are at least so many minutes.
const SHORTEST_STEP: Minute = 10;

/// A person who may buy for a company.
pub(super) struct Lead {
    pub rep: u32,
    /// Place in SOURCES.
    pub source: usize,
    /// Place in the campaigns.
    pub campaign: Option<usize>,
    /// The deal that came of it, a place in the deals.
    pub deal: Option<usize>,
    pub company: Company,
    pub created: Minute,
    /// The statuses after `new`, with the times they were entered, in order.
    pub steps: Vec<(Status, Minute)>,
}

/// What is known of a lead's company.
#[derive(Clone, Copy)]
pub(super) struct Company {
    pub segment: usize,
    pub industry: usize,
    pub region: &'static str,
    pub country: &'static str,
}

impl Lead {
    pub fn status(&self) -> Status {
        self.steps.last().map_or(Status::New, |(status, _)| *status)
    }

    /// When the lead got that status.
    pub fn reached(&self, wanted: Status) -> Option<Minute> {
        self.steps.iter().find(|(status, _)| *status == wanted).map(|(_, at)| *at)
    }

    /// When there was nothing more to do about it; unset while there is.
    pub fn done(&self) -> Option<Minute> {
        self.reached(Status::Converted).or(self.reached(Status::Disqualified))
    }
}

/// All leads by creation.
pub(super) fn leads(data: &Dataset) -> Vec<Lead> {
    let mut leads: Vec<Lead> =
        data.deals.iter().enumerate().filter_map(|(place, deal)| promising(data, place, deal)).collect();
    for employee in &data.staff {
        add_hopeless(data, employee, &mut leads);
    }
    leads.sort_by_key(|lead| lead.created);
    leads
}

/// The lead that a deal came of, if it was one.
fn promising(data: &Dataset, place: usize, deal: &Deal) -> Option<Lead> {
    let mut dice = Dice::new(data.options.seed, "promising lead", place as u32);
    if deal.kind != Kind::New || !dice.chance(DEALS_WITH_LEAD) {
        return None;
    }
    let employee = &data.staff[deal.rep as usize];
    let rep = &employee.rep;
    let contacted_early = deal.created - deal.first_contact > MINUTES_A_DAY;
    let days = if contacted_early { dice.between(1, 5) } else { dice.between(2, 14) };
    let created = rep.time_around(&mut dice, day_at(deal.first_contact) - days as Day);
    if created < employee.hired_at() || created >= deal.first_contact - 3 * SHORTEST_STEP {
        return None;
    }
    let contacted = match contacted_early {
        true => deal.first_contact,
        false => step(&mut dice, rep, (created, deal.created - SHORTEST_STEP), 300),
    };
    let qualified = step(&mut dice, rep, (contacted, deal.created), 1000);
    let mut steps = vec![(Status::Contacted, contacted), (Status::Qualified, qualified)];
    match (deal.status, deal.closed) {
        (DealStatus::Won, Some(closed)) => steps.push((Status::Converted, closed)),
        (DealStatus::Lost, Some(closed)) => steps.push((Status::Disqualified, closed)),
        _ => {}
    }
    let account = &data.accounts[deal.account];
    let company = Company {
        segment: account.segment,
        industry: account.industry,
        region: account.region,
        country: account.country,
    };
    let campaign = data.deal_campaigns[place].filter(|campaign| data.campaigns[*campaign].runs(created));
    Some(Lead { rep: deal.rep, source: deal.source, campaign, deal: Some(place), company, created, steps })
}

/// Some working time after `from`, up to `until`, within the first part of the time between them.
fn step(dice: &mut Dice, rep: &Rep, (from, until): (Minute, Minute), permille: i64) -> Minute {
    let from = from + SHORTEST_STEP;
    let at = from + (until - from).max(0) * dice.between(0, permille) / 1000;
    let day = day_at(at);
    rep.time_around(dice, day).min(until).max(from)
}

/// Adds the rep's leads that no deal came of.
fn add_hopeless(data: &Dataset, employee: &Employee, leads: &mut Vec<Lead>) {
    let (span, rep) = (&data.span, &employee.rep);
    let mut dice = Dice::new(data.options.seed, "leads", rep.number);
    for day in (span.first - LEAD_DAYS)..=span.last {
        if !employee.employed(day) {
            continue;
        }
        let a_year = HOPELESS_A_YEAR * rep.pace / 1000 * rep.ramp(day) / 1000 * span.grown(day, 130) / 1000;
        let permille = a_year * creation_permille(day) / (3 * 261);
        for _ in 0..3 {
            if dice.chance(permille) {
                let created = rep.time_on(&mut dice, day);
                leads.push(hopeless(data, &mut dice, rep, created));
            }
        }
    }
}

fn hopeless(data: &Dataset, dice: &mut Dice, rep: &Rep, created: Minute) -> Lead {
    let company = Company {
        segment: dice.weighted(&rep.segments),
        industry: dice.below(INDUSTRIES.len() as u32) as usize,
        region: rep.region.name,
        country: rep.country(dice),
    };
    let source = dice.weighted(&SOURCES.each_ref().map(|source| source.weight));
    let mut steps = Vec::new();
    let mut at = created;
    let mut after = |dice: &mut Dice, status: Status, days: (i64, i64)| {
        let until = at + dice.between(days.0, days.1) * MINUTES_A_DAY;
        at = step(dice, rep, (at, until), 1000);
        steps.push((status, at));
    };
    if dice.chance(880) {
        after(dice, Status::Contacted, (1, 5));
        if dice.chance(60) {
            after(dice, Status::Qualified, (3, 25));
        }
        if dice.chance(800) {
            after(dice, Status::Disqualified, (5, 70));
        }
    } else if dice.chance(700) {
        after(dice, Status::Disqualified, (10, 90));
    }
    steps.retain(|(_, at)| *at < data.span.end);
    Lead {
        rep: rep.number,
        source,
        campaign: running(&data.campaigns, source, (company.segment, company.region), created),
        deal: None,
        company,
        created,
        steps,
    }
}
