use crate::crm::{Kind, Table};
use crate::import::row::{Row, integer, is_set, number, place, text};
use sea_orm::Value;
use std::collections::BTreeMap;

/// The children of one parent, in order.
#[derive(Debug)]
pub struct Family {
    pub rows: Vec<Row>,
    /// The files number them.
    pub has_numbers: bool,
}

/// The children of each parent: by their numbers if all have one, else by time (the first instant or day of the table), what
/// has none first, and then in the order of the files.
pub fn families(table: &Table, rows: Vec<Row>) -> Vec<Family> {
    let parent = table.parent().and_then(|parent| place(table, parent.name)).unwrap_or_default();
    let number = number(table).and_then(|number| place(table, number.name)).unwrap_or_default();
    let time = table.columns.iter().position(|column| matches!(column.kind, Kind::Instant | Kind::Day));
    let mut parents: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows {
        parents.entry(text(&row[parent]).unwrap_or_default().to_owned()).or_default().push(row);
    }
    let families = parents.into_values().map(|mut rows| {
        let has_numbers = rows.iter().all(|row| is_set(&row[number]));
        match time {
            _ if has_numbers => rows.sort_by_key(|row| integer(&row[number])),
            Some(time) => rows.sort_by_key(|row| match &row[time] {
                Value::ChronoDateTimeUtc(at) => at.map(|at| at.naive_utc()),
                Value::ChronoDate(day) => day.map(|day| day.and_time(chrono::NaiveTime::MIN)),
                _ => None,
            }),
            None => {}
        }
        Family { rows, has_numbers }
    });
    families.collect()
}

/// The rows of the families, each with a number.
pub fn numbered(families: Vec<Family>, table: &Table) -> Vec<Row> {
    let place = number(table).and_then(|number| place(table, number.name)).unwrap_or_default();
    let numbered = families.into_iter().flat_map(|family| {
        let has_numbers = family.has_numbers;
        (1..).zip(family.rows).map(move |(next, mut row)| {
            if !has_numbers {
                row[place] = Value::Int(Some(next));
            }
            row
        })
    });
    numbered.collect()
}
