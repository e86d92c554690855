use super::missing_rate::MissingRate;
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
    /// The group's place by the first order, if that is a KPI and has a value.
    pub rank: Option<Rank>,
}

impl Row {
    /// Bytes of memory that it takes, about.
    pub fn size(&self) -> usize {
        let Self { keys, values, .. } = self;
        let texts: usize = keys.iter().map(|key| size_of::<Key>() + key.id.len() + key.label.len()).sum();
        let contexts = values.iter().filter(|value| value.context.is_some()).count();
        size_of::<Self>() + texts + size_of_val(values.as_slice()) + contexts * size_of::<ValueContext>()
    }
}

/// A place among groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    /// 1 for the first; equal values share one.
    pub place: u32,
    /// How many groups have one.
    pub of: u32,
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
    /// What it can be read beside, where the question asks for any of that.
    pub context: Option<Box<ValueContext>>,
}

/// What a value can be read beside. All are rounded once, from exact figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueContext {
    /// The value of the earlier period, rounded as the value.
    pub compared: Option<Decimal>,
    /// The value less that one, rounded as the value.
    pub change: Option<Decimal>,
    /// The change over the size of the compared value, a ratio; none where that is 0.
    pub change_ratio: Option<Decimal>,
    /// What the value was meant to be, or why that is not known, where the question asks for it.
    pub target: Option<Result<Attainment, NoTarget>>,
    /// The sum of what it was meant to be for each rep.
    pub reps_target: Option<Attainment>,
    /// How it stands among all groups.
    pub standing: Option<Standing>,
}

/// A target and how far it was reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Attainment {
    /// Rounded as the value.
    pub target: Decimal,
    /// The value over the target, a ratio; none where the target is 0 or there is no value.
    pub attainment: Option<Decimal>,
}

/// How a value stands among those of all groups in the same bucket.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Its place; none where there is no value.
    pub rank: Option<u32>,
    /// How many groups have a place.
    pub ranked: u32,
    /// The value over all groups, rounded as the value.
    pub total: Option<Decimal>,
    /// The value less that one, rounded as the value.
    pub difference: Option<Decimal>,
}

/// Why there is no target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTarget {
    /// None is set that reaches into the bucket.
    NotSet,
    /// Some are set, but they do not make up the bucket.
    OtherDays,
    /// The row is about what no target is set for: several members, or a part that a filter or a scope leaves.
    OtherRows,
    /// It cannot be converted.
    MissingRate(MissingRate),
}

/// Why there is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NullReason {
    /// The denominator is 0.
    ZeroDenominator,
    /// A total over amounts of several currencies.
    MixedCurrencies,
    /// Nobody fills what it is read from.
    NoSource,
    /// What it judges is ahead of now.
    NotYetDue,
    /// An amount in it cannot be converted.
    MissingRate(MissingRate),
}
