//! What becomes of each thing that a scan's rows are of: its changes are collected, and what is told of it is worked out from
//! these once all rows are there.

use super::figures::Figures;
use super::group::GroupKey;
use super::rates::Rates;
use super::teller::{Of, Step, Teller};
use crate::error::Result;
use crate::period::Timeline;
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap};

/// Bytes of memory that a thing takes beside its key.
const THING_BYTES: usize = 96;

/// Adds up the changes of things.
#[derive(Debug, Default)]
pub(super) struct Things {
    /// Where the scan has fewer keys than the figures: the groups that it has.
    keys: Vec<GroupKey>,
    places: HashMap<GroupKey, usize, RandomState>,
    currencies: Vec<String>,
    /// By group and thing.
    changes: HashMap<(usize, Box<str>), Vec<Step>, RandomState>,
}

impl Things {
    /// The place of a group of a scan that has fewer keys than the figures.
    pub fn group(&mut self, key: &GroupKey) -> usize {
        if let Some(&place) = self.places.get(key) {
            return place;
        }
        self.keys.push(key.clone());
        self.places.insert(key.clone(), self.keys.len() - 1);
        self.keys.len() - 1
    }

    /// The place of a currency.
    pub fn currency(&mut self, code: &str) -> usize {
        self.currencies.iter().position(|known| known == code).unwrap_or_else(|| {
            self.currencies.push(code.to_owned());
            self.currencies.len() - 1
        })
    }

    /// Takes a change of a thing in a group. Returns how many bytes it takes.
    pub fn add(&mut self, group: usize, thing: Box<str>, step: Step) -> usize {
        let bytes = thing.len() + THING_BYTES;
        let steps = self.changes.entry((group, thing)).or_default();
        steps.push(step);
        size_of::<Step>() + if steps.len() == 1 { bytes } else { 0 }
    }

    /// Works out what is told of things.
    pub fn settle(
        &mut self,
        figures: &mut Figures,
        measures: &[Of],
        timeline: &Timeline,
        rates: Option<&Rates>,
        fewer: bool,
    ) -> Result<()> {
        let (keys, currencies) = (fewer.then_some(self.keys.as_slice()), self.currencies.as_slice());
        let mut teller = Teller { figures, keys, currencies, measures, timeline, rates, lasting: BTreeMap::new() };
        for ((group, _), mut steps) in std::mem::take(&mut self.changes) {
            steps.sort_unstable();
            teller.tell(group, &steps)?;
        }
        teller.tell_lasting()
    }
}
