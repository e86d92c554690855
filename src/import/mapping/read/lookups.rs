//! What may be looked up in a table.

use super::cell::Context;
use super::joined::joined;
use super::row::{Fate, fate};
use super::rows::Row;
use crate::import::mapping::file::Line;
use crate::import::mapping::lookup::{Known, LookupBy};
use crate::import::mapping::plan::{Plan, Section, Shape};
use crate::import::mapping::table::Table;
use crate::import::mapping::value::Value;
use std::collections::{BTreeSet, HashMap};

/// Whether some rule of these sections looks something up in a table.
pub fn looked_up<'a>(sections: impl IntoIterator<Item = &'a Section>, table: Table) -> bool {
    !wanted(sections, table).is_empty()
}

/// What the rows of a table are looked up by: its key, fields, or columns of its files.
pub fn wanted<'a>(sections: impl IntoIterator<Item = &'a Section>, wanted: Table) -> BTreeSet<&'a str> {
    let rules = sections.into_iter().flat_map(|section| &section.rules).flatten();
    let by = rules.filter_map(|rule| match &rule.shape {
        Shape::Lookup { table, by: LookupBy::Column(column), .. } if *table == wanted => Some(column.as_str()),
        Shape::Lookup { table, by: LookupBy::Id, .. } if *table == wanted => Some("id"),
        _ => None,
    });
    by.collect()
}

/// The rows of a table that look each other up, and those that are gone: found before the rows are read.
pub fn named_before_reading(
    plan: &Plan,
    table: Table,
    columns: &BTreeSet<&str>,
) -> (Vec<Known>, HashMap<String, Option<String>>) {
    let nothing = HashMap::new();
    let (mut rows, mut gone) = (Vec::new(), HashMap::new());
    for section in plan.sections.iter().filter(|section| section.table == table) {
        let context = Context { lookups: &nothing, empty: &section.empty, lenient: false };
        let field = |name: &str, line: &Line| {
            let rule = section.table.field(name).and_then(|place| section.rules[place].as_ref())?;
            match context.value(rule, line, None) {
                Ok(Some(Value::Text(text))) => Some(text),
                _ => None,
            }
        };
        for line in &plan.files[section.file].lines {
            let (line, _) = joined(&context, plan, section, line);
            let Some(id) = field("id", &line) else { continue };
            match fate(&context, section, &line) {
                Ok(Fate::Row) => {}
                Ok(Fate::Gone(master)) => {
                    gone.insert(id, master);
                    continue;
                }
                _ => continue,
            }
            let text = |column: &str| match section.table.field(column) {
                Some(_) => field(column, &line),
                None => cell(&context, section, &line, column),
            };
            rows.push(known(id, columns, text));
        }
    }
    rows.retain(|row: &Known| !gone.contains_key(&row.id));
    (rows, gone)
}

/// The rows of a table that have been read.
pub fn loaded(plan: &Plan, table: Table, rows: &[Row], columns: &BTreeSet<&str>) -> Vec<Known> {
    let nothing = HashMap::new();
    let known = rows.iter().filter_map(|row| {
        let section = &plan.sections[row.section];
        let context = Context { lookups: &nothing, empty: &section.empty, lenient: false };
        let line = plan.files[row.file].lines.get(row.place)?;
        let of_files = columns.iter().any(|column| table.field(column).is_none());
        let line = of_files.then(|| joined(&context, plan, section, line).0);
        let text = |column: &str| match table.field(column) {
            Some(_) => text(table, row, column).map(str::to_owned),
            None => cell(&context, section, line.as_deref()?, column),
        };
        Some(known(text("id")?, columns, text))
    });
    known.collect()
}

fn known(id: String, columns: &BTreeSet<&str>, text: impl Fn(&str) -> Option<String>) -> Known {
    let texts = columns.iter().filter(|column| **column != "id");
    let texts = texts.filter_map(|column| Some(((*column).to_owned(), text(column)?)));
    Known { texts: texts.collect(), id }
}

/// What is in a column of a file; nothing where the cell is empty.
fn cell(context: &Context<'_>, section: &Section, line: &Line, column: &str) -> Option<String> {
    let place = section.columns.names.iter().position(|name| name == column)?;
    Some(context.cell(line, place)).filter(|cell| !cell.is_empty()).map(str::to_owned)
}

fn text<'a>(table: Table, row: &'a Row, field: &str) -> Option<&'a str> {
    match row.values.get(table.field(field)?)? {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}
