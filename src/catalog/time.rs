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
    /// counts.
    State {
        /// Its start; unset: since the beginning.
        from: Instant,
        /// Its end; unset: it lasts.
        until: Instant,
    },
    /// In every bucket that a stretch of time reaches into, with the part of a sum that falls in it, by whole minutes: a
    /// cost spread over a month. The parts add up to the sum. A stretch without an end, or with one that is not after its
    /// start, is a point.
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
    /// Never: what has begun lasts.
    Never,
}

impl Axis {
    /// Events at the time in a column.
    pub fn at(column: impl Into<Column>) -> Self {
        Self::Event { at: Instant::at(column), shift: Shift::None }
    }

    /// States from the time in one column to that in another.
    pub fn state(from: impl Into<Column>, until: impl Into<Column>) -> Self {
        Self::State { from: Instant::at(from), until: Instant::at(until) }
    }
}

impl Instant {
    /// A column.
    pub fn at(column: impl Into<Column>) -> Self {
        Self::At(column.into())
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
            Self::At(column) | Self::DaysAfter(column, _) => column.table == table,
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
