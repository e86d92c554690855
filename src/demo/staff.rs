//! Everybody on the payroll: reps with a book of their own, and beginners who left before they had one.

use super::calendar::{Day, Minute, midnight, week_start};
use super::dice::Dice;
use super::options::{Options, Span};
use super::people::{Rep, team_of};

/// One beginner who left for so many reps.
const REPS_PER_LEAVER: u32 = 12;

/// A rep, and how he or she works.
pub(super) struct Employee {
    pub rep: Rep,
    /// Number of the node in the tree of teams.
    pub team: u32,
    /// First day of work.
    pub from: Day,
    /// Last day of work; unset while employed.
    pub left: Option<Day>,
    /// The segment served above all, a place in SEGMENTS.
    pub segment: usize,
    /// On how many working days the rep signs in, in per mille.
    pub adoption: i64,
    /// Activities, against the average in per mille.
    pub diligence: i64,
    /// How many of the rep's messages are written for one recipient, in per mille.
    pub personal: i64,
    /// What the rep's social profiles reach, against the average in per mille.
    pub reach: i64,
}

/// Everybody, by number.
pub(super) fn staff(options: &Options, span: &Span) -> Vec<Employee> {
    let mut staff: Vec<Employee> = (0..options.reps())
        .map(|number| Employee::new(options, Rep::new(options, span, number), team_of(number), None))
        .collect();
    for place in 0..=options.reps() / REPS_PER_LEAVER {
        let mut dice = Dice::new(options.seed, "leaver", place);
        let teacher = dice.below(options.reps());
        let hired = span.first + dice.between(0, i64::from(span.last - span.first) - 170) as Day;
        let left = hired + dice.between(60, 150) as Day;
        let rep = Rep { number: options.reps() + place, hired, ..Rep::new(options, span, teacher) };
        staff.push(Employee::new(options, rep, team_of(teacher), Some(left)));
    }
    staff
}

impl Employee {
    fn new(options: &Options, rep: Rep, team: u32, left: Option<Day>) -> Self {
        let mut dice = Dice::new(options.seed, "employee", rep.number);
        Self {
            team,
            // Orders of a weekend may be moved into the week before it.
            from: week_start(rep.hired),
            left,
            segment: match rep.segments {
                [60..=u32::MAX, _, _] => 0,
                [_, _, 40..=u32::MAX] => 2,
                _ => 1,
            },
            adoption: if dice.chance(150) { dice.between(120, 400) } else { dice.around(740, 980) },
            diligence: dice.around(650, 1350),
            personal: dice.around(200, 640),
            reach: dice.around(400, 1600),
            rep,
        }
    }

    pub fn employed(&self, day: Day) -> bool {
        self.from <= day && self.left.is_none_or(|left| day <= left)
    }

    pub fn hired_at(&self) -> Minute {
        midnight(self.from) + self.rep.region.opening_hour * 60
    }

    pub fn left_at(&self) -> Option<Minute> {
        self.left.map(|day| self.rep.closing(day))
    }
}
