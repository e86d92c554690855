//! The tree of teams: the company, its regions, and in each of them teams of a few reps.

use crate::vocabulary::{REGIONS, Region, TEAM_REGIONS, Territory};

/// Reps in a team.
pub(crate) const TEAM_SIZE: u32 = 6;

/// A node of the tree.
pub(crate) struct Team {
    /// Its place in the tree's order, from 0 for the root.
    pub number: u32,
    pub name: String,
    pub parent: Option<u32>,
}

/// Which team a rep is in, from 0.
pub(crate) fn team(rep: u32) -> u32 {
    rep / TEAM_SIZE
}

/// Number of the node of a team.
pub(crate) fn node(team: u32) -> u32 {
    1 + REGIONS.len() as u32 + team
}

/// The place in REGIONS of a team's region.
pub(crate) fn region(team: u32) -> usize {
    TEAM_REGIONS[team as usize % TEAM_REGIONS.len()]
}

/// The root, then the regions, then the teams of so many reps.
pub(crate) fn teams(root: String, reps: u32) -> impl Iterator<Item = Team> {
    let root = Team { number: 0, name: root, parent: None };
    let regions =
        (1..).zip(&REGIONS).map(|(number, region)| Team { number, name: region.name.to_owned(), parent: Some(0) });
    let teams = (0..reps.div_ceil(TEAM_SIZE)).map(|team| {
        let (_, territory, round) = territory(team);
        let name = match round {
            0 => territory.name.to_owned(),
            round => format!("{} {}", territory.name, round + 1),
        };
        Team { number: node(team), name, parent: Some(1 + region(team) as u32) }
    });
    std::iter::once(root).chain(regions).chain(teams)
}

/// What a team covers, and how many teams before it cover the same.
pub(crate) fn territory(team: u32) -> (&'static Region, &'static Territory, usize) {
    let place = region(team);
    let team = team as usize;
    let turn = TEAM_REGIONS.len();
    let count = |teams: &[usize]| teams.iter().filter(|other| **other == place).count();
    let before = team / turn * count(&TEAM_REGIONS) + count(&TEAM_REGIONS[..team % turn]);
    let territories = REGIONS[place].territories;
    (&REGIONS[place], &territories[before % territories.len()], before / territories.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn teams_have_names_of_their_own_and_a_parent_before_them() {
        for reps in [1, 6, 7, 40, 2_000] {
            let teams: Vec<Team> = teams("Root".into(), reps).collect();
            assert_eq!(teams.iter().map(|team| &team.name).collect::<HashSet<_>>().len(), teams.len());
            assert!(teams.iter().zip(0..).all(|(team, number)| team.number == number));
            assert!(teams.iter().all(|team| team.parent.is_none_or(|parent| parent < team.number)));
            assert_eq!(node(team(reps - 1)), teams.len() as u32 - 1);
        }
    }
}
