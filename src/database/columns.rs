//! What tables and views of a database look like: their columns and types, by the database's own catalogue. No table is read
//! or locked.

use super::{Dialect, Snapshot};
use crate::error::Result;
use sea_orm::{DbBackend, Statement};
use std::collections::BTreeMap;

/// A table or view that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relation {
    /// A view, or a table of another server.
    pub is_view: bool,
    /// Policies hide rows of it from the role that asks (PostgreSQL).
    pub hides_rows: bool,
    /// Types by the names of columns.
    pub columns: BTreeMap<String, ColumnType>,
}

/// The type of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnType {
    /// As the database writes it, without a length; of a domain its base type. On SQLite as declared, perhaps nothing.
    pub name: String,
    /// Whether the role that asks may read the column.
    pub readable: bool,
}

/// What is found of tables that are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relations {
    /// The schema that unqualified names are made in (PostgreSQL).
    pub schema: Option<String>,
    /// The schema that the connection was asked to use (PostgreSQL).
    pub wanted: Option<String>,
    /// The role that asks (PostgreSQL).
    pub role: Option<String>,
    /// By their names.
    pub found: BTreeMap<String, Relation>,
    /// Tables with rows that the planner knows nothing about, those under views too (PostgreSQL).
    pub never_analysed: Vec<String>,
}

const COLUMNS_POSTGRES: &str = "\
SELECT name, c.relkind IN ('v', 'm', 'f'), row_security_active(c.oid), a.attname::text, \
       CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, NULL) ELSE format_type(a.atttypid, NULL) END, \
       has_column_privilege(c.oid, a.attnum, 'SELECT'), current_schema()::text, current_user::text \
  FROM unnest($1::text[]) name \
  JOIN pg_class c ON c.oid = to_regclass(quote_ident(name)) \
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
  JOIN pg_type t ON t.oid = a.atttypid";

/// A table with rows and without statistics. Of a table under a view that the role may not read itself only the number of
/// rows tells.
const NEVER_ANALYSED: &str = "\
WITH RECURSIVE used(oid, direct) AS ( \
    SELECT to_regclass(quote_ident(name))::oid, true FROM unnest($1::text[]) name \
    UNION \
    SELECT d.refobjid, false FROM used \
      JOIN pg_rewrite r ON r.ev_class = used.oid \
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass \
                      AND d.refobjid <> used.oid) \
SELECT DISTINCT c.oid::regclass::text FROM used JOIN pg_class c USING (oid) JOIN pg_namespace n ON n.oid = c.relnamespace \
 WHERE c.relkind IN ('r', 'm') AND pg_stat_get_live_tuples(c.oid) > 0 \
   AND CASE WHEN has_table_privilege(c.oid, 'SELECT') \
       THEN NOT EXISTS (SELECT FROM pg_stats s WHERE s.schemaname = n.nspname AND s.tablename = c.relname) \
       ELSE c.reltuples < 0 END \
 ORDER BY 1";

const COLUMNS_SQLITE: &str = "\
SELECT m.name, m.type = 'view', 0, c.name, lower(c.type), 1, NULL, NULL \
  FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type IN ('table', 'view') AND m.name IN ";

/// Looks for tables and views of these names. PostgreSQL finds them by its search path.
pub async fn relations(snapshot: &Snapshot, tables: &[&str]) -> Result<Relations> {
    let names = tables.iter().map(|table| format!("'{table}'")).collect::<Vec<_>>().join(", ");
    let postgres = |sql: &str| {
        Statement::from_string(DbBackend::Postgres, sql.replace("$1::text[]", &format!("ARRAY[{names}]::text[]")))
    };
    let statement = match snapshot.dialect() {
        Dialect::Postgres => postgres(COLUMNS_POSTGRES),
        Dialect::Sqlite => Statement::from_string(DbBackend::Sqlite, format!("{COLUMNS_SQLITE}({names})")),
    };
    let mut relations = Relations { wanted: snapshot.wanted_schema(), ..Relations::default() };
    for row in snapshot.all(statement).await? {
        let relation = relations.found.entry(row.try_get_by_index(0)?).or_default();
        (relation.is_view, relation.hides_rows) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let kind = ColumnType { name: row.try_get_by_index(4)?, readable: row.try_get_by_index(5)? };
        relation.columns.insert(row.try_get_by_index(3)?, kind);
        (relations.schema, relations.role) = (row.try_get_by_index(6)?, row.try_get_by_index(7)?);
    }
    if snapshot.dialect() == Dialect::Postgres {
        for row in snapshot.all(postgres(NEVER_ANALYSED)).await? {
            relations.never_analysed.push(row.try_get_by_index(0)?);
        }
    }
    Ok(relations)
}
