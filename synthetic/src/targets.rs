//! What reps, teams and the company are to reach, and what in each segment: plans that are mostly met, and by some more than by others.

use crate::branch::Branch;
use crate::calendar::{Day, date_of};
use crate::company::Company;
use crate::keys::{currency, segment};
use crate::planned::{FLOWS, Kpi, OTHERS, Value};
use crate::reps::is_beginner;
use crate::results::{Month, Months, add};
use crate::teams::{node, region, team};
use crate::vocabulary::{REGIONS, SEGMENTS};
use chrono::Datelike;
use crm_kpi_crm::targets::Model;
use std::ops::Range;

/// How many periods before and after one its plan looks at.
const OUTLOOK: usize = 3;

/// What the plan of a coming period has more than the last ones, in per mille.
const GROWTH: i64 = 1030;

/// Whose target it is.
#[derive(Clone, Copy)]
enum Whose {
    Company,
    /// The company's in a segment, a place in SEGMENTS.
    Segment(usize),
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
    segments: Vec<Reached>,
}

impl Company {
    /// Targets, for which the branches are to be shown one after the other.
    pub fn plans(&self) -> Plans<'_> {
        let months = Months::new(self.span);
        let nothing = |count: usize| (0..count as u32).map(|number| Reached::nothing(number, &months)).collect();
        let (regions, segments) = (nothing(REGIONS.len()), nothing(SEGMENTS.len()));
        Plans { company: self, months, written: 0, rep: None, team: None, regions, segments }
    }
}

impl Plans<'_> {
    /// The targets of the reps and teams all of whose records have now been seen.
    pub fn add(&mut self, branch: &Branch) -> Vec<Model> {
        let mut targets = Vec::new();
        let months = self.months;
        for (reached, results) in self.segments.iter_mut().zip(months.of_segments(branch)) {
            reached.add(Day::MIN, &results);
        }
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
        for segment in std::mem::take(&mut self.segments) {
            let whose = Whose::Segment(segment.number as usize);
            self.plan(&mut targets, whose, &segment, 3, FLOWS.iter().chain(&OTHERS));
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
            Whose::Segment(place) => (2 << 32) + place as u64,
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
            Whose::Company | Whose::Segment(_) => (None, None),
            Whose::Team(number) => (None, Some(self.company.team_id(number))),
            Whose::Rep(number) => (Some(self.company.rep_id(number)), None),
        };
        let member = match whose {
            Whose::Segment(place) => segment(place),
            Whose::Company | Whose::Team(_) | Whose::Rep(_) => None,
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
            dimension: member.is_some().then(|| "segment".to_owned()),
            member,
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
    fn what_is_coming_goes_on_from_what_was() {
        let known = [Some(100), Some(100), Some(200), None, None];
        assert_eq!(expected(&FLOWS[0], &known, 2), Some((3 * 200_000 + 133_333) / 4));
        assert_eq!(expected(&FLOWS[0], &known, 4), Some(133 * GROWTH));
        assert_eq!(expected(&FLOWS[0], &[None], 0), None);
    }
}
