//! What reps, teams and the company are to reach: plans that are mostly met, and by some more than by others.

use crate::branch::Branch;
use crate::calendar::{Day, date_of};
use crate::company::Company;
use crate::keys::currency;
use crate::reps::is_beginner;
use crate::results::{Month, Months, add};
use crate::teams::{node, region, team};
use crate::vocabulary::REGIONS;
use chrono::Datelike;
use crm_kpi_crm::targets::Model;
use std::ops::Range;

/// How many periods before and after one its plan looks at.
const OUTLOOK: usize = 3;

/// What the plan of a coming period has more than the last ones, in per mille.
const GROWTH: i64 = 1030;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
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

/// Whose target it is.
#[derive(Clone, Copy)]
enum Whose {
    Company,
    /// Number of the node in the tree of teams.
    Team(u32),
    /// Number of the rep.
    Rep(u32),
}

/// What a rep or a team reached.
struct Reached {
    /// Of the rep or the team, from 0.
    number: u32,
    /// The first day that anybody of them worked.
    from: Day,
    months: Vec<Month>,
}

impl Reached {
    fn nothing(number: u32, months: &Months) -> Self {
        Self { number, from: Day::MAX, months: months.none() }
    }

    fn add(&mut self, from: Day, months: &[Month]) {
        self.from = self.from.min(from);
        add(&mut self.months, months);
    }
}

/// Targets, which follow from what was reached: of reps and their teams once all their records have been seen, of regions
/// and of the company in the end.
pub struct Plans<'a> {
    company: &'a Company,
    months: Months,
    written: u64,
    /// The rep and the team that were seen last.
    rep: Option<Reached>,
    team: Option<Reached>,
    regions: Vec<Reached>,
}

impl Company {
    /// Targets, for which the branches are to be shown one after the other.
    pub fn plans(&self) -> Plans<'_> {
        let months = Months::new(self.span);
        let regions = (0..REGIONS.len() as u32).map(|number| Reached::nothing(number, &months));
        Plans { company: self, months, written: 0, rep: None, team: None, regions: regions.collect() }
    }
}

impl Plans<'_> {
    /// The targets of the reps and teams all of whose records have now been seen.
    pub fn add(&mut self, branch: &Branch) -> Vec<Model> {
        let mut targets = Vec::new();
        let months = self.months;
        for (seat, results) in branch.seats.iter().zip(months.of_seats(branch)) {
            if seat.first {
                self.end_rep(&mut targets);
                let team = team(seat.rep.number);
                if self.team.as_ref().is_none_or(|reached| reached.number != team) {
                    self.end_team(&mut targets);
                    self.team = Some(Reached::nothing(team, &months));
                }
                self.rep = Some(Reached::nothing(seat.rep.number, &months));
            }
            if let Some(reached) = &mut self.rep {
                reached.add(seat.rep.from(), &results);
            }
        }
        targets
    }

    /// The targets that are left.
    pub fn finish(mut self) -> Vec<Model> {
        let mut targets = Vec::new();
        self.end_rep(&mut targets);
        self.end_team(&mut targets);
        let mut company = Reached::nothing(0, &self.months);
        for region in std::mem::take(&mut self.regions) {
            company.add(region.from, &region.months);
            let whose = Whose::Team(1 + region.number);
            self.plan(&mut targets, whose, &region, 3, FLOWS.iter().chain(&OTHERS));
        }
        for length in [3, 12] {
            self.plan(&mut targets, Whose::Company, &company, length, FLOWS.iter().chain(&OTHERS));
        }
        targets
    }

    fn end_rep(&mut self, targets: &mut Vec<Model>) {
        let Some(rep) = self.rep.take() else { return };
        if is_beginner(rep.number) {
            return;
        }
        if let Some(team) = &mut self.team {
            team.add(rep.from, &rep.months);
        }
        if self.company.keeps_records(rep.number) {
            self.plan(targets, Whose::Rep(rep.number), &rep, 1, FLOWS.iter());
            self.plan(targets, Whose::Rep(rep.number), &rep, 3, OTHERS.iter());
        }
    }

    fn end_team(&mut self, targets: &mut Vec<Model>) {
        let Some(team) = self.team.take() else { return };
        self.regions[region(team.number)].add(team.from, &team.months);
        if self.company.keeps_records(team.number) {
            self.plan(targets, Whose::Team(node(team.number)), &team, 3, FLOWS.iter().chain(&OTHERS));
        }
    }

    /// A target of each KPI for each period of so many months that begins when somebody works there.
    fn plan<'k>(
        &mut self,
        targets: &mut Vec<Model>,
        whose: Whose,
        reached: &Reached,
        length: usize,
        kpis: impl Iterator<Item = &'k Kpi>,
    ) {
        let first = self.months.span.first;
        let periods: Vec<Range<usize>> = (0..self.months.count / length)
            .map(|period| period * length..(period + 1) * length)
            .filter(|period| self.months.start(period.start) >= reached.from && self.months.start(period.end) > first)
            .collect();
        let who = match whose {
            Whose::Company => 0,
            Whose::Team(number) => 1 + u64::from(number),
            Whose::Rep(number) => (1 << 32) + u64::from(number),
        };
        for kpi in kpis {
            let mut dice = self.company.dice(&format!("{} in {length} months", kpi.id), who);
            let ambition = dice.around(940, 1080);
            let actual: Vec<Option<i64>> =
                periods.iter().map(|period| self.actual(kpi, &reached.months, period)).collect();
            for (place, period) in periods.iter().enumerate() {
                let Some(expected) = expected(kpi, &actual, place) else { continue };
                let value = (kpi.value)(expected * ambition / 1000 * dice.around(860, 1130) / 1000);
                targets.push(self.row(kpi, whose, period, value));
            }
        }
    }

    fn row(&mut self, kpi: &Kpi, whose: Whose, period: &Range<usize>, value: Value) -> Model {
        self.written += 1;
        let first = date_of(self.months.start(period.start));
        let (rep_id, team_id) = match whose {
            Whose::Company => (None, None),
            Whose::Team(number) => (None, Some(self.company.team_id(number))),
            Whose::Rep(number) => (Some(self.company.rep_id(number)), None),
        };
        Model {
            // By the first day.
            id: format!("tgt-{:04}{:02}-{:07}", first.year(), first.month(), self.written),
            kpi_id: kpi.id.to_owned(),
            rep_id,
            team_id,
            first_date: first,
            last_date: date_of(self.months.start(period.end) - 1),
            value: match value {
                Value::Amount(number) | Value::Count(number) => number.to_string(),
                Value::Percent(percent) => format!("0.{percent:02}"),
            },
            currency: matches!(value, Value::Amount(_)).then(currency),
            ..Default::default()
        }
    }

    /// What the KPI is in a period; one that has begun goes on as it did. Nothing where too little is known.
    fn actual(&self, kpi: &Kpi, months: &[Month], period: &Range<usize>) -> Option<i64> {
        let span = &self.months.span;
        let (from, until) = (self.months.start(period.start).max(span.first), self.months.start(period.end));
        let [known, all] = [until.min(span.last + 1) - from, until - from].map(i64::from);
        if known * 4 < all {
            return None;
        }
        let last = self.months.place(span.last).map_or(0, |place| place + 1);
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
