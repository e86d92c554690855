//! A row of any table: its values in the order of the table's columns.

use crate::crm::{Column, Kind, Table};
use chrono::{DateTime, Datelike, NaiveTime, Utc};
use sea_orm::Value;

/// The values of a row, one for each column of its table, of the type that the column's kind has.
pub type Row = Vec<Value>;

/// What a column without a value holds.
pub fn unset(kind: &Kind) -> Value {
    match kind {
        Kind::Integer => Value::Int(None),
        Kind::BigInteger => Value::BigInt(None),
        Kind::Flag => Value::Bool(None),
        Kind::Day => Value::ChronoDate(None),
        Kind::Instant => Value::ChronoDateTimeUtc(None),
        Kind::Text | Kind::Word(_) | Kind::Decimal => Value::String(None),
    }
}

/// A row with no values.
pub fn empty(table: &Table) -> Row {
    table.columns.iter().map(|column| unset(&column.kind)).collect()
}

/// Where a column stands in its table.
pub fn place(table: &Table, column: &str) -> Option<usize> {
    table.columns.iter().position(|known| known.name == column)
}

/// Whether a value is one.
pub fn is_set(value: &Value) -> bool {
    !matches!(
        value,
        Value::String(None)
            | Value::Int(None)
            | Value::BigInt(None)
            | Value::Bool(None)
            | Value::ChronoDate(None)
            | Value::ChronoDateTimeUtc(None)
    )
}

/// The text, word or decimal number of a value.
pub fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => text.as_deref(),
        _ => None,
    }
}

/// The instant of a value.
pub fn instant(value: &Value) -> Option<DateTime<Utc>> {
    match value {
        Value::ChronoDateTimeUtc(at) => *at,
        _ => None,
    }
}

/// A time of a column of days or instants as one of a column of the other: an instant becomes its day in UTC, a day its midnight,
/// but nothing before another instant.
pub fn fitted(time: Value, (is_day, becomes_day): (bool, bool), not_before: &Value) -> Value {
    match (is_day, becomes_day) {
        (false, true) => instant(&time).map(|at| at.date_naive().and_time(NaiveTime::MIN).and_utc()).into(),
        (true, false) => instant(&time).max(instant(not_before).filter(|_| is_set(&time))).into(),
        _ => time,
    }
}

/// The 32-bit integer of a value.
pub fn integer(value: &Value) -> Option<i32> {
    match value {
        Value::Int(number) => *number,
        _ => None,
    }
}

/// The column that counts the children of a parent from 1, where a row's key is that of its parent and a number.
pub fn number(table: &Table) -> Option<&Column> {
    table.parent()?;
    table.key().nth(1).filter(|column| column.kind == Kind::Integer)
}

/// Tells keys apart without holding them.
pub type Digest = [u8; 16];

/// The digest of the values of a key.
pub fn digest<'a>(values: impl IntoIterator<Item = &'a Value>) -> Digest {
    let mut hasher = blake3::Hasher::new();
    for value in values {
        match value {
            Value::String(Some(text)) => {
                hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
            }
            Value::Int(Some(number)) => {
                hasher.update(&number.to_le_bytes());
            }
            Value::ChronoDate(Some(day)) => {
                hasher.update(&day.num_days_from_ce().to_le_bytes());
            }
            // No key holds anything else.
            other => {
                hasher.update(format!("{other:?}").as_bytes());
            }
        }
    }
    let mut digest = Digest::default();
    hasher.finalize_xof().fill(&mut digest);
    digest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm;

    #[test]
    fn children_are_counted_where_the_key_has_a_number() {
        let counted = crm::tables().iter().filter_map(|table| Some((table.name, number(table)?.name)));
        let counted: Vec<_> = counted.collect();
        assert!(counted.contains(&("proposals", "number")) && counted.contains(&("renewals", "number")), "{counted:?}");
        assert!(counted.iter().all(|(_, column)| *column == "number"), "{counted:?}");
    }

    #[test]
    fn keys_of_several_parts_do_not_run_together() {
        let key = |one: &str, next: &str| digest(&[Value::from(one), Value::from(next)]);
        assert_ne!(key("a", "bc"), key("ab", "c"));
        assert_ne!(key("a", ""), key("", "a"));
        assert_eq!(key("a", "b"), key("a", "b"));
    }
}
