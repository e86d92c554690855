use super::{Failure, output};
use crate::config::{DatabaseArgs, LogArgs};
use crate::database::connect;
use crate::import::{BadRows, ImportError, Options, Progress, import};
use crate::server::telemetry;
use std::fmt::Display;
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit status of a lenient import that left bad rows out. Where nothing was loaded it is 1.
const BAD_ROWS_LEFT_OUT: u8 = 3;

/// Options of `import`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The TOML file that says which column fills which field: see docs/reference/import.md. Without it the files are
    /// those of `crm-kpi export`: one a table, such as reps.csv, with the table's columns
    #[arg(long, value_name = "FILE", env = "CRM_KPI_MAPPING")]
    mapping: Option<PathBuf>,
    /// Load the good rows and list the bad ones; the exit status is 3 if there are any. Without it one bad row keeps
    /// everything from being loaded, and the exit status is 1
    #[arg(long, env = "CRM_KPI_LENIENT")]
    lenient: bool,
    /// Delete the stored rows that the files no longer have, from the tables that have a file: a file is then all that its
    /// table holds. A mapping says this itself, for each table (`missing = "delete"`)
    #[arg(long, env = "CRM_KPI_DELETE_MISSING", conflicts_with = "mapping")]
    delete_missing: bool,
    /// How many bad values to list; all are counted
    #[arg(long, value_name = "N", env = "CRM_KPI_SHOW", default_value_t = 100)]
    show: usize,
    #[command(flatten)]
    log: LogArgs,
    /// The folder with the CSV files
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Imports into a database, whose schema is brought up to date first. Progress and bad rows go to standard error, the
/// summary to standard output.
pub(super) async fn run(args: Args) -> Result<ExitCode, Failure> {
    let (url, log) = args.database.load_with(&args.log)?;
    telemetry::start(&log);
    let connection = connect(&url).await?;
    let options = Options {
        folder: args.folder,
        mapping: args.mapping,
        lenient: args.lenient,
        delete_missing: args.delete_missing,
        shown_problems: args.show,
        progress: Progress::for_stderr(),
    };
    let summary = import(&connection, &options).await?;
    Ok(report(&summary, &summary.bad))
}

fn report(summary: &impl Display, bad: &BadRows) -> ExitCode {
    output::tell(summary);
    if bad.rows == 0 {
        return ExitCode::SUCCESS;
    }
    output::warn(bad);
    ExitCode::from(BAD_ROWS_LEFT_OUT)
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        use ImportError as E;
        let failure = Self::new(&error);
        match error {
            E::Prepare(error) => error.into(),
            E::NoFiles(_) => failure.hint(OTHER_FILES),
            E::Files(_) => failure.hint("Tables and columns: crm-kpi schema").hint(OTHER_FILES),
            _ => failure,
        }
    }
}

/// What to do about files that are not in the canonical form.
const OTHER_FILES: &str = "Files of another program are loaded with --mapping FILE: see docs/reference/import.md";
