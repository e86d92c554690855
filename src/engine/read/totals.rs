//! Figures of all groups together, of a whole period, and of several sets together.

use super::cells::add_to;
use super::figures::{Figures, Stretch};
use super::group::GroupKey;
use super::lost::Whose;
use crate::catalog::OverTime;
use crate::engine::plan::Plan;
use crate::error::{Error, Result};
use std::collections::HashMap;

impl Figures {
    /// The figures of all groups together, for measures that add up over groups.
    pub fn over_groups(&self) -> Result<Self> {
        let mut all = self.like(self.stretches.clone());
        let group = all.group(GroupKey::new())?;
        for measure in 0..self.columns.len() {
            for slot in 0..self.slots() {
                let figure = match self.wholes.get(&measure) {
                    None => sum((0..self.groups.len()).map(|group| self.columns[measure].get(group, slot)))?,
                    Some(whole) => sum(whole.figures.values().map(|figures| figures[slot]))?,
                };
                all.add(group, measure, slot, figure)?;
            }
        }
        for (measure, _, slot, missing) in self.lost.iter() {
            all.lose(measure, Whose::Group(group), slot, missing)?;
        }
        Ok(all)
    }

    /// The figures of the whole period as one bucket.
    pub fn over_time(&self, plan: &Plan) -> Result<Self> {
        let fold = |measure: usize, at: &dyn Fn(usize) -> i128| {
            Ok::<_, Error>(match plan.measures[measure].reading.over_time() {
                OverTime::Anew => [0, at(self.whole_slot())],
                OverTime::Sum => [0, sum((1..=self.buckets).map(at))?],
                OverTime::Last => [at(0), at(self.buckets)],
            })
        };
        let mut whole = self.like(vec![Stretch::together(&self.stretches)]);
        whole.groups = self.groups.clone();
        for (measure, column) in self.columns.iter().enumerate() {
            for group in 0..self.groups.len() {
                for (slot, figure) in fold(measure, &|slot| column.get(group, slot))?.into_iter().enumerate() {
                    whole.add(group, measure, slot, figure)?;
                }
            }
        }
        for (&measure, from) in &self.wholes {
            whole.group_by_fewer(measure, from.keys.clone());
            for (key, figures) in &from.figures {
                for (slot, figure) in fold(measure, &|slot| figures[slot])?.into_iter().enumerate() {
                    whole.add_to_whole(measure, key.clone(), slot, figure)?;
                }
            }
        }
        for (measure, whose, slot, missing) in self.lost.iter() {
            let folded = match plan.measures[measure].reading.over_time() {
                OverTime::Anew => (slot == self.whole_slot()).then_some(1),
                OverTime::Sum => (1..=self.buckets).contains(&slot).then_some(1),
                OverTime::Last if slot == 0 => Some(0),
                OverTime::Last => (slot == self.buckets).then_some(1),
            };
            if let Some(slot) = folded {
                whole.lose(measure, whose.clone(), slot, missing)?;
            }
        }
        Ok(whole)
    }

    /// Takes some measures' figures from another set with the same buckets; 0 for groups that it does not have.
    pub fn take(&mut self, from: &Self, measures: &[usize]) -> Result<()> {
        if self.foreign.is_none() {
            self.foreign.clone_from(&from.foreign);
        }
        for &measure in measures {
            self.wholes.remove(&measure);
            self.columns[measure].clear(&mut self.held);
            if let Some(whole) = from.wholes.get(&measure) {
                self.group_by_fewer(measure, whole.keys.clone());
                for (key, figures) in &whole.figures {
                    for (slot, &figure) in figures.iter().enumerate() {
                        self.add_to_whole(measure, key.clone(), slot, figure)?;
                    }
                }
                continue;
            }
            for (key, &group) in &*from.groups {
                let here = self.share_group(key)?;
                for slot in 0..self.slots() {
                    self.add(here, measure, slot, from.columns[measure].get(group, slot))?;
                }
            }
        }
        self.lost.forget(measures);
        if from.lost.is_empty() {
            return Ok(());
        }
        let here: HashMap<usize, usize> =
            from.groups.iter().filter_map(|(key, &place)| Some((place, *self.groups.get(key)?))).collect();
        for (measure, whose, slot, missing) in from.lost.iter().filter(|(measure, ..)| measures.contains(measure)) {
            let whose = match whose {
                Whose::Group(place) => here.get(place).map(|&here| Whose::Group(here)),
                keys => Some(keys.clone()),
            };
            if let Some(whose) = whose {
                self.lose(measure, whose, slot, missing)?;
            }
        }
        Ok(())
    }
}

fn sum(figures: impl Iterator<Item = i128>) -> Result<i128> {
    let mut sum = 0;
    for figure in figures {
        add_to(&mut sum, figure)?;
    }
    Ok(sum)
}
