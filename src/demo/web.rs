//! Visits to the website.

use super::calendar::{Day, MINUTES_A_DAY, Minute, by_day, is_weekend, midnight};
use super::campaigns::running;
use super::dataset::Dataset;
use super::dice::Dice;

/// Visits a day for a hundred reps, before growth.
const VISITS: i64 = 62;

/// How often visitors come from each place in SOURCES.
const SOURCE_WEIGHTS: [u32; 9] = [52, 6, 2, 14, 22, 2, 2, 0, 0];

/// One visit.
pub(super) struct Visit {
    /// Number of the rep whose region and country the visitor is in.
    pub near: u32,
    pub country: &'static str,
    /// Place in the accounts.
    pub account: Option<usize>,
    /// Place in the leads.
    pub lead: Option<usize>,
    pub source: usize,
    /// Place in the campaigns.
    pub campaign: Option<usize>,
    pub at: Minute,
    pub seconds: Option<i64>,
    pub pages: i32,
    pub goal: bool,
}

/// Visits by time.
pub(super) fn visits(data: &Dataset) -> impl Iterator<Item = Visit> {
    let mut dice = Dice::new(data.options.seed, "web", 0);
    by_day(
        data.span.first..=data.span.last,
        |visit: &Visit| visit.at,
        move |day, visits| {
            let level = data.span.grown(day, 160) * if is_weekend(day) { 350 } else { 1000 } / 1000;
            let mean = VISITS * i64::from(data.options.reps()) * level / 100;
            let count = (dice.around(mean * 7 / 10, mean * 13 / 10) + dice.between(0, 999)) / 1000;
            visits.extend((0..count).map(|_| visit(data, &mut dice, day)));
        },
    )
}

fn visit(data: &Dataset, dice: &mut Dice, day: Day) -> Visit {
    let near = dice.below(data.options.reps());
    let rep = &data.staff[near as usize].rep;
    let minute = rep.region.opening_hour * 60 + dice.around(-240, 960);
    let at = midnight(day) + minute.rem_euclid(MINUTES_A_DAY);
    let (account, lead) = match dice.weighted(&[70, 16, 14]) {
        1 => (None, recent_lead(data, dice, at)),
        2 => (data.some_customer(dice, at), None),
        _ => (None, None),
    };
    let source = lead.map_or_else(|| dice.weighted(&SOURCE_WEIGHTS), |lead| data.leads[lead].source);
    let (segment, region) = match (account, lead) {
        (Some(account), _) => (data.accounts[account].segment, data.accounts[account].region),
        (_, Some(lead)) => (data.leads[lead].company.segment, data.leads[lead].company.region),
        _ => (usize::MAX, rep.region.name),
    };
    let pages = (1 + dice.around(0, 14) * dice.between(0, 1000) / 1000) as i32;
    let seconds = i64::from(pages) * dice.between(15, 75);
    let goal = dice.chance(if lead.is_some() { 90 } else { 18 });
    Visit {
        near,
        country: rep.country(dice),
        account,
        lead,
        source,
        campaign: running(&data.campaigns, source, (segment, region), at),
        at,
        seconds: dice.chance(970).then_some(seconds),
        pages,
        goal,
    }
}

/// One of the last leads that there were then.
fn recent_lead(data: &Dataset, dice: &mut Dice, at: Minute) -> Option<usize> {
    let known = data.leads.partition_point(|lead| lead.created <= at);
    let step = dice.below(10 + data.options.reps()) as usize;
    known.checked_sub(1 + step)
}
