use super::report::BadRows;
use crate::database::StagingError;
use crate::error::Error;
use crate::schema::PrepareError;
use sea_orm::DbErr;
use std::fmt;
use std::path::PathBuf;

/// Something that is wrong with a mapping, or with the files as a mapping describes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingProblem {
    /// Where in the mapping, such as `opportunities[1].columns.amount`: the first section of that table.
    pub key: String,
    /// What is wrong and what to write instead.
    pub description: String,
}

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
    /// The mapping is not TOML, or has keys or values that the language does not know.
    #[error("{}: {source}", path.display())]
    Syntax {
        /// The mapping file.
        path: PathBuf,
        /// Says line, key and what is expected.
        source: toml::de::Error,
    },
    /// The mapping says something impossible, or names columns and files that do not exist: all such places.
    #[error("{}: {}", path.display(), list(problems))]
    Mapping {
        /// The mapping file.
        path: PathBuf,
        /// At least one.
        problems: Vec<MappingProblem>,
    },
    /// No file of the folder is a table's.
    #[error("{} has no file of a table, such as reps.csv", .0.display())]
    NoFiles(PathBuf),
    /// Files that are no table's, or whose headers are not their tables': all of them.
    #[error("{}nothing was loaded", lines(.0))]
    Files(Vec<FileProblem>),
    /// Rows are bad, and good ones were not asked for alone.
    #[error("{bad}\nnothing was loaded: {advice}", bad = .0, advice = advice(.0))]
    BadRows(BadRows),
    /// Columns have days without a time and points in time: all of them.
    #[error("{}nothing was loaded", lines(.0))]
    Times(Vec<String>),
    /// The schema could not be brought up to date; nothing was loaded.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// The role may not do what an import needs to do.
    #[error("nothing was loaded: {0}")]
    NotAllowed(StagingError),
    /// The database refused something; nothing was loaded.
    #[error("the database refused the import: {}", cause(.0))]
    Database(#[source] Error),
}

impl From<StagingError> for ImportError {
    fn from(error: StagingError) -> Self {
        match error {
            StagingError::Database(error) => error.into(),
            error => Self::NotAllowed(error),
        }
    }
}

impl From<DbErr> for ImportError {
    fn from(error: DbErr) -> Self {
        Self::Database(error.into())
    }
}

fn list(problems: &[MappingProblem]) -> String {
    problems.iter().map(|problem| format!("\n  {}: {}", problem.key, problem.description)).collect()
}

fn advice(bad: &BadRows) -> &'static str {
    bad.repeats.unwrap_or("correct the rows, or load the good ones alone with --lenient")
}

fn lines(problems: &[impl fmt::Display]) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

/// The driver's own words: who imports or exports may see them.
pub(super) fn cause(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
