//! Asks a database itself, through a pool of as many connections as the service has.

use crate::support::Kind;
use crate::{Database, Outcome};
use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, Utc};
use futures::TryStreamExt;
use sea_orm::sqlx::postgres::{PgPoolCopyExt, PgPoolOptions};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sea_orm::sqlx::{self, AssertSqlSafe, ColumnIndex, Decode, PgPool, Row, SqlitePool, Type, query};
use std::str::FromStr;
use std::sync::Arc;

/// `pool.connections` of the service by default.
const CONNECTIONS: u32 = 10;

#[derive(Clone)]
pub enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// What a statement is given.
#[derive(Clone, Debug)]
pub enum Parameter {
    /// A day's first instant.
    Midnight(NaiveDate),
    Text(String),
}

/// What a column holds.
#[derive(Clone, Copy, Debug)]
pub enum Column {
    Text,
    Integer,
}

/// An owned value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    Null,
    Text(String),
    Integer(i64),
}

/// A statement and what it is given and returns.
#[derive(Clone, Debug)]
pub struct Asking {
    pub sql: Arc<str>,
    pub parameters: Vec<Parameter>,
    pub columns: Vec<Column>,
}

impl Asking {
    /// A statement without parameters whose columns are texts.
    pub fn texts(sql: &str, columns: usize) -> Self {
        Self { sql: sql.into(), parameters: Vec::new(), columns: vec![Column::Text; columns] }
    }
}

impl Pool {
    /// A pool with one open connection.
    pub async fn open(database: &Database) -> Outcome<Self> {
        let pool = match database.kind {
            Kind::Sqlite => {
                // As the service opens it.
                let options = SqliteConnectOptions::from_str(&database.url)?
                    .journal_mode(SqliteJournalMode::Wal)
                    .pragma("cache_size", "-8192");
                let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS).test_before_acquire(false);
                Self::Sqlite(pool.connect_with(options).await?)
            }
            Kind::Postgres => {
                let pool = PgPoolOptions::new().max_connections(CONNECTIONS).test_before_acquire(false);
                Self::Postgres(pool.connect(&database.url).await?)
            }
        };
        pool.fetch(&Asking::texts("SELECT CAST(1 AS TEXT)", 1)).await?;
        Ok(pool)
    }

    pub async fn close(self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// All rows, decoded.
    pub async fn fetch(&self, asking: &Asking) -> Outcome<Vec<Vec<Cell>>> {
        let mut rows = Vec::new();
        self.each(asking, |row| rows.push(row)).await?;
        Ok(rows)
    }

    /// Decodes row after row as they come.
    pub async fn each(&self, asking: &Asking, mut take: impl FnMut(Vec<Cell>)) -> Outcome<()> {
        let sql = AssertSqlSafe(asking.sql.clone());
        match self {
            Self::Sqlite(pool) => {
                let mut query = query(sql);
                for parameter in &asking.parameters {
                    query = match parameter {
                        Parameter::Midnight(day) => {
                            query.bind(instant(*day).to_rfc3339_opts(SecondsFormat::AutoSi, false))
                        }
                        Parameter::Text(text) => query.bind(text),
                    };
                }
                let mut rows = query.fetch(pool);
                while let Some(row) = rows.try_next().await? {
                    take(decode(&row, &asking.columns)?);
                }
            }
            Self::Postgres(pool) => {
                let mut query = query(sql);
                for parameter in &asking.parameters {
                    query = match parameter {
                        Parameter::Midnight(day) => query.bind(instant(*day)),
                        Parameter::Text(text) => query.bind(text),
                    };
                }
                let mut rows = query.fetch(pool);
                while let Some(row) = rows.try_next().await? {
                    take(decode(&row, &asking.columns)?);
                }
            }
        }
        Ok(())
    }

    /// Reads `COPY … TO STDOUT`, where there is such a thing. Returns the bytes where they are wanted.
    pub async fn copy(&self, statement: &str, mut take: impl FnMut(&[u8])) -> Outcome<()> {
        let Self::Postgres(pool) = self else { return Err("COPY is PostgreSQL's".into()) };
        let mut chunks = pool.copy_out_raw(statement).await?;
        while let Some(chunk) = chunks.try_next().await? {
            take(&chunk);
        }
        Ok(())
    }

    /// The one text that a statement returns.
    pub async fn text(&self, sql: &str) -> Outcome<String> {
        match self.fetch(&Asking::texts(sql, 1)).await?.into_iter().flatten().next() {
            Some(Cell::Text(text)) => Ok(text),
            other => Err(format!("{sql} answers {other:?}").into()),
        }
    }
}

/// A day's first instant.
fn instant(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn decode<'r, R: Row>(row: &'r R, columns: &[Column]) -> Result<Vec<Cell>, sqlx::Error>
where
    usize: ColumnIndex<R>,
    Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
{
    let mut cells = Vec::with_capacity(columns.len());
    for (place, column) in columns.iter().enumerate() {
        cells.push(match column {
            Column::Text => row.try_get::<Option<String>, _>(place)?.map_or(Cell::Null, Cell::Text),
            Column::Integer => row.try_get::<Option<i64>, _>(place)?.map_or(Cell::Null, Cell::Integer),
        });
    }
    Ok(cells)
}
