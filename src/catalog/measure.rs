use super::column::Column;
use super::dimension::Dimension;
use super::source::Source;
use sea_orm::Value;

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
}

/// When a row counts.
#[derive(Clone, Debug, PartialEq)]
pub enum Axis {
    /// In the bucket that an instant is in: a flow.
    Event {
        /// The instant.
        at: Instant,
        /// Buckets are moved by so many calendar years: −1 reads the period one year earlier.
        years: i32,
    },
    /// At the end of every bucket from one instant to another: a stock. A row that ends before or when it starts never
    /// counts.
    State {
        /// Its start; unset: since the beginning.
        from: Instant,
        /// Its end; unset: it lasts.
        until: Instant,
    },
}

/// A point in time of a row or a bucket.
#[derive(Clone, Debug, PartialEq)]
pub enum Instant {
    /// A column.
    At(Column),
    /// The earlier of two; where only one is set, that one.
    Earlier(Box<Instant>, Box<Instant>),
    /// The later of two; where only one is set, that one.
    Later(Box<Instant>, Box<Instant>),
    /// So many times 24 hours after a column.
    DaysAfter(Column, i32),
    /// As many times 24 hours after a column as another column says.
    DaysInAfter(Column, Column),
    /// When the row's bucket begins.
    BucketStart,
    /// When the row's bucket ends.
    BucketEnd,
}

/// What is aggregated over rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Aggregate {
    /// The number of rows.
    Count,
    /// The sum; unset values count as 0.
    Sum(Amount),
    /// The number of different keys; unset keys do not count.
    Distinct(Column),
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
    /// Whole milliseconds from one instant to another.
    Between(Instant, Instant),
}

/// Which rows count.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of them.
    Always,
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// A column has one of these values.
    OneOf(Column, Vec<Value>),
    /// A column has a value.
    Set(Column),
    /// One instant is before another; not where either is unset.
    Before(Instant, Instant),
    /// At the instant some row of the same table and key is live: started before it and not ended before it.
    Live {
        /// The key that the rows share.
        key: Column,
        /// When a row starts.
        from: Column,
        /// When a row ends; unset: it lasts.
        until: Column,
        /// The instant.
        at: Instant,
    },
}

impl Instant {
    /// A column.
    pub fn at(column: impl Into<Column>) -> Self {
        Self::At(column.into())
    }

    /// The earlier of two; where only one is set, that one.
    pub fn earlier(self, other: Self) -> Self {
        Self::Earlier(Box::new(self), Box::new(other))
    }

    /// The later of two; where only one is set, that one.
    pub fn later(self, other: Self) -> Self {
        Self::Later(Box::new(self), Box::new(other))
    }
}

impl Measure {
    /// A measure with one reading.
    pub fn new(
        name: &'static str,
        quantity: Quantity,
        source: &'static Source,
        axis: Axis,
        aggregate: Aggregate,
        when: Condition,
    ) -> Self {
        let readings = vec![Reading { source, axis, aggregate, when }];
        Self { name, quantity, readings, regardless_of: Vec::new() }
    }

    /// Adds a reading for questions whose dimensions the ones before do not reach.
    pub fn or_read(mut self, source: &'static Source, axis: Axis, aggregate: Aggregate, when: Condition) -> Self {
        self.readings.push(Reading { source, axis, aggregate, when });
        self
    }

    /// The same under another name, heeding neither groups nor filters of these dimensions.
    pub fn regardless_of(mut self, name: &'static str, dimensions: &[Dimension]) -> Self {
        self.name = name;
        self.regardless_of = dimensions.to_vec();
        self
    }

    /// The name as words.
    pub fn title(&self) -> String {
        self.name.replace('_', " ")
    }

    /// The reading for a question with these dimensions.
    pub fn reading(&self, dimensions: &[Dimension]) -> Option<&Reading> {
        self.readings.iter().find(|reading| dimensions.iter().all(|&d| reading.source.path(d).is_some()))
    }

    /// Whether some reading reaches all of these dimensions.
    pub fn reaches(&self, dimensions: &[Dimension]) -> bool {
        self.reading(dimensions).is_some()
    }
}

impl Reading {
    /// Whether the measure of a group is the sum of those of its parts.
    pub fn adds_up_over_groups(&self) -> bool {
        !matches!(self.aggregate, Aggregate::Distinct(_))
    }

    /// Whether the measure of a period follows from those of its buckets: by adding up events, or as the last state.
    pub fn adds_up_over_time(&self) -> bool {
        self.adds_up_over_groups() && !self.when.heeds_bucket()
    }
}

impl Condition {
    /// Whether it depends on the bucket that a row is in.
    pub fn heeds_bucket(&self) -> bool {
        let bucket = |instant: &Instant| matches!(instant, Instant::BucketStart | Instant::BucketEnd);
        match self {
            Self::Always | Self::OneOf(..) | Self::Set(_) => false,
            Self::All(conditions) | Self::Any(conditions) => conditions.iter().any(Self::heeds_bucket),
            Self::Not(condition) => condition.heeds_bucket(),
            Self::Before(first, second) => bucket(first) || bucket(second),
            Self::Live { at, .. } => bucket(at),
        }
    }
}
