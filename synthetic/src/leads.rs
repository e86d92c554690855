//! Leads: those that deals came of, and the many more that nothing came of.

use crate::accounts::{Market, new_source};
use crate::branch::Branch;
use crate::calendar::{Day, MINUTES_A_DAY, Minute, day_at, instant};
use crate::deals::Deal;
use crate::dice::Dice;
use crate::keys::{source_id, time};
use crate::names;
use crate::records::Lead;
use crate::reps::Rep;
use crm_kpi_crm::leads::Status;
use crm_kpi_crm::opportunities::Status as DealStatus;
use crm_kpi_crm::orders::Kind;
use crm_kpi_crm::{lead_stages, leads};

/// How many deals with new customers there was a lead of before, in per mille.
const DEALS_WITH_LEAD: i64 = 400;

/// Leads for each thousand deals that nothing comes of.
const HOPELESS: i64 = 590;

/// The first of them come so many days before the first day.
const LEAD_DAYS: Day = 30;

/// Between two steps there are at least so many minutes.
const SHORTEST_STEP: Minute = 10;

/// All leads by creation.
pub(crate) fn leads(branch: &Branch) -> Vec<Lead> {
    let deals = branch.deals.iter().enumerate();
    let mut leads: Vec<Lead> = deals.filter_map(|(place, deal)| promising(branch, place, deal)).collect();
    for seat in 0..branch.seats.len() {
        add_hopeless(branch, seat, &mut leads);
    }
    leads.sort_by_key(|lead| lead.created);
    leads
}

/// The lead that a deal came of, if it was one.
fn promising(branch: &Branch, place: usize, deal: &Deal) -> Option<Lead> {
    let mut dice = branch.dice("promising lead", place);
    if deal.kind != Kind::New || !dice.chance(DEALS_WITH_LEAD * branch.company.detail.leads / 1000) {
        return None;
    }
    let rep = branch.rep(deal.seat);
    let contacted_early = deal.created - deal.first_contact > MINUTES_A_DAY;
    let days = if contacted_early { dice.between(1, 5) } else { dice.between(2, 14) };
    let created = rep.time_around(&mut dice, day_at(deal.first_contact) - days as Day);
    if created < rep.opening(rep.from()) || created >= deal.first_contact - 3 * SHORTEST_STEP {
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
    let market = branch.accounts[deal.account].market;
    let campaign = branch.credits[place].filter(|campaign| branch.campaigns[*campaign].runs(created));
    Some(Lead { seat: deal.seat, source: deal.source, campaign, deal: Some(place), market, created, steps })
}

/// Some working time after `from`, up to `until`, within the first part of the time between them.
fn step(dice: &mut Dice, rep: &Rep, (from, until): (Minute, Minute), permille: i64) -> Minute {
    let from = from + SHORTEST_STEP;
    let at = from + (until - from).max(0) * dice.between(0, permille) / 1000;
    let day = day_at(at);
    rep.time_around(dice, day).min(until).max(from)
}

/// Adds the leads of a seat that no deal came of.
fn add_hopeless(branch: &Branch, seat: usize, leads: &mut Vec<Lead>) {
    let company = branch.company;
    let mut dice = branch.dice("leads", seat);
    let count = dice.rounded(branch.seats[seat].deals as i64 * HOPELESS * company.detail.leads / 1000);
    let from = company.span.first - LEAD_DAYS;
    for created in branch.rep(seat).times(&mut dice, &company.season, from, count as usize) {
        leads.push(hopeless(branch, &mut dice, seat, created));
    }
}

fn hopeless(branch: &Branch, dice: &mut Dice, seat: usize, created: Minute) -> Lead {
    let rep = branch.rep(seat);
    let (market, source) = (Market::of(dice, rep), new_source(dice));
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
    steps.retain(|(_, at)| *at < branch.company.span.end);
    let campaign = branch.running(source, (market.segment, market.region), created);
    Lead { seat, source, campaign, deal: None, market, created, steps }
}

impl Branch<'_> {
    /// Leads by creation.
    pub fn leads(&self) -> impl Iterator<Item = leads::Model> {
        self.leads.iter().enumerate().map(|(place, lead)| {
            let (segment, region, industry, country) = lead.market.words();
            let company = self.company_name(place, lead);
            let name = names::person(self.person(place));
            leads::Model {
                id: self.lead_id(place),
                email: Some(names::email(&name, &company)),
                name: Some(name),
                company: Some(company),
                rep_id: Some(self.rep_id(lead.seat)),
                source_id: Some(source_id(lead.source)),
                campaign_id: lead.campaign.map(|campaign| self.campaign_id(campaign)),
                account_id: lead.deal.map(|deal| self.account_id(self.deals[deal].account)),
                opportunity_id: lead.deal.map(|deal| self.deal_id(deal)),
                segment,
                region,
                industry,
                country,
                status: lead.status(),
                created_at: instant(lead.created),
                qualified_at: time(lead.reached(Status::Qualified)),
                converted_at: time(lead.reached(Status::Converted)),
                ..Default::default()
            }
        })
    }

    /// The history of every lead, without gaps.
    pub fn lead_stages(&self) -> impl Iterator<Item = lead_stages::Model> {
        self.leads.iter().enumerate().flat_map(move |(place, lead)| {
            let entered = std::iter::once((Status::New, lead.created)).chain(lead.steps.iter().copied());
            let left = lead.steps.iter().map(|(_, at)| Some(*at)).chain([None]);
            (1..).zip(entered.zip(left)).map(move |(number, ((status, entered), left))| lead_stages::Model {
                lead_id: self.lead_id(place),
                number,
                status,
                rep_id: Some(self.rep_id(lead.seat)),
                entered_at: Some(instant(entered)),
                left_at: time(left),
                ..Default::default()
            })
        })
    }

    /// What the lead's company is called.
    fn company_name(&self, place: usize, lead: &Lead) -> String {
        match lead.deal {
            Some(deal) => self.account_name(self.deals[deal].account),
            None => names::company(self.unique(self.accounts.len() + place), lead.market.industry),
        }
    }

    /// The lead's e-mail address.
    pub(crate) fn lead_email(&self, place: usize, lead: &Lead) -> String {
        names::email(&names::person(self.person(place)), &self.company_name(place, lead))
    }
}
