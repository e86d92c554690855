use super::progress::Progress;
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
