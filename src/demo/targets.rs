//! What reps, teams and the company are to reach: plans that are mostly met, and by some more than by others.

use super::calendar::{Day, date_of, day_at, day_of};
use super::dataset::Dataset;
use super::dice::Dice;
use super::people::{Team, teams};
use crate::crm::opportunities::Status;
use chrono::{Datelike, NaiveDate};
use std::ops::Range;

/// How many periods before and after one its plan looks at.
const OUTLOOK: usize = 3;

/// What the plan of a coming period has more than the last ones, in per mille.
const GROWTH: i64 = 1030;

/// A target of a rep, of a team or, where neither is set, of the company.
pub(super) struct Target {
    pub kpi: &'static str,
    /// Number of the rep.
    pub rep: Option<u32>,
    /// Number of the node in the tree of teams.
    pub team: Option<u32>,
    pub first: Day,
    /// Included.
    pub last: Day,
    pub value: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// In whole units of the currency.
    Amount(i64),
    Count(i64),
    Percent(i64),
}

/// What a KPI was in a stretch of months; nothing where it has no value.
struct Kpi {
    id: &'static str,
    of: fn(&[Month]) -> Option<i64>,
    /// It adds up over time.
    flow: bool,
    /// Of what it was, in per mille: the value of a target.
    value: fn(i64) -> Value,
}

const FLOWS: [Kpi; 3] = [
    Kpi { id: "won_value", of: |months| sum(months, |month| month.won_amount), flow: true, value: amount },
    Kpi { id: "total_sales", of: |months| sum(months, |month| month.sales), flow: true, value: amount },
    Kpi { id: "opportunities_won", of: |months| sum(months, |month| month.won), flow: true, value: count },
];

const OTHERS: [Kpi; 2] = [
    Kpi { id: "win_rate", of: win_rate, flow: false, value: percent },
    Kpi { id: "pipeline_value", of: |months| months.last().map(|month| month.open_amount), flow: false, value: amount },
];

/// What somebody did in a calendar month; amounts are in minor units.
#[derive(Clone, Copy, Default)]
struct Month {
    won_amount: i64,
    sales: i64,
    won: i64,
    closed: i64,
    /// Of the deals that are open at its end, or when the data end.
    open_amount: i64,
}

fn sum(months: &[Month], of: impl Fn(&Month) -> i64) -> Option<i64> {
    Some(months.iter().map(of).sum())
}

fn win_rate(months: &[Month]) -> Option<i64> {
    let [won, closed] = [|month: &Month| month.won, |month: &Month| month.closed].map(|of| sum(months, of));
    closed.filter(|closed| *closed > 0).and_then(|closed| won.map(|won| won * 1000 / closed))
}

fn amount(permille: i64) -> Value {
    Value::Amount(round(permille / 100_000).max(1000))
}

fn count(permille: i64) -> Value {
    Value::Count(round((permille + 500) / 1000).max(1))
}

fn percent(permille: i64) -> Value {
    Value::Percent(((permille + 5_000) / 10_000).clamp(5, 95))
}

/// To two digits and a half, as plans are written.
fn round(value: i64) -> i64 {
    let step = 10_i64.pow(value.max(1).ilog10().saturating_sub(1)) / 2;
    let step = step.max(1);
    (value + step / 2) / step * step
}

/// All targets, by the first of their days.
pub(super) fn targets(data: &Dataset) -> Vec<Target> {
    let plan = Plan::new(data);
    let reps = plan.reps();
    let teams = teams(&data.options, String::new());
    let mut targets = Vec::new();
    for (months, employee) in reps.iter().zip(&data.staff) {
        let whose = (Some(employee.rep.number), None);
        plan.add(&mut targets, whose, months, (1, employee.from), FLOWS.iter());
        plan.add(&mut targets, whose, months, (3, employee.from), OTHERS.iter());
    }
    let all = || FLOWS.iter().chain(&OTHERS);
    for team in teams.iter().filter(|team| team.parent.is_some()) {
        let own = reps.iter().zip(&data.staff).filter(|(_, employee)| is_in(employee.team, team.number, &teams));
        let months = total(own.map(|(months, _)| months));
        plan.add(&mut targets, (None, Some(team.number)), &months, (3, Day::MIN), all());
    }
    let company = total(reps.iter());
    plan.add(&mut targets, (None, None), &company, (3, Day::MIN), all());
    plan.add(&mut targets, (None, None), &company, (12, Day::MIN), all());
    targets.sort_by_key(|target| target.first);
    targets
}

/// Whether a node of the tree is another one, or below it.
fn is_in(node: u32, above: u32, teams: &[Team]) -> bool {
    let parent = teams.get(node as usize).and_then(|team| team.parent);
    node == above || parent.is_some_and(|parent| is_in(parent, above, teams))
}

fn total<'a>(all: impl Iterator<Item = &'a Vec<Month>>) -> Vec<Month> {
    let mut total: Vec<Month> = Vec::new();
    for months in all {
        total.resize(months.len(), Month::default());
        for (all, one) in total.iter_mut().zip(months) {
            all.won_amount += one.won_amount;
            all.sales += one.sales;
            all.won += one.won;
            all.closed += one.closed;
            all.open_amount += one.open_amount;
        }
    }
    total
}

/// Calendar months, from January of the year that the data begin in to December of the year that they end in.
struct Plan<'a> {
    data: &'a Dataset,
    first_year: i32,
    months: usize,
}

impl<'a> Plan<'a> {
    fn new(data: &'a Dataset) -> Self {
        let first_year = date_of(data.span.first).year();
        let years = date_of(data.span.last).year() - first_year + 1;
        Self { data, first_year, months: 12 * years.unsigned_abs() as usize }
    }

    /// The place of a day's month; nothing before the first one.
    fn place(&self, day: Day) -> Option<usize> {
        let date = date_of(day);
        let place = (date.year() - self.first_year) * 12 + date.month0() as i32;
        usize::try_from(place).ok()
    }

    /// The day that a month begins on.
    fn start(&self, place: usize) -> Day {
        let year = self.first_year + (place / 12) as i32;
        NaiveDate::from_ymd_opt(year, (place % 12) as u32 + 1, 1).map_or(Day::MAX, day_of)
    }

    /// What each rep with a book did, month by month.
    fn reps(&self) -> Vec<Vec<Month>> {
        let data = self.data;
        let mut reps = vec![vec![Month::default(); self.months]; data.options.reps() as usize];
        let last = self.place(data.span.last).unwrap_or_default();
        for deal in &data.deals {
            let Some(months) = reps.get_mut(deal.rep as usize) else { continue };
            let closed = deal.closed.and_then(|at| self.place(day_at(at)));
            if let Some(month) = closed.and_then(|place| months.get_mut(place)) {
                month.closed += 1;
                if deal.status == Status::Won {
                    month.won += 1;
                    month.won_amount += deal.amount;
                }
            }
            let open = self.place(day_at(deal.created)).unwrap_or_default()..closed.unwrap_or(last + 1);
            for month in months.get_mut(open).unwrap_or_default() {
                month.open_amount += deal.amount;
            }
        }
        for placed in &data.orders {
            let months = reps.get_mut(data.accounts[placed.account].rep as usize);
            let place = self.place(day_at(placed.order.at));
            if let Some(month) = months.zip(place).and_then(|(months, place)| months.get_mut(place)) {
                month.sales += placed.order.amount;
            }
        }
        reps
    }

    /// A target for each period of so many months that begins on that day or later, of each KPI.
    fn add<'k>(
        &self,
        targets: &mut Vec<Target>,
        (rep, team): (Option<u32>, Option<u32>),
        months: &[Month],
        (length, from): (usize, Day),
        kpis: impl Iterator<Item = &'k Kpi>,
    ) {
        let who = rep.map_or(team.map_or(0, |team| 1 + team), |rep| 100_000 + rep);
        let periods: Vec<Range<usize>> = (0..self.months / length)
            .map(|period| period * length..(period + 1) * length)
            .filter(|period| self.start(period.start) >= from && self.start(period.end) > self.data.span.first)
            .collect();
        for kpi in kpis {
            let mut dice = Dice::new(self.data.options.seed, &format!("{} in {length} months", kpi.id), who);
            let ambition = dice.around(940, 1080);
            let actual: Vec<Option<i64>> = periods.iter().map(|period| self.actual(kpi, months, period)).collect();
            for (place, period) in periods.iter().enumerate() {
                let Some(expected) = expected(kpi, &actual, place) else { continue };
                targets.push(Target {
                    kpi: kpi.id,
                    rep,
                    team,
                    first: self.start(period.start),
                    last: self.start(period.end) - 1,
                    value: (kpi.value)(expected * ambition / 1000 * dice.around(860, 1130) / 1000),
                });
            }
        }
    }

    /// What the KPI is in a period; one that has begun goes on as it did. Nothing where too little is known.
    fn actual(&self, kpi: &Kpi, months: &[Month], period: &Range<usize>) -> Option<i64> {
        let (from, until) = (self.start(period.start).max(self.data.span.first), self.start(period.end));
        let [known, all] = [until.min(self.data.span.last + 1) - from, until - from].map(i64::from);
        if known * 4 < all {
            return None;
        }
        let last = self.place(self.data.span.last).map_or(0, |place| place + 1);
        let value = (kpi.of)(months.get(period.start..period.end.min(last))?)?;
        Some(if kpi.flow { value * all / known } else { value })
    }
}

/// What a plan expects, in per mille: what will have been, made smooth by what was before and after.
fn expected(kpi: &Kpi, actual: &[Option<i64>], place: usize) -> Option<i64> {
    let near = |range: Range<usize>| {
        let known: Vec<i64> = actual.get(range)?.iter().flatten().copied().collect();
        let count = i64::try_from(known.len()).ok().filter(|count| *count > 0)?;
        Some(known.iter().sum::<i64>() * 1000 / count)
    };
    let around = near(place.saturating_sub(OUTLOOK)..(place + OUTLOOK + 1).min(actual.len()));
    match actual.get(place).copied().flatten() {
        Some(own) if kpi.flow => around.map(|around| (3 * own * 1000 + around) / 4),
        Some(own) => around.map(|around| (own * 1000 + around) / 2),
        None => {
            let known = actual.iter().rposition(Option::is_some)? + 1;
            near(known.saturating_sub(OUTLOOK + 1)..known).map(|last| last / 1000 * GROWTH)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_written_with_two_digits_and_a_half() {
        assert_eq!([3, 14, 123, 4_740, 47_260, 1_234_000].map(round), [3, 14, 125, 4_750, 47_500, 1_250_000]);
        assert_eq!(amount(4_726_000 * 1000), Value::Amount(47_500));
        assert_eq!([0, 1_499, 2_500].map(count), [1, 1, 3].map(Value::Count));
        assert_eq!([0, 274_999, 275_000].map(percent), [5, 27, 28].map(Value::Percent));
    }

    #[test]
    fn what_is_coming_goes_on_from_what_was() {
        let known = [Some(100), Some(100), Some(200), None, None];
        assert_eq!(expected(&FLOWS[0], &known, 2), Some((3 * 200_000 + 133_333) / 4));
        assert_eq!(expected(&FLOWS[0], &known, 4), Some(133 * GROWTH));
        assert_eq!(expected(&FLOWS[0], &[None], 0), None);
    }
}
