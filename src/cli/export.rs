use super::{Failure, output};
use crate::config::{DatabaseArgs, LogArgs};
use crate::database::connect_existing;
use crate::error::Error;
use crate::import::Progress;
use crate::import::canonical::{ExportError, ExportOptions, export};
use crate::server::telemetry;
use std::path::PathBuf;

/// Options of `export`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Replace the files of an earlier export
    #[arg(long, env = "CRM_KPI_OVERWRITE")]
    overwrite: bool,
    #[command(flatten)]
    log: LogArgs,
    /// The folder to write the CSV files to; it is made where it does not exist
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Exports a database. Progress goes to standard error, the summary to standard output.
pub(super) async fn run(args: Args) -> Result<(), Failure> {
    let (url, log) = args.database.load_with(&args.log)?;
    telemetry::start(&log);
    let options = ExportOptions { folder: args.folder, overwrite: args.overwrite, progress: Progress::for_stderr() };
    let connection = connect_existing(&url).await?;
    let tables = tokio::select! {
        exported = export(&connection, &options) => exported?,
        _ = tokio::signal::ctrl_c() => return Err(Failure::new("interrupted: nothing was exported")),
    };
    output::tell(format_args!("exported to {}:", options.folder.display()));
    for (table, rows) in tables {
        output::tell(format_args!("  {table:<28}{rows:>12}"));
    }
    Ok(())
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        let failure = Self::new(&error);
        match error {
            ExportError::Exists { .. } => failure.hint("Take another folder, or replace the files with --overwrite"),
            ExportError::Table { source: Error::SchemaNotReady(_), .. } => failure
                .hint("Is --database the right one? An older schema is brought up to date by: crm-kpi migrate up"),
            _ => failure,
        }
    }
}
