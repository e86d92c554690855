//! The values of dimensions: their labels, their lists, and the pages of reps that a breakdown goes by.

use super::group::GroupKey;
use crate::catalog::{self, Column, Dimension, Records, Source};
use crate::crm::reps;
use crate::database::Snapshot;
use crate::engine::model::{Filter, HierarchyRows, Key, KeyRange, Question};
use crate::engine::sql::{TeamRows, Writer};
use crate::error::Result;
use crate::scope::{Scope, TEAM_PATHS};
use foldhash::fast::RandomState;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, UnionType};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Ids that are looked up with one statement.
const LOOKUP: usize = 1_000;

/// Which values of a dimension are listed.
pub(crate) struct Listing<'a> {
    pub scope: &'a Scope,
    /// Those that the records can be filtered by count.
    pub filters: &'a [Filter],
    /// Which teams.
    pub hierarchy: Option<&'a HierarchyRows>,
    /// A part of the id or label; empty: all.
    pub search: &'a str,
    /// Which ids.
    pub range: KeyRange,
    /// At most so many.
    pub limit: u64,
}

impl<'a> Listing<'a> {
    /// Everything that a question's scope and filters allow.
    pub fn of(question: &'a Question) -> Self {
        Self {
            scope: &question.scope,
            filters: &question.filters,
            hierarchy: question.hierarchy.as_ref(),
            search: "",
            range: KeyRange::default(),
            limit: i64::MAX as u64,
        }
    }
}

/// Values of a dimension on record, in the order of their ids.
pub(crate) async fn list(snapshot: &Snapshot, dimension: Dimension, listing: &Listing<'_>) -> Result<Vec<Key>> {
    let dialect = snapshot.dialect();
    let records = dimension.records();
    let mut found = BTreeMap::new();
    // From one column they come in order.
    let mut ordered: Vec<Key> = Vec::new();
    for &id in &records.ids {
        let label = records.label.unwrap_or(id);
        let source = source_of(dimension, &records, id);
        let mut writer = Writer::new(dialect, listing.scope);
        let key = dialect.bytes(writer.column(id));
        let mut select = Query::select();
        select.expr(key.clone()).expr(writer.column(label));
        if records.label.is_none() {
            select.distinct();
        }
        select.and_where(key.clone().ne(""));
        for bound in writer.within(id, &listing.range) {
            select.and_where(bound);
        }
        if !listing.search.is_empty() {
            let in_id = dialect.contains(writer.column(id), listing.search);
            select.and_where(in_id.or(dialect.contains(writer.column(label), listing.search)));
        }
        for filter in listing.filters {
            if let Some(filter) = writer.filter(&source, filter) {
                select.and_where(filter);
            }
        }
        if dimension == Dimension::Team {
            let rows = TeamRows { filters: listing.filters, hierarchy: listing.hierarchy };
            for condition in writer.has_rows(rows, &key) {
                select.and_where(condition);
            }
            // Where only some reps are asked for, the teams that these are directly in.
            for filter in listing.filters.iter().filter(|filter| filter.dimension == Dimension::Rep) {
                let teams = teams_of(&mut writer, filter);
                select.and_where(key.clone().in_subquery(teams));
            }
        }
        let shown = match dimension {
            Dimension::Rep => writer.scope(&source),
            Dimension::Team => {
                let team = writer.column(id);
                writer.shows_team(team)
            }
            _ => credited(&mut writer, dimension, &records).map(|keys| key.clone().in_subquery(keys)),
        };
        if let Some(shown) = shown {
            select.and_where(shown);
        }
        writer.from(&source, None, &mut select);
        select.order_by_expr(key, Order::Asc).limit(listing.limit);
        for row in snapshot.all(dialect.statement(&select)).await? {
            let (id, label) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            match (records.ids.len(), ordered.last_mut()) {
                (1, Some(last)) if last.id == id => last.label = label,
                (1, _) => ordered.push(Key { id, label }),
                _ => _ = found.insert(id, label),
            }
        }
    }
    if records.ids.len() == 1 {
        return Ok(ordered);
    }
    let limit = usize::try_from(listing.limit).unwrap_or(usize::MAX);
    Ok(found.into_iter().take(limit).map(|(id, label)| Key { id, label }).collect())
}

/// The teams that the reps are directly in whom the caller sees and a filter lets in.
fn teams_of(writer: &mut Writer<'_>, filter: &Filter) -> SelectStatement {
    let [id, team] = [reps::Column::Id, reps::Column::TeamId].map(Column::from);
    let source = source_of(Dimension::Rep, &Dimension::Rep.records(), id);
    let mut teams = Query::select();
    teams.expr(writer.column(team)).from(id.table).and_where(writer.column(team).is_not_null());
    for condition in writer.filter(&source, filter).into_iter().chain(writer.scope(&source)) {
        teams.and_where(condition);
    }
    teams
}

/// How deep teams lie in the tree that a scope shows: 1 for those with nothing above.
pub(crate) async fn levels(snapshot: &Snapshot, scope: &Scope) -> Result<HashMap<String, u32>> {
    let dialect = snapshot.dialect();
    let team = Expr::col((TEAM_PATHS, "team_id"));
    let mut select = Query::select();
    select.expr(team.clone()).expr(Expr::cust("COUNT(*)")).from(TEAM_PATHS).add_group_by([team]);
    select.with_cte(scope.tables(dialect));
    let mut levels = HashMap::new();
    for row in snapshot.all(dialect.statement(&select)).await? {
        let (team, depth): (String, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        levels.insert(team, u32::try_from(depth).unwrap_or(u32::MAX));
    }
    Ok(levels)
}

/// The keys of a dimension that something has which the caller may see; none where everything is shown. A value without a
/// record of its own counts where it is read from the columns that list it: elsewhere it would be listed for being on the
/// record of others.
fn credited(writer: &mut Writer<'_>, dimension: Dimension, records: &Records) -> Option<SelectStatement> {
    const KEYS: &str = "credited";
    let shown = writer.shows_rep(Expr::col((KEYS, "rep")))?;
    let mut read = Vec::new();
    let mut keys: Option<SelectStatement> = None;
    for source in catalog::sources() {
        let Some(path) = source.path(dimension) else { continue };
        if read.contains(&(path, source.rep)) || records.label.is_none() && !records.ids.contains(&path) {
            continue;
        }
        read.push((path, source.rep));
        let mut of_source = Writer::new(writer.dialect, writer.scope);
        let mut select = Query::select();
        select.expr_as(of_source.column(path), "key").expr_as(of_source.column(source.rep), "rep");
        of_source.from(source, None, &mut select);
        match &mut keys {
            Some(keys) => _ = keys.union(UnionType::All, select),
            None => keys = Some(select),
        }
    }
    let mut select = Query::select();
    select.column((KEYS, "key")).and_where(shown);
    match keys {
        Some(keys) => _ = select.from_subquery(keys, KEYS),
        None => _ = select.expr(Expr::val("")).and_where(Expr::cust("1 = 0")),
    }
    Some(select)
}

/// A table of records as a source: its rows are their own facts.
fn source_of(dimension: Dimension, records: &Records, id: Column) -> Source {
    Source {
        name: "records",
        table: id.table,
        joins: Vec::new(),
        rep: id,
        currency: None,
        paths: records.paths.iter().copied().chain([(dimension, id)]).collect(),
        belonging: None,
    }
}

/// The labels of ids of a dimension.
pub(crate) type Labels = HashMap<String, String, RandomState>;

/// The labels of groups' keys: of every dimension's ids their labels, where they have any. Those of the first dimension may be
/// known already.
pub(crate) async fn labels<'a>(
    snapshot: &Snapshot,
    dimensions: &[Dimension],
    groups: impl Iterator<Item = &'a GroupKey> + Clone,
    first: Option<Labels>,
) -> Result<Vec<Labels>> {
    let dialect = snapshot.dialect();
    let mut all = Vec::with_capacity(dimensions.len());
    all.extend(first);
    for (place, dimension) in dimensions.iter().enumerate().skip(all.len()) {
        let mut labels = Labels::default();
        let records = dimension.records();
        if let (Some(label), Some(id)) = (records.label, records.ids.first()) {
            let ids: BTreeSet<&str> = groups.clone().filter_map(|key| key.get(place)).map(String::as_str).collect();
            let ids: Vec<&str> = ids.into_iter().filter(|id| !id.is_empty()).collect();
            for ids in ids.chunks(LOOKUP) {
                let select = Query::select()
                    .columns([id.name, label.name])
                    .from(id.table)
                    .and_where(dialect.one_of(Expr::col(id.name), ids.iter().copied()))
                    .take();
                for row in snapshot.all(dialect.statement(&select)).await? {
                    labels.insert(row.try_get_by_index::<String>(0)?, row.try_get_by_index::<String>(1)?);
                }
            }
        }
        all.push(labels);
    }
    Ok(all)
}

/// The next reps on record behind `after`, of those that a filter by rep allows.
pub(crate) async fn next_reps(
    snapshot: &Snapshot,
    question: &Question,
    after: &KeyRange,
    limit: u64,
) -> Result<Vec<Key>> {
    let filters: Vec<Filter> =
        question.filters.iter().filter(|filter| filter.dimension == Dimension::Rep).cloned().collect();
    let listing = Listing { filters: &filters, range: after.clone(), limit, ..Listing::of(question) };
    list(snapshot, Dimension::Rep, &listing).await
}
