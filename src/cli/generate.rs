use super::{Failure, output};
use crate::config::{DatabaseArgs, LogArgs};
use crate::database::connect;
use crate::import::Progress;
use crate::server::telemetry;
use crate::synthetic::{FillError, Options, fill, yesterday};
use chrono::{NaiveDate, Utc};
use std::time::Instant;

/// Where generated data go by default: not where anybody's own data are.
const DATABASE: &str = "sqlite://crm-kpi-generated.db";

const DATABASE_HELP: &str = "The database: sqlite://FILE or postgres://USER@HOST/DATABASE [env: CRM_KPI_DATABASE] \
    [default: sqlite://crm-kpi-generated.db]";

/// Options of `generate`.
#[derive(Debug, clap::Args)]
#[command(mut_arg("database", |database| database.help(DATABASE_HELP)))]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Sales reps
    #[arg(long, value_name = "N", env = "CRM_KPI_REPS", default_value_t = 1_000,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(Options::MAX_REPS)))]
    reps: u32,
    /// Opportunities; there are about ten other rows for each
    #[arg(long, value_name = "N", env = "CRM_KPI_OPPORTUNITIES", default_value_t = 1_000_000,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(Options::MAX_OPPORTUNITIES)))]
    opportunities: u32,
    /// Years that everything is spread over, up to the last day
    #[arg(long, value_name = "N", env = "CRM_KPI_YEARS", default_value_t = 3,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(Options::MAX_YEARS)))]
    years: u32,
    /// Another seed gives other data of the same kind
    #[arg(long, value_name = "N", env = "CRM_KPI_SEED", default_value_t = 1)]
    seed: u64,
    /// The last day that has data [default: yesterday, the last one that is over]
    #[arg(long, value_name = "YYYY-MM-DD", env = "CRM_KPI_LAST_DAY")]
    last_day: Option<NaiveDate>,
    #[command(flatten)]
    log: LogArgs,
}

/// Generates. Progress goes to standard error, the summary to standard output.
pub(super) async fn run(args: Args) -> Result<(), Failure> {
    let (url, log) = args.database.load_with_default(Some(DATABASE), &args.log)?;
    telemetry::start(&log);
    let last_day = args.last_day.unwrap_or_else(|| yesterday(Utc::now()));
    let Args { reps, opportunities, years, seed, .. } = args;
    let options = Options { reps, opportunities: Some(opportunities), years, seed, last_day };
    let connection = connect(&url).await?;
    let started = Instant::now();
    let filled = fill(&connection, &options, Progress::for_stderr()).await.map_err(failed)?;
    let took = started.elapsed();
    connection.close().await?;
    for (table, rows) in &filled.tables {
        output::tell(format_args!("{rows:>12} {table}"));
    }
    let rows_a_second = u128::from(filled.rows()) * 1000 / took.as_millis().max(1);
    let (rows, seconds) = (filled.rows(), took.as_secs());
    output::tell(format_args!("{rows:>12} rows in {seconds} s ({rows_a_second} a second)"));
    output::tell(format_args!("Serve them: crm-kpi serve --database {}", url));
    Ok(())
}

fn failed(error: FillError) -> Failure {
    match error {
        FillError::NotEmpty { .. } => Failure::new(&error)
            .hint("Take another database: crm-kpi generate --database sqlite://another.db")
            .hint("A run that was interrupted leaves no rows; these are of a whole one, or somebody's own"),
        FillError::Prepare(error) => error.into(),
        FillError::Options(_) | FillError::OtherDemo { .. } | FillError::Database(_) => Failure::new(&error),
    }
}
