use super::driver::failed;
use super::postgres::copy;
use sea_orm::sqlx::postgres::PgCopyIn;
use sea_orm::sqlx::{self, AssertSqlSafe, PgConnection, SqliteConnection};
use sea_orm::{DbErr, Value};
use sea_query_sqlx::SqlxValues;
use std::sync::Arc;

/// Bytes that PostgreSQL is sent at once.
const COPY_BYTES: usize = 1 << 20;

/// Values that an insert into SQLite has at most: longer statements are no faster.
const INSERT_VALUES: usize = 2_000;

/// Rows on their way into a table: copied on PostgreSQL, inserted many at a time on SQLite. [`Sink::finish`] writes the last
/// of them; dropped before, the transaction is of no use.
pub struct Sink<'a> {
    columns: Vec<&'static str>,
    to: Destination<'a>,
    /// A column whose type cannot be written.
    unknown: Option<&'static str>,
}

enum Destination<'a> {
    Postgres {
        copy: PgCopyIn<&'a mut PgConnection>,
        text: Vec<u8>,
    },
    Sqlite {
        connection: &'a mut SqliteConnection,
        /// The statement before its rows.
        into: String,
        /// The statement of the most rows.
        full: Option<Arc<str>>,
        rows: usize,
        most: usize,
        values: Vec<Value>,
    },
}

impl<'a> Sink<'a> {
    /// Begins to copy rows into a table of PostgreSQL, whose name is quoted.
    pub(super) async fn copy(
        connection: &'a mut PgConnection,
        table: &str,
        columns: Vec<&'static str>,
        options: &str,
    ) -> Result<Self, DbErr> {
        let sql = format!("COPY {table} ({}) FROM STDIN{options}", quoted(&columns));
        let copy = connection.copy_in_raw(&sql).await.map_err(failed)?;
        let text = Vec::with_capacity(COPY_BYTES + COPY_BYTES / 8);
        Ok(Self { columns, to: Destination::Postgres { copy, text }, unknown: None })
    }

    /// Begins to insert rows into a table of SQLite, whose name is quoted.
    pub(super) fn insert(connection: &'a mut SqliteConnection, table: &str, columns: Vec<&'static str>) -> Self {
        let to = Destination::Sqlite {
            connection,
            into: format!("INSERT INTO {table} ({}) VALUES ", quoted(&columns)),
            full: None,
            rows: 0,
            most: (INSERT_VALUES / columns.len().max(1)).max(1),
            values: Vec::new(),
        };
        Self { columns, to, unknown: None }
    }

    /// Adds a row: a value for each column. It goes to the database with the next [`Sink::write`].
    pub fn push(&mut self, row: impl IntoIterator<Item = Value>) {
        for (place, (column, value)) in self.columns.iter().zip(row).enumerate() {
            match &mut self.to {
                Destination::Postgres { text, .. } => {
                    if place > 0 {
                        text.push(b'\t');
                    }
                    if !copy::write(text, &value) {
                        self.unknown = Some(column);
                    }
                }
                Destination::Sqlite { values, .. } => values.push(match value {
                    Value::ChronoDateTimeUtc(at) => Value::String(at.as_ref().map(copy::instant)),
                    value => value,
                }),
            }
        }
        match &mut self.to {
            Destination::Postgres { text, .. } => text.push(b'\n'),
            Destination::Sqlite { rows, .. } => *rows += 1,
        }
    }

    /// Whether there is enough to be written.
    pub fn is_full(&self) -> bool {
        match &self.to {
            Destination::Postgres { text, .. } => text.len() >= COPY_BYTES,
            Destination::Sqlite { rows, most, .. } => rows >= most,
        }
    }

    /// Writes what was added.
    pub async fn write(&mut self) -> Result<(), DbErr> {
        if let Some(column) = &self.unknown {
            return Err(DbErr::Type(format!("{column} is of a type that cannot be loaded")));
        }
        match &mut self.to {
            Destination::Postgres { copy, text } => {
                copy.send(text.as_slice()).await.map_err(failed)?;
                text.clear();
            }
            Destination::Sqlite { connection, into, full, rows, most, values } => {
                let columns = self.columns.len();
                while *rows > 0 {
                    let count = (*rows).min(*most);
                    let sql = match (&full, count == *most) {
                        (Some(sql), true) => sql.clone(),
                        _ => insert(into, columns, count),
                    };
                    if count == *most {
                        *full = Some(sql.clone());
                    }
                    let rest = values.split_off(count * columns);
                    let some = SqlxValues(sea_orm::sea_query::Values(std::mem::replace(values, rest)));
                    sqlx::query_with(AssertSqlSafe(sql), some).execute(&mut **connection).await.map_err(failed)?;
                    *rows -= count;
                }
            }
        }
        Ok(())
    }

    /// Writes the last rows.
    pub async fn finish(mut self) -> Result<(), DbErr> {
        self.write().await?;
        match self.to {
            Destination::Postgres { copy, .. } => copy.finish().await.map(|_| ()).map_err(failed),
            Destination::Sqlite { .. } => Ok(()),
        }
    }
}

/// Column names as SQL has them.
pub(super) fn quoted(columns: &[&str]) -> String {
    columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ")
}

fn insert(into: &str, columns: usize, rows: usize) -> Arc<str> {
    let row = format!("({})", vec!["?"; columns].join(", "));
    format!("{into}{}", vec![row.as_str(); rows].join(", ")).into()
}
