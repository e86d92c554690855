//! What customers turn to the service desk for.

use crate::branch::{Branch, by_time};
use crate::calendar::{Day, Minute, day_at, instant, midnight, working_days_after};
use crate::dice::Dice;
use crate::keys::{product_id, time};
use crate::records::Case;
use crm_kpi_crm::service_calls::Outcome;
use crm_kpi_crm::service_cases::Kind;
use crm_kpi_crm::{service_calls, service_cases};

/// What cases are about, how often, and in how many working days they are to be resolved.
const KINDS: [(Kind, u32, i64); 4] =
    [(Kind::Question, 40, 3), (Kind::Incident, 34, 2), (Kind::Request, 17, 5), (Kind::Complaint, 9, 4)];

/// How cases come in, how often, and the most minutes until a first response.
const CHANNELS: [(&str, u32, i64); 4] = [("phone", 34, 4), ("email", 40, 420), ("chat", 16, 12), ("web", 10, 480)];

/// Shortest and longest time in days between two cases of a customer of each of SEGMENTS.
const PAUSES: [(i64, i64); 3] = [(60, 420), (40, 310), (25, 190)];

/// Of cases, in per mille: those resolved on the day they were opened, and of the others those resolved too late.
const SAME_DAY: i64 = 470;
const LATE: i64 = 170;

/// Cases that nobody looks after any more, in per mille.
const FORGOTTEN: i64 = 4;

/// Calls that are abandoned, of those that no case came in by, in per mille.
const ABANDONED: i64 = 108;

/// Whether it is known what the customer has to do with the service.
pub(crate) fn is_known(branch: &Branch, account: usize) -> bool {
    let permille = branch.company.detail.service as usize;
    (account + 1) * permille / 1000 > account * permille / 1000
}

/// Cases by when they were opened.
pub(crate) fn cases(branch: &Branch) -> Vec<Case> {
    let span = &branch.company.span;
    let products = branch.first_products();
    let mut cases = Vec::new();
    for (place, account) in branch.accounts.iter().enumerate() {
        if account.tenures.is_empty() || !is_known(branch, place) {
            continue;
        }
        let mut dice = branch.dice("cases", place);
        let (shortest, longest) = PAUSES[account.market.segment];
        for tenure in &account.tenures {
            let mut day = day_at(tenure.from).max(span.first - longest as Day);
            loop {
                day += dice.between(shortest, longest) as Day;
                if midnight(day) >= tenure.until(span) {
                    break;
                }
                let seat = branch.colleague(&mut dice, account.seat, day);
                let opened = branch.rep(seat).time_around(&mut dice, day);
                if opened > tenure.from && tenure.has(opened) && span.has(opened) {
                    cases.push(case(branch, &mut dice, seat, (place, products[place]), opened));
                }
            }
        }
    }
    cases.sort_by_key(|case| case.opened);
    cases
}

fn case(branch: &Branch, dice: &mut Dice, seat: usize, (account, product): (usize, usize), opened: Minute) -> Case {
    let rep = branch.rep(seat);
    let (kind, _, days) = KINDS[dice.weighted(&KINDS.map(|(_, weight, _)| weight))];
    let (channel, _, wait) = CHANNELS[dice.weighted(&CHANNELS.map(|(_, weight, _)| weight))];
    let day = day_at(opened);
    let due = midnight(working_days_after(day, days)) + (opened - midnight(day));
    let last_minute = (rep.closing(day) + 90).max(opened + 30).min(midnight(day + 1) - 1);
    let forgotten = dice.chance(FORGOTTEN);
    let (responded, resolved);
    if !forgotten && dice.chance(if kind == Kind::Complaint { SAME_DAY / 2 } else { SAME_DAY }) {
        resolved = opened + 2 + dice.around(0, (last_minute - opened - 2).max(0));
        responded = (opened + dice.between(0, wait)).min(resolved);
    } else {
        let late = dice.chance(LATE);
        let step = if late { days + dice.between(1, 4) } else { dice.between(1, days) };
        let some_time = rep.time_on(dice, working_days_after(day, step));
        resolved = if late { some_time } else { some_time.min(due) };
        let next_morning = rep.opening(working_days_after(day, 1));
        let soon = opened + dice.between(0, wait);
        responded = if soon <= last_minute { soon } else { next_morning + dice.between(0, 60) }.min(resolved);
    }
    let known = |at: Minute| (at < branch.company.span.end).then_some(at);
    Case {
        seat,
        account,
        product,
        kind,
        channel,
        opened,
        responded: known(responded),
        due,
        resolved: known(resolved).filter(|_| !forgotten),
    }
}

impl Branch<'_> {
    pub(crate) fn case_id(&self, place: usize) -> String {
        self.id("case", place)
    }

    /// Cases by when they were opened.
    pub fn service_cases(&self) -> impl Iterator<Item = service_cases::Model> {
        self.cases.iter().enumerate().map(|(place, case)| service_cases::Model {
            id: self.case_id(place),
            rep_id: Some(self.rep_id(case.seat)),
            account_id: Some(self.account_id(case.account)),
            product_id: Some(product_id(case.product)),
            kind: Some(case.kind),
            priority: Some(self.priority(place).to_owned()),
            channel: Some(case.channel.to_owned()),
            opened_at: instant(case.opened),
            first_response_at: time(self.answered(place, case)),
            due_at: Some(instant(case.due)),
            resolved_at: time(case.resolved),
            ..Default::default()
        })
    }

    fn priority(&self, place: usize) -> &'static str {
        ["low", "normal", "high", "urgent"][self.dice("priority", place).weighted(&[20, 55, 20, 5])]
    }

    /// Some cases that were resolved soon needed no more than the first response.
    fn answered(&self, place: usize, case: &Case) -> Option<Minute> {
        let soon = case.resolved.filter(|resolved| resolved - case.opened < 8 * 60);
        soon.filter(|_| self.dice("first contact", place).chance(600)).or(case.responded)
    }

    /// Calls by time: those that cases came in by, those that ask what became of one, and others.
    pub fn service_calls(&self) -> impl Iterator<Item = service_calls::Model> {
        let end = self.company.span.end;
        let mut dice = self.dice("service calls", 0);
        let mut calls = Vec::new();
        for (place, case) in self.cases.iter().enumerate() {
            let rep = self.rep(case.seat);
            let id = Some(self.case_id(place));
            if case.channel == "phone" {
                calls.push(self.call(&mut dice, case, id.clone(), case.opened, false));
            }
            let day = day_at(case.opened);
            let asks = dice.chance(if case.channel == "phone" { 240 } else { 90 });
            let at = rep.time_on(&mut dice, working_days_after(day, 1));
            if asks && at < end && case.resolved.is_none_or(|resolved| at - resolved < 3 * 24 * 60) {
                let (at, row) = self.call(&mut dice, case, id, at, true);
                calls.push((at, service_calls::Model { callback: true, ..row }));
            }
            let another = rep.time_around(&mut dice, day);
            if dice.chance(330) && self.accounts[case.account].is_customer(another) && another < end {
                calls.push(self.call(&mut dice, case, None, another, true));
            }
        }
        by_time(calls).map(|(place, row)| service_calls::Model { id: self.id("call", place), ..row })
    }

    fn call(
        &self,
        dice: &mut Dice,
        of: &Case,
        case_id: Option<String>,
        at: Minute,
        may_be_abandoned: bool,
    ) -> (Minute, service_calls::Model) {
        let abandoned = may_be_abandoned && dice.chance(ABANDONED);
        let row = service_calls::Model {
            rep_id: Some(self.rep_id(of.seat)),
            account_id: Some(self.account_id(of.account)),
            case_id,
            outcome: if abandoned { Outcome::Abandoned } else { Outcome::Answered },
            handle_seconds: (!abandoned && dice.chance(985)).then(|| dice.around(60, 660)),
            offered_at: instant(at),
            ..Default::default()
        };
        (at, row)
    }
}
