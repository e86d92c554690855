//! Rows that the files say are gone: deleted, or become a part of another one.

use super::read::{Gone, Rows, Value};
use super::table::Table;
use crate::crm;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::HashMap;

/// Keys that a statement names at most.
const KEYS_A_STATEMENT: usize = 5_000;

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
pub async fn remove<C: ConnectionTrait>(connection: &C, gone: &Gone, made_orders: bool) -> Result<Vec<String>, DbErr> {
    let mut notes = Vec::new();
    for table in Table::ALL {
        let Some(gone) = gone.get(&table).filter(|gone| !gone.is_empty()) else { continue };
        let masters: Vec<_> = masters(gone).into_iter().collect();
        let ids: Vec<&str> = gone.keys().map(String::as_str).collect();
        for other in crm::tables() {
            let parent = other.parent().map(|column| column.name);
            for column in other.columns.iter().filter(|column| column.references == Some(table.name())) {
                if parent == Some(column.name) {
                    delete(connection, other.name, column.name, &ids).await?;
                } else if !column.key {
                    refer(connection, other.name, column.name, &masters).await?;
                }
            }
        }
        if made_orders && table == Table::Opportunities {
            for ids in ids.chunks(KEYS_A_STATEMENT) {
                let made_of_it = Expr::col("opportunity_id").eq(Expr::col("id"));
                let orders = Query::delete()
                    .from_table("orders")
                    .and_where(Expr::col("id").is_in(ids.iter().copied()))
                    .and_where(made_of_it)
                    .to_owned();
                connection.execute(&orders).await?;
            }
        }
        let deleted = delete(connection, table.name(), "id", &ids).await?;
        notes.push(format!("{}: {} are gone by the files, of which {deleted} were stored", table.name(), ids.len()));
    }
    Ok(notes)
}

async fn delete<C: ConnectionTrait>(
    connection: &C,
    table: &'static str,
    column: &'static str,
    keys: &[&str],
) -> Result<u64, DbErr> {
    let mut deleted = 0;
    for keys in keys.chunks(KEYS_A_STATEMENT) {
        let rows =
            Query::delete().from_table(table).and_where(Expr::col(column).is_in(keys.iter().copied())).to_owned();
        deleted += connection.execute(&rows).await?.rows_affected();
    }
    Ok(deleted)
}

/// Replaces keys by those of the rows that have become theirs.
async fn refer<C: ConnectionTrait>(
    connection: &C,
    table: &'static str,
    column: &'static str,
    masters: &[(&str, &str)],
) -> Result<(), DbErr> {
    for masters in masters.chunks(KEYS_A_STATEMENT / 3) {
        let new = masters
            .iter()
            .fold(CaseStatement::new(), |case, (id, master)| case.case(Expr::col(column).eq(*id), Expr::val(*master)));
        let rows = Query::update()
            .table(table)
            .value(column, new.finally(Expr::col(column)))
            .and_where(Expr::col(column).is_in(masters.iter().map(|(id, _)| *id)))
            .to_owned();
        connection.execute(&rows).await?;
    }
    Ok(())
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
