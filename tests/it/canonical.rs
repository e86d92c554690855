//! The canonical CSV files: what is exported and imported again.

mod bad_input;
mod edges;
mod exports;
mod missing;
mod round_trip;

use crate::support::{Kind, TestDatabase};
use crm_kpi::crm;
use crm_kpi::import::canonical::{ExportOptions, export};
use crm_kpi::import::{ImportError, Options, Progress, Summary, import};
use sea_orm::{DatabaseConnection, EntityTrait};
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

/// All rows of all tables, as the entities read them.
async fn everything(db: &DatabaseConnection) -> Vec<String> {
    let mut rows = Vec::new();
    macro_rules! read {
        ($($table:ident),+) => {$(
            for row in crm::$table::Entity::find().all(db).await.unwrap() {
                rows.push(format!("{} {row:?}", stringify!($table)));
            }
        )+};
    }
    crm::every_table!(read);
    rows.sort();
    rows
}

/// The files of a folder by their names.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    entries.map(|path| (name(&path), std::fs::read_to_string(&path).unwrap())).collect()
}

/// A folder with an export of a database.
async fn exported(db: &DatabaseConnection) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    export_to(db, folder.path(), false).await.unwrap();
    folder
}

async fn export_to(
    db: &DatabaseConnection,
    folder: &Path,
    overwrite: bool,
) -> Result<Vec<(&'static str, usize)>, crm_kpi::import::canonical::ExportError> {
    let options = ExportOptions { folder: folder.to_owned(), overwrite, progress: Progress::Silent };
    export(db, &options).await
}

async fn import_from(db: &DatabaseConnection, folder: &Path) -> Result<Summary, ImportError> {
    import_with(db, folder, false).await
}

async fn import_with(db: &DatabaseConnection, folder: &Path, lenient: bool) -> Result<Summary, ImportError> {
    let options = Options { folder: folder.to_owned(), lenient, ..Options::default() };
    import(db, &options).await
}

/// A new database with what a folder holds.
async fn imported(kind: Kind, folder: &Path) -> TestDatabase {
    let database = TestDatabase::empty(kind).await;
    import_from(&database.connection, folder).await.unwrap();
    database
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}
