//! What tables and views of a database look like: their columns and types, by the database's own catalogue. No table is read
//! or locked.

mod relation;

pub use relation::{ColumnType, Relation, Relations};

use super::dialect::Dialect;
use super::snapshot::Snapshot;
use super::{postgres, sqlite};
use crate::error::Result;

/// Looks for tables and views of these names. PostgreSQL finds them by its search path.
pub async fn relations(snapshot: &Snapshot, tables: &[&str]) -> Result<Relations> {
    let names = tables.iter().map(|table| format!("'{table}'")).collect::<Vec<_>>().join(", ");
    let columns = match snapshot.dialect() {
        Dialect::Postgres => postgres::columns::of(&names),
        Dialect::Sqlite => sqlite::columns::of(&names),
    };
    let mut relations = Relations { wanted: snapshot.wanted_schema(), ..Relations::default() };
    for row in snapshot.all(columns).await? {
        let relation = relations.found.entry(row.try_get_by_index(0)?).or_default();
        (relation.is_view, relation.hides_rows) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let kind = ColumnType { name: row.try_get_by_index(4)?, readable: row.try_get_by_index(5)? };
        relation.columns.insert(row.try_get_by_index(3)?, kind);
        (relations.schema, relations.role) = (row.try_get_by_index(6)?, row.try_get_by_index(7)?);
    }
    if snapshot.dialect() == Dialect::Postgres {
        for row in snapshot.all(postgres::columns::never_analysed(&names)).await? {
            relations.never_analysed.push(row.try_get_by_index(0)?);
        }
    }
    Ok(relations)
}
