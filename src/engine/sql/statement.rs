//! The statements of scans.

use super::axis::{Times, buckets};
use super::belonging::Facts;
use super::row_layout::{Field, RowLayout};
use super::writer::Writer;
use crate::catalog::{Aggregate, Column, Condition};
use crate::database::{DayColumns, Dialect};
use crate::engine::model::{KeyRange, Question};
use crate::engine::plan::{Part, Pass, Plan, Scan};
use crate::period::{Edge, Timeline};
use crate::predicate::PredicateSql;
use sea_orm::Statement;
use sea_orm::sea_query::{Expr, ExprTrait, Func, FunctionCall, Query, SelectStatement, UnionType};

/// What scans are made for.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub plan: &'a Plan,
    pub question: &'a Question,
    /// The buckets.
    pub timeline: &'a Timeline,
    /// The reps that count.
    pub range: &'a KeyRange,
    /// Which columns hold days.
    pub days: &'a DayColumns,
    /// When exchange rates change, where amounts are converted.
    pub rate_changes: Option<&'a [Edge]>,
}

/// A scan and the statement that runs it.
#[derive(Debug)]
pub(crate) struct ScanStatement {
    pub scan: Scan,
    /// Which column of its rows holds what.
    pub layout: RowLayout,
    pub statement: Statement,
}

/// The fewest statements that bring the measures of a pass.
pub(crate) fn statements(dialect: Dialect, context: Context<'_>, pass: &Pass) -> Vec<ScanStatement> {
    let Context { plan, question, days, rate_changes, .. } = context;
    let scans = plan.scans(pass, question, rate_changes.is_some());
    let write = |scan: Scan| {
        let layout = RowLayout::new(plan, question, &scan, days);
        let statement = dialect.statement(&whole(dialect, context, &scan, &layout));
        ScanStatement { scan, layout, statement }
    };
    scans.into_iter().map(write).collect()
}

/// All facts of a scan. Where it asks for what a fact may have from the one that it belongs to, those that belong to others are
/// read apart, so that the rest is read as ever.
fn whole(dialect: Dialect, context: Context<'_>, scan: &Scan, layout: &RowLayout) -> SelectStatement {
    let (mut own, shared) = select(dialect, context, (scan, layout), Facts::Own);
    let Some(belonging) = scan.source.belonging.as_ref().filter(|_| shared) else { return own };
    let counts = |part: &Part| !context.plan.measures[part.measure].reading.when.says(&belonging.to_none());
    if scan.measures.iter().any(counts) {
        let mut writer = Writer::new(dialect, &context.question.scope);
        own.and_where(writer.condition(&belonging.to_none()));
        let (mut of_others, _) = select(dialect, context, (scan, layout), Facts::OfOthers);
        of_others.and_where(writer.condition(&belonging.to_other()));
        own.union(UnionType::All, of_others);
    }
    own
}

/// A row for each group and bucket and, where amounts are converted, for each currency and span of rates; and whether it has what
/// facts may have from those that they belong to.
fn select(
    dialect: Dialect,
    context: Context<'_>,
    (scan, layout): (&Scan, &RowLayout),
    facts: Facts,
) -> (SelectStatement, bool) {
    let Context { plan, question, timeline, range, days, rate_changes } = context;
    let source = scan.source;
    let writer = Writer::new(dialect, &question.scope).of_facts(source, facts);
    let writer = writer.of_scan(buckets(scan, timeline), days, timeline);
    let mut times = Times::new(writer, scan, rate_changes.filter(|_| scan.converts));
    let rows = times.lay_out();
    let bucket = times.bucket();
    let span = layout.span.and_then(|_| times.span());
    let conditions = conditions(&mut times, plan, scan);
    // A condition that all share narrows the scan instead of every aggregate.
    let shared = conditions.windows(2).all(|pair| pair[0] == pair[1]);
    let when = |place: usize| conditions[place].clone().filter(|_| !shared);

    let distinct = |part: &Part| matches!(plan.measures[part.measure].reading.aggregate, Aggregate::Distinct(_));
    let once = scan.converts || scan.measures.iter().any(distinct);
    let mut select = Query::select();
    for (place, field) in layout.fields.iter().enumerate() {
        let writer = &mut times.writer;
        let (expr, grouped) = match *field {
            Field::Key(dimension) => {
                let key = writer.describing(|writer| match once {
                    true => writer.key(source, dimension),
                    false => writer.stored_key(source, dimension),
                });
                (key.unwrap_or(Expr::cust("''")), true)
            }
            // The same for all rows: nothing to group by.
            Field::Bucket => (bucket.clone().unwrap_or(Expr::cust("1")), bucket.is_some()),
            Field::Currency(column) => (writer.column(column), true),
            Field::Span => (span.clone().unwrap_or(Expr::cust("0")), true),
            Field::Measure(part) => (measure(&mut times, plan, part, when(place - layout.measures)), false),
            Field::ForeignCurrency(column) => {
                let counted = scan.measures.iter().enumerate();
                let counted = counted.filter(|(_, part)| plan.measures[part.measure].is_money());
                let counted: Option<Vec<Expr>> = counted.map(|(place, _)| when(place)).collect();
                let currency = writer.column(column);
                let mut foreign = currency.clone().ne(question.currency.code()).and(currency.clone().ne(""));
                if let Some(any) = counted.and_then(|counted| counted.into_iter().reduce(Expr::or)) {
                    foreign = foreign.and(any);
                }
                (Func::max(currency).filter(foreign).into(), false)
            }
            Field::FirstEvent => (times.first_event().min(), false),
            Field::Thing(place) => (thing(writer, scan, place), true),
            Field::Day => (times.day(), true),
            Field::Most(part) => (most(writer, plan, part), false),
        };
        select.expr(expr);
        if grouped {
            select.add_group_by([Expr::cust((place + 1).to_string())]);
        }
    }

    let writer = &mut times.writer;
    let counted: Vec<Expr> = counted_key(plan, scan).map(|key| writer.column(key).ne("")).into_iter().collect();
    let shared = conditions.first().filter(|_| shared).cloned().flatten();
    let filters = question.filters.iter().filter(|filter| !scan.regardless_of.contains(&filter.dimension));
    let (filters, scope, within) = writer.describing(|writer| {
        let filters: Vec<Expr> = filters.filter_map(|filter| writer.filter(source, filter)).collect();
        (filters, writer.scope(source), writer.within(source.rep, range))
    });
    for condition in shared.into_iter().chain(counted).chain(rows).chain(filters).chain(scope).chain(within) {
        select.and_where(condition);
    }
    // A row that no measure can count without a row of a joined table needs no outer join to it.
    for join in &source.joins {
        if scan.measures.iter().all(|part| plan.measures[part.measure].reading.needs(join.to.table)) {
            select.and_where(writer.column(join.to).is_not_null());
        }
    }
    let team = scan.keys.iter().copied().find(|dimension| dimension.hierarchical());
    let by_team = team.and_then(|team| source.path(team));
    if let Some((team, column)) = team.zip(by_team) {
        for condition in writer.is_row(source, (team, column), question) {
            select.and_where(condition);
        }
    }
    writer.from(source, by_team, &mut select);
    let shared = writer.columns.shared;
    times.join(&mut select);
    (select, shared)
}

/// The key that rows of states have to have to be counted.
fn counted_key(plan: &Plan, scan: &Scan) -> Option<Column> {
    let readings = scan.measures.iter().map(|part| &plan.measures[part.measure].reading);
    readings.filter(|_| scan.each.is_some()).find_map(|reading| match reading.aggregate {
        Aggregate::Distinct(key) => Some(key),
        _ => None,
    })
}

/// The key in one of the columns that hold that of a thing: unset where one before it has it.
fn thing(writer: &mut Writer<'_>, scan: &Scan, place: usize) -> Expr {
    let columns = scan.each.iter().flat_map(|each| each.of.iter().copied()).take(place + 1);
    let mut keys: Vec<Expr> = columns.map(|column| writer.column(column)).collect();
    let Some(key) = keys.pop() else { return Expr::cust("''") };
    let unset = keys.into_iter().map(|before| before.clone().is_null().or(before.eq(""))).reduce(Expr::and);
    match unset {
        Some(unset) => Expr::case(unset, key).finally(Expr::cust("NULL")).into(),
        None => key,
    }
}

/// The most that a row adds to a thing.
fn most(writer: &mut Writer<'_>, plan: &Plan, part: Part) -> Expr {
    let each = plan.measures[part.measure].reading.each();
    each.and_then(|each| each.amount).map_or(Expr::cust("1"), |amount| writer.amount(&amount)).max()
}

/// When a row counts for each measure; none: always.
fn conditions(times: &mut Times<'_>, plan: &Plan, scan: &Scan) -> Vec<Option<Expr>> {
    let mut conditions = Vec::with_capacity(scan.measures.len());
    for part in &scan.measures {
        let when = &plan.measures[part.measure].reading.when;
        let when = (*when != Condition::Always).then(|| times.writer.describing(|writer| writer.condition(when)));
        let counts = times.counts(part.counts);
        conditions.push([counts, when].into_iter().flatten().reduce(Expr::and));
    }
    conditions
}

/// The aggregate of a measure over the rows that a condition holds for.
fn measure(times: &mut Times<'_>, plan: &Plan, part: Part, when: Option<Expr>) -> Expr {
    let only = |all: FunctionCall, when: Option<Expr>| match when {
        Some(when) => all.filter(when),
        None => all,
    };
    let reading = plan.measures[part.measure].reading;
    let amount = match &reading.aggregate {
        Aggregate::Count => None,
        Aggregate::Sum(amount) => Some(times.writer.amount(amount)),
        Aggregate::Each(each) => each.amount.as_ref().map(|amount| times.writer.amount(amount)),
        Aggregate::Distinct(_) if reading.each().is_some() => None,
        Aggregate::Distinct(key) => {
            let key = times.writer.column(*key);
            let set = key.clone().ne("");
            return only(Func::count_distinct(key), [Some(set), when].into_iter().flatten().reduce(Expr::and)).into();
        }
    };
    match times.added(part.counts, amount) {
        Some(added) => times.writer.dialect.sum(only(Func::sum(added), when)),
        None => only(Func::count(Expr::cust("*")), when).into(),
    }
}
