use super::{Failure, output};
use crate::config::DatabaseArgs;
use crate::database::{Database, connect};
use crate::error::Error;
use crate::schema::{PrepareError, inspect, prepare};
use clap::ValueEnum;
use crm_kpi_migrations::{MigrationStatus, Migrator, MigratorTrait, unknown_migrations};
use sea_orm::DatabaseConnection;

/// Options of `migrate`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to do
    #[arg(value_enum, default_value_t = Action::Up)]
    action: Action,
    /// How many migrations `up` applies or `down` takes back [default: all up, one down]
    #[arg(long, value_name = "N")]
    steps: Option<u32>,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Action {
    /// Show which migrations are applied
    Status,
    /// Apply what is pending
    Up,
    /// Take back the latest: its tables are dropped with all that they hold
    Down,
}

pub(super) async fn run(args: Args) -> Result<(), Failure> {
    let url = &args.database.load()?;
    let connection = connect(url).await?;
    let unknown = unknown_migrations::<Migrator>(&connection).await?;
    if !unknown.is_empty() {
        let names: String = unknown.iter().map(|name| format!("\n  {name}")).collect();
        return Err(Failure::new(format_args!(
            "{url} was migrated by a newer version of crm-kpi; not known here:{names}"
        ))
        .hint("Use that version, also to go back to an older schema: its `crm-kpi migrate down` undoes them"));
    }
    let before = state(&connection).await?;
    match args.action {
        Action::Status => {}
        Action::Up => prepare(&connection, args.steps).await?,
        Action::Down => Migrator::down(&connection, args.steps.or(Some(1))).await?,
    }
    let after = state(&connection).await?;
    let database = Database::try_from(connection)?;
    let misfits = match database.snapshot().await {
        Ok(snapshot) => inspect(&snapshot).await.err(),
        Err(error) => Some(error),
    };
    database.connection().clone().close().await?;
    output::tell(url);
    for ((name, before), (_, after)) in before.iter().zip(&after) {
        let change = if before == after { "" } else { " (now)" };
        let state = if *after { "applied" } else { "pending" };
        output::tell(format_args!("  {name}: {state}{change}"));
    }
    // Where migrations are pending more than one table is missing, and that is what is said already.
    if let Some(Error::WrongSchema { misfits, .. }) = misfits.filter(|_| after.iter().all(|(_, applied)| *applied)) {
        output::warn("warning: these tables or columns do not fit, and the service is not ready with them:");
        for misfit in misfits {
            output::warn(format_args!("  {} {}", misfit.field, misfit.description));
        }
    }
    Ok(())
}

/// Every migration, and whether it is applied.
async fn state(connection: &DatabaseConnection) -> Result<Vec<(String, bool)>, Failure> {
    let migrations = Migrator::get_migration_with_status_read_only(connection).await?;
    let state = |status| status == MigrationStatus::Applied;
    Ok(migrations.iter().map(|migration| (migration.name().to_owned(), state(migration.status()))).collect())
}

impl From<PrepareError> for Failure {
    fn from(error: PrepareError) -> Self {
        let failure = Self::new(&error);
        match error {
            PrepareError::Taken { has_schemas: true, .. } => failure
                .hint("Nothing was done. Take a schema of its own: --set database_schema=crm_kpi")
                .hint("Views in the place of our tables need no migration: `crm-kpi serve` reports what they lack"),
            PrepareError::Taken { .. } => failure.hint("Nothing was done. Take another file with --database"),
            PrepareError::Database(error) => error.into(),
        }
    }
}
