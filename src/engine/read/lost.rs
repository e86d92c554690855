//! Figures that lack an amount which cannot be converted.

use super::group::GroupKey;
use crate::engine::model::MissingRate;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Bytes of memory that a figure takes here, beside its key.
const FIGURE_BYTES: usize = 96;

/// Whose figure it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Whose {
    /// A group's, by its place.
    Group(usize),
    /// That of all groups with these keys, of a measure that has fewer keys than the others.
    Keys(GroupKey),
}

/// The figures that lack an amount: by measure, whose it is, and slot.
#[derive(Debug, Default)]
pub(super) struct Lost(HashMap<(usize, Whose, usize), MissingRate>);

impl Lost {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Why a figure is not known.
    pub fn get(&self, measure: usize, whose: Whose, slot: usize) -> Option<MissingRate> {
        self.0.get(&(measure, whose, slot)).copied()
    }

    /// The earliest day without a rate.
    pub fn first(&self) -> Option<MissingRate> {
        self.0.values().min().copied()
    }

    /// Says that a figure lacks an amount. Returns how many bytes that takes.
    pub fn add(&mut self, measure: usize, whose: Whose, slot: usize, missing: MissingRate) -> usize {
        let ids = match &whose {
            Whose::Group(_) => 0,
            Whose::Keys(keys) => keys.iter().map(String::len).sum(),
        };
        match self.0.entry((measure, whose, slot)) {
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                *known = missing.min(*known);
                0
            }
            Entry::Vacant(lost) => {
                lost.insert(missing);
                FIGURE_BYTES + ids
            }
        }
    }

    /// Forgets measures.
    pub fn forget(&mut self, measures: &[usize]) {
        self.0.retain(|(measure, ..), _| !measures.contains(measure));
    }

    pub fn iter(&self) -> impl Iterator<Item = (usize, &Whose, usize, MissingRate)> {
        self.0.iter().map(|((measure, whose, slot), missing)| (*measure, whose, *slot, *missing))
    }
}
