//! Time axes as SQL: which rows can count at all, in which bucket, and when for which measure.

use super::pieces::Pieces;
use super::plan::{Counts, Scan};
use super::rates::Rates;
use super::sql::Writer;
use crate::catalog::{Axis, Column, Instant, Shift};
use crate::database::Dialect;
use crate::period::Timeline;
use chrono::{DateTime, Utc};
use sea_orm::JoinType;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, UnionType};

/// Which of its two instants a row of a state stands for: 1 its start, −1 its end.
const EDGE: (&str, &str) = ("edge", "sign");

/// What a row is read for: 0 its bucket, 1 the whole period.
const LEVEL: (&str, &str) = ("level", "whole");

/// Tables with the numbers that an expression can have, to group by: of the bucket, of the span of exchange rates.
const NUMBERS: (&str, &str) = ("buckets", "rate_spans");

/// Spans of exchange rates: the number of the first, and when the next ones begin.
#[derive(Default)]
pub(super) struct Spans<'a> {
    number: i32,
    edges: &'a [DateTime<Utc>],
}

/// The edges of the buckets that an axis reads.
pub(super) fn edges(axis: &Axis, timeline: &Timeline) -> Vec<DateTime<Utc>> {
    match axis {
        Axis::Event { shift: Shift::Years(years), .. } => timeline.edges_years_away(*years),
        Axis::Event { shift: Shift::Before, .. } => timeline.edges_before(),
        Axis::Event { shift: Shift::None, .. } | Axis::State { .. } | Axis::Span { .. } => timeline.edges(),
    }
}

/// Whether a row is read for the whole period.
pub(super) fn in_whole_period() -> Expr {
    Expr::col(LEVEL).eq(Expr::cust("1"))
}

/// A state that never ends has one instant only.
fn has_ends(axis: &Axis) -> bool {
    matches!(axis, Axis::State { until, .. } if *until != Instant::Never)
}

fn starts() -> Expr {
    Expr::col(EDGE).eq(Expr::cust("1"))
}

fn begins_before(from: &Expr, end: Option<DateTime<Utc>>) -> Expr {
    from.clone().is_null().or(from.clone().lt(end))
}

fn ends_from(until: &Expr, start: Option<DateTime<Utc>>) -> Expr {
    until.clone().is_null().or(until.clone().gte(start))
}

/// Whether a state lasts at all: not where it ends before or when it starts.
fn lasts(from: Expr, until: Expr) -> Expr {
    from.clone().is_null().or(until.clone().is_null()).or(from.lt(until))
}

impl Writer<'_> {
    /// Settles which instant tells a row's bucket, and returns which rows can count at all.
    pub fn lay_out(&mut self, scan: &Scan) -> Vec<Expr> {
        let (first, last) = (self.edges.first().copied(), self.edges.last().copied());
        match scan.axis {
            Axis::Event { at, .. } => {
                let at = self.instant(at);
                self.at = Some(at.clone());
                let (whole_first, whole_last) = match self.whole {
                    Some(whole) => (whole.first().copied(), whole.last().copied()),
                    None => (first, last),
                };
                // The plain range is what an index helps with.
                let mut rows =
                    vec![at.clone().gte(Ord::min(first, whole_first)), at.clone().lt(Ord::max(last, whole_last))];
                if (first, last) != (whole_first, whole_last) {
                    let inside = at.clone().gte(first).and(at.clone().lt(last));
                    let inside_whole = at.clone().gte(whole_first).and(at.lt(whole_last));
                    rows.push(Expr::case(in_whole_period(), inside_whole).finally(inside).into());
                }
                rows
            }
            Axis::State { from, until } => {
                let single = self.single_columns(scan, (from, until));
                let (from, until) = (self.instant(from), self.instant(until));
                let begun = begins_before(&from, last);
                let (at, mut rows) = if has_ends(scan.axis) {
                    let at = Expr::case(starts(), from.clone()).finally(until.clone()).into();
                    (at, self.rows_with_ends(scan, (from, until), begun))
                } else {
                    (from, vec![begun])
                };
                // PostgreSQL knows nothing of conditions over several tables and takes each for narrow: as one it gets closer.
                if !single.is_empty() {
                    let all = std::mem::take(&mut rows).into_iter().reduce(Expr::and);
                    rows = all
                        .map(|all| Expr::case(all, Expr::cust("1 = 1")).finally(Expr::cust("1 = 0")).into())
                        .into_iter()
                        .collect();
                }
                rows.extend(single);
                if self.whole.is_some() {
                    let at: Expr = at.clone();
                    rows.push(in_whole_period().not().or(at.gte(first)));
                }
                self.at = Some(at);
                rows
            }
            Axis::Span { from, until } => self.rows_in_pieces(*from, *until),
        }
    }

    /// What follows for single columns where a state begins with the later of two, or ends with the earlier: a condition
    /// on one table narrows it before it is joined with others.
    fn single_columns(&mut self, scan: &Scan, (from, until): (&Instant, &Instant)) -> Vec<Expr> {
        if scan.measures.iter().any(|part| part.counts != Counts::OnAxis) {
            return Vec::new();
        }
        let (first, last) = (self.edges.first().copied(), self.edges.last().copied());
        let both = |one: &Instant, other: &Instant| {
            [one, other].into_iter().filter_map(Instant::column).collect::<Vec<Column>>()
        };
        let begins = match from {
            Instant::Later(one, other) => both(one, other),
            _ => Vec::new(),
        };
        let ends = match until {
            Instant::Earlier(one, other) => both(one, other),
            _ => Vec::new(),
        };
        let begins: Vec<Expr> = begins.into_iter().map(|column| begins_before(&self.column(column), last)).collect();
        let ends = ends.into_iter().map(|column| ends_from(&self.column(column), first));
        begins.into_iter().chain(ends).collect()
    }

    /// The starts and ends of states that reach into the period, and of all that are events in it.
    fn rows_with_ends(&self, scan: &Scan, (from, until): (Expr, Expr), begun: Expr) -> Vec<Expr> {
        let (first, last) = (self.edges.first().copied(), self.edges.last().copied());
        let not_over = ends_from(&until, first);
        let ends = starts().not().and(until.clone().lt(last));
        if scan.measures.iter().all(|part| part.counts == Counts::OnAxis) {
            vec![begun, not_over, lasts(from, until), starts().or(ends)]
        } else {
            vec![not_over.or(from.gte(first)), starts().and(begun).or(ends)]
        }
    }

    /// The number of a row's bucket from 1: 0 before the first, one more than there are for the whole period. None where it
    /// is 1 for all.
    pub fn bucket(&mut self, axis: &Axis) -> Option<Expr> {
        let bucket = match (axis, &self.at, self.edges) {
            (Axis::Event { .. }, _, [_, _]) => return None,
            (_, Some(at), [starts @ .., _]) => self.dialect.bucket(at.clone(), starts),
            _ => return self.pieces.as_ref().map(|pieces| self.bucket_of_piece(pieces)),
        };
        let bucket = match self.whole {
            Some(_) => Expr::case(in_whole_period(), Expr::cust(self.edges.len().to_string())).finally(bucket).into(),
            None => bucket,
        };
        let number = self.one_of(NUMBERS.0, bucket, self.edges.len());
        self.number = self.numbers.last().map(|_| number.clone());
        Some(number)
    }

    /// An expression that is a number from 0 to `last`, to be grouped by. PostgreSQL expects about as many groups of an
    /// expression as its columns have values, and sorts all rows where a handful of groups fit into memory; of a list of
    /// numbers it knows how many there are. An outer join leaves its estimate of rows alone.
    fn one_of(&mut self, name: &'static str, number: Expr, last: usize) -> Expr {
        match self.dialect.numbers(last) {
            Some(numbers) => {
                let column = Expr::col((name, Dialect::NUMBER));
                self.numbers.push((name, numbers, column.clone().eq(number)));
                column
            }
            None => number,
        }
    }

    /// When a row counts for a measure that counts so; none: always.
    pub fn counts(&mut self, scan: &Scan, counts: Counts) -> Option<Expr> {
        let Axis::State { from, until } = scan.axis else { return None };
        let first = self.edges.first().copied();
        let mixed = scan.measures.iter().any(|part| part.counts != Counts::OnAxis);
        match counts {
            Counts::OnAxis if mixed && has_ends(scan.axis) => Some(lasts(self.instant(from), self.instant(until))),
            Counts::OnAxis => None,
            Counts::AtStart if has_ends(scan.axis) => Some(starts().and(self.instant(from).gte(first))),
            Counts::AtStart => Some(self.instant(from).gte(first)),
            Counts::AtEnd => Some(starts().not().and(self.instant(until).gte(first))),
        }
    }

    /// What a row adds to a state: 1 where it starts, −1 where it ends. None where rows only add.
    pub fn sign(&self, axis: &Axis) -> Option<Expr> {
        has_ends(axis).then(|| Expr::col(EDGE))
    }

    /// The spans of exchange rates that events or stretches of time of the scan can be in.
    pub fn spans<'r>(&self, axis: &Axis, rates: &'r Rates) -> Spans<'r> {
        let all = || self.edges.iter().chain(self.whole.unwrap_or_default());
        match (axis, all().min(), all().max()) {
            (Axis::Event { .. } | Axis::Span { .. }, Some(&first), Some(&end)) => {
                let (number, edges) = rates.spans(first, end);
                Spans { number: number.try_into().unwrap_or(i32::MAX), edges }
            }
            _ => Spans::default(),
        }
    }

    /// Settles what rows of spans are cut into.
    pub fn cut(&mut self, axis: &Axis, spans: &Spans<'_>) {
        if let Axis::Span { from, until } = axis {
            self.pieces = Some(Pieces::new((*from, *until), self.edges, (spans.number, spans.edges)));
        }
    }

    /// The number of the span of exchange rates that a row is in; none for states.
    pub fn span(&mut self, axis: &Axis, spans: &Spans<'_>) -> Option<Expr> {
        match (axis, &self.at) {
            (Axis::State { .. }, _) => None,
            (Axis::Event { .. }, Some(_)) if spans.edges.is_empty() => Some(Expr::cust(spans.number.to_string())),
            (Axis::Event { .. }, Some(at)) => {
                let begun = self.dialect.bucket(at.clone(), spans.edges);
                Some(self.one_of(NUMBERS.1, begun, spans.edges.len()).add(Expr::cust(spans.number.to_string())))
            }
            _ => self.pieces.as_ref().map(|pieces| self.rates_of_piece(pieces)),
        }
    }

    /// Has every row stand for its start and its end, for its bucket and the whole period, as the scan needs it.
    pub fn join_times(&self, scan: &Scan, select: &mut SelectStatement) {
        let mut twice = |(table, column): (&'static str, &'static str), [one, other]: [&'static str; 2]| {
            let mut values = Query::select();
            values.expr_as(Expr::cust(one), column);
            values.union(UnionType::All, Query::select().expr(Expr::cust(other)).take());
            select.join_subquery(JoinType::InnerJoin, values, table, Expr::cust("1 = 1"));
        };
        if has_ends(scan.axis) {
            twice(EDGE, ["1", "-1"]);
        }
        if self.whole.is_some() {
            twice(LEVEL, ["0", "1"]);
        }
        for (name, numbers, on) in &self.numbers {
            select.join_subquery(JoinType::LeftJoin, numbers.clone(), *name, on.clone());
        }
    }
}
