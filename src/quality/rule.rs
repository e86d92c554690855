use super::terms::{Term, Test, of, unset};
use sea_orm::{EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn};

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
    /// Columns whose texts are each spelled one way; behind the checks.
    pub(super) texts: Vec<Texts>,
}

impl Rule {
    /// The tables and fields that it is about.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let checks = self.checks.iter().map(|check| (check.records.table, check.field));
        checks.chain(self.texts.iter().map(|texts| (texts.records.table, texts.field)))
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

/// A column of texts under a rule.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    pub records: Records,
    pub field: &'static str,
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
    /// What stands for the column where it is unset: so many times another one.
    pub unset: Option<(i64, &'static str)>,
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

    /// Whether a record is at fault as its field is unset: where no record has it, the column is at fault.
    pub fn is_of_missing(&self) -> bool {
        fn asks(test: &Test, unset: &Test) -> bool {
            match test {
                Test::All(all) => all.iter().any(|one| asks(one, unset)),
                Test::Any(any) => any.contains(unset),
                one => one == unset,
            }
        }
        asks(&self.breaks, &unset(self.found))
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
