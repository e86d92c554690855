use super::cell;
use super::error::ExportError;
use super::folder::file_name;
use crate::crm::{self, Column, Kind};
use crate::database::{Database, DayColumns, Dialect, begin_snapshot, time, whole};
use crate::error::Error;
use crate::import::{Progress, Step};
use crate::schema::inspect;
use chrono::{DateTime, NaiveDate, Utc};
use futures::TryStreamExt;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, Iterable, Order, PaginatorTrait,
    QueryOrder, QueryResult, QueryTrait, StreamTrait, Value,
};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Rows that are written before the progress is shown again.
const ROWS_A_TICK: usize = 1_000;

/// Where to export to, and how.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// The folder; it is made where it does not exist.
    pub folder: PathBuf,
    /// Replace the files of an earlier export.
    pub overwrite: bool,
    /// Where the progress is shown.
    pub progress: Progress,
}

/// Writes every table to a file, all from one snapshot, with rows in the order of their keys. Returns how many rows each
/// table has.
///
/// The files get their names when all of them are complete. Dropping the future leaves nothing behind, nor does an error
/// before that. Rows are not held in memory.
pub async fn export(
    connection: &DatabaseConnection,
    options: &ExportOptions,
) -> Result<Vec<(&'static str, usize)>, ExportError> {
    let folder = &options.folder;
    if !options.overwrite
        && let Some(file) =
            crm::TABLE_NAMES.iter().map(|table| file_name(table)).find(|file| folder.join(file).exists())
    {
        return Err(ExportError::Exists { folder: folder.clone(), file });
    }
    let looked =
        Database::try_from(connection.clone()).map_err(|error| ExportError::Database(DbErr::from(error).into()))?;
    let looked = looked.snapshot().await.map_err(ExportError::Database)?;
    let days = match inspect(&looked).await {
        Ok(schema) => schema.days,
        // A table that is missing is named where it is read.
        Err(Error::SchemaNotReady(_)) => DayColumns::default(),
        Err(error) => return Err(ExportError::Database(error)),
    };
    drop(looked);
    let snapshot = begin_snapshot(connection).await?;
    let mut tables = Vec::new();
    macro_rules! count {
        ($($table:ident),+ $(,)?) => {$(
            let rows = crm::$table::Entity::find().count(&snapshot).await.map_err(refusing(stringify!($table)))?;
            tables.push((stringify!($table), usize::try_from(rows).unwrap_or(usize::MAX)));
        )+};
    }
    crm::every_table!(count);

    std::fs::create_dir_all(folder).map_err(unwritable(folder))?;
    let unfinished = tempfile::Builder::new().prefix(".export-").tempdir_in(folder).map_err(unwritable(folder))?;
    let mut counts = tables.iter().map(|(_, rows)| *rows);
    macro_rules! write {
        ($($table:ident),+ $(,)?) => {$(
            let step = options.progress.step(concat!("export ", stringify!($table)), counts.next().unwrap_or_default());
            let path = unfinished.path().join(file_name(stringify!($table)));
            write_table::<crm::$table::Entity>(&snapshot, &days, &path, step).await?;
        )+};
    }
    crm::every_table!(write);
    for (table, _) in &tables {
        let path = folder.join(file_name(table));
        std::fs::rename(unfinished.path().join(file_name(table)), &path).map_err(unwritable(&path))?;
    }
    Ok(tables)
}

fn unwritable(path: &Path) -> impl Fn(std::io::Error) -> ExportError {
    let path = path.to_owned();
    move |source| ExportError::Unwritable { path: path.clone(), source }
}

fn refusing(table: &'static str) -> impl Fn(DbErr) -> ExportError {
    move |error| ExportError::Table { table, source: error.into() }
}

async fn write_table<E: EntityTrait>(
    snapshot: &DatabaseTransaction,
    days: &DayColumns,
    path: &Path,
    mut step: Step,
) -> Result<(), ExportError> {
    let table = E::default().table_name();
    let dialect = Dialect::try_from(ConnectionTrait::get_database_backend(snapshot));
    let dialect = dialect.map_err(|error| refusing(table)(error.into()))?;
    let columns = crm::columns::<E>();
    let mut query = E::find();
    for (column, about) in E::Column::iter().zip(columns).filter(|(_, about)| about.key) {
        let key = Expr::col(column);
        query = query.order_by(if about.kind == Kind::Text { dialect.bytes(key) } else { key }, Order::Asc);
    }
    let names: Vec<_> = columns.iter().map(|column| column.name).collect();
    let mut file = BufWriter::new(File::create(path).map_err(unwritable(path))?);
    let mut line = names.join(",").into_bytes();
    line.push(b'\n');
    file.write_all(&line).map_err(unwritable(path))?;

    let statement = dialect.statement(&query.into_query());
    let mut rows = snapshot.stream_raw(statement).await.map_err(refusing(table))?;
    let mut untold = 0;
    while let Some(row) = rows.try_next().await.map_err(refusing(table))? {
        line.clear();
        for (place, column) in columns.iter().enumerate() {
            if place > 0 {
                line.push(b',');
            }
            let bad = |reason| ExportError::Table { table, source: bad_value(columns, place, &row, reason) };
            let is_day = days.precision(table, column.name).is_day();
            if !cell::write(&mut line, &value(column, is_day, &row, place).map_err(bad)?) {
                return Err(bad("is of a type that CSV files cannot hold".into()));
            }
        }
        line.push(b'\n');
        file.write_all(&line).map_err(unwritable(path))?;
        untold += 1;
        if untold == ROWS_A_TICK {
            step.advance(std::mem::take(&mut untold));
        }
    }
    step.advance(untold);
    let file = file.into_inner().map_err(|error| unwritable(path)(error.into_error()))?;
    file.sync_all().map_err(unwritable(path))
}

/// What a row holds in a column, which is the one at a place. What is wrong with it, where it is not what the column
/// promises.
fn value(column: &Column, is_day: bool, row: &QueryResult, place: usize) -> Result<Value, String> {
    let value = match &column.kind {
        Kind::Text | Kind::Decimal => row.try_get_by_index::<Option<String>>(place).map(Value::from),
        Kind::Word(words) => {
            let word = row.try_get_by_index::<Option<String>>(place);
            if let Ok(Some(word)) = &word
                && !words.contains(word)
            {
                return Err(format!("holds {word:?}, none of the words {}", words.join(", ")));
            }
            word.map(Value::from)
        }
        Kind::Integer | Kind::BigInteger => whole(row, place).map(Value::from),
        Kind::Flag => row.try_get_by_index::<Option<bool>>(place).map(Value::from),
        Kind::Day => time::<NaiveDate>(row, place).map(Value::from),
        Kind::Instant if is_day => day(row, place).map(Value::from),
        Kind::Instant => time::<DateTime<Utc>>(row, place).map(Value::from),
    };
    match value {
        Ok(value) if value == value.as_null() && !column.nullable => Err("is not set".into()),
        Ok(value) => Ok(value),
        Err(DbErr::Type(reason)) => Err(reason),
        Err(_) => Err(format!("does not hold {}", cell::expected(&column.kind))),
    }
}

/// A day: as it is, or as its midnight in UTC.
fn day(row: &QueryResult, place: usize) -> Result<Option<NaiveDate>, DbErr> {
    match time::<NaiveDate>(row, place) {
        Ok(day) => Ok(day),
        Err(_) => Ok(time::<DateTime<Utc>>(row, place)?.map(|at| at.date_naive())),
    }
}

/// Says in which row a value is bad.
fn bad_value(columns: &[Column], place: usize, row: &QueryResult, reason: String) -> Error {
    let keys = columns.iter().enumerate().filter(|(_, column)| column.key);
    let key = keys.map(|(place, column)| {
        let mut text = Vec::new();
        let written = value(column, false, row, place).is_ok_and(|value| cell::write(&mut text, &value));
        let text = if written { String::from_utf8_lossy(&text).into_owned() } else { "?".to_owned() };
        format!("{} {text}", column.name)
    });
    let key: Vec<String> = key.collect();
    let column = columns.get(place).map_or("", |column| column.name);
    Error::BadStoredData(format!("{column} of the row with {} {reason}", key.join(", ")))
}
