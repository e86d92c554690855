//! What is told of things by their changes.

use super::cells::add_to;
use super::figures::{Figures, fine_decimals};
use super::group::GroupKey;
use super::lost::Whose;
use super::rates::Rates;
use crate::catalog::{Change, Quantity, Told};
use crate::engine::model::{Code, MissingRate};
use crate::error::{Error, Result};
use crate::period::Timeline;
use chrono::NaiveDate;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// What some rows of a thing add to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Step {
    /// The bucket, from 1; 0 before the first.
    pub slot: usize,
    /// The day, where the scan tells it.
    pub day: Option<NaiveDate>,
    /// The place of the amount's currency.
    pub currency: usize,
    pub amount: i64,
    /// Some row adds to it.
    pub adds: bool,
}

/// A measure of things.
#[derive(Clone, Copy, Debug)]
pub(super) struct Of {
    pub measure: usize,
    pub told: Told,
    /// Of its figures.
    pub decimals: u32,
}

/// What a thing is worth, by currency.
#[derive(Clone, Debug, Default)]
struct State(Vec<(usize, i128)>);

/// An amount in the currency of the answer.
type Worth = Result<i128, MissingRate>;

/// Works out what is told of things.
#[derive(Debug)]
pub(super) struct Teller<'a> {
    pub figures: &'a mut Figures,
    /// The keys of groups, where these are fewer than the figures have.
    pub keys: Option<&'a [GroupKey]>,
    pub currencies: &'a [String],
    pub measures: &'a [Of],
    pub timeline: &'a Timeline,
    pub rates: Option<&'a Rates>,
    /// What lasts through buckets without a change, by group and currency: added where that begins, taken away where it ends.
    pub lasting: BTreeMap<(usize, usize), Vec<i128>>,
}

impl State {
    fn add(&mut self, currency: usize, amount: i128) -> Result<()> {
        match self.0.iter_mut().find(|(known, _)| *known == currency) {
            Some((_, sum)) => add_to(sum, amount)?,
            None => self.0.push((currency, amount)),
        }
        Ok(())
    }

    /// Whether it is more than 0, where that is the same whatever currencies are worth.
    fn sign(&self) -> Option<Ordering> {
        let mut signs = self.0.iter().map(|(_, amount)| amount.cmp(&0)).filter(|sign| sign.is_ne());
        let first = signs.next().unwrap_or(Ordering::Equal);
        signs.all(|sign| sign == first).then_some(first)
    }
}

impl Teller<'_> {
    /// Tells what becomes of a thing by its changes, which are in the order of time.
    pub fn tell(&mut self, group: usize, steps: &[Step]) -> Result<()> {
        let buckets = self.figures.buckets;
        let (mut state, mut begun) = (State::default(), false);
        let mut rest = steps;
        let mut slot = 0;
        let mut at_start = State::default();
        while slot <= buckets {
            let next = rest.first().map_or(buckets + 1, |step| step.slot);
            if next > slot {
                self.last(group, &state, (slot.max(1), next))?;
                slot = next;
                continue;
            }
            let before = state.clone();
            let here = rest.partition_point(|step| step.slot == slot);
            let (steps, behind) = rest.split_at(here);
            for steps in steps.chunk_by(|one, other| one.day == other.day) {
                let mut change = State::default();
                steps.iter().try_for_each(|step| change.add(step.currency, step.amount.into()))?;
                let was = state.clone();
                change.0.iter().try_for_each(|(currency, amount)| state.add(*currency, *amount))?;
                if slot > 0 {
                    self.change(group, slot, steps.first().and_then(|step| step.day), (&was, &change, &state), begun)?;
                }
                begun |= steps.iter().any(|step| step.adds);
            }
            match slot {
                0 => at_start = state.clone(),
                _ => self.bucket(group, slot, self.end_of(slot), &before, &state)?,
            }
            self.present(group, slot, &before, &state)?;
            rest = behind;
            slot += 1;
        }
        if self.figures.whole_slot() > buckets {
            self.bucket(group, self.figures.whole_slot(), self.end_of(buckets), &at_start, &state)?;
        }
        Ok(())
    }

    /// The day whose rates the states of a bucket are converted with.
    fn end_of(&self, slot: usize) -> NaiveDate {
        let bucket = slot.checked_sub(1).and_then(|place| self.timeline.buckets.get(place));
        bucket.map_or(self.timeline.first(), |bucket| bucket.last)
    }

    fn add(&mut self, group: usize, measure: usize, slot: usize, amount: Worth) -> Result<()> {
        let keys = self.keys.map(|keys| keys.get(group).cloned().unwrap_or_default());
        match (amount, keys) {
            (Ok(amount), None) => self.figures.add(group, measure, slot, amount),
            (Ok(amount), Some(keys)) => self.figures.add_to_whole(measure, keys, slot, amount),
            (Err(missing), None) => self.figures.lose(measure, Whose::Group(group), slot, missing),
            (Err(missing), Some(keys)) => self.figures.lose(measure, Whose::Keys(keys), slot, missing),
        }
    }

    /// A state in the currency of the answer on a day.
    fn worth(&self, state: &State, day: NaiveDate, decimals: u32) -> Result<Worth> {
        let mut worth = 0;
        for &(currency, amount) in &state.0 {
            match self.convert(amount, currency, day, decimals)? {
                Ok(amount) => add_to(&mut worth, amount)?,
                missing => return Ok(missing),
            }
        }
        Ok(Ok(worth))
    }

    fn convert(&self, amount: i128, currency: usize, day: NaiveDate, decimals: u32) -> Result<Worth> {
        let Some(rates) = self.rates else {
            let fine = amount.checked_mul(10i128.pow(decimals));
            return fine.map(Ok).ok_or_else(|| Error::Overflow("an amount".into()));
        };
        let code = self.currencies.get(currency).map_or("", String::as_str);
        let worth = rates.convert(amount, code, rates.span_of(day), decimals)?;
        Ok(worth.ok_or_else(|| MissingRate { day, currency: Code::new(code) }))
    }

    /// Whether a state is more than 0 on a day.
    fn sign(&self, state: &State, day: NaiveDate) -> Result<Result<Ordering, MissingRate>> {
        Ok(match state.sign() {
            Some(sign) => Ok(sign),
            None => self.worth(state, day, fine_decimals(Quantity::Money))?.map(|worth| worth.cmp(&0)),
        })
    }

    fn present(&mut self, group: usize, slot: usize, before: &State, after: &State) -> Result<()> {
        let is = |state: &State| i128::from(state.0.iter().map(|(_, amount)| amount).sum::<i128>() > 0);
        let change = is(after) - is(before);
        for of in self.measures {
            if of.told == Told::Present && change != 0 {
                self.add(group, of.measure, slot, Ok(change * 10i128.pow(of.decimals)))?;
            }
        }
        Ok(())
    }

    /// A change from the end of one day to that of another.
    fn change(
        &mut self,
        group: usize,
        slot: usize,
        day: Option<NaiveDate>,
        (was, change, is): (&State, &State, &State),
        begun: bool,
    ) -> Result<()> {
        let Some(day) = day.filter(|_| self.measures.iter().any(|of| matches!(of.told, Told::Change(_)))) else {
            return Ok(());
        };
        let signs = (self.sign(change, day)?, self.sign(was, day)?, self.sign(is, day)?);
        let (Ok(by), Ok(was), Ok(is)) = signs else {
            // What kind of change it is depends on what currencies are worth.
            let missing = signs.0.err().or(signs.1.err()).or(signs.2.err());
            for (of, missing) in self.measures.iter().zip(missing.into_iter().cycle()) {
                if matches!(of.told, Told::Change(_)) {
                    self.add(group, of.measure, slot, Err(missing))?;
                }
            }
            return Ok(());
        };
        let kind = match (by, was, is) {
            (Ordering::Equal, ..) => return Ok(()),
            (Ordering::Greater, Ordering::Greater, _) => Change::More,
            (Ordering::Greater, ..) if begun => Change::Back,
            (Ordering::Greater, ..) => Change::New,
            (Ordering::Less, Ordering::Greater, Ordering::Less | Ordering::Equal) => Change::Gone,
            (Ordering::Less, ..) => Change::Less,
        };
        for of in self.measures.iter().filter(|of| of.told == Told::Change(kind)) {
            let amount = self.worth(change, day, of.decimals)?;
            self.add(group, of.measure, slot, amount.map(i128::abs))?;
        }
        Ok(())
    }

    /// What a thing has become in a bucket, or the whole period, that ends on a day.
    fn bucket(&mut self, group: usize, slot: usize, day: NaiveDate, start: &State, end: &State) -> Result<()> {
        for of in self.measures.iter().filter(|of| is_of_bucket(of.told)) {
            let start = self.worth(start, day, of.decimals)?;
            if start.is_ok_and(|start| start <= 0) {
                continue;
            }
            let amount = match (of.told, start) {
                (Told::Kept, Ok(start)) => self.worth(end, day, of.decimals)?.map(|end| end.clamp(0, start)),
                (Told::Became, Ok(_)) => self.worth(end, day, of.decimals)?,
                (_, start) => start,
            };
            self.add(group, of.measure, slot, amount)?;
        }
        Ok(())
    }

    /// A thing stays what it is from one bucket up to another.
    fn last(&mut self, group: usize, state: &State, (from, until): (usize, usize)) -> Result<()> {
        if from >= until || !self.measures.iter().any(|of| is_of_bucket(of.told)) {
            return Ok(());
        }
        match state.sign() {
            Some(Ordering::Greater) => {
                for &(currency, amount) in state.0.iter().filter(|(_, amount)| *amount != 0) {
                    if !self.lasting.contains_key(&(group, currency)) {
                        self.figures.hold(self.figures.slots() * size_of::<i128>())?;
                    }
                    let none = || vec![0; self.figures.buckets + 2];
                    let lasting = self.lasting.entry((group, currency)).or_insert_with(none);
                    add_to(&mut lasting[from], amount)?;
                    add_to(&mut lasting[until], -amount)?;
                }
                Ok(())
            }
            Some(_) => Ok(()),
            None => (from..until).try_for_each(|slot| self.bucket(group, slot, self.end_of(slot), state, state)),
        }
    }

    /// Tells what lasts.
    pub fn tell_lasting(&mut self) -> Result<()> {
        for ((group, currency), changes) in std::mem::take(&mut self.lasting) {
            let mut state = 0;
            for (slot, change) in changes.into_iter().enumerate().take(self.figures.buckets + 1).skip(1) {
                state += change;
                for of in self.measures.iter().filter(|of| is_of_bucket(of.told)) {
                    let amount = self.convert(state, currency, self.end_of(slot), of.decimals)?;
                    self.add(group, of.measure, slot, amount)?;
                }
            }
        }
        Ok(())
    }
}

/// Whether it is told of buckets by their start and their end.
fn is_of_bucket(told: Told) -> bool {
    matches!(told, Told::AtStart | Told::Kept | Told::Became)
}
