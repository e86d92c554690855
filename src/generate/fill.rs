use super::options::Options;
use super::vocabulary::{EDITIONS, FAMILIES, SOURCES, STAGES};
use super::world::World;
use crate::crm;
use crate::database::Load;
use crate::import::Progress;
use crate::schema::{PrepareError, prepare};
use sea_orm::{DatabaseConnection, DbErr, EntityTrait, ModelTrait, PaginatorTrait, QuerySelect};

/// Numbers that are worked out before the progress is shown again.
const NUMBERS_A_TICK: u64 = 1_000;

/// Why there are no generated data.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// An option is out of its range.
    #[error("{0}")]
    Options(String),
    /// The database holds rows, generated or not.
    #[error("the database already has rows in {table}: data are generated only into an empty one")]
    NotEmpty {
        /// A table with rows.
        table: &'static str,
    },
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// The database does not do its part.
    #[error("the data cannot be written: {0}")]
    Database(#[from] DbErr),
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The rows of each table.
    pub tables: Vec<(&'static str, u64)>,
}

impl Filled {
    /// The rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|(_, rows)| rows).sum()
    }
}

/// Migrates a database, fills its empty tables in one transaction, all or nothing, and has the database look at them, so
/// that it plans well at once. A database with rows is left as it is.
pub async fn fill(
    connection: &DatabaseConnection,
    options: &Options,
    progress: Progress,
) -> Result<Filled, GenerateError> {
    if let Some(error) = options.out_of_range() {
        return Err(GenerateError::Options(error));
    }
    prepare(connection, None).await?;
    // Before the tables are locked: they may be somebody's own.
    macro_rules! refuse_rows_of {
        ($($table:ident),+) => {$(
            if crm::$table::Entity::find().limit(1).count(connection).await? > 0 {
                return Err(GenerateError::NotEmpty { table: stringify!($table) });
            }
        )+};
    }
    crm::every_table!(refuse_rows_of);
    let mut load = Load::begin(connection, crm::TABLE_NAMES).await?;
    if let Some(table) = load.first_with_rows(crm::TABLE_NAMES).await? {
        return Err(GenerateError::NotEmpty { table });
    }
    let world = World::new(options);
    let mut job = Job { load, progress, tables: Vec::new() };
    write_all(&mut job, &world).await?;
    let step = progress.step_over("commit and analyze", job.tables.len(), "tables");
    job.load.commit().await?;
    drop(step);
    Ok(Filled { tables: job.tables })
}

async fn write_all(job: &mut Job, world: &World) -> Result<(), DbErr> {
    let deals = world.deals;
    let of = |one_in: u64| deals.div_ceil(one_in);
    let (referrals, trainings, posts, costs, listed) = (of(50), of(50), of(20), of(20), of(10));
    let (sessions, sign_ins) = (of(2), of(2));
    let responses = of(5).next_multiple_of(World::CAMPAIGNS);
    let snapshots = world.profiles() * world.span.months.len() as u64;

    job.write::<crm::teams::Entity, _>(world.teams.all(), ROWS, |n| world.team_row(n)).await?;
    job.write::<crm::reps::Entity, _>(world.reps, ROWS, |n| world.rep_row(n)).await?;
    job.write::<crm::sources::Entity, _>(SOURCES.len() as u64, ROWS, World::source_row).await?;
    let products = (FAMILIES.len() * EDITIONS.len()) as u64;
    job.write::<crm::products::Entity, _>(products, ROWS, World::product_row).await?;
    job.write::<crm::stages::Entity, _>(STAGES.len() as u64, ROWS, World::stage_row).await?;
    job.write::<crm::accounts::Entity, _>(world.accounts, ROWS, |n| world.account_row(n)).await?;

    job.write::<crm::opportunities::Entity, _>(deals, ROWS, |n| world.opportunity_row(n)).await?;
    job.write::<crm::opportunity_stages::Entity, _>(deals, DEALS, |n| world.opportunity_stage_rows(n)).await?;
    job.write::<crm::proposals::Entity, _>(deals, DEALS, |n| world.proposal_rows(n)).await?;
    job.write::<crm::orders::Entity, _>(deals, DEALS, |n| world.order_rows(n)).await?;
    job.write::<crm::customer_tenures::Entity, _>(world.accounts, "accounts", |n| world.tenure_rows(n)).await?;
    job.write::<crm::subscriptions::Entity, _>(deals, DEALS, |n| world.subscription_row(n)).await?;
    job.write::<crm::mrr_movements::Entity, _>(deals, DEALS, |n| world.mrr_movement_rows(n)).await?;
    job.write::<crm::renewals::Entity, _>(deals, DEALS, |n| world.renewal_rows(n)).await?;

    job.write::<crm::leads::Entity, _>(world.leads, ROWS, |n| world.lead_row(n)).await?;
    job.write::<crm::lead_stages::Entity, _>(world.leads, "leads", |n| world.lead_stage_rows(n)).await?;
    job.write::<crm::campaigns::Entity, _>(World::CAMPAIGNS, ROWS, |n| world.campaign_row(n)).await?;
    job.write::<crm::campaign_responses::Entity, _>(responses, ROWS, |n| world.campaign_response_row(n, responses))
        .await?;
    job.write::<crm::costs::Entity, _>(costs, ROWS, |n| world.cost_row(n, costs)).await?;
    job.write::<crm::referrals::Entity, _>(referrals, ROWS, |n| world.referral_row(n, referrals)).await?;
    job.write::<crm::web_sessions::Entity, _>(sessions, ROWS, |n| world.web_session_row(n, sessions)).await?;
    job.write::<crm::mailing_list_subscriptions::Entity, _>(listed, ROWS, |n| world.mailing_list_row(n, listed))
        .await?;

    job.write::<crm::activities::Entity, _>(world.leads, ROWS, |n| world.activity_row(n)).await?;
    job.write::<crm::social_profile_snapshots::Entity, _>(snapshots, ROWS, |n| world.profile_row(n)).await?;
    job.write::<crm::social_posts::Entity, _>(posts, ROWS, |n| world.social_post_row(n, posts)).await?;
    job.write::<crm::training_results::Entity, _>(trainings, ROWS, |n| world.training_row(n, trainings)).await?;
    job.write::<crm::service_cases::Entity, _>(world.cases, ROWS, |n| world.service_case_row(n)).await?;
    job.write::<crm::service_calls::Entity, _>(world.cases, ROWS, |n| world.service_call_row(n)).await?;
    job.write::<crm::survey_answers::Entity, _>(world.cases, ROWS, |n| world.survey_answer_row(n)).await?;
    job.write::<crm::sign_ins::Entity, _>(sign_ins, ROWS, |n| world.sign_in_row(n, sign_ins)).await?;
    job.write::<crm::targets::Entity, _>(world.targets(), ROWS, |n| world.target_row(n)).await?;
    job.write::<crm::exchange_rates::Entity, _>(world.rates(), ROWS, |n| world.rate_row(n)).await
}

const ROWS: &str = "rows";
const DEALS: &str = "opportunities";

struct Job {
    load: Load,
    progress: Progress,
    tables: Vec<(&'static str, u64)>,
}

impl Job {
    /// Fills a table with the rows that numbers stand for, from 0 up to `numbers`: each for one of `of`.
    async fn write<E, I>(&mut self, numbers: u64, of: &'static str, rows_of: impl Fn(u64) -> I) -> Result<(), DbErr>
    where
        E: EntityTrait,
        E::Model: ModelTrait<Entity = E>,
        I: IntoIterator<Item = E::Model>,
    {
        let table = E::default().table_name();
        let indexes = self.load.drop_indexes(table).await?;
        let mut step = self.progress.step_over(table, usize::try_from(numbers).unwrap_or(usize::MAX), of);
        let mut rows = self.load.rows::<E>().await?;
        let mut written = 0;
        let mut next = 0;
        while next < numbers {
            let until = (next + NUMBERS_A_TICK).min(numbers);
            for number in next..until {
                for row in rows_of(number) {
                    rows.push(&row);
                    written += 1;
                }
                if rows.is_full() {
                    rows.write().await?;
                }
            }
            step.advance((until - next) as usize);
            next = until;
        }
        rows.finish().await?;
        drop(step);
        let mut step = self.progress.step_over(&format!("indexes of {table}"), indexes.len(), "indexes");
        for index in &indexes {
            self.load.execute(index).await?;
            step.advance(1);
        }
        self.tables.push((table, written));
        Ok(())
    }
}
