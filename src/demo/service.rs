//! What customers turn to the service desk for.

use super::calendar::{Day, Minute, day_at, midnight, working_days_after};
use super::dataset::Dataset;
use super::dice::Dice;
use super::people::Rep;
use crate::crm::service_calls::Outcome;
use crate::crm::service_cases::Kind;

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

/// What a customer wants of the service.
pub(super) struct Case {
    pub rep: u32,
    /// Place in the accounts.
    pub account: usize,
    /// Place in PRODUCTS.
    pub product: usize,
    pub kind: Kind,
    pub channel: &'static str,
    pub opened: Minute,
    pub responded: Option<Minute>,
    pub due: Minute,
    pub resolved: Option<Minute>,
}

/// Cases by when they were opened.
pub(super) fn cases(data: &Dataset) -> Vec<Case> {
    let products = data.first_products();
    let mut cases = Vec::new();
    for (place, account) in data.accounts.iter().enumerate() {
        if account.tenures.is_empty() {
            continue;
        }
        let mut dice = Dice::new(data.options.seed, "cases", place as u32);
        let (shortest, longest) = PAUSES[account.segment];
        for tenure in &account.tenures {
            let until = tenure.end.map_or(data.span.end, |(end, _)| end);
            let mut day = day_at(tenure.from).max(data.span.first - longest as Day);
            loop {
                day += dice.between(shortest, longest) as Day;
                if midnight(day) >= until {
                    break;
                }
                let rep = data.colleague(&mut dice, account.rep, day);
                let opened = rep.time_around(&mut dice, day);
                if opened > tenure.from && opened < until && opened >= midnight(data.span.first) {
                    cases.push(case(data, &mut dice, rep, (place, products[place]), opened));
                }
            }
        }
    }
    cases.sort_by_key(|case| case.opened);
    cases
}

fn case(data: &Dataset, dice: &mut Dice, rep: &Rep, (account, product): (usize, usize), opened: Minute) -> Case {
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
        let next_morning = midnight(working_days_after(day, 1)) + rep.region.opening_hour * 60;
        let soon = opened + dice.between(0, wait);
        responded = if soon <= last_minute { soon } else { next_morning + dice.between(0, 60) }.min(resolved);
    }
    let known = |at: Minute| (at < data.span.end).then_some(at);
    Case {
        rep: rep.number,
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

/// A call to the service desk.
pub(super) struct Call {
    pub rep: u32,
    /// Place in the accounts.
    pub account: usize,
    /// Place in the cases.
    pub case: Option<usize>,
    pub outcome: Outcome,
    pub callback: bool,
    /// Of answered calls.
    pub seconds: Option<i64>,
    pub at: Minute,
}

/// Calls by time: those that cases came in by, those that ask what became of one, and others.
pub(super) fn calls(data: &Dataset) -> Vec<Call> {
    let mut dice = Dice::new(data.options.seed, "service calls", 0);
    let mut calls = Vec::new();
    for (place, case) in data.cases.iter().enumerate() {
        let rep = &data.staff[case.rep as usize].rep;
        if case.channel == "phone" {
            calls.push(call(&mut dice, case, Some(place), case.opened, false, false));
        }
        let day = day_at(case.opened);
        let asks = dice.chance(if case.channel == "phone" { 240 } else { 90 });
        let at = rep.time_on(&mut dice, working_days_after(day, 1));
        if asks && at < data.span.end && case.resolved.is_none_or(|resolved| at - resolved < 3 * 24 * 60) {
            let abandoned = dice.chance(ABANDONED);
            calls.push(call(&mut dice, case, Some(place), at, true, abandoned));
        }
        let another = rep.time_around(&mut dice, day);
        if dice.chance(330) && data.accounts[case.account].is_customer(another) && another < data.span.end {
            let abandoned = dice.chance(ABANDONED);
            calls.push(call(&mut dice, case, None, another, false, abandoned));
        }
    }
    calls.sort_by_key(|call| call.at);
    calls
}

fn call(dice: &mut Dice, of: &Case, case: Option<usize>, at: Minute, callback: bool, abandoned: bool) -> Call {
    Call {
        rep: of.rep,
        account: of.account,
        case,
        outcome: if abandoned { Outcome::Abandoned } else { Outcome::Answered },
        callback,
        seconds: (!abandoned && dice.chance(985)).then(|| dice.around(60, 660)),
        at,
    }
}
