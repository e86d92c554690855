use crate::error::Error;
use crate::import::error::cause;
use sea_orm::DbErr;
use std::path::PathBuf;

/// Why nothing was exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The folder holds files of an export already.
    #[error("{} already holds {file}", folder.display())]
    Exists {
        /// The folder.
        folder: PathBuf,
        /// The first of them.
        file: String,
    },
    /// A file or folder cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The database does not hand out a table, or a stored value is not what its column promises.
    #[error("cannot read the table {table}: {}", cause(source))]
    Table {
        /// The table.
        table: &'static str,
        /// What is wrong.
        source: Error,
    },
    /// There is no snapshot to be had.
    #[error("cannot read the database: {}", cause(.0))]
    Database(#[source] Error),
}

impl From<DbErr> for ExportError {
    fn from(error: DbErr) -> Self {
        Self::Database(error.into())
    }
}
