use crate::crm;
use crate::database::Load;
use crate::import::{Progress, Step};
use crate::schema::{PrepareError, prepare};
use chrono::NaiveDate;
use crm_kpi_synthetic::{Company, Options, OutOfRange};
use sea_orm::{DatabaseConnection, DbErr, EntityTrait, ModelTrait, PaginatorTrait, QueryOrder, QuerySelect};

/// How many tables each branch has rows of.
const TABLES_OF_A_BRANCH: usize = 26;

/// Why there are no made-up data.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// An option is out of its range.
    #[error(transparent)]
    Options(#[from] OutOfRange),
    /// The database holds rows, made up or not.
    #[error("the database already has rows in {table}: made-up data go only into an empty one")]
    NotEmpty {
        /// A table with rows.
        table: &'static str,
    },
    /// The database holds demo data made with other options.
    #[error("the database already holds other demo data ({found}): use another --database for \"{wanted}\"")]
    OtherDemo {
        /// What it holds.
        found: String,
        /// What was asked for.
        wanted: String,
    },
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// The database does not do its part.
    #[error("the data cannot be written: {0}")]
    Database(#[from] DbErr),
}

/// What a database holds after [`fill`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The options of the data in it: where they were there before, with their own last day.
    pub options: Options,
    /// The rows written to each table; none where the data were there before.
    pub tables: Vec<(&'static str, u64)>,
}

impl Filled {
    /// The rows written to all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|(_, rows)| rows).sum()
    }
}

/// Migrates a database, fills its empty tables in one transaction, all or nothing, and has the database look at them, so
/// that it plans well at once. A database with rows is left as it is; only where it holds the demo that is asked for, up to
/// whatever day, is that no error.
pub async fn fill(connection: &DatabaseConnection, options: &Options, progress: Progress) -> Result<Filled, FillError> {
    let company = Company::new(options)?;
    prepare(connection, None).await?;
    // Before the tables are locked: they may be somebody's own.
    if let Some(last_day) = demo_that_is_there(connection, options).await? {
        return Ok(Filled { options: Options { last_day, ..options.clone() }, tables: Vec::new() });
    }
    macro_rules! refuse_rows_of {
        ($($table:ident),+) => {$(
            if crm::$table::Entity::find().limit(1).count(connection).await? > 0 {
                return Err(FillError::NotEmpty { table: stringify!($table) });
            }
        )+};
    }
    crm::every_table!(refuse_rows_of);
    let mut load = Load::begin(connection, crm::TABLE_NAMES).await?;
    if let Some(table) = load.first_with_rows(crm::TABLE_NAMES).await? {
        return Err(FillError::NotEmpty { table });
    }
    let tables = write_all(&mut load, &company, progress).await?;
    let step = progress.step_over("commit and analyze", tables.len(), "tables");
    load.commit().await?;
    drop(step);
    Ok(Filled { options: options.clone(), tables })
}

/// The last day of the demo data that are there, if these are what is wanted.
async fn demo_that_is_there(
    connection: &DatabaseConnection,
    options: &Options,
) -> Result<Option<NaiveDate>, FillError> {
    if options.opportunities.is_some() {
        return Ok(None);
    }
    // Being written in one transaction, the data are complete where their root team is.
    let root = crm::teams::Entity::find().order_by_asc(crm::teams::Column::Id).one(connection).await?;
    let Some(found) = root.map(|team| team.name).filter(|name| name.starts_with("Demo company, ")) else {
        return Ok(None);
    };
    let label = options.label();
    let last_day = found.strip_prefix(&label).and_then(|rest| rest.strip_prefix(", to ")?.parse().ok());
    let wanted = || format!("{label}, to {}", options.last_day);
    last_day.map(Some).ok_or_else(|| FillError::OtherDemo { wanted: wanted(), found })
}

async fn write_all(load: &mut Load, company: &Company, progress: Progress) -> Result<Vec<(&'static str, u64)>, DbErr> {
    let mut indexes = Vec::new();
    for table in crm::TABLE_NAMES {
        indexes.extend(load.drop_indexes(table).await?);
    }
    let total = usize::try_from(company.opportunities()).unwrap_or(usize::MAX);
    let step = progress.step_over("opportunities and what belongs to them", total, "opportunities");
    let mut job = Job { load, step, part: 0, tables: crm::TABLE_NAMES.iter().map(|table| (*table, 0)).collect() };
    macro_rules! write {
        ($job:ident, $of:expr, $($table:ident),+) => {$(
            $job.write::<crm::$table::Entity>($of.$table()).await?;
        )+};
    }
    write!(job, company, teams, reps, sources, products, pipelines, stages, exchange_rates);
    let mut plans = company.plans();
    for branch in company.branches() {
        job.part = branch.opportunity_count() / TABLES_OF_A_BRANCH;
        write!(job, branch, accounts, opportunities, opportunity_stages, proposals, orders, customer_tenures);
        write!(job, branch, subscriptions, mrr_movements, renewals, leads, lead_stages, campaigns, campaign_responses);
        write!(job, branch, costs, referrals, web_sessions, mailing_list_subscriptions, activities, sign_ins);
        write!(job, branch, social_profile_snapshots, social_posts, training_results);
        write!(job, branch, service_cases, service_calls, survey_answers);
        job.write::<crm::targets::Entity>(plans.add(&branch)).await?;
        job.step.advance(branch.opportunity_count() - TABLES_OF_A_BRANCH * job.part);
        job.part = 0;
    }
    job.write::<crm::targets::Entity>(plans.finish()).await?;
    let Job { tables, step, .. } = job;
    drop(step);
    let mut step = progress.step_over("indexes", indexes.len(), "indexes");
    for index in &indexes {
        load.execute(index).await?;
        step.advance(1);
    }
    Ok(tables)
}

struct Job<'a> {
    load: &'a mut Load,
    step: Step,
    /// What the step advances by with each table.
    part: usize,
    tables: Vec<(&'static str, u64)>,
}

impl Job<'_> {
    /// Adds rows to a table.
    async fn write<E>(&mut self, rows: impl IntoIterator<Item = E::Model>) -> Result<(), DbErr>
    where
        E: EntityTrait,
        E::Model: ModelTrait<Entity = E>,
    {
        let mut table = self.load.rows::<E>().await?;
        let mut written = 0;
        for row in rows {
            table.push(&row);
            written += 1;
            if table.is_full() {
                table.write().await?;
            }
        }
        table.finish().await?;
        let name = E::default().table_name();
        if let Some((_, count)) = self.tables.iter_mut().find(|(table, _)| *table == name) {
            *count += written;
        }
        self.step.advance(self.part);
        Ok(())
    }
}
