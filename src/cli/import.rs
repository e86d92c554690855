use super::Failure;
use crate::config::{DatabaseSettings, LogSettings};
use crate::database::connect;
use crate::import::{ImportError, Options, Progress, import};
use crate::server::telemetry;
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit status of a lenient import that left bad rows out. Where nothing was loaded it is 1.
const BAD_ROWS_LEFT_OUT: u8 = 3;

/// Options of `import`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseSettings,
    /// The TOML file that says which column fills which field: see examples/import/README.md
    #[arg(long, value_name = "FILE", env = "CRM_KPI_MAPPING")]
    mapping: PathBuf,
    /// Load the good rows and list the bad ones; the exit status is 3 if there are any. Without it one bad row keeps
    /// everything from being loaded, and the exit status is 1
    #[arg(long, env = "CRM_KPI_LENIENT")]
    lenient: bool,
    /// How many bad values to list; all are counted
    #[arg(long, value_name = "N", env = "CRM_KPI_SHOW", default_value_t = 100)]
    show: usize,
    #[command(flatten)]
    log: LogSettings,
    /// The folder with the CSV files
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Imports into a database, whose schema is brought up to date first. Progress and bad rows go to standard error, the
/// summary to standard output.
pub(super) async fn run(args: Args) -> Result<ExitCode, Failure> {
    telemetry::start(&args.log);
    let options = Options {
        mapping: args.mapping,
        folder: args.folder,
        lenient: args.lenient,
        shown_problems: args.show,
        progress: Progress::for_stderr(),
    };
    let connection = connect(&args.database.database).await?;
    let summary = import(&connection, &options).await?;
    println!("{summary}");
    if summary.bad.rows == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("{}", summary.bad);
    Ok(ExitCode::from(BAD_ROWS_LEFT_OUT))
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        Self::new(error)
    }
}
