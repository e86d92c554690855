use super::cell;
use super::error::ExportError;
use super::folder::file_name;
use crate::crm::{self, Kind};
use crate::database::{Dialect, begin_snapshot};
use crate::error::Error;
use crate::import::{Progress, Step};
use futures::TryStreamExt;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, IdenStatic, Iterable, ModelTrait,
    Order, PaginatorTrait, QueryOrder,
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
            write_table::<crm::$table::Entity>(&snapshot, &path, step).await?;
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

async fn write_table<E>(snapshot: &DatabaseTransaction, path: &Path, mut step: Step) -> Result<(), ExportError>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E> + Send + Sync,
{
    let table = E::default().table_name();
    let dialect = Dialect::from(snapshot.get_database_backend());
    let mut query = E::find();
    for (column, about) in E::Column::iter().zip(crm::columns::<E>()).filter(|(_, about)| about.key) {
        let key = Expr::col(column);
        query = query.order_by(if about.kind == Kind::Text { dialect.bytes(key) } else { key }, Order::Asc);
    }
    let names: Vec<_> = E::Column::iter().map(|column| column.as_str()).collect();
    let mut file = BufWriter::new(File::create(path).map_err(unwritable(path))?);
    let mut line = names.join(",").into_bytes();
    line.push(b'\n');
    file.write_all(&line).map_err(unwritable(path))?;

    let mut rows = query.stream(snapshot).await.map_err(refusing(table))?;
    let mut untold = 0;
    while let Some(row) = rows.try_next().await.map_err(refusing(table))? {
        line.clear();
        for (place, column) in E::Column::iter().enumerate() {
            if place > 0 {
                line.push(b',');
            }
            if !cell::write(&mut line, &row.get(column)) {
                let source = Error::Internal(format!("{} is of a type that CSV files cannot hold", column.as_str()));
                return Err(ExportError::Table { table, source });
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
