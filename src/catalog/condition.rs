use super::column::Column;
use super::time::Instant;
use crate::predicate::Predicate;
use sea_orm::Value;

/// Which rows count. Of times, a day and an instant compare by calendar day.
pub type Condition = Predicate<Column, Instant, FactCondition>;

/// What only facts are asked.
#[derive(Clone, Debug, PartialEq)]
pub enum FactCondition {
    /// Two instants are on the same calendar day of the question's time zone; not where either is unset. Right for days
    /// of the question's period.
    SameDay(Column, Column),
    /// A number is below 0; not where it is unset.
    Negative(Column),
    /// At the instant some row of the same table and key is live, of those that the caller may see: started before it and
    /// not ended before it.
    Live {
        /// The key that the rows share.
        key: Column,
        /// Who a row is credited to.
        rep: Column,
        /// When a row starts.
        from: Column,
        /// When a row ends; unset: it lasts.
        until: Column,
        /// The instant.
        at: Instant,
    },
}

impl Condition {
    /// A column has this value.
    pub fn is(column: impl Into<Column>, value: impl Into<Value>) -> Self {
        Self::OneOf(column.into(), vec![value.into()])
    }

    /// A column has a value.
    pub fn set(column: impl Into<Column>) -> Self {
        Self::Set(column.into())
    }

    /// A text column has a value other than the empty text, which stands for none.
    pub fn not_empty(column: impl Into<Column>) -> Self {
        let column = column.into();
        Self::Set(column).and(Self::is(column, "").negated())
    }

    /// What starts at one time ends at no other, or at a later one: otherwise it is no state. A last day is included.
    pub fn lasts(from: impl Into<Column>, until: impl Into<Column>) -> Self {
        let until = until.into();
        let open = Self::Set(until).negated();
        Self::Any(vec![open, Self::Before(Instant::at(from), Instant::Through(until))])
    }

    /// A number is below 0.
    pub fn negative(column: impl Into<Column>) -> Self {
        Self::Own(FactCondition::Negative(column.into()))
    }

    /// Whether it says that another one holds: that one itself, or all of several with it among them.
    pub fn says(&self, other: &Self) -> bool {
        self == other || matches!(self, Self::All(all) if all.iter().any(|one| one.says(other)))
    }

    /// Whether two points in time are the same where it holds.
    pub fn makes_same(&self, one: &Instant, other: &Instant) -> bool {
        match one {
            Instant::Unless(at, column, value) => *other == Instant::At(*at) && self.rules_out(*column, value),
            _ => one == other,
        }
    }

    /// Whether it says that a column has other values than this one.
    fn rules_out(&self, column: Column, value: &str) -> bool {
        match self {
            Self::OneOf(of, values) => *of == column && !values.contains(&Value::from(value)),
            Self::All(all) => all.iter().any(|one| one.rules_out(column, value)),
            _ => false,
        }
    }

    /// Whether it does not hold where the columns of a table are unset.
    pub fn needs(&self, table: &str) -> bool {
        match self {
            Self::Always | Self::Not(_) => false,
            Self::All(conditions) => conditions.iter().any(|condition| condition.needs(table)),
            Self::Any(conditions) => conditions.iter().all(|condition| condition.needs(table)),
            Self::OneOf(column, _) | Self::Set(column) => column.table == table,
            Self::Before(first, second) => first.needs(table) || second.needs(table),
            Self::Own(FactCondition::SameDay(first, second)) => first.table == table || second.table == table,
            Self::Own(FactCondition::Negative(column)) => column.table == table,
            Self::Own(FactCondition::Live { key, at, .. }) => key.table == table || at.needs(table),
        }
    }

    /// Whether it depends on the bucket that a row is in.
    pub fn depends_on_bucket(&self) -> bool {
        let bucket = |instant: &Instant| matches!(instant, Instant::BucketStart | Instant::BucketEnd);
        match self {
            Self::Always | Self::OneOf(..) | Self::Set(_) => false,
            Self::Own(FactCondition::SameDay(..) | FactCondition::Negative(_)) => false,
            Self::All(conditions) | Self::Any(conditions) => conditions.iter().any(Self::depends_on_bucket),
            Self::Not(condition) => condition.depends_on_bucket(),
            Self::Before(first, second) => bucket(first) || bucket(second),
            Self::Own(FactCondition::Live { at, .. }) => bucket(at),
        }
    }
}
