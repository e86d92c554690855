//! The tables as mappings fill them. All of it follows from their description.

use super::value::Value;
use crate::crm::{self, Column, Semantic};
use crate::import::row::{self, Row, number};
use crate::import::suggest::suggestion;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

/// A table that rows can be loaded into.
#[derive(Clone, Copy)]
pub struct Table(&'static Described);

/// What mappings may say of a table.
struct Described {
    table: &'static crm::Table,
    fields: Vec<Field>,
    key: Vec<&'static str>,
}

/// A field of a table, as a mapping names it.
#[derive(Debug)]
pub struct Field {
    /// What the mapping calls it.
    pub name: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// A row must have it, and so must a mapping.
    pub required: bool,
    /// The column that it fills.
    pub column: &'static Column,
    /// Where that stands in the table.
    place: usize,
}

/// What a field holds, and so how a cell's text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Any text.
    Text,
    /// An ISO 4217 code.
    Currency,
    /// A point in time.
    Instant,
    /// A calendar day.
    Day,
    /// A decimal number.
    Decimal,
    /// A decimal number above 0.
    Positive,
    /// The id of a KPI of the catalogue.
    Kpi,
    /// A decimal amount, kept in minor units of the row's currency.
    Money,
    /// A decimal percentage, kept in basis points.
    Percent,
    /// A whole number from the given one on.
    Whole(i64),
    /// Yes or no.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
}

static WORDS: LazyLock<Vec<Vec<Vec<&'static str>>>> = LazyLock::new(|| {
    let words = |column: &'static Column| match &column.kind {
        crm::Kind::Word(words) => words.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    crm::tables().iter().map(|table| table.columns.iter().map(words).collect()).collect()
});

static TABLES: LazyLock<Vec<Described>> = LazyLock::new(|| {
    let describe = |(table, words): (&'static crm::Table, &'static Vec<Vec<&'static str>>)| Described {
        table,
        fields: fields(table, words),
        key: table.key().map(Column::field).collect(),
    };
    crm::tables().iter().zip(WORDS.iter()).map(describe).collect()
});

/// The fields of a table: its columns but those that are always worked out.
fn fields(table: &'static crm::Table, words: &'static [Vec<&'static str>]) -> Vec<Field> {
    let columns = table.columns.iter().zip(words).enumerate();
    let columns = columns.filter(|(_, (column, _))| worked_out(table.name, column.name).is_none());
    let field = |(place, (column, words)): (usize, (&'static Column, &'static Vec<&'static str>))| Field {
        name: column.field(),
        kind: kind(column, words),
        required: column.required() && !is_counted(table, column) && !is_of_amounts(column),
        column,
        place,
    };
    columns.map(field).collect()
}

fn kind(column: &Column, words: &'static [&'static str]) -> FieldKind {
    match (&column.kind, column.semantic) {
        (_, Semantic::Currency) => FieldKind::Currency,
        (_, Semantic::Kpi) => FieldKind::Kpi,
        (_, Semantic::Money) => FieldKind::Money,
        (_, Semantic::BasisPoints) => FieldKind::Percent,
        (_, Semantic::Positive) => FieldKind::Positive,
        (crm::Kind::Text, _) => FieldKind::Text,
        (crm::Kind::Word(_), _) => FieldKind::Word(words),
        (crm::Kind::Integer | crm::Kind::BigInteger, Semantic::AtLeast(least)) => FieldKind::Whole(least.into()),
        (crm::Kind::Integer | crm::Kind::BigInteger, _) => FieldKind::Whole(i32::MIN.into()),
        (crm::Kind::Flag, _) => FieldKind::Flag,
        (crm::Kind::Decimal, _) => FieldKind::Decimal,
        (crm::Kind::Day, _) => FieldKind::Day,
        (crm::Kind::Instant, _) => FieldKind::Instant,
    }
}

/// What a column is worked out from, where that is always so.
fn worked_out(table: &str, column: &str) -> Option<&'static str> {
    match (table, column) {
        ("accounts", "customer_since") => Some("the start of the account's first tenure"),
        ("orders", "customer_order_number") => Some("the times of the account's orders"),
        _ => None,
    }
}

/// Whether a column counts the children of a parent, which is done for files that do not.
fn is_counted(table: &crm::Table, column: &Column) -> bool {
    number(table).is_some_and(|number| number.name == column.name)
}

/// Whether a column holds the currency of the row's amounts, which may be that of the file.
fn is_of_amounts(column: &Column) -> bool {
    column.name == "currency" && !column.key
}

impl Table {
    /// All tables, in the order of the schema.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> + Clone {
        TABLES.iter().map(Self)
    }

    /// The table with a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|table| table.name() == name)
    }

    /// Its name in the database and in a mapping.
    pub fn name(self) -> &'static str {
        self.0.table.name
    }

    /// Its description.
    pub fn described(self) -> &'static crm::Table {
        self.0.table
    }

    /// Its fields.
    pub fn fields(self) -> &'static [Field] {
        &self.0.fields
    }

    /// Where a field stands among its fields.
    pub fn field(self, name: &str) -> Option<usize> {
        self.0.fields.iter().position(|field| field.name == name)
    }

    /// The fields that tell a row from all others: a parent's key and a number for a child.
    pub fn key(self) -> &'static [&'static str] {
        &self.0.key
    }

    /// Its rows have a key of their own, which others refer to.
    pub fn can_be_looked_up(self) -> bool {
        self.0.key == ["id"]
    }

    /// What is wrong with a name that is none of a field.
    pub fn no_field(self, name: &str) -> String {
        if let Some(from) = worked_out(self.name(), name) {
            return format!("is always computed from {from}: leave it out");
        }
        match self.described().column(name) {
            Some(column) => format!("is written as the field {:?}", column.field()),
            None => {
                let near = suggestion(name, self.fields().iter().map(|field| field.name));
                format!("{} have no field {name:?}: {near}", self.name())
            }
        }
    }

    /// The currency that each row must have, though it may be that of the file.
    pub fn needed_currency(self) -> Option<usize> {
        let needed = |field: &Field| is_of_amounts(field.column) && field.column.required();
        self.fields().iter().position(needed)
    }

    /// A row of values, one for each field. A flag that is not set is no.
    pub fn row(self, values: Vec<Option<Value>>) -> Row {
        let mut row = row::empty(self.described());
        for (field, value) in self.fields().iter().zip(values) {
            let value = match value {
                Some(value) => value.stored(&field.column.kind),
                None if field.kind == FieldKind::Flag && !field.column.nullable => false.into(),
                None => continue,
            };
            row[field.place] = value;
        }
        row
    }
}

/// A field of mappings, for who reads about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldName {
    /// What mappings call it.
    pub name: &'static str,
    /// A row must have it, and so must a mapping.
    pub required: bool,
    /// How it is written, where not as it is stored.
    pub written: Option<&'static str>,
}

/// The field of mappings that fills a column of a table; nothing where the column is always worked out.
pub fn field(table: &str, column: &str) -> Option<FieldName> {
    let field = Table::named(table)?.fields().iter().find(|field| field.column.name == column)?;
    let written = match field.kind {
        FieldKind::Money => Some("an amount, `1,200.50`"),
        FieldKind::Percent => Some("percent, `25`"),
        _ => None,
    };
    Some(FieldName { name: field.name, required: field.required, written })
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Table {}

impl Hash for Table {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_but_those_worked_out_is_a_field() {
        assert_eq!(Table::all().count(), crm::TABLE_NAMES.len());
        let mut left_out = Vec::new();
        for table in Table::all() {
            for column in &table.described().columns {
                if table.field(column.field()).is_none() {
                    left_out.push(format!("{}.{}", table.name(), column.name));
                }
            }
        }
        assert_eq!(left_out, ["accounts.customer_since", "orders.customer_order_number"]);
    }

    #[test]
    fn fields_are_written_as_people_write_them() {
        let of = |table: &str, field: &str| {
            let table = Table::named(table).unwrap();
            let field = &table.fields()[table.field(field).unwrap()];
            (field.kind, field.required)
        };
        assert_eq!(of("orders", "amount"), (FieldKind::Money, true));
        assert_eq!(of("orders", "currency"), (FieldKind::Currency, false));
        assert_eq!(of("exchange_rates", "currency"), (FieldKind::Currency, true));
        assert_eq!(of("stages", "probability"), (FieldKind::Percent, true));
        assert_eq!(of("lead_stages", "number"), (FieldKind::Whole(1), false));
        assert_eq!(of("orders", "by_subscriber"), (FieldKind::Flag, false));
        assert_eq!(of("sources", "kind"), (FieldKind::Word(&["marketing", "sales"]), false));
        assert_eq!(of("targets", "kpi_id"), (FieldKind::Kpi, true));
        assert_eq!(of("exchange_rates", "rate"), (FieldKind::Positive, true));
    }
}
