use super::{Failure, output, serve};
use crate::config::ServiceArgs;
use crate::database::connect;
use crate::import::Progress;
use crate::server::telemetry;
use crate::synthetic::{FillError, Options, fill, suggestions, yesterday};
use chrono::{NaiveDate, Utc};

/// Where demo data go by default: not where `serve` and `import` look for a company's own.
const DATABASE: &str = "sqlite://crm-kpi-demo.db";

/// The most reps of a demo.
const MAX_REPS: i64 = 9_999;

const DATABASE_HELP: &str = "The database: sqlite://FILE or postgres://USER@HOST/DATABASE [env: CRM_KPI_DATABASE] \
    [default: sqlite://crm-kpi-demo.db]";

/// Options of `demo`.
#[derive(Debug, clap::Args)]
#[command(mut_arg("database", |database| database.help(DATABASE_HELP)))]
pub struct Args {
    #[command(flatten)]
    settings: ServiceArgs,
    /// Sales reps
    #[arg(long, value_name = "N", env = "CRM_KPI_REPS", default_value_t = 40,
          value_parser = clap::value_parser!(u32).range(1..=MAX_REPS))]
    reps: u32,
    /// Years of opportunities, up to the last day
    #[arg(long, value_name = "N", env = "CRM_KPI_YEARS", default_value_t = 3,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(Options::MAX_YEARS)))]
    years: u32,
    /// Another seed gives other data of the same kind
    #[arg(long, value_name = "N", env = "CRM_KPI_SEED", default_value_t = 1)]
    seed: u64,
    /// The last day that has data [default: yesterday, the last one that is over]
    #[arg(long, value_name = "YYYY-MM-DD", env = "CRM_KPI_LAST_DAY")]
    last_day: Option<NaiveDate>,
}

pub(super) async fn run(args: Args) -> Result<(), Failure> {
    let settings = args.settings.load(Some(DATABASE))?;
    telemetry::start(&settings.log);
    let url = &settings.database;
    let last_day = args.last_day.unwrap_or_else(|| yesterday(Utc::now()));
    let Args { reps, years, seed, .. } = args;
    let wanted = Options { reps, years, seed, ..Options::demo(last_day) };
    let connection = connect(url).await?;
    let filled = fill(&connection, &wanted, Progress::for_stderr()).await.map_err(failed)?;
    connection.close().await?;
    let program = std::env::args().next().unwrap_or_else(|| "crm-kpi".into());
    let scheme = serve::scheme(&settings);
    serve::serve(&settings, |address| {
        output::tell(format_args!("crm-kpi is ready: demo data in {url} at {scheme}://{address}\n"));
        let suggestions = suggestions(address, &filled.options, &program);
        output::tell(format_args!("Try in another terminal:\n\n{suggestions}"));
    })
    .await
}

fn failed(error: FillError) -> Failure {
    match error {
        FillError::NotEmpty { .. } | FillError::OtherDemo { .. } => {
            Failure::new(&error).hint("Take another file: crm-kpi demo --database sqlite://another.db")
        }
        FillError::Prepare(error) => error.into(),
        FillError::Options(_) | FillError::Database(_) => Failure::new(&error),
    }
}
