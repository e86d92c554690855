//! `crm-kpi import`: loads CSV exports as a mapping file describes them.

use crate::database::connect;
use crate::import::{ImportError, Options, Progress, import};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit status of a lenient import that left bad rows out. Where nothing was loaded it is 1.
pub const BAD_ROWS_LEFT_OUT: u8 = 3;

/// Options of `crm-kpi import`.
#[derive(Args, Clone, Debug)]
pub struct ImportArgs {
    /// The TOML file that says which column fills which field: see examples/import/README.md
    #[arg(long, value_name = "FILE")]
    pub mapping: PathBuf,
    /// Load the good rows and list the bad ones; the exit status is 3 if there are any. Without it one bad row keeps
    /// everything from being loaded, and the exit status is 1
    #[arg(long)]
    pub lenient: bool,
    /// How many bad values to list; all are counted
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub show: usize,
    /// The folder with the CSV files
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// Imports into the database at a URL, whose schema is brought up to date first. Progress and bad rows go to standard
/// error, the summary to standard output.
pub async fn run(args: ImportArgs, database_url: &str) -> Result<ExitCode, ImportError> {
    let options = Options {
        mapping: args.mapping,
        folder: args.folder,
        lenient: args.lenient,
        shown_problems: args.show,
        progress: Progress::for_stderr(),
    };
    let connection = connect(database_url).await?;
    let summary = import(&connection, &options).await?;
    println!("{summary}");
    if summary.bad.rows == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("{}", summary.bad);
    Ok(ExitCode::from(BAD_ROWS_LEFT_OUT))
}
