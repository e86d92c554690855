//! The statement of a scan.

use super::axis::edges;
use super::plan::{Part, Plan, Scan};
use super::question::Question;
use super::rates::Rates;
use super::sql::{KeyRange, Writer};
use crate::catalog::{Aggregate, Axis, Condition, Dimension};
use crate::database::Dialect;
use crate::period::Timeline;
use sea_orm::sea_query::{Expr, ExprTrait, Func, FunctionCall, Query, SelectStatement};
use std::cell::Cell;

/// Whether the scan adds amounts up that may be of other currencies than they are answered in.
pub(super) fn checks_currency(plan: &Plan, question: &Question, scan: &Scan) -> bool {
    let own = question.own_currency && scan.keys.contains(&Dimension::Currency);
    !(scan.converts || own) && scan.measures.iter().any(|part| plan.measures[part.measure].has_currency())
}

/// A row for each group and bucket: keys (unset ones may come apart from empty ones where a group's rows add up), bucket,
/// measures; at last, where amounts could be of several currencies, one that is not the answer's. With `rates`, where the
/// scan converts, a row for each currency and span of rates too: these stand behind the bucket (states have no spans), and
/// at last comes the first instant of an event.
pub(super) fn select(
    dialect: Dialect,
    plan: &Plan,
    question: &Question,
    (timeline, rates): (&Timeline, Option<&Rates>),
    scan: &Scan,
    range: &KeyRange,
) -> SelectStatement {
    let edges = edges(scan.axis, timeline);
    let whole = scan.whole.then(|| self::edges(scan.axis, &timeline.whole()));
    let mut writer = Writer::new(dialect, &question.scope, &edges, whole.as_deref(), Some(timeline));
    let mut select = Query::select();
    let columns = Cell::new(0);
    let column = |select: &mut SelectStatement, expr: Expr| {
        columns.set(columns.get() + 1);
        select.expr(expr);
    };
    let group = |select: &mut SelectStatement, expr: Expr| {
        column(select, expr);
        select.add_group_by([Expr::cust(columns.get().to_string())]);
    };

    let source = scan.source;
    let distinct = |part: &Part| matches!(plan.measures[part.measure].reading.aggregate, Aggregate::Distinct(_));
    let once = scan.converts || scan.measures.iter().any(distinct);
    for &dimension in &scan.keys {
        let key = if once { writer.key(source, dimension) } else { writer.stored_key(source, dimension) };
        if let Some(key) = key {
            group(&mut select, key);
        }
    }
    let rates = rates.filter(|_| scan.converts);
    let spans = rates.map(|rates| writer.spans(scan.axis, rates)).unwrap_or_default();
    writer.cut(scan.axis, &spans);
    let rows = writer.lay_out(scan);
    match writer.bucket(scan.axis) {
        Some(bucket) => group(&mut select, bucket),
        // The same for all rows: nothing to group by.
        None => column(&mut select, Expr::cust("1")),
    }
    if let (Some(_), Some(currency)) = (rates, source.currency) {
        group(&mut select, writer.column(currency));
        if let Some(span) = writer.span(scan.axis, &spans) {
            group(&mut select, span);
        }
    }

    let conditions: Vec<Option<Expr>> = conditions(&mut writer, plan, scan);
    // A condition that all share narrows the scan instead of every aggregate.
    let shared = conditions.windows(2).all(|pair| pair[0] == pair[1]);
    let mut counted = Vec::new();
    for (part, condition) in scan.measures.iter().zip(&conditions) {
        let planned = &plan.measures[part.measure];
        let when = condition.clone().filter(|_| !shared);
        if planned.is_money() {
            counted.push(when.clone());
        }
        let on_axis = *scan.axis == planned.reading.axis;
        let aggregate = aggregate(&mut writer, &planned.reading.aggregate, when, on_axis.then_some(scan.axis));
        select.expr(aggregate);
    }
    if let Some(Some(condition)) = conditions.into_iter().next().filter(|_| shared) {
        select.and_where(condition);
    }
    if checks_currency(plan, question, scan)
        && let Some(currency) = source.currency
    {
        let currency = writer.column(currency);
        let mut foreign = currency.clone().ne(question.currency.code()).and(currency.clone().ne(""));
        let counted: Option<Vec<Expr>> = counted.into_iter().collect();
        if let Some(any) = counted.and_then(|counted| counted.into_iter().reduce(Expr::or)) {
            foreign = foreign.and(any);
        }
        select.expr(Func::max(currency).filter(foreign));
    }

    if let (Some(_), Axis::Event { .. }, Some(at)) = (rates, scan.axis, &writer.at) {
        select.expr(at.clone().min());
    }

    for row in rows {
        select.and_where(row);
    }
    for filter in question.filters.iter().filter(|filter| !scan.regardless_of.contains(&filter.dimension)) {
        if let Some(filter) = writer.filter(source, filter) {
            select.and_where(filter);
        }
    }
    if let Some(scope) = writer.scope(source) {
        select.and_where(scope);
    }
    for bound in writer.within(source.rep, range) {
        select.and_where(bound);
    }
    // A row that no measure can count without a row of a joined table needs no outer join to it.
    for join in &source.joins {
        if scan.measures.iter().all(|part| plan.measures[part.measure].reading.needs(join.to.table)) {
            select.and_where(writer.column(join.to).is_not_null());
        }
    }
    let team = scan.keys.iter().find(|dimension| dimension.hierarchical()).and_then(|&team| source.path(team));
    writer.from(source, team, &mut select);
    writer.join_pieces(&mut select);
    writer.join_times(scan, &mut select);
    select
}

/// When a row counts for each measure; none: always.
fn conditions(writer: &mut Writer<'_>, plan: &Plan, scan: &Scan) -> Vec<Option<Expr>> {
    let mut conditions = Vec::with_capacity(scan.measures.len());
    for part in &scan.measures {
        let when = &plan.measures[part.measure].reading.when;
        let when = (*when != Condition::Always).then(|| writer.condition(when));
        let counts = writer.counts(scan, part.counts);
        conditions.push([counts, when].into_iter().flatten().reduce(Expr::and));
    }
    conditions
}

/// One aggregate, always a 64-bit integer. In a stock a row's end takes away what its start has added. `axis` is that of
/// the scan, and none for an event that a scan of states counts.
fn aggregate(writer: &mut Writer<'_>, aggregate: &Aggregate, when: Option<Expr>, axis: Option<&Axis>) -> Expr {
    let dialect = writer.dialect;
    let only = |all: FunctionCall, when: Option<Expr>| match when {
        Some(when) => all.filter(when),
        None => all,
    };
    let sign = axis.and_then(|axis| writer.sign(axis));
    match (aggregate, sign) {
        (Aggregate::Count, Some(sign)) => dialect.sum(only(Func::sum(sign), when)),
        (Aggregate::Count, None) => only(Func::count(Expr::cust("*")), when).into(),
        (Aggregate::Sum(amount), sign) => {
            let amount = writer.amount(amount);
            let amount = match (axis, sign) {
                (_, Some(sign)) => amount.mul(sign),
                (Some(Axis::Span { .. }), None) => match &writer.pieces {
                    Some(pieces) => writer.part_in_piece(amount, pieces),
                    None => amount,
                },
                (_, None) => amount,
            };
            dialect.sum(only(Func::sum(amount), when))
        }
        (Aggregate::Distinct(key), _) => {
            let key = writer.column(*key);
            let set = key.clone().ne("");
            only(Func::count_distinct(key), [Some(set), when].into_iter().flatten().reduce(Expr::and)).into()
        }
    }
}
