use crate::predicate::Predicate;
use sea_orm::sea_query::ColumnType;
use sea_orm::{ColumnTrait, Value};

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TermKind {
    Text,
    Number,
    Day,
    Instant,
}

/// A value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Term {
    /// A column of the record, or what is beside it under a name.
    Of(&'static str, TermKind),
    Number(i64),
    /// The instant of the inspection.
    Now,
    /// The currency that the service answers in.
    ReportingCurrency,
}

impl Term {
    /// The column's name; empty for what is no column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Of(name, _) => name,
            Self::Number(_) | Self::Now | Self::ReportingCurrency => "",
        }
    }

    /// The same kind of value under another name.
    pub fn named(self, name: &'static str) -> Self {
        Self::Of(name, self.kind())
    }

    pub fn kind(self) -> TermKind {
        match self {
            Self::Of(_, kind) => kind,
            Self::Number(_) => TermKind::Number,
            Self::Now => TermKind::Instant,
            Self::ReportingCurrency => TermKind::Text,
        }
    }
}

/// Which records break a law. A text that is empty is unset. What compares with an unset value does not hold.
///
/// A day and an instant, which is in several days at once over the world, compare as they do wherever it is asked: so a
/// comparison is no negation of another.
pub(super) type Test = Predicate<Term, Term, Fault>;

/// What only rules ask.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fault {
    /// Two values compare so.
    Compare(Term, Comparison, Term),
    /// No id of this table, where it is set.
    Dangling(Term, &'static str),
    /// A day or an instant outside the years 1 to 9999; on SQLite also text that is neither a day nor an instant.
    OutOfRange(Term),
    /// No plain decimal number, or none above 0.
    NoDecimal { value: Term, above_zero: bool },
    /// A currency that has no exchange rate, or none by this day or instant (in UTC); by any where it is unset.
    NoRate { currency: Term, by: Option<Term> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    AtMost,
    Equal,
    Unequal,
}

/// A column's value.
pub(super) fn of(column: impl ColumnTrait) -> Term {
    Term::Of(column.as_str(), kind_of(column))
}

fn kind_of(column: impl ColumnTrait) -> TermKind {
    match column.def().get_column_type() {
        ColumnType::TimestampWithTimeZone | ColumnType::Timestamp | ColumnType::DateTime => TermKind::Instant,
        ColumnType::Date => TermKind::Day,
        ColumnType::TinyInteger | ColumnType::SmallInteger | ColumnType::Integer | ColumnType::BigInteger => {
            TermKind::Number
        }
        _ => TermKind::Text,
    }
}

pub(super) fn text(name: &'static str) -> Term {
    Term::Of(name, TermKind::Text)
}

pub(super) fn number(name: &'static str) -> Term {
    Term::Of(name, TermKind::Number)
}

pub(super) fn instant(name: &'static str) -> Term {
    Term::Of(name, TermKind::Instant)
}

pub(super) fn unset(term: Term) -> Test {
    set(term).negated()
}

pub(super) fn set(term: Term) -> Test {
    Test::Set(term)
}

pub(super) fn less(one: Term, other: Term) -> Test {
    Test::Before(one, other)
}

pub(super) fn at_most(one: Term, other: Term) -> Test {
    Test::Own(Fault::Compare(one, Comparison::AtMost, other))
}

pub(super) fn equal(one: Term, other: Term) -> Test {
    Test::Own(Fault::Compare(one, Comparison::Equal, other))
}

pub(super) fn unequal(one: Term, other: Term) -> Test {
    Test::Own(Fault::Compare(one, Comparison::Unequal, other))
}

/// Set, and one of these.
pub(super) fn one_of(term: Term, words: impl IntoIterator<Item = &'static str>) -> Test {
    Test::OneOf(term, words.into_iter().map(Value::from).collect())
}

/// Set, and none of these.
pub(super) fn none_of(term: Term, words: impl IntoIterator<Item = &'static str>) -> Test {
    set(term).and(one_of(term, words).negated())
}
