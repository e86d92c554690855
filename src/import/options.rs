use super::progress::Progress;
use super::report::Summary;
use super::{ImportError, canonical, mapping};
use sea_orm::DatabaseConnection;
use std::path::PathBuf;

/// What to import, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder with the CSV files.
    pub folder: PathBuf,
    /// The mapping that describes the files; without it they are in the canonical form.
    pub mapping: Option<PathBuf>,
    /// Load the good rows although others are bad.
    pub lenient: bool,
    /// Delete the stored rows that the files no longer have, from the tables that have a canonical file. A mapping says this
    /// for each table by itself.
    pub delete_missing: bool,
    /// How many problems of rows are kept to be shown; all are counted.
    pub shown_problems: usize,
    /// Where the progress is shown.
    pub progress: Progress,
}

impl Default for Options {
    /// The canonical files of the current folder, every row of which must be good; without a word about progress.
    fn default() -> Self {
        Self {
            folder: PathBuf::from("."),
            mapping: None,
            lenient: false,
            delete_missing: false,
            shown_problems: 100,
            progress: Progress::Silent,
        }
    }
}

/// Brings the schema up to date and loads the files of a folder, in one transaction: after an error nothing was loaded. In
/// the summary of a lenient import `bad` tells which rows were left out.
///
/// All files are checked before anything is written. A row replaces the stored one with its key; the children of a
/// parent, such as an opportunity's stays, are replaced together.
pub async fn import(connection: &DatabaseConnection, options: &Options) -> Result<Summary, ImportError> {
    match &options.mapping {
        Some(mapping) => mapping::import(connection, mapping, options).await,
        None => canonical::import(connection, options).await,
    }
}
