//! Reps and the tree of their teams.

use super::calendar::{Day, Minute, WORKING_MINUTES, midnight, mostly_working_day, working_time};
use super::dice::Dice;
use super::options::{Options, Span};
use super::vocabulary::{REGIONS, Region, TEAM_REGIONS, Territory};

/// Reps in a team.
const TEAM_SIZE: u32 = 6;

/// Days until a new rep is as good as the others.
const RAMP_DAYS: i64 = 200;

/// What a rep is like.
pub(super) struct Rep {
    /// From 0.
    pub number: u32,
    /// How often the rep wins, in per mille.
    pub skill: i64,
    /// How many deals the rep takes on, against the average in per mille.
    pub pace: i64,
    /// How often the rep's deals are of each segment.
    pub segments: [u32; 3],
    pub hired: Day,
    pub region: &'static Region,
    pub territory: &'static Territory,
    /// How many reps share the team.
    pub team_size: u32,
}

impl Rep {
    pub fn new(options: &Options, span: &Span, number: u32) -> Self {
        let mut dice = Dice::new(options.seed, "rep", number);
        let (region, territory, _) = territory(team(number));
        // Who sells to large companies has fewer deals and longer ones.
        let (segments, focus_pace) = match dice.weighted(&[35, 45, 20]) {
            0 => ([80, 18, 2], 1300),
            1 => ([45, 42, 13], 1000),
            _ => ([8, 42, 50], 620),
        };
        // The first one is no beginner: a demo of one rep has something to show.
        let hired = match dice.chance(230) && number > 0 {
            true => span.first + dice.between(0, i64::from(span.last - span.first) * 17 / 20) as Day,
            false => span.first - dice.between(RAMP_DAYS, 3000) as Day,
        };
        let team_size = (options.reps() - team(number) * TEAM_SIZE).min(TEAM_SIZE);
        let skill = dice.around(105, 400);
        let pace = dice.around(550, 1450) * focus_pace / 1000;
        Self { number, skill, pace, segments, hired, region, territory, team_size }
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

    /// Some country that the rep's team covers.
    pub fn country(&self, dice: &mut Dice) -> &'static str {
        let countries = self.territory.countries;
        countries[dice.below(countries.len() as u32) as usize]
    }

    /// When work ends on that day.
    pub fn closing(&self, day: Day) -> Minute {
        midnight(day) + self.region.opening_hour * 60 + WORKING_MINUTES
    }

    /// Another rep of the team; the rep itself where it is alone.
    pub fn colleague(&self, dice: &mut Dice) -> u32 {
        let first = team(self.number) * TEAM_SIZE;
        let step = 1 + dice.below(self.team_size.saturating_sub(1));
        first + (self.number - first + step) % self.team_size.max(1)
    }
}

/// A node of the tree of teams.
pub(super) struct Team {
    /// Its place in the tree's order, from 0 for the root.
    pub number: u32,
    pub name: String,
    pub parent: Option<u32>,
}

/// Number of the node of a rep in [`teams`].
pub(super) fn team_of(rep: u32) -> u32 {
    1 + REGIONS.len() as u32 + team(rep)
}

/// The root, then the regions, then the teams. The root's name tells that everything is made up.
pub(super) fn teams(options: &Options, root: String) -> Vec<Team> {
    let mut teams = vec![Team { number: 0, name: root, parent: None }];
    teams.extend((1..).zip(&REGIONS).map(|(number, region)| Team {
        number,
        name: region.name.to_owned(),
        parent: Some(0),
    }));
    let last = team(options.reps() - 1);
    teams.extend((0..=last).map(|team| {
        let (region, territory, round) = territory(team);
        let name = match round {
            0 => territory.name.to_owned(),
            round => format!("{} {}", territory.name, round + 1),
        };
        let parent = REGIONS.iter().position(|other| other.name == region.name).map(|place| 1 + place as u32);
        Team { number: 1 + REGIONS.len() as u32 + team, name, parent }
    }));
    teams
}

fn team(rep: u32) -> u32 {
    rep / TEAM_SIZE
}

/// What a team covers, and how many teams before it cover the same.
fn territory(team: u32) -> (&'static Region, &'static Territory, usize) {
    let team = team as usize;
    let turn = TEAM_REGIONS.len();
    let place = TEAM_REGIONS[team % turn];
    let count = |teams: &[usize]| teams.iter().filter(|other| **other == place).count();
    let before = team / turn * count(&TEAM_REGIONS) + count(&TEAM_REGIONS[..team % turn]);
    let territories = REGIONS[place].territories;
    (&REGIONS[place], &territories[before % territories.len()], before / territories.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn options(reps: u32) -> Options {
        Options { reps, ..Options::until("2026-06-30".parse().unwrap()) }
    }

    #[test]
    fn teams_have_names_of_their_own_and_a_parent_before_them() {
        for reps in [1, 6, 7, 40, 2_000] {
            let teams = teams(&options(reps), "Root".into());
            assert_eq!(teams.iter().map(|team| &team.name).collect::<HashSet<_>>().len(), teams.len());
            assert!(teams.iter().all(|team| team.parent.is_none_or(|parent| parent < team.number)));
            assert_eq!(team_of(reps - 1), teams.len() as u32 - 1);
        }
    }

    #[test]
    fn more_reps_leave_the_others_as_they_are() {
        let (few, many) = (options(12), options(500));
        for number in 0..12 {
            let [few, many] = [&few, &many].map(|options| Rep::new(options, &options.span(), number));
            assert_eq!((few.skill, few.pace, few.hired), (many.skill, many.pace, many.hired));
        }
    }

    #[test]
    fn a_colleague_is_another_rep_of_the_team() {
        let options = options(8);
        let mut dice = Dice::new(1, "test", 0);
        let first = Rep::new(&options, &options.span(), 2);
        let last = Rep::new(&options, &options.span(), 7);
        for _ in 0..100 {
            let colleague = first.colleague(&mut dice);
            assert!(colleague < 6 && colleague != 2);
            assert_eq!(last.colleague(&mut dice), 6);
        }
    }
}
