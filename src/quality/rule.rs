use sea_orm::sea_query::ColumnType;
use sea_orm::{ColumnTrait, EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn};

/// How bad it is that a rule is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Figures may be misread, or cannot be credited.
    Warning,
    /// Figures are wrong.
    Error,
}

impl Severity {
    /// From the least to the worst.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Error];

    /// The name for a reader.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        }
    }
}

/// A law that records keep.
#[derive(Debug)]
pub struct Rule {
    /// What callers send. Never changes.
    pub id: &'static str,
    /// How bad it is to break it.
    pub severity: Severity,
    /// One sentence: what holds for good records.
    pub law: &'static str,
    /// Where it is looked for, in the order of the findings.
    pub(super) checks: Vec<Check>,
}

impl Rule {
    /// The tables and fields that it is about.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.checks.iter().map(|check| (check.records.table, check.field))
    }
}

/// One table under a rule.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub records: Records,
    pub related: Related,
    /// Which records break the law.
    pub breaks: Test,
    /// The column at fault.
    pub field: &'static str,
    /// What it holds.
    pub found: Term,
    /// What it should: `{}` is the limit.
    pub expected: &'static str,
    /// The same where the column holds days.
    pub expected_of_days: Option<&'static str>,
    pub limit: Option<Term>,
}

/// A table of records.
#[derive(Clone, Debug)]
pub(super) struct Records {
    pub table: &'static str,
    pub columns: Vec<&'static str>,
    pub key: Vec<Term>,
    /// The column of the rep that a record is credited to.
    pub rep: Option<&'static str>,
}

impl Records {
    pub fn of<E: EntityTrait>() -> Self {
        let columns: Vec<&'static str> = E::Column::iter().map(|column| column.as_str()).collect();
        let table = E::default().table_name();
        let rep = match table {
            "reps" => Some("id"),
            _ => columns.iter().copied().find(|column| *column == "rep_id"),
        };
        let key = E::PrimaryKey::iter().map(|key| of(key.into_column())).collect();
        Self { table, columns, key, rep }
    }
}

/// What is read beside a record's own columns, under names that no column has.
#[derive(Clone, Debug, Default)]
pub(super) struct Related {
    /// What the record is a part of, if it is one: all parts of it are the record's neighbours, and a caller who does not
    /// see the whole is not told how they fit together.
    pub whole: Option<Whole>,
    pub parents: Vec<Parent>,
    pub sums: Vec<Sum>,
    pub folded: Vec<Folded>,
    /// May use all of the above.
    pub neighbours: Vec<Neighbour>,
}

/// A record that others are parts of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole {
    /// The column of a part.
    pub reference: &'static str,
    /// Where the whole is; it has a rep.
    pub table: &'static str,
}

/// A column of the record that a reference leads to; unset where it leads to nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parent {
    pub name: &'static str,
    pub reference: &'static str,
    pub table: &'static str,
    pub column: &'static str,
}

/// A sum over the records that refer to this one by its id; 0 over none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum {
    pub name: &'static str,
    pub table: &'static str,
    pub reference: &'static str,
    pub column: &'static str,
}

/// A text in a form that is the same for texts that mean the same; unset where nothing is left of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Folded {
    pub name: &'static str,
    pub column: &'static str,
    pub how: Fold,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    /// A company's or person's name: without regard to case, blanks, dots, quotes and legal form.
    Name,
    /// An e-mail address: without regard to case.
    Email,
}

/// A value of another record among those that are alike in some columns and that the caller may see; unset where there
/// is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Neighbour {
    pub name: &'static str,
    pub which: Which,
    pub value: &'static str,
    pub among: &'static [&'static str],
    pub by: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    First,
    Previous,
    Next,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TermKind {
    Text,
    Number,
    Day,
    Instant,
}

/// A value.
#[derive(Clone, Copy, Debug)]
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

/// A condition. What compares with an unset value does not hold.
#[derive(Clone, Debug)]
pub(super) enum Test {
    /// Nothing, or an empty text.
    Unset(Term),
    Set(Term),
    /// A day and an instant, which is in several days at once over the world: whether it holds wherever it is asked.
    Compare(Term, Comparison, Term),
    /// Set, and one of these.
    OneOf(Term, Vec<&'static str>),
    /// Set, and none of these.
    NoneOf(Term, Vec<&'static str>),
    /// Set, and no id of this table.
    Dangling(Term, &'static str),
    /// A day or an instant outside the years 1 to 9999; on SQLite also a text that is no day or instant.
    OutOfRange(Term),
    /// No plain decimal number, or none above 0.
    NoDecimal {
        value: Term,
        above_zero: bool,
    },
    /// A currency that has no exchange rate, or none by this day or instant (in UTC); by any where it is unset.
    NoRate {
        currency: Term,
        by: Option<Term>,
    },
    All(Vec<Test>),
    Any(Vec<Test>),
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
    Test::Unset(term)
}

pub(super) fn set(term: Term) -> Test {
    Test::Set(term)
}

pub(super) fn less(one: Term, other: Term) -> Test {
    Test::Compare(one, Comparison::Less, other)
}

pub(super) fn at_most(one: Term, other: Term) -> Test {
    Test::Compare(one, Comparison::AtMost, other)
}

pub(super) fn equal(one: Term, other: Term) -> Test {
    Test::Compare(one, Comparison::Equal, other)
}

pub(super) fn unequal(one: Term, other: Term) -> Test {
    Test::Compare(one, Comparison::Unequal, other)
}

impl Check {
    /// The column that a term has its value of, with its table.
    pub fn column(&self, term: Term) -> Option<(&'static str, &'static str)> {
        let name = term.name();
        if let Some(neighbour) = self.related.neighbours.iter().find(|neighbour| neighbour.name == name) {
            // It is the value of a record's own column, or of a parent's.
            return self.of_record(neighbour.value);
        }
        self.of_record(name)
    }

    fn of_record(&self, name: &str) -> Option<(&'static str, &'static str)> {
        if let Some(parent) = self.related.parents.iter().find(|parent| parent.name == name) {
            return Some((parent.table, parent.column));
        }
        let column = self.records.columns.iter().find(|column| **column == name)?;
        Some((self.records.table, column))
    }

    /// A column of a table, and which records break the law by it.
    pub fn of<E: EntityTrait>(column: E::Column, breaks: Test, expected: &'static str) -> Self {
        Self {
            records: Records::of::<E>(),
            related: Related::default(),
            breaks,
            field: column.as_str(),
            found: of(column),
            expected,
            expected_of_days: None,
            limit: None,
        }
    }

    pub fn limit(self, limit: Term) -> Self {
        Self { limit: Some(limit), ..self }
    }

    pub fn related(self, related: Related) -> Self {
        Self { related, ..self }
    }

    /// Another value than that of the column at fault.
    pub fn found(self, field: &'static str, found: Term) -> Self {
        Self { field, found, ..self }
    }
}
