use crate::catalog::Kpi;
use iso_currency::Currency;
use rust_decimal::Decimal;

/// An answer to a question.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Every group's buckets, in the question's order.
    pub rows: Vec<Row>,
    /// Over all groups: every bucket, then, where there are several, the whole period.
    pub totals: Vec<Row>,
}

/// What a value of a row means.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The KPI.
    pub kpi: &'static Kpi,
    /// Decimals that the value is rounded to.
    pub scale: u32,
    /// The currency of an amount; none where rows have currencies of their own.
    pub currency: Option<Currency>,
}

/// The figures of one group in one bucket.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The bucket's place in the timeline; none: the whole period.
    pub bucket: Option<usize>,
    /// One for each dimension of `group_by`; none in totals.
    pub keys: Vec<Key>,
    /// One for each KPI.
    pub values: Vec<Value>,
    /// The group's place by the first order, if that is a KPI and has a value: 1 for the first, equal values share one.
    pub rank: Option<u32>,
}

/// A value of a dimension.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Empty for "not set".
    pub id: String,
    /// What to show.
    pub label: String,
}

/// A figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The value, rounded half to even to its column's scale, or why there is none.
    pub value: Result<Decimal, NullReason>,
    /// Of a quotient: the exact numerator and denominator.
    pub quotient: Option<(Decimal, Decimal)>,
}

/// Why there is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NullReason {
    /// The denominator is 0.
    ZeroDenominator,
    /// A total over amounts of several currencies.
    MixedCurrencies,
}
