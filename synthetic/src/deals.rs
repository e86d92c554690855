//! One deal: its way through the pipeline.

use crate::accounts::{Account, Standing, price};
use crate::calendar::{Day, Minute, Span, closing_day, day_at, midnight};
use crate::dice::Dice;
use crate::reps::Rep;
use crate::vocabulary::{PROPOSAL, SOURCES, STAGES, Stage};
use crm_kpi_crm::opportunities::Status;
use crm_kpi_crm::opportunity_stages::Outcome;
use crm_kpi_crm::orders::Kind;

/// A stay takes at least so many minutes.
const SHORTEST_STAY: i64 = 20;

/// A deal, as far as it went before the end of the data.
pub(crate) struct Deal {
    /// Place of the rep's seat in the branch.
    pub seat: usize,
    /// Whether somebody else of the team owned it during its first stay.
    pub handed_over: bool,
    /// The account's place in the rep's book, later in the branch.
    pub account: usize,
    pub product: usize,
    pub source: usize,
    /// What kind of order it leads to.
    pub kind: Kind,
    pub status: Status,
    pub loss_reason: Option<&'static str>,
    pub amount: i64,
    pub monthly: Option<i64>,
    pub created: Minute,
    pub first_contact: Minute,
    pub closed: Option<Minute>,
    /// Contiguous, from its creation.
    pub stays: Vec<Stay>,
    /// When they were sent, in order.
    pub proposals: Vec<Minute>,
}

/// A stay in a stage, from the end of the one before it.
pub(crate) struct Stay {
    /// Place in STAGES.
    pub stage: usize,
    /// Unset while it lasts.
    pub left: Option<(Minute, Outcome)>,
}

/// How a deal ends if the data reach that far.
struct End {
    won: bool,
    reason: Option<&'static str>,
    /// Places in STAGES.
    first_stage: usize,
    last_stage: usize,
    at: Minute,
}

/// A deal of the account, created then. `None` where it closed before the data begin.
pub(crate) fn deal(
    dice: &mut Dice,
    span: &Span,
    rep: &Rep,
    account: (usize, &Account),
    created: Minute,
) -> Option<Deal> {
    let (place, account) = account;
    let standing = account.standing(created);
    let (product, kind) = account.next_product(dice, standing);
    let source = account.next_source(dice, standing);
    let end = end(dice, rep, account, source, standing, created);
    if end.at < midnight(span.first) {
        return None;
    }
    let (amount, monthly) = price(dice, account.market.segment, product, span.grown(day_at(created), 35));
    let path = path(dice, &end);
    let times = times(dice, rep, &path, created, &end);
    let proposals = proposals(dice, rep, &path, &times, span.end);
    let handed_over = path.len() > 1 && dice.chance(30);
    let first_contact = match dice.chance(650) {
        true => rep.time_around(dice, day_at(created) - 1) - midnight(dice.between(0, 20) as Day),
        false => created,
    };
    let mut stays = Vec::with_capacity(path.len());
    for ((stage, outcome), left) in path.into_iter().zip(times.into_iter().skip(1)) {
        let lasts = left >= span.end;
        stays.push(Stay { stage, left: (!lasts).then_some((left, outcome)) });
        if lasts {
            break;
        }
    }
    let closed = (end.at < span.end).then_some(end.at);
    Some(Deal {
        seat: 0,
        handed_over,
        account: place,
        product,
        source,
        kind,
        status: match closed {
            None => Status::Open,
            Some(_) if end.won => Status::Won,
            Some(_) => Status::Lost,
        },
        loss_reason: closed.and(end.reason),
        amount,
        monthly,
        created,
        first_contact: first_contact.min(created),
        closed,
        stays,
        proposals,
    })
}

fn end(dice: &mut Dice, rep: &Rep, account: &Account, source: usize, standing: Standing, created: Minute) -> End {
    let day = day_at(created);
    let segment = [1080, 1000, 850][account.market.segment];
    let known = match standing {
        Standing::Customer => 1100,
        Standing::Former => 1200,
        Standing::Prospect => 1000,
    };
    let chance =
        rep.skill * segment / 1000 * known / 1000 * SOURCES[source].chance / 1000 * (600 + rep.ramp(day) * 2 / 5);
    let mut won = dice.chance((chance / 1000).clamp(40, 800));
    let mut reason = (!won).then(|| account.loss_reason(dice));
    let (shortest, longest) = [(6, 56), (20, 140), (45, 250)][account.market.segment];
    let mut days = dice.around(shortest, longest) * if standing == Standing::Customer { 750 } else { 1000 } / 1000;
    if dice.chance(80) {
        days = days * 8 / 5;
    }
    let first_stage = usize::from(dice.chance(if standing == Standing::Prospect { 60 } else { 400 }));
    let last_stage = match won {
        true => STAGES.len() - 1,
        false => dice.weighted(&STAGES.each_ref().map(|stage| stage.losses)).max(first_stage),
    };
    let time = |stages: &[Stage]| stages.iter().map(|stage| stage.time).sum::<i64>();
    days = days * time(&STAGES[first_stage..=last_stage]) / time(&STAGES);
    match reason {
        Some("no_decision") => days = days * 11 / 5,
        Some("no_budget") => days = days * 4 / 5,
        _ => {}
    }
    let day = closing_day(dice, day + days as Day, won).max(day + 2);
    let at = rep.time_on(dice, day);
    if won && standing == Standing::Customer && account.standing(at) == Standing::Former {
        won = false;
        reason = Some("competitor");
    }
    End { won, reason, first_stage, last_stage, at }
}

/// The stages it goes through and how each stay ends.
fn path(dice: &mut Dice, end: &End) -> Vec<(usize, Outcome)> {
    let mut path = Vec::with_capacity(6);
    let mut returned = false;
    for stage in end.first_stage..=end.last_stage {
        if stage > end.first_stage && stage > 1 && !returned && dice.chance(40) {
            returned = true;
            path.push((stage, Outcome::Returned));
            path.push((stage - 1, Outcome::Advanced));
        }
        path.push((stage, Outcome::Advanced));
    }
    if let Some(stay) = path.last_mut() {
        stay.1 = if end.won { Outcome::Won } else { Outcome::Lost };
    }
    path
}

/// When the stays begin, and at last when the last one ends.
fn times(dice: &mut Dice, rep: &Rep, path: &[(usize, Outcome)], created: Minute, end: &End) -> Vec<Minute> {
    let mut weights: Vec<i64> = path.iter().map(|(stage, _)| STAGES[*stage].time * dice.between(45, 155)).collect();
    if let (Some("no_decision"), Some(last)) = (end.reason, weights.last_mut()) {
        *last *= 3;
    }
    let all: i64 = weights.iter().sum();
    let mut times = vec![created];
    let mut passed = 0;
    for weight in &weights[..weights.len().saturating_sub(1)] {
        passed += weight;
        let day = day_at(created + (end.at - created) * passed / all.max(1));
        times.push(rep.time_around(dice, day));
    }
    times.push(end.at);
    for place in 1..times.len() - 1 {
        times[place] = times[place].max(times[place - 1] + SHORTEST_STAY);
    }
    for place in (1..times.len() - 1).rev() {
        times[place] = times[place].min(times[place + 1] - SHORTEST_STAY);
    }
    times
}

/// When proposals were sent: the first while in the proposal stage, more of them until the deal closes.
fn proposals(dice: &mut Dice, rep: &Rep, path: &[(usize, Outcome)], times: &[Minute], end: Minute) -> Vec<Minute> {
    let Some(place) = path.iter().position(|(stage, _)| *stage == PROPOSAL) else { return Vec::new() };
    let (Some(&from), Some(&until), Some(&closed)) = (times.get(place), times.get(place + 1), times.last()) else {
        return Vec::new();
    };
    let count = dice.weighted(&[8, 58, 26, 8]);
    let mut sent: Vec<Minute> = (0..count)
        .map(|number| {
            let until = if number == 0 { from + (until - from) * 2 / 3 } else { closed };
            let day = day_at(from + (until - from) * dice.between(0, 999) / 1000);
            let at = rep.time_around(dice, day);
            at.clamp(from, until)
        })
        .filter(|at| *at < end)
        .collect();
    sent.sort_unstable();
    sent.dedup();
    sent
}
