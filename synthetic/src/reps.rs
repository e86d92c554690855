//! Reps: how good they are, whom they sell to, and when they came and went.

use crate::calendar::{
    Day, Minute, Season, Span, WORKING_MINUTES, is_weekend, midnight, mostly_working_day, week_start, working_time,
};
use crate::dice::Dice;
use crate::teams::{team, territory};
use crate::vocabulary::{Region, Territory};

/// Days until a new rep is as good as the others.
const RAMP_DAYS: i64 = 200;

/// One rep of so many is a beginner who left before having a book of accounts.
const BEGINNERS: u32 = 13;

/// How many working days a rep is away, in per mille.
const AWAY: i64 = 110;

/// What a rep is like.
pub(crate) struct Rep {
    /// From 0.
    pub number: u32,
    /// How often the rep wins, in per mille.
    pub skill: i64,
    /// How many deals the rep takes on, against the average in per mille.
    pub pace: i64,
    /// How often the rep's deals are of each segment.
    pub segments: [u32; 3],
    pub hired: Day,
    /// Last day of work; unset while employed.
    pub left: Option<Day>,
    pub region: &'static Region,
    pub territory: &'static Territory,
    /// On how many working days the rep signs in, in per mille.
    pub adoption: i64,
    /// Activities, against the average in per mille.
    pub diligence: i64,
    /// How many of the rep's messages are written for one recipient, in per mille.
    pub personal: i64,
    /// What the rep's social profiles reach, against the average in per mille.
    pub reach: i64,
}

/// Whether the rep came and went without a book of accounts.
pub(crate) fn is_beginner(number: u32) -> bool {
    number % BEGINNERS == 2
}

impl Rep {
    pub fn new(seed: u64, span: &Span, number: u32) -> Self {
        let mut dice = Dice::new(seed, "rep", number.into());
        let (region, territory, _) = territory(team(number));
        // Who sells to large companies has fewer deals and longer ones.
        let (segments, focus_pace) = match dice.weighted(&[35, 45, 20]) {
            0 => ([80, 18, 2], 1300),
            1 => ([45, 42, 13], 1000),
            _ => ([8, 42, 50], 620),
        };
        let star_pace = if dice.chance(70) { dice.between(1500, 2500) } else { 1000 };
        // The first one is no beginner: a demo of one rep has something to show.
        let hired = match dice.chance(230) && number > 0 {
            true => span.first + dice.between(0, span.days() * 17 / 20) as Day,
            false => span.first - dice.between(RAMP_DAYS, 3000) as Day,
        };
        let came = span.first + dice.between(0, span.days() - 170) as Day;
        let went = came + dice.between(60, 150) as Day;
        let (hired, left) = if is_beginner(number) { (came, Some(went)) } else { (hired, None) };
        Self {
            number,
            skill: dice.around(90, 465),
            pace: dice.around(550, 1450) * focus_pace / 1000 * star_pace / 1000,
            segments,
            hired,
            left,
            region,
            territory,
            adoption: if dice.chance(150) { dice.between(120, 400) } else { dice.around(740, 980) },
            diligence: dice.around(650, 1350),
            personal: dice.around(200, 640),
            reach: dice.around(400, 1600),
        }
    }

    /// How much of the business is the rep's.
    pub fn weight(&self, season: &Season) -> u64 {
        let lost_at_first = (RAMP_DAYS / 3) as Day;
        if self.left.is_some() { 0 } else { self.pace.unsigned_abs() * season.weight_from(self.hired + lost_at_first) }
    }

    /// The segment served above all, a place in SEGMENTS.
    pub fn segment(&self) -> usize {
        match self.segments {
            [60..=u32::MAX, _, _] => 0,
            [_, _, 40..=u32::MAX] => 2,
            _ => 1,
        }
    }

    /// How far the rep has learned the trade, in per mille; 0 before the first day.
    pub fn ramp(&self, day: Day) -> i64 {
        match i64::from(day - self.hired) {
            ..0 => 0,
            days => (350 + 650 * days / RAMP_DAYS).min(1000),
        }
    }

    /// Some time of work on that day.
    pub fn time_on(&self, dice: &mut Dice, day: Day) -> Minute {
        working_time(dice, day, self.region.opening_hour)
    }

    /// Some time of work on that day or, at weekends, mostly on the working day next to it.
    pub fn time_around(&self, dice: &mut Dice, day: Day) -> Minute {
        let day = mostly_working_day(dice, day);
        self.time_on(dice, day)
    }

    /// As many times of work as are wanted, not before that day, in order: more of them the busier the days are, and the
    /// better the rep knows the trade.
    pub fn times(&self, dice: &mut Dice, season: &Season, from: Day, count: usize) -> Vec<Minute> {
        let from = from.max(self.hired);
        let mut times = Vec::with_capacity(count);
        while times.len() < count {
            let day = season.day(dice, from);
            if dice.chance(self.ramp(day)) {
                times.push(self.time_on(dice, day));
            }
        }
        times.sort_unstable();
        times
    }

    /// Some country that the rep's team covers.
    pub fn country(&self, dice: &mut Dice) -> &'static str {
        dice.pick(self.territory.countries)
    }

    pub fn opening(&self, day: Day) -> Minute {
        midnight(day) + self.region.opening_hour * 60
    }

    /// When work ends on that day.
    pub fn closing(&self, day: Day) -> Minute {
        self.opening(day) + WORKING_MINUTES
    }

    /// The first day of work: what happens on a weekend may be moved into the week before it.
    pub fn from(&self) -> Day {
        week_start(self.hired)
    }

    pub fn employed(&self, day: Day) -> bool {
        self.from() <= day && self.left.is_none_or(|left| day <= left)
    }

    /// The days that the rep is employed on.
    pub fn days(&self, span: &Span) -> std::ops::RangeInclusive<Day> {
        span.first.max(self.from())..=self.left.unwrap_or(span.last)
    }

    pub fn is_at_work(&self, dice: &mut Dice, day: Day) -> bool {
        !is_weekend(day) && !dice.chance(AWAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    #[test]
    fn times_of_work_are_as_many_as_wanted_and_of_an_employed_rep() {
        let span = Options::demo("2026-06-30".parse().unwrap()).span();
        let season = Season::new(&span);
        for number in (0..60).filter(|number| !is_beginner(*number)) {
            let rep = Rep::new(1, &span, number);
            let times = rep.times(&mut Dice::new(1, "test", 0), &season, span.first - Season::BEFORE, 200);
            assert_eq!(times.len(), 200);
            assert!(times.is_sorted() && times.iter().all(|at| *at >= rep.opening(rep.hired) && *at < span.end));
        }
    }

    #[test]
    fn beginners_leave_within_the_data_and_nobody_else_does() {
        for years in [1, 3] {
            let span = Options { years, ..Options::demo("2026-06-30".parse().unwrap()) }.span();
            for rep in (0..130).map(|number| Rep::new(1, &span, number)) {
                assert_eq!(rep.left.is_some(), is_beginner(rep.number));
                assert!(rep.left.is_none_or(|left| (span.first..=span.last).contains(&left)));
            }
        }
    }
}
