//! What the database has that the files name.

use super::derive::{Known, PipelineStep, Rows};
use crate::crm::{self, opportunities, opportunity_stages, proposals, stages};
use crate::database::time;
use crate::import::row::{self, Row, text};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryResult, QuerySelect,
    QueryTrait, Value,
};
use std::collections::HashSet;

/// Keys that a statement names at most.
const KEYS_A_STATEMENT: usize = 10_000;

/// What the database has that the loaded rows belong to.
pub async fn known(connection: &DatabaseConnection, rows: &Rows) -> Result<Known, DbErr> {
    let loaded = |table: &str| rows.get(table).into_iter().flatten();
    let key = |row: &'_ Row, place: usize| text(&row[place]).map(str::to_owned);
    let deals: HashSet<_> =
        loaded("opportunities").filter_map(|deal| text(&deal[opportunities::Column::Id as usize])).collect();
    let stays =
        loaded("opportunity_stages").filter_map(|stay| key(stay, opportunity_stages::Column::OpportunityId as usize));
    let proposals = loaded("proposals").filter_map(|proposal| key(proposal, proposals::Column::OpportunityId as usize));
    let parents: HashSet<String> = stays.chain(proposals).filter(|id| !deals.contains(id.as_str())).collect();
    let parents: Vec<String> = parents.into_iter().collect();
    let mut found = Vec::with_capacity(parents.len());
    for ids in parents.chunks(KEYS_A_STATEMENT) {
        found.extend(known_deals(connection, ids).await?);
    }
    use stages::Column::{Id, PipelineId, Position};
    let stages = stages::Entity::find().select_only().columns([Id, PipelineId, Position]);
    let stages: Vec<(String, Option<String>, i32)> = stages.into_tuple().all(connection).await?;
    let step = |(id, pipeline, position)| (id, PipelineStep { pipeline: none_if_empty(pipeline), position });
    Ok(Known { steps: stages.into_iter().map(step).collect(), opportunities: found })
}

fn none_if_empty(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// Deals of the database, with what the rows that belong to them are completed with.
async fn known_deals(connection: &DatabaseConnection, ids: &[String]) -> Result<Vec<Row>, DbErr> {
    use opportunities::Column::{ClosedAt, Id, RepId, Status};
    let Some(table) = crm::table("opportunities") else { return Ok(Vec::new()) };
    let query = opportunities::Entity::find().select_only().columns([Id, RepId, Status, ClosedAt]);
    let query = query.filter(Id.is_in(ids.iter().map(String::as_str))).into_query();
    let rows = connection.query_all(&query).await?;
    let deal = |found: &QueryResult| {
        let id: String = found.try_get_by_index(0)?;
        let closed_at =
            time(found, 3).map_err(|error| DbErr::Type(format!("opportunities.closed_at of {id} {error}")))?;
        let mut deal = row::empty(table);
        deal[Id as usize] = id.into();
        deal[RepId as usize] = Value::String(found.try_get_by_index(1)?);
        deal[Status as usize] = Value::String(found.try_get_by_index(2)?);
        deal[ClosedAt as usize] = Value::ChronoDateTimeUtc(closed_at);
        Ok(deal)
    };
    rows.iter().map(deal).collect()
}
