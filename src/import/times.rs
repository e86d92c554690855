//! Whether columns of times hold days or points in time. A column holds one of them, which is declared in the database: days are
//! stored as midnights in UTC.

use super::ImportError;
use super::report::Location;
use super::write::Writer;
use crate::crm;
use crate::database::Database;
use crate::schema::{Declared, declared};
use crm_kpi_migrations::DAY_COLUMNS;
use sea_orm::{DatabaseConnection, DbErr};
use std::collections::BTreeMap;

/// A column of a table.
type Column = (&'static str, &'static str);

/// What columns of times hold: as the files have it, as it follows from other columns, or as it was declared before.
#[derive(Debug, Default)]
pub struct Times {
    seen: BTreeMap<Column, Seen>,
    /// Columns whose values are all worked out anew.
    worked_out: BTreeMap<Column, bool>,
    declared: Declared,
}

/// Where the first day and the first point in time of a column stand.
#[derive(Clone, Debug, Default)]
struct Seen {
    day: Option<Location>,
    instant: Option<Location>,
}

/// A column in which days and points in time stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mixed {
    pub table: &'static str,
    pub column: &'static str,
    /// The first of each.
    pub day: Location,
    pub instant: Location,
}

impl Times {
    /// Notes what a value of a column is.
    pub fn see(&mut self, table: &'static str, column: &'static str, is_day: bool, at: impl FnOnce() -> Location) {
        let Seen { day, instant } = self.seen.entry((table, column)).or_default();
        let first = if is_day { day } else { instant };
        first.get_or_insert_with(at);
    }

    /// Adds what the columns of other files hold.
    pub fn extend(&mut self, other: Self) {
        self.seen.extend(other.seen);
    }

    /// The columns in which days and points in time stand.
    pub fn mixed(&self) -> Vec<Mixed> {
        let mixed = |(&(table, column), seen): (&Column, &Seen)| {
            let (day, instant) = (seen.day.clone()?, seen.instant.clone()?);
            Some(Mixed { table, column, day, instant })
        };
        self.seen.iter().filter_map(mixed).collect()
    }

    /// Reads what was declared before.
    pub async fn read_declared(&mut self, connection: &DatabaseConnection) -> Result<(), ImportError> {
        let database = Database::try_from(connection.clone()).map_err(DbErr::from)?;
        let snapshot = database.snapshot().await.map_err(ImportError::Database)?;
        self.declared = declared(&snapshot).await.map_err(ImportError::Database)?;
        Ok(())
    }

    /// Whether the values of a column in the files are days; nothing where they have none.
    fn seen_as_days(&self, column: Column) -> Option<bool> {
        self.seen.get(&column).map(|seen| seen.day.is_some())
    }

    /// Whether a column holds days, as far as is known by now.
    pub fn holds_days(&self, table: &'static str, column: &'static str) -> bool {
        let worked_out = || self.worked_out.get(&(table, column)).copied();
        let was_declared = || self.declared.contains(&(table.to_owned(), column.to_owned()));
        self.seen_as_days((table, column)).or_else(worked_out).unwrap_or_else(was_declared)
    }

    /// Says what a column that is filled from another one holds, unless the files say so. Returns it.
    pub fn follow(&mut self, table: &'static str, column: &'static str, is_day: bool) -> bool {
        let is_day = self.seen_as_days((table, column)).unwrap_or(is_day);
        self.seen.entry((table, column)).or_insert_with(|| {
            let at = || Some(Location { file: table.to_owned(), line: 0 });
            if is_day { Seen { day: at(), instant: None } } else { Seen { day: None, instant: at() } }
        });
        is_day
    }

    /// Says what a column holds all values of which are worked out anew.
    pub fn work_out(&mut self, table: &'static str, column: &'static str, is_day: bool) {
        self.worked_out.insert((table, column), is_day);
    }

    /// Declares what columns hold from now on. Fails where rows that stay hold something else.
    pub async fn declare(&self, writer: &mut Writer) -> Result<(), ImportError> {
        let mut problems = Vec::new();
        let seen = self.seen.keys().map(|&column| (column, self.seen_as_days(column).unwrap_or_default(), true));
        let worked_out = self.worked_out.iter().map(|(&column, &is_day)| (column, is_day, false));
        for ((table, column), is_day, rows_stay) in seen.chain(worked_out) {
            if is_day == self.declared.contains(&(table.to_owned(), column.to_owned())) {
                continue;
            }
            if rows_stay && self.contradict(writer, (table, column), is_day).await? {
                problems.push(contradiction(table, column, is_day));
                continue;
            }
            let of_column = format!("table_name = '{table}' AND column_name = '{column}'");
            writer.execute(&format!("DELETE FROM {DAY_COLUMNS} WHERE {of_column}")).await?;
            if is_day {
                let insert = format!("INSERT INTO {DAY_COLUMNS} (table_name, column_name)");
                writer.execute(&format!("{insert} VALUES ('{table}', '{column}')")).await?;
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(ImportError::Times(problems)) }
    }

    /// Whether rows that are not loaded hold something else than a column is to hold.
    async fn contradict(
        &self,
        writer: &mut Writer,
        (table, column): Column,
        is_day: bool,
    ) -> Result<bool, ImportError> {
        let Some((_, others)) = crm::table(table).and_then(|table| writer.staged(table)) else { return Ok(false) };
        let midnight = writer.is_midnight(column);
        let other = if is_day { format!("NOT ({midnight})") } else { format!("\"{column}\" IS NOT NULL") };
        writer.exists(&format!("SELECT 1 FROM \"{table}\" WHERE {other} AND {others}")).await
    }
}

fn contradiction(table: &str, column: &str, is_day: bool) -> String {
    let (stored, files) = match is_day {
        true => ("points in time", "days without a time"),
        false => ("days without a time", "points in time"),
    };
    let keep = if is_day { "instant" } else { "day" };
    format!(
        "{table}.{column}: stored rows that stay have {stored}, and the files have {files}: load all rows, delete the others, or \
         set precision = \"{keep}\" in the mapping"
    )
}
