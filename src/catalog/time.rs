use super::column::Column;

/// When a row counts.
#[derive(Clone, Debug, PartialEq)]
pub enum Axis {
    /// In the bucket that an instant is in: a flow.
    Event {
        /// The instant.
        at: Instant,
        /// Which buckets: the question's, or others instead of them.
        shift: Shift,
    },
    /// At the end of every bucket from one instant to another: a stock. A row that ends before or when it starts never
    /// counts. Where it lasts through a day, it counts at the end of that day, and no more at the start of the next.
    State {
        /// Its start; unset: since the beginning.
        from: Instant,
        /// Its end; unset: it lasts.
        until: Instant,
    },
    /// In every bucket that a stretch of time reaches into, with the part of a sum that falls in it, by whole minutes, or by
    /// whole days where one of its ends is a day: a cost spread over a month. The parts add up to the sum. A stretch without
    /// an end, or with one that is not after its start, is a point. A last day is included.
    Span {
        /// Its start.
        from: Column,
        /// Its end.
        until: Column,
    },
}

/// Buckets that are read in the place of a question's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// The question's own.
    None,
    /// Moved by so many calendar years: −1 reads the period one year earlier.
    Years(i32),
    /// The one before each: the month before a month. For a period without a grain the stretch before it: as many whole
    /// months where it is made of whole months, otherwise as many days.
    Before,
}

/// What becomes of what is ahead of now: a tenure that is to end, a renewal that will be due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// It counts like everything else.
    Counts,
    /// It has not happened: buckets end with now at the latest, and today has happened.
    HasNotHappened,
    /// It is not due: buckets end with now at the latest, and what is due today is not due before the day is over.
    IsNotDue,
}

/// A point in time of a row or a bucket.
#[derive(Clone, Debug, PartialEq)]
pub enum Instant {
    /// A column.
    At(Column),
    /// The end of a stretch in a column: a day that it holds belongs to the stretch as a whole, so that this is the end of
    /// that day; an instant is itself.
    Through(Column),
    /// A column, but unset where another one has this value, which says that it has no meaning.
    Unless(Column, Column, &'static str),
    /// The earlier of two; where only one is set, that one.
    Earlier(Box<Instant>, Box<Instant>),
    /// The later of two; where only one is set, that one.
    Later(Box<Instant>, Box<Instant>),
    /// So many times 24 hours after a column; of a day so many days after it.
    DaysAfter(Column, i32),
    /// As many times 24 hours after a column as another column says; of a day as many days after it.
    DaysInAfter(Column, Column),
    /// When the row's bucket begins.
    BucketStart,
    /// When the row's bucket ends.
    BucketEnd,
    /// Never: what has begun lasts.
    Never,
}

impl Axis {
    /// Whether it is a state that lasts through a day, as `holds_days` says which columns hold days.
    pub fn has_last_days(&self, holds_days: impl Fn(Column) -> bool) -> bool {
        matches!(self, Self::State { until: Instant::Through(column), .. } if holds_days(*column))
    }

    /// Events at the time in a column.
    pub fn at(column: impl Into<Column>) -> Self {
        Self::Event { at: Instant::at(column), shift: Shift::None }
    }

    /// States from the time in one column until something happens, at the time in another.
    pub fn state(from: impl Into<Column>, until: impl Into<Column>) -> Self {
        Self::State { from: Instant::at(from), until: Instant::at(until) }
    }

    /// States from the time in one column through that in another: a last day is included.
    pub fn through(from: impl Into<Column>, last: impl Into<Column>) -> Self {
        Self::State { from: Instant::at(from), until: Instant::through(last) }
    }
}

impl Instant {
    /// A column.
    pub fn at(column: impl Into<Column>) -> Self {
        Self::At(column.into())
    }

    /// The end of a stretch in a column, a day of which is included.
    pub fn through(column: impl Into<Column>) -> Self {
        Self::Through(column.into())
    }

    /// The same without the last day: what has ended on a day has ended when that is over.
    pub fn without_last_day(&self) -> Self {
        match self {
            Self::Through(column) => Self::At(*column),
            other => other.clone(),
        }
    }

    /// Whether it is known to the day only, as one of its columns is.
    pub fn is_day(&self, holds_days: impl Fn(Column) -> bool + Copy) -> bool {
        match self {
            Self::At(column) | Self::Through(column) | Self::Unless(column, ..) => holds_days(*column),
            Self::DaysAfter(column, _) | Self::DaysInAfter(column, _) => holds_days(*column),
            Self::Earlier(one, other) | Self::Later(one, other) => one.is_day(holds_days) || other.is_day(holds_days),
            Self::BucketStart | Self::BucketEnd | Self::Never => false,
        }
    }

    /// The column, where it is one.
    pub fn column(&self) -> Option<Column> {
        match self {
            Self::At(column) => Some(*column),
            _ => None,
        }
    }

    /// Whether it is unset where the columns of a table are.
    pub fn needs(&self, table: &str) -> bool {
        match self {
            Self::At(column) | Self::Through(column) | Self::Unless(column, ..) | Self::DaysAfter(column, _) => {
                column.table == table
            }
            Self::DaysInAfter(column, days) => column.table == table || days.table == table,
            Self::Earlier(one, other) | Self::Later(one, other) => one.needs(table) && other.needs(table),
            Self::BucketStart | Self::BucketEnd => false,
            Self::Never => true,
        }
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
