use super::column::Column;
use super::condition::Condition;
use super::dimension::Dimension;
use super::source::Source;
use super::time::{Ahead, Axis, Instant, Shift};

/// An aggregate over events or states.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Its name, unique in the catalogue: measures with the same name are computed once.
    pub name: &'static str,
    /// What its integers mean.
    pub quantity: Quantity,
    /// Where it is read from: the first reading that reaches all dimensions of a question is taken.
    pub readings: Vec<Reading>,
    /// Dimensions that it does not heed, neither as a group nor as a filter: the whole that a share is taken of.
    pub regardless_of: Vec<Dimension>,
}

/// One way to read a measure.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The fact and its joins.
    pub source: &'static Source,
    /// When a row counts.
    pub axis: Axis,
    /// What is aggregated.
    pub aggregate: Aggregate,
    /// Which rows count.
    pub when: Condition,
    /// What becomes of rows that are ahead of now.
    pub ahead: Ahead,
    /// A column beside those that it is computed from without which it says nothing.
    pub told_by: Option<Column>,
}

/// What the integers of a measure mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// A number of rows or keys.
    Count,
    /// Minor units of a currency.
    Money,
    /// Minor units of a currency × basis points.
    WeightedMoney,
    /// Milliseconds, shown in days of 24 hours.
    Days,
    /// Milliseconds, shown in hours.
    Hours,
    /// Seconds.
    Seconds,
}

/// What is aggregated over rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Aggregate {
    /// The number of rows.
    Count,
    /// The sum; unset values count as 0.
    Sum(Amount),
    /// The number of different keys; unset keys do not count. Of states those that any row is live of.
    Distinct(Column),
    /// What becomes of each thing that rows are of, which is the sum of their amounts.
    Each(Each),
}

/// What rows are of, and what is told of each such thing. What it is worth follows from all rows that a question looks at:
/// under a filter, in a group or to a caller who sees a part, it is what these are worth together.
#[derive(Clone, Debug, PartialEq)]
pub struct Each {
    /// Its key: the first of these columns that is set and not the empty text.
    pub of: Vec<Column>,
    /// What each row adds to it; none: 1.
    pub amount: Option<Amount>,
    /// What is told of it.
    pub told: Told,
}

/// What is told of each thing. An amount in other currencies is converted with the rate of the bucket's end, also what it was
/// at the start, and of a change with that of its day: rates alone change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// A state: 1 while it is more than 0.
    Present,
    /// What it was at the bucket's start, if that is more than 0.
    AtStart,
    /// What is left at the bucket's end of that: at most as much, at least 0.
    Kept,
    /// What it is at the bucket's end, if it was more than 0 at the start.
    Became,
    /// By how much it changes from the end of one calendar day to that of another; a loss is positive, too.
    Change(Change),
}

/// What a change is, by what a thing was worth at the end of the day before and is at that of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// More than 0 for the first time.
    New,
    /// More than 0 again.
    Back,
    /// More than before.
    More,
    /// Less than before.
    Less,
    /// Nothing more.
    Gone,
}

/// How the measure of a period follows from those of its buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverTime {
    /// It is their sum.
    Sum,
    /// It is the last one.
    Last,
    /// It does not.
    Anew,
}

/// An integer of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Amount {
    /// A column.
    Of(Column),
    /// A multiple of a column.
    Times(Column, i64),
    /// The product of two columns.
    Product(Column, Column),
    /// The first of these that is set.
    FirstSet(Vec<Amount>),
    /// Whole milliseconds from one instant to another; with a day on either side those of the calendar days between them, and
    /// at least 0.
    Between(Instant, Instant),
}

impl Aggregate {
    /// The sum of a column.
    pub fn sum(column: impl Into<Column>) -> Self {
        Self::Sum(Amount::Of(column.into()))
    }

    /// The sum of the milliseconds from the time in one column to that in another.
    pub fn time(from: impl Into<Column>, until: impl Into<Column>) -> Self {
        Self::Sum(Amount::Between(Instant::at(from), Instant::at(until)))
    }
}

impl Measure {
    /// A flow: what happens in a bucket, by the time in a column.
    pub fn flow(
        name: &'static str,
        quantity: Quantity,
        source: &'static Source,
        at: impl Into<Column>,
        aggregate: Aggregate,
        when: Condition,
    ) -> Self {
        Self::new(name, quantity, source, Axis::at(at), aggregate, when)
    }

    /// A measure with one reading.
    pub fn new(
        name: &'static str,
        quantity: Quantity,
        source: &'static Source,
        axis: Axis,
        aggregate: Aggregate,
        when: Condition,
    ) -> Self {
        let readings = vec![Reading { source, axis, aggregate, when, ahead: Ahead::Counts, told_by: None }];
        Self { name, quantity, readings, regardless_of: Vec::new() }
    }

    /// Adds a reading for questions whose dimensions the ones before do not reach.
    pub fn or_read(mut self, source: &'static Source, axis: Axis, aggregate: Aggregate, when: Condition) -> Self {
        self.readings.push(Reading { source, axis, aggregate, when, ahead: Ahead::Counts, told_by: None });
        self
    }

    /// The same under another name, heeding neither groups nor filters of these dimensions.
    pub fn regardless_of(mut self, name: &'static str, dimensions: &[Dimension]) -> Self {
        self.name = name;
        self.regardless_of = dimensions.to_vec();
        self
    }

    /// The same of what has happened by now.
    pub fn happened(self) -> Self {
        self.with_ahead(Ahead::HasNotHappened)
    }

    /// The same of what is due by now.
    pub fn due(self) -> Self {
        self.with_ahead(Ahead::IsNotDue)
    }

    /// The same, which says nothing where nobody fills this column: that no deal is expected to close on a day, say, is a
    /// figure only where such days are recorded.
    pub fn told_by(mut self, column: impl Into<Column>) -> Self {
        let column = Some(column.into());
        self.readings.iter_mut().for_each(|reading| reading.told_by = column);
        self
    }

    fn with_ahead(mut self, ahead: Ahead) -> Self {
        self.readings.iter_mut().for_each(|reading| reading.ahead = ahead);
        self
    }

    /// Whether it leaves out what is ahead of now: in a bucket that is ahead there is nothing that it could say.
    pub fn ends_now(&self) -> bool {
        self.readings.iter().any(|reading| reading.ahead != Ahead::Counts)
    }

    /// The name as words.
    pub fn title(&self) -> String {
        self.name.replace('_', " ")
    }

    /// The reading for a question with these dimensions.
    pub fn reading(&self, dimensions: &[Dimension]) -> Option<&Reading> {
        self.readings.iter().find(|reading| dimensions.iter().all(|&d| reading.source.path(d).is_some()))
    }

    /// Whether the measure of a group is the sum of those of its parts, whatever it is grouped by.
    pub fn adds_up_over_groups(&self) -> bool {
        self.regardless_of.is_empty() && self.readings.iter().all(Reading::adds_up_over_groups)
    }

    /// Whether it is counted by events, and that of a period is the sum of those of its buckets.
    pub fn adds_up_over_time(&self) -> bool {
        self.readings.iter().all(|reading| reading.over_time() == OverTime::Sum)
    }

    /// Whether some reading reaches all of these dimensions.
    pub fn reaches(&self, dimensions: &[Dimension]) -> bool {
        self.reading(dimensions).is_some()
    }
}

impl Amount {
    /// Whether it is unset where the columns of a table are.
    fn needs(&self, table: &str) -> bool {
        match self {
            Self::Of(column) | Self::Times(column, _) => column.table == table,
            Self::Product(left, right) => left.table == table || right.table == table,
            Self::FirstSet(amounts) => amounts.iter().all(|amount| amount.needs(table)),
            Self::Between(from, until) => from.needs(table) || until.needs(table),
        }
    }
}

impl Reading {
    /// Whether a row adds nothing where the columns of a table are unset.
    pub fn needs(&self, table: &str) -> bool {
        let aggregate = match &self.aggregate {
            Aggregate::Count => false,
            Aggregate::Sum(amount) => amount.needs(table),
            Aggregate::Distinct(key) => key.table == table,
            Aggregate::Each(Each { amount, .. }) => amount.as_ref().is_some_and(|amount| amount.needs(table)),
        };
        aggregate || self.when.needs(table)
    }

    /// What rows are of, where the measure is of states or changes of each such thing.
    pub fn each(&self) -> Option<Each> {
        match (&self.aggregate, &self.axis) {
            (Aggregate::Each(each), _) => Some(each.clone()),
            (Aggregate::Distinct(key), Axis::State { .. }) => {
                Some(Each { of: vec![*key], amount: None, told: Told::Present })
            }
            _ => None,
        }
    }

    /// Whether the measure of a group is the sum of those of its parts.
    pub fn adds_up_over_groups(&self) -> bool {
        !matches!(self.aggregate, Aggregate::Distinct(_) | Aggregate::Each(_))
    }

    /// How the measure of a period follows from those of its buckets.
    pub fn over_time(&self) -> OverTime {
        let before = matches!(self.axis, Axis::Event { shift: Shift::Before, .. });
        match (&self.aggregate, &self.axis) {
            _ if before || self.when.depends_on_bucket() => OverTime::Anew,
            (Aggregate::Each(Each { told: Told::AtStart | Told::Kept | Told::Became, .. }), _) => OverTime::Anew,
            (Aggregate::Each(Each { told: Told::Change(_), .. }), _) => OverTime::Sum,
            (_, Axis::State { .. }) => OverTime::Last,
            (Aggregate::Distinct(_), _) => OverTime::Anew,
            _ => OverTime::Sum,
        }
    }

    /// Whether the measure of a period follows from those of its buckets: by adding up events, or as the last state.
    pub fn adds_up_over_time(&self) -> bool {
        self.over_time() != OverTime::Anew
    }
}
