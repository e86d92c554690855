//! The integers that scans bring: groups × measures × points in time.

use super::plan::{Plan, Planned};
use crate::catalog::Axis;
use crate::error::{Error, Result};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// Decimals that figures of money have more than their minor units, so that converted amounts are not rounded.
pub(super) const FINE_DECIMALS: u32 = 12;

/// The ids of a group's keys.
pub(super) type GroupKey = Vec<String>;

/// Something of each group.
pub(super) type ByGroup<T> = HashMap<GroupKey, T, RandomState>;

/// Measures of groups. A measure of a group has a figure for the start of the period and one for each bucket: a stock's
/// are its states then and at the buckets' ends; a flow has 0 at the start. Where there are several buckets, there is one
/// more for the whole period, for measures that do not follow from the buckets.
#[derive(Debug)]
pub(super) struct Figures {
    /// Buckets.
    pub buckets: usize,
    /// How many days each bucket has.
    pub days: Vec<i64>,
    /// Every group that some scan has a row of.
    pub groups: ByGroup<usize>,
    cells: Vec<i128>,
    /// For measures that are grouped by fewer keys than the others, the places of their keys and their figures.
    wholes: HashMap<usize, Whole>,
    measures: usize,
    /// At most so many cells.
    max: usize,
    /// A currency beside the one that is answered in.
    pub foreign: Option<String>,
}

#[derive(Debug, Default)]
struct Whole {
    keys: Vec<usize>,
    figures: ByGroup<Vec<i128>>,
}

impl Figures {
    /// No groups; a place in `days` for each bucket.
    pub fn new(days: Vec<i64>, measures: usize, max: usize) -> Self {
        let (groups, wholes) = (ByGroup::default(), HashMap::new());
        Self { buckets: days.len(), days, groups, cells: Vec::new(), wholes, measures, max, foreign: None }
    }

    /// The start, the buckets, and the whole period.
    pub fn slots(&self) -> usize {
        if self.buckets > 1 { self.buckets + 2 } else { self.buckets + 1 }
    }

    /// The slot of the whole period.
    pub fn whole_slot(&self) -> usize {
        self.slots() - 1
    }

    /// The place of a group, added where it is new.
    pub fn group(&mut self, key: GroupKey) -> Result<usize> {
        let next = self.groups.len();
        let place = *self.groups.entry(key).or_insert(next);
        if place == next {
            let cells = self.cells.len() + self.measures * self.slots();
            if cells > self.max {
                return Err(Error::TooLarge(self.max));
            }
            self.cells.resize(cells, 0);
        }
        Ok(place)
    }

    fn cell(&self, group: usize, measure: usize, slot: usize) -> usize {
        (group * self.measures + measure) * self.slots() + slot
    }

    /// Adds to a measure of a group.
    pub fn add(&mut self, group: usize, measure: usize, slot: usize, amount: i128) {
        let cell = self.cell(group, measure, slot);
        self.cells[cell] += amount;
    }

    /// Says that a measure is grouped by some of the keys only.
    pub fn group_by_fewer(&mut self, measure: usize, keys: Vec<usize>) {
        self.wholes.entry(measure).or_insert_with(|| Whole { keys, figures: ByGroup::default() });
    }

    /// Adds to a measure that is grouped by fewer keys.
    pub fn add_to_whole(&mut self, measure: usize, key: GroupKey, slot: usize, amount: i128) {
        let slots = self.slots();
        if let Some(whole) = self.wholes.get_mut(&measure) {
            whole.figures.entry(key).or_insert_with(|| vec![0; slots])[slot] += amount;
        }
    }

    /// Turns the changes of stocks into their states.
    pub fn accumulate(&mut self, plan: &Plan, measures: impl Iterator<Item = usize>) {
        let stock = |planned: &Planned| matches!(planned.reading.axis, Axis::State { .. });
        for measure in measures.filter(|&measure| stock(&plan.measures[measure])) {
            for group in 0..self.groups.len() {
                for slot in 1..=self.buckets {
                    let (before, here) = (self.cell(group, measure, slot - 1), self.cell(group, measure, slot));
                    self.cells[here] += self.cells[before];
                }
            }
            for figures in self.wholes.get_mut(&measure).into_iter().flat_map(|whole| whole.figures.values_mut()) {
                for slot in 1..=self.buckets {
                    figures[slot] += figures[slot - 1];
                }
            }
        }
    }

    /// A measure of a group at a slot: 0 the start of the period, `n` the bucket `n - 1`.
    pub fn at(&self, group: usize, key: &GroupKey, measure: usize, slot: usize) -> i128 {
        match self.wholes.get(&measure) {
            None => self.cells[self.cell(group, measure, slot)],
            Some(whole) => {
                let key: GroupKey = whole.keys.iter().filter_map(|&place| key.get(place).cloned()).collect();
                whole.figures.get(&key).map_or(0, |figures| figures[slot])
            }
        }
    }

    /// The figures of all groups together, for measures that add up over groups.
    pub fn over_groups(&self) -> Result<Self> {
        let mut sum = Self::new(self.days.clone(), self.measures, self.max);
        sum.foreign.clone_from(&self.foreign);
        let all = sum.group(GroupKey::new())?;
        for measure in 0..self.measures {
            for slot in 0..self.slots() {
                let figure: i128 = match self.wholes.get(&measure) {
                    None => (0..self.groups.len()).map(|group| self.cells[self.cell(group, measure, slot)]).sum(),
                    Some(whole) => whole.figures.values().map(|figures| figures[slot]).sum(),
                };
                sum.add(all, measure, slot, figure);
            }
        }
        Ok(sum)
    }

    /// The figures of the whole period as one bucket.
    pub fn over_time(&self, plan: &Plan) -> Self {
        let fold = |measure: usize, figures: &[i128]| match plan.measures[measure].reading.axis {
            _ if !plan.adds_up_over_time(measure) => vec![0, figures[self.whole_slot()]],
            Axis::Event { .. } | Axis::Span { .. } => vec![0, figures[1..=self.buckets].iter().sum()],
            Axis::State { .. } => vec![figures[0], figures[self.buckets]],
        };
        let mut whole = Self::new(vec![self.days.iter().sum()], self.measures, self.max);
        whole.foreign.clone_from(&self.foreign);
        whole.groups.clone_from(&self.groups);
        for row in self.cells.chunks(self.slots()).enumerate() {
            whole.cells.extend(fold(row.0 % self.measures, row.1));
        }
        for (&measure, from) in &self.wholes {
            let figures = from.figures.iter().map(|(key, figures)| (key.clone(), fold(measure, figures))).collect();
            whole.wholes.insert(measure, Whole { keys: from.keys.clone(), figures });
        }
        whole
    }

    /// Sets a measure of every group to 0.
    fn clear(&mut self, measure: usize) {
        for group in 0..self.groups.len() {
            let first = self.cell(group, measure, 0);
            let slots = self.slots();
            self.cells[first..first + slots].fill(0);
        }
    }

    /// Takes some measures' figures from another set with the same buckets; 0 for groups that it does not have.
    pub fn take(&mut self, from: &Self, measures: &[usize]) -> Result<()> {
        if self.foreign.is_none() {
            self.foreign.clone_from(&from.foreign);
        }
        for &measure in measures {
            match from.wholes.get(&measure) {
                Some(whole) => {
                    let copy = Whole { keys: whole.keys.clone(), figures: whole.figures.clone() };
                    self.wholes.insert(measure, copy);
                }
                None => {
                    self.wholes.remove(&measure);
                    self.clear(measure);
                    for (key, &group) in &from.groups {
                        let here = self.group(key.clone())?;
                        for slot in 0..self.slots() {
                            let cell = self.cell(here, measure, slot);
                            self.cells[cell] = from.cells[from.cell(group, measure, slot)];
                        }
                    }
                }
            }
        }
        Ok(())
    }
}
