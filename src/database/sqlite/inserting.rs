use crate::database::driver::{failed, quoted};
use crate::database::times::text::instant;
use sea_orm::sqlx::{self, AssertSqlSafe, SqliteConnection};
use sea_orm::{DbErr, Value};
use sea_query_sqlx::SqlxValues;
use std::sync::Arc;

/// Values that an insert has at most: longer statements are no faster.
const INSERT_VALUES: usize = 2_000;

/// Rows on their way into a table, which are inserted many at a time.
pub struct Inserting<'a> {
    connection: &'a mut SqliteConnection,
    /// The statement before its rows.
    into: String,
    /// The statement of the most rows.
    full: Option<Arc<str>>,
    columns: usize,
    rows: usize,
    most: usize,
    values: Vec<Value>,
}

impl<'a> Inserting<'a> {
    /// Begins to insert into a table, whose name is quoted.
    pub fn begin(connection: &'a mut SqliteConnection, table: &str, columns: &[&'static str]) -> Self {
        Self {
            connection,
            into: format!("INSERT INTO {table} ({}) VALUES ", quoted(columns)),
            full: None,
            columns: columns.len(),
            rows: 0,
            most: (INSERT_VALUES / columns.len().max(1)).max(1),
            values: Vec::new(),
        }
    }

    /// Adds a value to the row. Any can be written.
    pub fn push(&mut self, value: Value) -> bool {
        self.values.push(match value {
            Value::ChronoDateTimeUtc(at) => Value::String(at.as_ref().map(instant)),
            value => value,
        });
        true
    }

    /// The row has all its values.
    pub fn end_row(&mut self) {
        self.rows += 1;
    }

    pub fn is_full(&self) -> bool {
        self.rows >= self.most
    }

    pub async fn write(&mut self) -> Result<(), DbErr> {
        while self.rows > 0 {
            let count = self.rows.min(self.most);
            let sql = match (&self.full, count == self.most) {
                (Some(sql), true) => sql.clone(),
                _ => insert(&self.into, self.columns, count),
            };
            if count == self.most {
                self.full = Some(sql.clone());
            }
            let rest = self.values.split_off(count * self.columns);
            let some = SqlxValues(sea_orm::sea_query::Values(std::mem::replace(&mut self.values, rest)));
            sqlx::query_with(AssertSqlSafe(sql), some).execute(&mut *self.connection).await.map_err(failed)?;
            self.rows -= count;
        }
        Ok(())
    }

    pub async fn finish(self) -> Result<(), DbErr> {
        Ok(())
    }
}

fn insert(into: &str, columns: usize, rows: usize) -> Arc<str> {
    let row = format!("({})", vec!["?"; columns].join(", "));
    format!("{into}{}", vec![row.as_str(); rows].join(", ")).into()
}
