//! The integers that scans bring: groups × measures × points in time.

use super::cells::{Cells, add_to};
use super::group::{ByGroup, GroupKey};
use super::lost::{Lost, Whose};
use crate::catalog::{OverTime, Quantity};
use crate::engine::model::{Budget, MissingRate};
use crate::engine::plan::{Plan, Planned};
use crate::error::{Error, Result};
use crate::memory::Held;
use crate::period::Timeline;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::sync::Arc;

/// Decimals that a figure of money has more than its amount in minor units (and basis points), for amounts that are converted.
/// Enough for a rate of 0.00002 with 14 digits; there is room for 10^20 minor units.
pub(crate) fn fine_decimals(quantity: Quantity) -> u32 {
    match quantity {
        Quantity::Money => 18,
        Quantity::WeightedMoney => 14,
        Quantity::Count | Quantity::Days | Quantity::Hours | Quantity::Seconds => 0,
    }
}

/// Bytes of memory that a group takes in a table of groups, beside its key, and that an id of its key takes beside its text.
const GROUP_BYTES: usize = 96;
const ID_BYTES: usize = 40;

/// What a bucket is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch {
    /// How many days it has.
    pub days: i64,
    /// It has not begun.
    pub ahead: bool,
}

impl Stretch {
    /// The buckets of a timeline.
    pub fn of(timeline: &Timeline) -> Vec<Self> {
        let ahead = timeline.buckets.iter().map(|bucket| timeline.is_ahead(bucket));
        timeline.days().zip(ahead).map(|(days, ahead)| Self { days, ahead }).collect()
    }

    /// Several that follow one another as one.
    pub(super) fn together(stretches: &[Self]) -> Self {
        let days = stretches.iter().map(|stretch| stretch.days).sum();
        Self { days, ahead: stretches.iter().all(|stretch| stretch.ahead) }
    }
}

/// Measures of groups. A measure of a group has a figure for the start of the period and one for each bucket: a stock's
/// are its states then and at the buckets' ends; a flow has 0 at the start. Where there are several buckets, there is one
/// more for the whole period, for measures that do not follow from the buckets.
#[derive(Debug)]
pub(crate) struct Figures {
    /// Buckets.
    pub buckets: usize,
    /// What each bucket is.
    pub stretches: Vec<Stretch>,
    /// Every group that some scan has a row of.
    pub groups: Arc<ByGroup<usize>>,
    /// For each measure the slots of all groups.
    pub(super) columns: Vec<Cells>,
    /// For measures that are grouped by fewer keys than the others, the places of their keys and their figures.
    pub(super) wholes: HashMap<usize, Whole>,
    budget: Budget,
    pub(super) held: Held,
    /// A currency beside the one that is answered in.
    pub foreign: Option<String>,
    /// For each KPI whether there is nothing that it could be read from; empty: there is for all.
    pub without_source: Arc<[bool]>,
    /// What lacks an amount that cannot be converted.
    pub(super) lost: Lost,
}

#[derive(Debug)]
pub(super) struct Whole {
    pub(super) keys: Vec<usize>,
    pub(super) figures: HashMap<GroupKey, Vec<i128>, RandomState>,
}

impl Whole {
    /// Its key of a group.
    fn of(&self, key: &GroupKey) -> GroupKey {
        self.keys.iter().filter_map(|&place| key.get(place).cloned()).collect()
    }
}

impl Figures {
    /// No groups, of some buckets.
    pub fn new(stretches: Vec<Stretch>, plan: &Plan, budget: &Budget) -> Self {
        let slots = slots(stretches.len());
        // As long as nothing is converted, figures are whole minor units.
        let unit = |planned: &Planned| 10i128.pow(fine_decimals(planned.measure.quantity));
        let columns = plan.measures.iter().map(|planned| Cells::new(slots, unit(planned))).collect();
        Self::of(stretches, columns, budget)
    }

    fn of(stretches: Vec<Stretch>, columns: Vec<Cells>, budget: &Budget) -> Self {
        Self {
            buckets: stretches.len(),
            stretches,
            groups: Arc::default(),
            columns,
            wholes: HashMap::new(),
            budget: budget.clone(),
            held: budget.lease.hold(),
            foreign: None,
            without_source: Arc::default(),
            lost: Lost::default(),
        }
    }

    /// The same measures without groups, of other buckets.
    pub(super) fn like(&self, stretches: Vec<Stretch>) -> Self {
        let slots = slots(stretches.len());
        let columns = self.columns.iter().map(|column| Cells::new(slots, column.unit())).collect();
        let without_source = self.without_source.clone();
        Self { foreign: self.foreign.clone(), without_source, ..Self::of(stretches, columns, &self.budget) }
    }

    /// The start, the buckets, and the whole period.
    pub fn slots(&self) -> usize {
        slots(self.buckets)
    }

    /// The slot of the whole period.
    pub fn whole_slot(&self) -> usize {
        self.slots() - 1
    }

    /// The place of a group, added where it is new.
    pub fn group(&mut self, key: GroupKey) -> Result<usize> {
        match self.groups.get(&key) {
            Some(&place) => Ok(place),
            None => {
                let ids: usize = key.iter().map(|id| ID_BYTES + id.len()).sum();
                self.held.grow(ids)?;
                self.add_group(Arc::new(key))
            }
        }
    }

    /// The place of a group of other figures, added where it is new.
    pub fn share_group(&mut self, key: &Arc<GroupKey>) -> Result<usize> {
        match self.groups.get(key) {
            Some(&place) => Ok(place),
            None => self.add_group(key.clone()),
        }
    }

    fn add_group(&mut self, key: Arc<GroupKey>) -> Result<usize> {
        let place = self.groups.len();
        if (place + 1) * self.columns.len() * self.slots() > self.budget.figures {
            return Err(Error::TooLarge(self.budget.figures));
        }
        self.held.grow(GROUP_BYTES)?;
        Arc::make_mut(&mut self.groups).insert(key, place);
        Ok(place)
    }

    /// Takes memory for what is kept beside the figures until they are read.
    pub fn hold(&mut self, bytes: usize) -> Result<()> {
        self.held.grow(bytes)
    }

    /// Adds to a measure of a group.
    pub fn add(&mut self, group: usize, measure: usize, slot: usize, amount: i128) -> Result<()> {
        self.columns[measure].add(group, slot, amount, &mut self.held)
    }

    /// Says that a measure is grouped by some of the keys only.
    pub fn group_by_fewer(&mut self, measure: usize, keys: Vec<usize>) {
        self.wholes.entry(measure).or_insert_with(|| Whole { keys, figures: HashMap::default() });
    }

    /// Says that a figure lacks an amount.
    pub(super) fn lose(&mut self, measure: usize, whose: Whose, slot: usize, missing: MissingRate) -> Result<()> {
        let bytes = self.lost.add(measure, whose, slot, missing);
        self.held.grow(bytes)
    }

    /// Whether any figure lacks an amount.
    pub fn has_lost(&self) -> bool {
        !self.lost.is_empty()
    }

    /// The earliest day on which an amount cannot be converted.
    pub fn first_lost(&self) -> Option<MissingRate> {
        self.lost.first()
    }

    /// Why a measure of a group is not known at a slot.
    pub fn lost(&self, group: usize, key: &GroupKey, measure: usize, slot: usize) -> Option<MissingRate> {
        if self.lost.is_empty() {
            return None;
        }
        let whose = self.wholes.get(&measure).map_or(Whose::Group(group), |whole| Whose::Keys(whole.of(key)));
        self.lost.get(measure, whose, slot)
    }

    /// Adds to a measure that is grouped by fewer keys.
    pub fn add_to_whole(&mut self, measure: usize, key: GroupKey, slot: usize, amount: i128) -> Result<()> {
        let slots = self.slots();
        if let Some(whole) = self.wholes.get_mut(&measure) {
            if !whole.figures.contains_key(&key) {
                let ids: usize = key.iter().map(|id| ID_BYTES + id.len()).sum();
                self.held.grow(GROUP_BYTES + ids + slots * size_of::<i128>())?;
            }
            add_to(&mut whole.figures.entry(key).or_insert_with(|| vec![0; slots])[slot], amount)?;
        }
        Ok(())
    }

    /// Turns the changes of stocks into their states.
    pub fn accumulate(&mut self, plan: &Plan, measures: impl Iterator<Item = usize>) -> Result<()> {
        let stock = |planned: &Planned| planned.reading.over_time() == OverTime::Last;
        for measure in measures.filter(|&measure| stock(&plan.measures[measure])) {
            let column = &mut self.columns[measure];
            for group in 0..self.groups.len() {
                let mut state = column.get(group, 0);
                for slot in 1..=self.buckets {
                    // What does not change costs nothing, as long as there is nothing either.
                    if state != 0 {
                        column.add(group, slot, state, &mut self.held)?;
                    }
                    state = column.get(group, slot);
                }
            }
            for figures in self.wholes.get_mut(&measure).into_iter().flat_map(|whole| whole.figures.values_mut()) {
                for slot in 1..=self.buckets {
                    let before = figures[slot - 1];
                    add_to(&mut figures[slot], before)?;
                }
            }
        }
        Ok(())
    }

    /// Whether a measure is 0 in all groups, at all times.
    pub fn are_zero(&self, measure: usize) -> bool {
        match self.wholes.get(&measure) {
            None => self.columns[measure].are_zero(),
            Some(whole) => whole.figures.values().flatten().all(|&figure| figure == 0),
        }
    }

    /// A measure of a group at a slot: 0 the start of the period, `n` the bucket `n - 1`.
    pub fn at(&self, group: usize, key: &GroupKey, measure: usize, slot: usize) -> i128 {
        match self.wholes.get(&measure) {
            None => self.columns[measure].get(group, slot),
            Some(whole) => whole.figures.get(&whole.of(key)).map_or(0, |figures| figures[slot]),
        }
    }
}

/// The start, the buckets and, where there are several, the whole period.
fn slots(buckets: usize) -> usize {
    if buckets > 1 { buckets + 2 } else { buckets + 1 }
}
