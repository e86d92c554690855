//! What the values of a KPI are.

/// The unit of a KPI's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Unit {
    Count,
    /// Units of the currency, not minor units.
    Currency,
    /// 0.25 means 25 %.
    Ratio,
    /// A plain quotient, never shown as per cent: 3.5 calls per opportunity.
    Number,
    /// Days of 24 hours.
    Days,
    Hours,
    Seconds,
    Score,
}

impl Unit {
    /// Decimals that values are rounded to; those of an amount are the currency's.
    pub fn scale(self, currency_scale: u32) -> u32 {
        match self {
            Self::Count => 0,
            Self::Currency => currency_scale,
            Self::Ratio | Self::Number => 6,
            Self::Days | Self::Hours | Self::Seconds | Self::Score => 4,
        }
    }

    /// The unit's name, in capitals.
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "COUNT",
            Self::Currency => "CURRENCY",
            Self::Ratio => "RATIO",
            Self::Number => "NUMBER",
            Self::Days => "DAYS",
            Self::Hours => "HOURS",
            Self::Seconds => "SECONDS",
            Self::Score => "SCORE",
        }
    }
}

/// How a KPI behaves over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KpiKind {
    /// Counted by the event's own time; adds up over time.
    Flow,
    /// The state at the end of each bucket.
    Stock,
    /// Numerator over denominator.
    Ratio,
    /// A ratio of a sum to a count.
    Average,
    /// (Stock at the end − stock at the start) ÷ stock at the start.
    Growth,
    /// A count bound to the bucket as a whole; does not add up over time.
    Count,
}

impl KpiKind {
    /// The kind's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Stock => "stock",
            Self::Ratio => "ratio",
            Self::Average => "average",
            Self::Growth => "growth",
            Self::Count => "count",
        }
    }
}

/// Which values of a KPI are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Higher ones.
    Higher,
    /// Lower ones.
    Lower,
    /// None: it describes.
    Neither,
}

impl Direction {
    /// For a reader.
    pub fn name(self) -> &'static str {
        match self {
            Self::Higher => "higher is better",
            Self::Lower => "lower is better",
            Self::Neither => "neither is better",
        }
    }
}
