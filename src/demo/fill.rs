use super::dataset::{Dataset, generate};
use super::options::Options;
use super::progress::Progress;
use crate::crm;
use crate::database::{analyse, upsert};
use crate::schema::{PrepareError, prepare};
use chrono::NaiveDate;
use sea_orm::{
    ActiveModelTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, ModelTrait,
    PaginatorTrait, QueryOrder, QuerySelect, TransactionTrait,
};

/// Rows that are written at once.
const CHUNK: usize = 4_000;

/// Why there are no demo data.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The database holds rows that are not the demo's.
    #[error("the database already has rows of its own in {table}: demo data go only into an empty one")]
    NotEmpty {
        /// A table with rows.
        table: &'static str,
    },
    /// The database holds demo data made with other options.
    #[error("the database already holds other demo data ({found}): write another --database for \"{wanted}\"")]
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
    #[error("the demo data cannot be written: {0}")]
    Database(#[from] DbErr),
}

/// What a database holds after [`fill`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The options of the data in it: where they were there before, with their own last day.
    pub options: Options,
    /// Rows written; 0 where the data were there before.
    pub rows_written: u64,
}

/// Migrates the database and fills it with demo data, in one transaction: all or nothing. Demo data made with the same
/// options, up to whatever day, are left as they are.
pub async fn fill(connection: &DatabaseConnection, options: &Options, progress: Progress) -> Result<Filled, DemoError> {
    prepare(connection, None).await?;
    let transaction = connection.begin().await?;
    if let Some(last_day) = already_filled(&transaction, options).await? {
        return Ok(Filled { options: Options { last_day, ..options.clone() }, rows_written: 0 });
    }
    let dataset = generate(options);
    let rows_written = dataset.row_count();
    progress.start(rows_written);
    write_all(&transaction, &dataset, &progress).await?;
    transaction.commit().await?;
    analyse(connection, crm::TABLE_NAMES).await?;
    progress.finish();
    Ok(Filled { options: options.clone(), rows_written })
}

async fn write_all(transaction: &DatabaseTransaction, data: &Dataset, progress: &Progress) -> Result<(), DbErr> {
    write(transaction, "teams", data.teams(), progress).await?;
    write(transaction, "reps", data.reps(), progress).await?;
    write(transaction, "sources", data.sources(), progress).await?;
    write(transaction, "products", data.products(), progress).await?;
    write(transaction, "stages", data.stages(), progress).await?;
    write(transaction, "accounts", data.accounts(), progress).await?;
    write(transaction, "customer tenures", data.customer_tenures(), progress).await?;
    write(transaction, "opportunities", data.opportunities(), progress).await?;
    write(transaction, "stage history", data.opportunity_stages(), progress).await?;
    write(transaction, "proposals", data.proposals(), progress).await?;
    write(transaction, "orders", data.orders(), progress).await?;
    write(transaction, "leads", data.leads(), progress).await?;
    write(transaction, "lead history", data.lead_stages(), progress).await?;
    write(transaction, "campaigns", data.campaigns(), progress).await?;
    write(transaction, "campaign responses", data.campaign_responses(), progress).await?;
    write(transaction, "costs", data.costs(), progress).await?;
    write(transaction, "referrals", data.referrals(), progress).await?;
    write(transaction, "web sessions", data.web_sessions(), progress).await?;
    write(transaction, "mailing list subscriptions", data.mailing_list_subscriptions(), progress).await?;
    write(transaction, "subscriptions", data.subscriptions(), progress).await?;
    write(transaction, "MRR movements", data.mrr_movements(), progress).await?;
    write(transaction, "renewals", data.renewals(), progress).await?;
    write(transaction, "activities", data.activities(), progress).await?;
    write(transaction, "social profile snapshots", data.social_profile_snapshots(), progress).await?;
    write(transaction, "social posts", data.social_posts(), progress).await?;
    write(transaction, "training results", data.training_results(), progress).await?;
    write(transaction, "service cases", data.service_cases(), progress).await?;
    write(transaction, "service calls", data.service_calls(), progress).await?;
    write(transaction, "survey answers", data.survey_answers(), progress).await?;
    write(transaction, "sign-ins", data.sign_ins(), progress).await?;
    write(transaction, "targets", data.targets(), progress).await?;
    write(transaction, "exchange rates", data.exchange_rates(), progress).await
}

async fn write<M, A>(
    transaction: &DatabaseTransaction,
    what: &'static str,
    rows: impl Iterator<Item = M>,
    progress: &Progress,
) -> Result<(), DbErr>
where
    M: ModelTrait + IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = M::Entity> + Send,
{
    progress.begin(what);
    let mut rows = rows.map(IntoActiveModel::into_active_model).peekable();
    let mut written = 0;
    while rows.peek().is_some() {
        let chunk: Vec<A> = rows.by_ref().take(CHUNK).collect();
        let count = chunk.len() as u64;
        upsert(transaction, chunk).await?;
        written += count;
        progress.advance(count);
    }
    progress.end(what, written);
    Ok(())
}

/// What the demo's root team is called, which tells a database filled with the same options: being written in one
/// transaction, the data are complete where it is.
pub(super) fn label(options: &Options) -> String {
    format!("{}{}", label_start(options), options.last_day)
}

fn label_start(options: &Options) -> String {
    format!("Demo company, {} reps, {} years, seed {}, to ", options.reps(), options.years(), options.seed)
}

/// The last day of the demo data that are there; `None` in an empty database.
async fn already_filled(transaction: &DatabaseTransaction, options: &Options) -> Result<Option<NaiveDate>, DemoError> {
    let root = crm::teams::Entity::find().order_by_asc(crm::teams::Column::Id).one(transaction).await?;
    if let Some(name) = root.map(|team| team.name).filter(|name| name.starts_with("Demo company, ")) {
        let last_day = name.strip_prefix(&label_start(options)).and_then(|day| day.parse().ok());
        return match last_day {
            Some(last_day) => Ok(Some(last_day)),
            None => Err(DemoError::OtherDemo { found: name, wanted: label(options) }),
        };
    }
    macro_rules! refuse_rows_of {
        ($($table:ident),+) => {$(
            if crm::$table::Entity::find().limit(1).count(transaction).await? > 0 {
                return Err(DemoError::NotEmpty { table: stringify!($table) });
            }
        )+};
    }
    crm::every_table!(refuse_rows_of);
    Ok(None)
}
