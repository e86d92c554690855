use super::rule::Check;
use super::terms::Term;
use crate::database::DayColumns;
use sea_orm::{DbErr, QueryResult};

/// Characters of a stored value that a finding repeats.
const FOUND_CHARS: usize = 500;

/// What breaks a rule: a record, or a column as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The table.
    pub table: &'static str,
    /// The record's key, column by column; empty for a column as a whole.
    pub key: Vec<KeyPart>,
    /// The id of the rep that the record is credited to; empty: nobody.
    pub rep: String,
    /// The rep's name; the id where there is none.
    pub rep_label: String,
    /// The column at fault; one of another table has that before it.
    pub field: &'static str,
    /// What it holds; unset where it holds nothing.
    pub found: Option<String>,
    /// What it should hold.
    pub expected: String,
    /// Records that it stands for: those at fault.
    pub records: u64,
    /// No record that the caller sees has the column filled.
    pub never_filled: bool,
}

/// A column of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPart {
    /// The column.
    pub column: &'static str,
    /// Its value.
    pub value: String,
}

impl Finding {
    /// The record of a row: behind how many there are its rep, the rep's name, found, limit, and the parts of its key.
    pub(super) fn of_record(
        check: &Check,
        days: &DayColumns,
        key: Vec<KeyPart>,
        row: &QueryResult,
    ) -> Result<Self, DbErr> {
        let text = |place| row.try_get_by_index::<Option<String>>(place);
        let rep = text(1)?.unwrap_or_default();
        let rep_label = text(2)?.unwrap_or_else(|| rep.clone());
        let found = text(3)?.map(shortened);
        let limit = text(4)?.map(shortened).unwrap_or_default();
        let is_day = days.precision(check.records.table, check.field).is_day();
        let expected = check.expected_of_days.filter(|_| is_day).unwrap_or(check.expected).replace("{}", &limit);
        let (table, field) = (check.records.table, check.field);
        Ok(Self { table, key, rep, rep_label, field, found, expected, records: 1, never_filled: false })
    }

    /// The key of a row's record.
    pub(super) fn key(check: &Check, row: &QueryResult) -> Result<Vec<KeyPart>, DbErr> {
        let part = |(place, part): (usize, &Term)| {
            let value: Option<String> = row.try_get_by_index(5 + place)?;
            Ok(KeyPart { column: part.name(), value: value.unwrap_or_default() })
        };
        check.records.key.iter().enumerate().map(part).collect()
    }

    /// A column that no record has, though so many should.
    pub(super) fn of_column(check: &Check, records: u64) -> Self {
        Self {
            table: check.records.table,
            key: Vec::new(),
            rep: String::new(),
            rep_label: String::new(),
            field: check.field,
            found: None,
            expected: format!("set: no record has it, and {records} should"),
            records,
            never_filled: true,
        }
    }
}

fn shortened(text: String) -> String {
    if text.chars().nth(FOUND_CHARS).is_none() {
        return text;
    }
    text.chars().take(FOUND_CHARS).chain(['…']).collect()
}
