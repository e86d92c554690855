use crate::error::Error;
use crate::import::BadRows;
use crate::schema::PrepareError;
use sea_orm::DbErr;
use std::fmt;
use std::path::PathBuf;

/// Something that is wrong with a file as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// The file's name.
    pub file: String,
    /// What is wrong and what to write instead.
    pub description: String,
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.description)
    }
}

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file or folder cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// No file of the folder is a table's.
    #[error("{} has no file of a table, such as reps.csv", .0.display())]
    NoFiles(PathBuf),
    /// Files that are no table's, or whose headers are not their tables': all of them.
    #[error("{}nothing was loaded", list(.0))]
    Files(Vec<FileProblem>),
    /// Rows are bad, and good ones were not asked for alone.
    #[error("{0}\nnothing was loaded: correct the rows, or load the good ones alone with --lenient")]
    BadRows(BadRows),
    /// The schema could not be brought up to date; nothing was loaded.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// The database refused something; nothing was loaded.
    #[error("the database refused the import: {}", cause(.0))]
    Database(#[source] Error),
}

impl From<DbErr> for ImportError {
    fn from(error: DbErr) -> Self {
        Self::Database(error.into())
    }
}

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

fn list(problems: &[FileProblem]) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

/// The driver's own words: who imports or exports may see them.
fn cause(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
