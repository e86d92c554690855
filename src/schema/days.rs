//! Which columns of a database hold days where they could hold instants: by their type, or because it is declared.

use crate::crm::{self, Kind};
use crate::database::{DayColumns, Dialect, Precision, Relations, Snapshot};
use crate::error::{Result, Violation};
use crm_kpi_migrations::DAY_COLUMNS;
use sea_orm::{DbBackend, Statement};
use std::collections::BTreeSet;

/// Columns that are declared to hold days, as table and column. Those of our own tables hold midnights in UTC.
pub type Declared = BTreeSet<(String, String)>;

/// Reads which columns are declared to hold days. A database without the table of declarations has none; nor has a role that
/// may not read it.
pub async fn declared(snapshot: &Snapshot) -> Result<Declared> {
    let statement = |sql: String| Statement::from_string(DbBackend::from(snapshot.dialect()), sql);
    let is_there = match snapshot.dialect() {
        Dialect::Postgres => format!("SELECT has_table_privilege(to_regclass('{DAY_COLUMNS}'), 'SELECT')"),
        Dialect::Sqlite => format!("SELECT 1 FROM sqlite_master WHERE name = '{DAY_COLUMNS}'"),
    };
    let is_there = match snapshot.one(statement(is_there)).await? {
        Some(row) => row.try_get_by_index::<Option<bool>>(0)?.unwrap_or_default(),
        None => false,
    };
    let mut declared = Declared::new();
    if is_there {
        let all = format!("SELECT CAST(table_name AS text), CAST(column_name AS text) FROM {DAY_COLUMNS}");
        for row in snapshot.all(statement(all)).await? {
            declared.insert((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
        }
    }
    Ok(declared)
}

/// What is wrong where a role may not read the declarations: without them days are taken for points in time.
pub(super) async fn unreadable(snapshot: &Snapshot, role: Option<&str>) -> Result<Option<Violation>> {
    if snapshot.dialect() == Dialect::Sqlite {
        return Ok(None);
    }
    let may_read = format!("SELECT has_table_privilege(to_regclass('{DAY_COLUMNS}'), 'SELECT')");
    let row = snapshot.one(Statement::from_string(DbBackend::Postgres, may_read)).await?;
    let may_read = row.map(|row| row.try_get_by_index::<Option<bool>>(0)).transpose()?.flatten();
    Ok((may_read == Some(false)).then(|| Violation {
        field: DAY_COLUMNS.to_owned(),
        description: format!("may not be read: GRANT SELECT ON {DAY_COLUMNS} TO {}", role.unwrap_or("the role")),
    }))
}

/// Which columns hold days by their types, or because it is declared.
pub(super) fn day_columns(relations: &Relations, declared: &Declared, dialect: Dialect) -> DayColumns {
    let mut days = Vec::new();
    for table in crm::tables() {
        let Some(found) = relations.found.get(table.name) else { continue };
        for column in table.columns.iter().filter(|column| column.kind == Kind::Instant) {
            let is_date = found.columns.get(column.name).is_some_and(|kind| kind.name == "date");
            let is_declared = || declared.contains(&(table.name.to_owned(), column.name.to_owned()));
            let precision = match (is_date, dialect) {
                (true, _) => Precision::Date,
                (false, _) if !is_declared() => continue,
                // Texts begin with the day, whatever is behind it.
                (false, Dialect::Sqlite) => Precision::Date,
                (false, Dialect::Postgres) => Precision::Midnight,
            };
            days.push((table.name.to_owned(), column.name.to_owned(), precision));
        }
    }
    days.into_iter().collect()
}
