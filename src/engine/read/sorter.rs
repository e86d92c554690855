//! Sorts the rows of scans into figures.

use super::figures::{Figures, fine_decimals};
use super::group::GroupKey;
use super::lost::Whose;
use super::rates::Rates;
use super::teller::{Of, Step};
use super::things::Things;
use crate::catalog::Dimension;
use crate::database::{time, whole};
use crate::engine::model::{Code, MissingRate};
use crate::engine::plan::{Counts, Part, Plan, Scan};
use crate::engine::sql::{RowLayout, day_of_number};
use crate::error::{Error, Result};
use crate::period::Timeline;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{DbErr, QueryResult};
use std::collections::{BTreeSet, HashMap};

/// Sorts the rows of a scan into figures.
pub(super) struct Sorter<'a> {
    plan: &'a Plan,
    scan: &'a Scan,
    layout: &'a RowLayout,
    /// The scan has fewer keys than the figures.
    fewer: bool,
    /// Where the scan converts.
    rates: Option<&'a Rates>,
    timeline: &'a Timeline,
    /// The changes of amounts in states, for each group and currency: they are converted as the states that they add up to.
    states: HashMap<(GroupKey, String), HashMap<usize, Vec<i128>>>,
    /// What becomes of the things that rows are of.
    things: Things,
    /// The measures whose figures are states already, once all rows are sorted; before that, what is wrong with a row.
    outcome: Result<BTreeSet<usize>>,
}

/// The currency that amounts of a row are of, and the span of rates and first day of its events.
struct Converted<'a> {
    rates: &'a Rates,
    currency: String,
    event: Option<(usize, Option<NaiveDate>)>,
}

impl<'a> Sorter<'a> {
    /// For figures that are grouped by some keys.
    pub fn new(
        plan: &'a Plan,
        (scan, layout): (&'a Scan, &'a RowLayout),
        (timeline, rates): (&'a Timeline, Option<&'a Rates>),
        keys: &[Dimension],
        figures: &mut Figures,
    ) -> Self {
        let fewer = scan.keys.len() < keys.len();
        if fewer {
            let places: Vec<usize> = (0..keys.len()).filter(|&place| scan.keys.contains(&keys[place])).collect();
            for part in &scan.measures {
                figures.group_by_fewer(part.measure, places.clone());
            }
        }
        let (states, things, rates) = (HashMap::new(), Things::default(), rates.filter(|_| scan.converts));
        Self { plan, scan, layout, fewer, rates, timeline, states, things, outcome: Ok(BTreeSet::new()) }
    }

    /// The measures whose figures are states already, once all rows are sorted; or what was wrong with a row.
    pub fn outcome(self) -> Result<BTreeSet<usize>> {
        self.outcome
    }

    /// Takes a row. An error ends all scans; what is wrong with this one alone is kept until the others have ended too.
    pub fn sort(&mut self, figures: &mut Figures, row: &QueryResult) -> Result<()> {
        if self.outcome.is_ok() {
            self.outcome = self.add_row(figures, row).map(|()| BTreeSet::new());
        }
        self.unless_too_large()
    }

    /// Takes the end of the rows.
    pub fn end(&mut self, figures: &mut Figures) -> Result<()> {
        if self.outcome.is_ok() {
            self.outcome = self.settle(figures);
        }
        self.unless_too_large()
    }

    /// Scans have too many figures together, in whichever order they come, and must not have more.
    fn unless_too_large(&self) -> Result<()> {
        match &self.outcome {
            Err(error @ (Error::TooLarge(_) | Error::MemoryLimit { .. })) => Err(error.clone()),
            _ => Ok(()),
        }
    }

    fn add_row(&mut self, figures: &mut Figures, row: &QueryResult) -> Result<()> {
        let (scan, layout) = (self.scan, self.layout);
        let bad = |error| Error::BadStoredData(format!("in a scan of {}: {error}", scan.source.name));
        let text = |place: usize| row.try_get_by_index::<Option<String>>(place).map_err(bad);
        let mut key = GroupKey::with_capacity(layout.keys);
        for place in 0..layout.keys {
            key.push(text(place)?.unwrap_or_default());
        }
        let bucket: i32 = row.try_get_by_index(layout.bucket).map_err(bad)?;
        let slot = usize::try_from(bucket).ok().filter(|&slot| slot <= figures.whole_slot());
        let slot = slot.ok_or_else(|| Error::BadStoredData(format!("a bucket {bucket} in {}", scan.source.name)))?;
        if let Some((first, columns)) = layout.things {
            self.add_step(figures, row, (key, slot), (first, columns))?;
            return self.see_foreign(figures, row);
        }
        let whole = slot > figures.buckets;
        let mut converted = None;
        if let (Some(rates), Some(currency)) = (self.rates, layout.currency) {
            let currency = text(currency)?.unwrap_or_default();
            let mut event = None;
            if let Some(span) = layout.span {
                let span: i32 = row.try_get_by_index(span).map_err(bad)?;
                let day = layout.first_event.map(|place| self.day(row, place)).transpose().map_err(bad)?.flatten();
                event = Some((span.try_into().unwrap_or_default(), day));
            }
            converted = Some(Converted { rates, currency, event });
        }
        let group = match (self.fewer, &converted) {
            (true, _) => None,
            (false, None) => Some(figures.group(std::mem::take(&mut key))?),
            (false, Some(_)) => Some(figures.group(key.clone())?),
        };
        for (place, &Part { measure, counts }) in (layout.measures..).zip(&scan.measures) {
            if whole && self.plan.adds_up_over_time(measure) {
                continue;
            }
            let amount: i64 = row.try_get_by_index(place).map_err(bad)?;
            let planned = &self.plan.measures[measure];
            let decimals = fine_decimals(planned.measure.quantity);
            let amount = match converted.as_ref().filter(|_| planned.has_currency()) {
                None => i128::from(amount) * 10i128.pow(decimals),
                Some(Converted { rates, currency, event: Some((span, day)) }) => {
                    match rates.convert(amount.into(), currency, *span, decimals)? {
                        Some(amount) => amount,
                        None => {
                            let bucket = slot.checked_sub(1).and_then(|slot| self.timeline.buckets.get(slot));
                            let begun = rates.day_of(*span);
                            let day = day.unwrap_or_else(|| bucket.map_or(begun, |bucket| begun.max(bucket.first)));
                            let whose = group.map_or_else(|| Whose::Keys(key.clone()), Whose::Group);
                            figures.lose(measure, whose, slot, MissingRate { day, currency: Code::new(currency) })?;
                            continue;
                        }
                    }
                }
                Some(Converted { currency, event: None, .. }) => {
                    debug_assert_eq!(counts, Counts::OnAxis);
                    let slots = figures.slots();
                    let changes = self.states.entry((key.clone(), currency.clone())).or_default();
                    if !changes.contains_key(&measure) {
                        figures.hold(slots * size_of::<i128>())?;
                    }
                    changes.entry(measure).or_insert_with(|| vec![0; slots])[slot] += i128::from(amount);
                    continue;
                }
            };
            match group {
                Some(group) => figures.add(group, measure, slot, amount)?,
                None => figures.add_to_whole(measure, key.clone(), slot, amount)?,
            }
        }
        self.see_foreign(figures, row)
    }

    /// Remembers a currency that is not the answer's.
    fn see_foreign(&self, figures: &mut Figures, row: &QueryResult) -> Result<()> {
        if let Some(place) = self.layout.foreign_currency {
            let foreign = row.try_get_by_index(place).map_err(|error| self.bad(error))?;
            figures.foreign = figures.foreign.take().or(foreign);
        }
        Ok(())
    }

    /// What is wrong with a row.
    fn bad(&self, error: DbErr) -> Error {
        Error::BadStoredData(format!("in a scan of {}: {error}", self.scan.source.name))
    }

    /// Takes a row of a thing.
    fn add_step(
        &mut self,
        figures: &mut Figures,
        row: &QueryResult,
        (key, slot): (GroupKey, usize),
        (first, columns): (usize, usize),
    ) -> Result<()> {
        let text = |place: usize| {
            row.try_get_by_index::<Option<String>>(place)
                .map(Option::unwrap_or_default)
                .map_err(|error| self.bad(error))
        };
        let mut thing = String::new();
        for place in 0..columns {
            let id = text(first + place)?;
            // Ids of one column are not those of another.
            if thing.is_empty() && !id.is_empty() {
                thing = format!("{place} {id}");
            }
        }
        let number = |place: usize| row.try_get_by_index::<Option<i64>>(place).map_err(|error| self.bad(error));
        let amount = number(self.layout.measures)?.unwrap_or_default();
        let (mut day, mut adds) = (None, false);
        if let Some((of_day, most)) = self.layout.changes {
            let number_of_day = whole(row, of_day).map_err(|error| self.bad(error))?;
            day = number_of_day.filter(|_| slot > 0).and_then(day_of_number);
            adds = number(most)?.is_some_and(|most| most > 0);
        }
        let code = self.layout.currency.map(text).transpose()?;
        let currency = code.map_or(0, |code| self.things.currency(&code));
        let group = if self.fewer { self.things.group(&key) } else { figures.group(key)? };
        let bytes = self.things.add(group, thing.into(), Step { slot, day, currency, amount, adds });
        figures.hold(bytes)
    }

    /// The calendar day of the first event.
    fn day(&self, row: &QueryResult, place: usize) -> Result<Option<NaiveDate>, DbErr> {
        if self.layout.days {
            return Ok(whole(row, place)?.and_then(day_of_number));
        }
        Ok(time::<DateTime<Utc>>(row, place)?.map(|at| self.timeline.calendar.day_of(at)))
    }

    /// Converts states with the rates of their days.
    fn settle(&mut self, figures: &mut Figures) -> Result<BTreeSet<usize>> {
        if self.layout.things.is_some() {
            return self.settle_things(figures);
        }
        let ends: Vec<NaiveDate> = last_days(self.timeline);
        let settled: BTreeSet<usize> = self.states.values().flat_map(HashMap::keys).copied().collect();
        let reads = |measure: usize| {
            let reads: Vec<_> = self.plan.formulas.iter().map(|formula| formula.reads(measure)).collect();
            (reads.iter().any(|reads| reads.0), reads.iter().any(|reads| reads.1))
        };
        let reads: HashMap<usize, (bool, bool)> = settled.iter().map(|&measure| (measure, reads(measure))).collect();
        for ((key, currency), measures) in std::mem::take(&mut self.states) {
            let Some(rates) = self.rates else { continue };
            for (measure, changes) in measures {
                let (at_start, at_end) = reads.get(&measure).copied().unwrap_or_default();
                let decimals = fine_decimals(self.plan.measures[measure].measure.quantity);
                let mut state = 0;
                for (slot, (change, &day)) in changes.into_iter().zip(&ends).enumerate() {
                    state += change;
                    // A day that nothing is read at needs no rate.
                    let read = at_end && slot > 0 || at_start && slot + 1 < ends.len();
                    let amount = rates.convert(state, &currency, rates.span_of(day), decimals)?;
                    let group =
                        if self.fewer || amount.is_none() && !read { None } else { Some(figures.group(key.clone())?) };
                    match (amount, group) {
                        (Some(amount), Some(group)) => figures.add(group, measure, slot, amount)?,
                        (Some(amount), None) => figures.add_to_whole(measure, key.clone(), slot, amount)?,
                        (None, _) if !read => {}
                        (None, group) => {
                            let whose = group.map_or_else(|| Whose::Keys(key.clone()), Whose::Group);
                            figures.lose(measure, whose, slot, MissingRate { day, currency: Code::new(&currency) })?;
                        }
                    }
                }
            }
        }
        Ok(settled)
    }

    /// Works out what becomes of things.
    fn settle_things(&mut self, figures: &mut Figures) -> Result<BTreeSet<usize>> {
        let mut measures = Vec::with_capacity(self.scan.measures.len());
        for part in &self.scan.measures {
            let planned = &self.plan.measures[part.measure];
            if let Some(each) = planned.reading.each() {
                let decimals = fine_decimals(planned.measure.quantity);
                measures.push(Of { measure: part.measure, told: each.told, decimals });
            }
        }
        self.things.settle(figures, &measures, self.timeline, self.rates, self.fewer)?;
        Ok(BTreeSet::new())
    }
}

/// The day before a timeline, and the last day of each of its buckets: when states are converted.
fn last_days(timeline: &Timeline) -> Vec<NaiveDate> {
    let before = timeline.first().pred_opt().unwrap_or(NaiveDate::MIN);
    [before].into_iter().chain(timeline.buckets.iter().map(|bucket| bucket.last)).collect()
}
