use super::derive::{Known, complete};
use super::language::Mapping;
use super::plan::{Plan, plan};
use super::read::{Rows, read};
use super::remove::{follow, remove};
use super::rows::Entities;
use super::settle::settle;
use super::stored::stored;
use super::table::Table;
use super::write::Writer;
use crate::crm::{opportunities, stages};
use crate::database::{analyse, time};
use crate::import::error::ImportError;
use crate::import::options::Options;
use crate::import::report::{Problems, Summary};
use crate::schema::prepare;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryResult, QuerySelect,
    QueryTrait, TransactionTrait,
};
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Keys that a statement names at most.
const KEYS_A_STATEMENT: usize = 10_000;

/// Brings the schema up to date and loads files into it, in one transaction: after an error nothing was loaded. In
/// the summary of a lenient import `bad` tells which rows were left out.
pub async fn import(
    connection: &DatabaseConnection,
    mapping: &Path,
    options: &Options,
) -> Result<Summary, ImportError> {
    let plan = read_plan(mapping, options)?;
    prepare(connection, None).await?;
    let stored = stored(connection, &plan).await?;
    let mut problems = Problems::new(options.shown_problems);
    let (mut rows, gone) = read(&plan, stored, options.lenient, options.progress, &mut problems);
    if problems.bad_rows().rows > 0 && !options.lenient {
        return Err(ImportError::BadRows(problems.into_bad_rows()));
    }
    follow(&mut rows, &gone);
    let mut entities = entities(rows);
    let known = known(connection, &entities).await?;
    let mut notes = complete(&mut entities, known, plan.derive);
    let transaction = connection.begin().await?;
    notes.extend(remove(&transaction, &gone, plan.derive.orders).await?);
    let mut writer = Writer {
        connection: &transaction,
        progress: options.progress,
        sections: &plan.sections,
        derive: plan.derive,
        incomplete: &|table| problems.concern(table.name()),
        written: Vec::new(),
        notes,
    };
    writer.write(entities).await?;
    let (mut tables, notes) = (writer.written, writer.notes);
    let tenures = settle(&transaction, plan.derive).await?;
    if plan.derive.customer_tenures {
        tables.push((Table::CustomerTenures.name(), usize::try_from(tenures).unwrap_or(usize::MAX)));
    }
    transaction.commit().await?;
    let filled: Vec<&str> = tables.iter().map(|(table, _)| *table).chain(["accounts"]).collect();
    // What is loaded is loaded.
    if let Err(error) = analyse(connection, &filled).await {
        tracing::warn!(%error, "the tables could not be analysed: answers may be slow until ANALYZE is run");
    }
    Ok(Summary { tables, notes, bad: problems.into_bad_rows() })
}

fn read_plan(path: &Path, options: &Options) -> Result<Plan, ImportError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| ImportError::Unreadable { path, source }
    };
    let text = std::fs::read_to_string(path).map_err(unreadable(path))?;
    std::fs::read_dir(&options.folder).map_err(unreadable(&options.folder))?;
    let mapping: Mapping =
        toml::from_str(&text).map_err(|source| ImportError::Syntax { path: path.to_owned(), source })?;
    plan(&mapping, &options.folder, options.progress)
        .map_err(|problems| ImportError::Mapping { path: path.to_owned(), problems })
}

fn entities(mut rows: Rows) -> Entities {
    let mut entities = Entities::default();
    for table in Table::ALL {
        entities.add(table, rows.remove(&table).unwrap_or_default());
    }
    entities
}

/// What the database has that the loaded rows belong to.
async fn known(connection: &DatabaseConnection, entities: &Entities) -> Result<Known, DbErr> {
    let positions = stages::Entity::find().select_only().column(stages::Column::Id).column(stages::Column::Position);
    let positions: Vec<(String, i32)> = positions.into_tuple().all(connection).await?;
    let loaded: HashSet<&String> = entities.opportunities.iter().map(|deal| &deal.id).collect();
    let stays = entities.opportunity_stages.iter().map(|stay| &stay.opportunity_id);
    let proposals = entities.proposals.iter().map(|proposal| &proposal.opportunity_id);
    let parents: HashSet<&String> = stays.chain(proposals).filter(|id| !loaded.contains(*id)).collect();
    let parents: Vec<&String> = parents.into_iter().collect();
    let mut found = Vec::with_capacity(parents.len());
    for ids in parents.chunks(KEYS_A_STATEMENT) {
        found.extend(known_deals(connection, ids).await?);
    }
    Ok(Known { positions: positions.into_iter().collect::<HashMap<_, _>>(), opportunities: found })
}

/// Deals of the database, with what the rows that belong to them are completed with.
async fn known_deals(connection: &DatabaseConnection, ids: &[&String]) -> Result<Vec<opportunities::Model>, DbErr> {
    use opportunities::Column::{ClosedAt, Id, RepId, Status};
    let query = opportunities::Entity::find().select_only().columns([Id, RepId, Status, ClosedAt]);
    let query = query.filter(Id.is_in(ids.iter().map(|id| id.as_str()))).into_query();
    let rows = connection.query_all(&query).await?;
    let deal = |row: &QueryResult| {
        let id: String = row.try_get_by_index(0)?;
        let closed_at =
            time(row, 3).map_err(|error| DbErr::Type(format!("opportunities.closed_at of {id} {error}")))?;
        Ok(opportunities::Model {
            id,
            rep_id: row.try_get_by_index(1)?,
            status: row.try_get_by_index(2)?,
            closed_at,
            name: None,
            account_id: None,
            product_id: None,
            source_id: None,
            stage_id: None,
            loss_reason: None,
            amount_minor: None,
            monthly_amount_minor: None,
            currency: None,
            created_at: None,
            first_contact_at: None,
        })
    };
    rows.iter().map(deal).collect()
}
