//! The fewest scans that bring a plan's measures.

use super::measures::{Plan, Planned};
use super::passes::Pass;
use crate::catalog::{Ahead, Axis, Dimension, Each, Instant, Shift, Source, Told};
use crate::engine::model::Question;

/// One pass over a source: every measure that shares it, its axis, its keys and its filters, and events at the start or
/// end of its states.
#[derive(Debug)]
pub(crate) struct Scan {
    pub source: &'static Source,
    pub axis: &'static Axis,
    /// States have their last days.
    pub last_days: bool,
    /// What becomes of rows that are ahead of now.
    pub ahead: Ahead,
    /// The dimensions that rows are grouped by.
    pub keys: Vec<Dimension>,
    /// The dimensions whose filters are left out.
    pub regardless_of: &'static [Dimension],
    pub measures: Vec<Part>,
    /// It also reads the whole period, for measures that do not follow from the buckets.
    pub whole: bool,
    /// Amounts are added up for each currency and exchange rate.
    pub converts: bool,
    /// Rows are added up for each thing that they are of; the same for all measures but for what is told of it.
    pub each: Option<Each>,
}

/// A measure of a scan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// Its place in the plan's measures.
    pub measure: usize,
    pub counts: Counts,
}

/// When a row of a scan counts for a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counts {
    /// As the scan's axis says.
    OnAxis,
    /// At the start of the axis' state, as an event.
    AtStart,
    /// At the end of the axis' state, as an event.
    AtEnd,
}

impl Plan {
    /// The fewest scans that bring the measures of a pass. `convert`: amounts may have to be converted, so that what does not
    /// add up over currencies needs scans of its own.
    pub fn scans(&self, pass: &Pass, question: &Question, convert: bool) -> Vec<Scan> {
        let mut scans: Vec<Scan> = Vec::new();
        let converted = |place: &usize| convert && self.measures[*place].has_currency();
        let (converted, others): (Vec<usize>, Vec<usize>) = pass.measures.iter().partition(|place| converted(place));
        let measures = converted.iter().map(|place| (place, true)).chain(others.iter().map(|place| (place, false)));
        for (&place, converts) in measures {
            let part = Part { measure: place, counts: Counts::OnAxis };
            let Planned { measure, reading, last_days, ahead } = self.measures[place];
            let adds_up = reading.adds_up_over_groups() && !reading.when.depends_on_bucket();
            let heeds = |dimension: &Dimension| !measure.regardless_of.contains(dimension);
            let keys: Vec<Dimension> = pass.keys.iter().copied().filter(heeds).collect();
            let unfiltered = question.filters.iter().all(|filter| heeds(&filter.dimension));
            let regardless_of: &'static [Dimension] = if unfiltered { &[] } else { &measure.regardless_of };
            let each = reading.each();
            let same_things = |scan: &Scan| match (&scan.each, &each) {
                (Some(one), Some(other)) => {
                    let when = scan.measures.first().map(|part| &self.measures[part.measure].reading.when);
                    one.of == other.of && one.amount == other.amount && when == Some(&reading.when)
                }
                (one, other) => one.is_none() && other.is_none(),
            };
            let shared = scans.iter_mut().find(|scan| {
                scan.source.name == reading.source.name
                    && *scan.axis == reading.axis
                    && (scan.last_days, scan.ahead) == (last_days, ahead)
                    && scan.keys == keys
                    && scan.regardless_of == regardless_of
                    && (scan.converts == converts || adds_up)
                    && same_things(scan)
            });
            match shared {
                Some(scan) => scan.measures.push(part),
                None => scans.push(Scan {
                    source: reading.source,
                    axis: &reading.axis,
                    last_days,
                    ahead,
                    keys,
                    regardless_of,
                    measures: vec![part],
                    whole: false,
                    converts,
                    each,
                }),
            }
        }
        let mut scans = with_events_of_states(scans, self);
        for scan in &mut scans {
            let anew = |part: &Part| pass.whole.contains(&part.measure) && !self.adds_up_over_time(part.measure);
            // What a thing becomes in the whole period follows from what it becomes in the buckets.
            scan.whole = scan.each.is_none() && scan.measures.iter().any(anew);
        }
        scans
    }
}

/// Lets a scan of states also count the events at which they start or end, in the place of a scan of their own.
fn with_events_of_states(scans: Vec<Scan>, plan: &Plan) -> Vec<Scan> {
    let (mut states, others): (Vec<Scan>, Vec<Scan>) =
        scans.into_iter().partition(|scan| matches!(scan.axis, Axis::State { .. }));
    let mut left = Vec::new();
    for scan in others {
        let taken =
            states.iter_mut().find_map(|states| states.counts_events_of(&scan, plan).map(|counts| (states, counts)));
        match taken {
            Some((states, counts)) => {
                states.measures.extend(scan.measures.into_iter().map(|part| Part { counts, ..part }));
            }
            None => left.push(scan),
        }
    }
    states.extend(left);
    states
}

impl Scan {
    /// Whether it tells of changes from day to day.
    pub fn tells_days(&self, plan: &Plan) -> bool {
        let each = |part: &Part| plan.measures[part.measure].reading.each();
        let changes = |each: Each| matches!(each.told, Told::Change(_));
        self.each.is_some() && self.measures.iter().filter_map(each).any(changes)
    }

    /// As what this scan of states can count the events of another one.
    fn counts_events_of(&self, other: &Self, plan: &Plan) -> Option<Counts> {
        let is_end = |until: &Instant, at: &Instant| {
            let is_it = |part: &Part| plan.measures[part.measure].reading.when.makes_same(until, at);
            other.measures.iter().all(is_it)
        };
        let same = self.source.name == other.source.name
            && self.ahead == other.ahead
            && self.keys == other.keys
            && self.regardless_of == other.regardless_of
            && self.each.is_none();
        // An event is converted with the rate of its own day, a state with that of the bucket's end.
        let same = same && !other.converts;
        match (self.axis, other.axis) {
            (Axis::State { from, .. }, Axis::Event { at, shift: Shift::None }) if same && from == at => {
                Some(Counts::AtStart)
            }
            (Axis::State { until, .. }, Axis::Event { at, shift: Shift::None })
                if same && !self.last_days && is_end(&until.without_last_day(), at) =>
            {
                Some(Counts::AtEnd)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Aggregate, Catalog};
    use crate::database::DayColumns;
    use crate::period::{Calendar, Grain, Period};
    use crate::scope::Scope;
    use std::collections::{BTreeMap, BTreeSet};

    /// All KPIs per month over two years.
    fn everything() -> Question {
        let day = |text: &str| text.parse().unwrap();
        let period = Period::Dates { first: day("2023-01-01"), last: day("2024-12-31") };
        let timeline = period.resolve(Some(Grain::Month), Calendar::default(), chrono::Utc::now()).unwrap();
        let kpis = Catalog::get().kpis().iter().collect();
        Question::new(Scope::All, kpis, timeline, iso_currency::Currency::USD)
    }

    fn columns(instant: &Instant) -> Vec<&'static str> {
        match instant {
            Instant::At(column) | Instant::Through(column) | Instant::Unless(column, ..) => vec![column.name],
            Instant::DaysAfter(column, _) | Instant::DaysInAfter(column, _) => vec![column.name],
            Instant::Earlier(one, other) | Instant::Later(one, other) => {
                columns(one).into_iter().chain(columns(other)).collect()
            }
            Instant::BucketStart | Instant::BucketEnd | Instant::Never => Vec::new(),
        }
    }

    #[test]
    fn all_kpis_take_no_more_scans_than_facts_have_time_columns() {
        let question = everything();
        let plan = Plan::new(&question, &DayColumns::default()).unwrap();
        let scans = plan.scans(&plan.totals(question.timeline.buckets.len()), &question, false);
        let mut times: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for planned in &plan.measures {
            let of_axis = match &planned.reading.axis {
                Axis::Event { at, .. } => columns(at),
                Axis::State { from, until } => columns(from).into_iter().chain(columns(until)).collect(),
                Axis::Span { from, until } => vec![from.name, until.name],
            };
            times.entry(planned.reading.source.table).or_default().extend(of_axis);
        }
        let combinations: usize = times.values().map(BTreeSet::len).sum();
        assert!(scans.len() <= combinations, "{} scans, {combinations} facts and time columns", scans.len());
        println!("{} measures in {} scans of {combinations} facts and time columns", plan.measures.len(), scans.len());
    }

    /// What a scan of states or spans does not do.
    #[test]
    fn states_and_spans_follow_from_their_buckets() {
        for measure in Catalog::get().kpis().iter().flat_map(|kpi| kpi.measures()) {
            for reading in &measure.readings {
                match reading.axis {
                    Axis::Event { .. } => {}
                    Axis::State { .. } if reading.each().is_some() => {}
                    Axis::State { .. } => assert!(reading.adds_up_over_time(), "{}", measure.name),
                    Axis::Span { .. } => {
                        assert!(matches!(reading.aggregate, Aggregate::Sum(_)), "{}", measure.name);
                        assert!(reading.adds_up_over_time(), "{}", measure.name);
                    }
                }
            }
        }
    }

    #[test]
    fn a_measure_has_one_meaning() {
        let mut known: BTreeMap<&str, String> = BTreeMap::new();
        for measure in Catalog::get().kpis().iter().flat_map(|kpi| kpi.measures()) {
            let meaning = format!("{measure:?}");
            let before = known.entry(measure.name).or_insert_with(|| meaning.clone());
            assert_eq!(*before, meaning, "two measures are called {}", measure.name);
        }
    }
}
