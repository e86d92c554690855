//! Rows that the files say are gone: deleted, or become a part of another one.

use super::read::{Gone, Rows};
use super::table::Table;
use super::value::Value;
use crate::crm;
use crate::import::ImportError;
use crate::import::write::Writer;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What has become of the rows of a table that are parts of others: each with the last row that it has become.
fn masters(gone: &HashMap<String, Option<String>>) -> HashMap<&str, &str> {
    let last = |id: &String| {
        let mut master = gone.get(id)?.as_deref()?;
        // A circle has no last row.
        for _ in 0..=gone.len() {
            match gone.get(master) {
                Some(next) => master = next.as_deref()?,
                None => return Some(master),
            }
        }
        None
    };
    gone.keys().filter_map(|id| Some((id.as_str(), last(id)?))).collect()
}

/// Makes rows that refer to a row that is a part of another one refer to that.
pub fn follow(rows: &mut Rows, gone: &Gone) {
    let masters: HashMap<&str, _> = gone.iter().map(|(table, gone)| (table.name(), masters(gone))).collect();
    for (table, rows) in rows {
        let Some(described) = crm::table(table.name()) else { continue };
        for column in &described.columns {
            let masters = column.references.and_then(|table| masters.get(table)).filter(|masters| !masters.is_empty());
            let (Some(masters), Some(place)) = (masters, table.field(column.field())) else { continue };
            for row in rows.iter_mut() {
                if let Some(Value::Text(id)) = &mut row.values[place]
                    && let Some(master) = masters.get(id.as_str())
                {
                    *id = (*master).to_owned();
                }
            }
        }
    }
}

/// Deletes the rows and their children, and the orders that were made of deals where `made_orders`. Stored rows that refer to
/// a row that is a part of another one refer to that from now on. Returns what the reader should know.
pub async fn remove(writer: &mut Writer, gone: &Gone, made_orders: bool) -> Result<Vec<String>, ImportError> {
    let mut notes = Vec::new();
    for table in Table::all() {
        let Some(gone) = gone.get(&table).filter(|gone| !gone.is_empty()) else { continue };
        let masters = masters(gone);
        let pairs = gone.keys().map(|id| (id.clone(), masters.get(id.as_str()).map(|master| (*master).to_owned())));
        let staged = writer.stage_pairs(gone_name(table), pairs).await?;
        for other in crm::tables() {
            let parent = other.parent().map(|column| column.name);
            let name = other.name;
            for column in other.columns.iter().filter(|column| column.references == Some(table.name())) {
                let column_name = column.name;
                if parent == Some(column_name) {
                    let delete = format!("DELETE FROM \"{name}\" WHERE \"{column_name}\" IN (SELECT id FROM {staged})");
                    writer.execute(&delete).await?;
                } else if !column.key && !masters.is_empty() {
                    let refer = format!(
                        "UPDATE \"{name}\" SET \"{column_name}\" = gone.master FROM {staged} AS gone \
                         WHERE gone.master IS NOT NULL AND gone.id = \"{name}\".\"{column_name}\""
                    );
                    writer.execute(&refer).await?;
                }
            }
        }
        if made_orders && table.name() == "opportunities" {
            let made_of_them =
                format!("DELETE FROM orders WHERE opportunity_id = id AND id IN (SELECT id FROM {staged})");
            writer.execute(&made_of_them).await?;
        }
        let name = table.name();
        let delete = format!("DELETE FROM \"{name}\" WHERE id IN (SELECT id FROM {staged})");
        let deleted = writer.execute(&delete).await?;
        notes.push(format!("{name}: {} are gone by the files, of which {deleted} were stored", gone.len()));
    }
    Ok(notes)
}

/// The name of the table with the keys of those that are gone.
fn gone_name(table: Table) -> &'static str {
    static NAMES: LazyLock<HashMap<&str, String>> =
        LazyLock::new(|| Table::all().map(|table| (table.name(), format!("gone_{}", table.name()))).collect());
    NAMES.get(table.name()).map_or("gone", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_row_counts() {
        let gone =
            [("a", Some("b")), ("b", Some("c")), ("d", None), ("e", Some("d")), ("x", Some("y")), ("y", Some("x"))];
        let gone = gone.map(|(id, master)| (id.to_owned(), master.map(str::to_owned))).into();
        let mut found: Vec<_> = masters(&gone).into_iter().collect();
        found.sort_unstable();
        assert_eq!(found, [("a", "c"), ("b", "c")]);
    }
}
