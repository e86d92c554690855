//! Prints what the service reads to answer a question.

mod lines;
#[cfg(test)]
mod tests;
mod text;

use super::question::QuestionArgs;
use super::{Failure, output};
use crate::config::DatabaseArgs;
use crate::convert::{Context, Shape, Violations, question};
use crate::database::{Database, DayColumns, connect_existing};
use crate::engine::{self, Question};
use crate::error::Error;
use crate::schema::inspect;
use crate::scope::Scope;
use clap::ValueEnum;

/// Options of `explain`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    question: QuestionArgs,
    #[command(flatten)]
    database: DatabaseArgs,
    /// Also the database's own plan of each statement: EXPLAIN, or EXPLAIN QUERY PLAN. The statements are not run
    #[arg(long)]
    plan: bool,
    /// Write the SQL for this database; it need not be there [default: that of --database]
    #[arg(long, value_name = "DATABASE", conflicts_with = "plan")]
    dialect: Option<Dialect>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[allow(missing_docs)]
enum Dialect {
    Sqlite,
    Postgres,
}

impl From<Dialect> for crate::database::Dialect {
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => Self::Sqlite,
            Dialect::Postgres => Self::Postgres,
        }
    }
}

pub(super) async fn run(args: Args) -> Result<(), Failure> {
    let settings = args.database.settings()?;
    let context = Context {
        scope: Scope::All,
        now: chrono::Utc::now(),
        currency: settings.currency,
        max_buckets: settings.limits.buckets,
        max_filter_values: settings.limits.filter_values,
    };
    let question = understand(&args.question, &context)?;
    let dialect = args.dialect.map_or(settings.database.dialect(), Into::into);
    if !args.plan {
        let passes = engine::explain(&question, dialect, &DayColumns::default()).map_err(refused)?;
        return output::print(text::render(&question, dialect, &passes, &[]));
    }
    let database = Database::try_from(connect_existing(&settings.database).await?)?;
    let snapshot = database.snapshot().await.map_err(Failure::new)?;
    let schema = inspect(&snapshot).await.map_err(Failure::new)?;
    let passes = engine::explain(&question, dialect, &schema.days).map_err(refused)?;
    let mut plans = Vec::new();
    for scan in passes.iter().flat_map(|pass| &pass.scans) {
        plans.push(snapshot.plan(&scan.statement).await.map_err(Failure::new)?);
    }
    output::print(text::render(&question, dialect, &passes, &plans))
}

/// The question that the options ask.
fn understand(args: &QuestionArgs, context: &Context) -> Result<Question, Failure> {
    let mut violations = Violations::default();
    let question = question(Some(&args.query(false)), "query", Shape::Free, context, &mut violations);
    violations.finish(question).map_err(refused)
}

fn refused(error: Error) -> Failure {
    let Error::Invalid(violations) = error else { return Failure::new(error) };
    let mut failure = Failure::new("the question is wrong");
    for violation in violations {
        failure = failure.hint(format_args!("  {}: {}", violation.field, violation.description));
    }
    failure.hint("KPIs and dimensions: crm-kpi catalog")
}
