//! Runs a scan: one statement, whose rows are sorted into figures.

use super::figures::{Figures, GroupKey};
use super::plan::{Plan, Planned, Scan};
use super::question::Question;
use super::sql::{EDGE, KeyRange, SPAN, Writer};
use crate::catalog::{Aggregate, Axis, Condition, Dimension, Quantity, Shift};
use crate::database::Dialect;
use crate::error::{Error, Result};
use crate::period::Timeline;
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, StreamTrait};

/// Reads measures grouped by `keys` in the timeline's buckets.
pub(super) async fn read(
    snapshot: &DatabaseTransaction,
    plan: &Plan,
    question: &Question,
    measures: &[usize],
    keys: &[Dimension],
    timeline: &Timeline,
    range: &KeyRange,
) -> Result<Figures> {
    let mut figures = Figures::new(timeline.days().collect(), plan.measures.len());
    let dialect = Dialect::from(ConnectionTrait::get_database_backend(snapshot));
    for scan in plan.scans(measures.iter().copied(), keys, question) {
        let statement = dialect.statement(&select(dialect, plan, question, &scan, timeline, range));
        tracing::debug!(source = scan.source.name, measures = scan.measures.len(), "scan");
        let fewer = scan.keys.len() < keys.len();
        if fewer {
            let places: Vec<usize> = (0..keys.len()).filter(|&place| scan.keys.contains(&keys[place])).collect();
            for &measure in &scan.measures {
                figures.group_by_fewer(measure, places.clone());
            }
        }
        let mut rows = snapshot.stream_raw(statement).await?;
        while let Some(row) = rows.try_next().await? {
            add_row(&mut figures, plan, &scan, &row, fewer)?;
        }
    }
    figures.accumulate(plan, measures);
    Ok(figures)
}

/// Sorts a row into the figures: keys, bucket, measures, a currency that is not the answer's.
fn add_row(figures: &mut Figures, plan: &Plan, scan: &Scan, row: &QueryResult, fewer: bool) -> Result<()> {
    let bad = |error| Error::BadStoredData(format!("in a scan of {}: {error}", scan.source.name));
    let mut key = GroupKey::with_capacity(scan.keys.len());
    for place in 0..scan.keys.len() {
        key.push(row.try_get_by_index(place).map_err(bad)?);
    }
    let mut place = scan.keys.len();
    let bucket: i32 = row.try_get_by_index(place).map_err(bad)?;
    let slot = usize::try_from(bucket).ok().filter(|&slot| slot <= figures.buckets);
    let slot = slot.ok_or_else(|| Error::BadStoredData(format!("a bucket {bucket} in {}", scan.source.name)))?;
    let group = if fewer { None } else { Some(figures.group(std::mem::take(&mut key))?) };
    for &measure in &scan.measures {
        place += 1;
        let amount: i64 = row.try_get_by_index(place).map_err(bad)?;
        match group {
            Some(group) => figures.add(group, measure, slot, amount.into()),
            None => figures.add_to_whole(measure, key.clone(), slot, amount.into()),
        }
    }
    if checks_currency(plan, scan) {
        let foreign: Option<String> = row.try_get_by_index(place + 1).map_err(bad)?;
        figures.foreign = figures.foreign.take().or(foreign);
    }
    Ok(())
}

fn is_money(planned: &Planned) -> bool {
    matches!(planned.measure.quantity, Quantity::Money | Quantity::WeightedMoney)
}

/// Whether the scan adds amounts up that may be of several currencies.
fn checks_currency(plan: &Plan, scan: &Scan) -> bool {
    scan.source.currency.is_some()
        && !scan.keys.contains(&Dimension::Currency)
        && scan.measures.iter().any(|&measure| is_money(&plan.measures[measure]))
}

fn select(
    dialect: Dialect,
    plan: &Plan,
    question: &Question,
    scan: &Scan,
    timeline: &Timeline,
    range: &KeyRange,
) -> SelectStatement {
    let edges = edges(scan, timeline);
    let mut writer = Writer::new(dialect, &edges, Some(timeline));
    let mut select = Query::select();
    let mut columns = 0;
    let mut group = |select: &mut SelectStatement, expr: Expr| {
        columns += 1;
        select.expr(expr).add_group_by([Expr::cust(columns.to_string())]);
    };

    let source = scan.source;
    for &dimension in &scan.keys {
        if let Some(key) = writer.key(source, dimension) {
            group(&mut select, key);
        }
    }
    let (at, rows) = writer.axis(scan.axis);
    writer.at = Some(at.clone());
    let stock = matches!(scan.axis, Axis::State { .. });
    let bucket = match (scan.axis, edges.as_slice()) {
        (Axis::Span { .. }, _) => at,
        (Axis::Event { .. }, [_, _]) => Expr::cust("1"),
        (_, edges) => dialect.bucket(at, &edges[..edges.len() - 1]),
    };
    group(&mut select, bucket);

    let conditions: Vec<&Condition> =
        scan.measures.iter().map(|&measure| &plan.measures[measure].reading.when).collect();
    // A condition that all share narrows the scan instead of every aggregate.
    let shared = conditions.windows(2).all(|pair| pair[0] == pair[1]);
    let mut counted = Vec::new();
    for (&measure, condition) in scan.measures.iter().zip(&conditions) {
        let planned = &plan.measures[measure];
        let when = (!shared && **condition != Condition::Always).then(|| writer.condition(condition));
        if is_money(planned) {
            counted.push(when.clone());
        }
        let aggregate = aggregate(&mut writer, &planned.reading.aggregate, when, scan.axis);
        select.expr(aggregate);
    }
    if shared && let Some(condition) = conditions.first().filter(|condition| ***condition != Condition::Always) {
        let condition = writer.condition(condition);
        select.and_where(condition);
    }
    if checks_currency(plan, scan)
        && let Some(currency) = source.currency
    {
        let currency = writer.column(currency);
        let mut foreign = currency.clone().ne(question.currency.code()).and(currency.clone().ne(""));
        let counted: Option<Vec<Expr>> = counted.into_iter().collect();
        if let Some(any) = counted.and_then(|counted| counted.into_iter().reduce(Expr::or)) {
            foreign = foreign.and(any);
        }
        select.expr(Expr::expr(Expr::case(foreign, currency)).max());
    }

    for row in rows {
        select.and_where(row);
    }
    for filter in question.filters.iter().filter(|filter| !scan.regardless_of.contains(&filter.dimension)) {
        if let Some(filter) = writer.filter(source, filter) {
            select.and_where(filter);
        }
    }
    if let Some(scope) = writer.scope(source, &question.scope) {
        select.and_where(scope);
    }
    for bound in writer.within(source.rep, range) {
        select.and_where(bound);
    }

    if matches!(scan.axis, Axis::Span { .. }) {
        select.from_values(spans(&edges), SPAN);
    }
    let team = scan.keys.iter().find(|dimension| dimension.hierarchical()).and_then(|&team| source.path(team));
    writer.from(source, team, &mut select);
    if stock {
        let mut ends = Query::select();
        ends.expr_as(Expr::cust("1"), EDGE.1);
        ends.union(sea_orm::sea_query::UnionType::All, Query::select().expr(Expr::cust("-1")).take());
        select.join_subquery(sea_orm::JoinType::InnerJoin, ends, EDGE.0, Expr::cust("1 = 1"));
    }
    select
}

/// The edges of a scan's buckets.
fn edges(scan: &Scan, timeline: &Timeline) -> Vec<DateTime<Utc>> {
    match scan.axis {
        Axis::Event { shift: Shift::Years(years), .. } => timeline.edges_years_away(*years),
        Axis::Event { shift: Shift::Before, .. } => timeline.edges_before(),
        Axis::Event { shift: Shift::None, .. } | Axis::State { .. } | Axis::Span { .. } => timeline.edges(),
    }
}

/// A row for each bucket: its number from 1, when it begins, when it ends.
fn spans(edges: &[DateTime<Utc>]) -> Vec<(i32, DateTime<Utc>, DateTime<Utc>)> {
    (1..).zip(edges.windows(2)).map(|(number, edges)| (number, edges[0], edges[1])).collect()
}

/// One aggregate, always a 64-bit integer. In a stock a row's end takes away what its start has added.
fn aggregate(writer: &mut Writer<'_>, aggregate: &Aggregate, when: Option<Expr>, axis: &Axis) -> Expr {
    let dialect = writer.dialect;
    let sign = || Expr::col(EDGE);
    let stock = matches!(axis, Axis::State { .. });
    let only = |amount: Expr| match when.clone() {
        Some(when) => Expr::case(when, amount).into(),
        None => amount,
    };
    match aggregate {
        Aggregate::Count if stock => dialect.sum(only(sign())),
        Aggregate::Count => match when {
            Some(when) => Expr::expr(Expr::case(when, Expr::cust("1"))).count(),
            None => Expr::cust("COUNT(*)"),
        },
        Aggregate::Sum(amount) => {
            let amount = writer.amount(amount);
            dialect.sum(only(match axis {
                Axis::Event { .. } => amount,
                Axis::State { .. } => amount.mul(sign()),
                Axis::Span { from, until } => writer.part_in_bucket(amount, *from, *until),
            }))
        }
        Aggregate::Distinct(key) => {
            let key = writer.column(*key);
            let set = Expr::case(key.clone().ne(""), key).into();
            only(set).count_distinct()
        }
    }
}
