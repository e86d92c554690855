//! Time axes as SQL: which rows can count at all, in which bucket, and when for which measure.

use super::buckets::{At, Buckets, EDGE, LEVEL, in_whole_period, starts};
use super::moment::{Form, Moment};
use super::pieces::Pieces;
use super::writer::Writer;
use crate::catalog::{Ahead, Axis, Instant, Shift};
use crate::database::NUMBER_COLUMN;
use crate::engine::plan::{Counts, Scan};
use crate::period::{Edge, Timeline};
use sea_orm::JoinType;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, UnionType};

/// Tables with the numbers that an expression can have, to group by: of the bucket, of the span of exchange rates.
const NUMBERS: (&str, &str) = ("buckets", "rate_spans");

/// Writes what a scan does with time.
pub(super) struct Times<'a> {
    pub writer: Writer<'a>,
    scan: &'a Scan,
    spans: Spans<'a>,
    /// What rows that are spread over time are cut into.
    pieces: Option<Pieces>,
    /// Tables of numbers, and what each is joined on.
    numbers: Vec<(&'static str, SelectStatement, Expr)>,
}

/// Spans between changes of exchange rates: the number of the first, and when the next ones begin.
#[derive(Clone, Copy, Default)]
struct Spans<'a> {
    number: i32,
    edges: &'a [Edge],
}

impl<'a> Spans<'a> {
    /// Those that rows of some buckets can be in. A span's number says how many changes come before it.
    fn new(changes: &'a [Edge], buckets: &Buckets) -> Self {
        let edges = || buckets.edges.iter().chain(buckets.whole.iter().flatten());
        let (Some(first), Some(end)) = (edges().min(), edges().max()) else { return Self::default() };
        let begun = changes.partition_point(|edge| edge <= first);
        let over = changes.partition_point(|edge| edge < end).max(begun);
        Self { number: begun.try_into().unwrap_or(i32::MAX), edges: &changes[begun..over] }
    }
}

/// The buckets that a scan reads.
pub(super) fn buckets(scan: &Scan, timeline: &Timeline) -> Buckets {
    let whole = scan.whole.then(|| edges(scan.axis, &timeline.whole()));
    Buckets { edges: edges(scan.axis, timeline), whole, now: now(scan, timeline), ..Buckets::default() }
}

/// The edges of the buckets that an axis reads.
pub(crate) fn edges(axis: &Axis, timeline: &Timeline) -> Vec<Edge> {
    match axis {
        Axis::Event { shift: Shift::Years(years), .. } => timeline.edges_years_away(*years),
        Axis::Event { shift: Shift::Before, .. } => timeline.edges_before(),
        Axis::Event { shift: Shift::None, .. } | Axis::State { .. } | Axis::Span { .. } => timeline.edges(),
    }
}

/// Where what a scan leaves out begins, as it is ahead of now.
fn now(scan: &Scan, timeline: &Timeline) -> Option<Edge> {
    let today = timeline.now.today;
    let day = match scan.ahead {
        Ahead::Counts => return None,
        Ahead::HasNotHappened => today.succ_opt().unwrap_or(today),
        Ahead::IsNotDue => today,
    };
    let years = match scan.axis {
        Axis::Event { shift: Shift::Years(years), .. } => *years,
        _ => 0,
    };
    Some(timeline.edge_of_now(years, day))
}

/// A state that never ends has one moment only.
fn has_ends(axis: &Axis) -> bool {
    matches!(axis, Axis::State { until, .. } if *until != Instant::Never)
}

impl<'a> Times<'a> {
    /// Of a scan. `changes`: when exchange rates change, where it converts.
    pub fn new(mut writer: Writer<'a>, scan: &'a Scan, changes: Option<&'a [Edge]>) -> Self {
        let spans = match (scan.axis, changes) {
            (Axis::Event { .. } | Axis::Span { .. }, Some(changes)) => Spans::new(changes, &writer.buckets),
            _ => Spans::default(),
        };
        let pieces = match scan.axis {
            Axis::Span { from, until } => {
                let edges = writer.buckets.edges.clone();
                Some(Pieces::new(&mut writer, (*from, *until), &edges, (spans.number, spans.edges)))
            }
            Axis::Event { .. } | Axis::State { .. } => None,
        };
        Self { writer, scan, spans, pieces, numbers: Vec::new() }
    }

    /// Settles which moment tells a row's bucket, and returns which rows can count at all.
    pub fn lay_out(&mut self) -> Vec<Expr> {
        let (first, last) = self.writer.buckets.ends();
        match self.scan.axis {
            Axis::Event { at, .. } => {
                let at = self.writer.moment(at);
                self.writer.buckets.at = Some(At::One(at.clone()));
                let (whole_first, whole_last) = self.writer.buckets.whole_ends();
                let inside = |(first, last)| [at.is_from(first), at.is_before(last)];
                // The plain range is what an index helps with.
                let mut rows = inside((Ord::min(first, whole_first), Ord::max(last, whole_last))).to_vec();
                if (first, last) != (whole_first, whole_last) {
                    let both = |edges| inside(edges).into_iter().reduce(Expr::and);
                    if let (Some(inside), Some(inside_whole)) = (both((first, last)), both((whole_first, whole_last))) {
                        rows.push(Expr::case(in_whole_period(), inside_whole).finally(inside).into());
                    }
                }
                rows
            }
            Axis::State { from, until } => {
                let single = self.single_columns((from, until));
                let not_over = self.not_over(until, first);
                let (from, until) = (self.writer.moment(from), self.until(until));
                let begun = self.begins_before(&from, last);
                let (at, mut rows) = if has_ends(self.scan.axis) {
                    (At::start_or_end(&from, &until), self.rows_with_ends((&from, &until), begun, not_over))
                } else {
                    (At::One(from), vec![begun])
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
                if self.writer.buckets.whole.is_some() {
                    rows.push(in_whole_period().not().or(at.is_from(first)));
                }
                self.writer.buckets.at = Some(at);
                rows
            }
            Axis::Span { .. } => self.pieces.as_ref().map(Pieces::rows).unwrap_or_default(),
        }
    }

    /// When a state ends.
    fn until(&mut self, until: &Instant) -> Moment {
        match self.scan.last_days {
            true => self.writer.moment(until),
            false => self.writer.moment(&until.without_last_day()),
        }
    }

    fn begins_before(&self, from: &Moment, end: Option<Edge>) -> Expr {
        from.is_unset().or(from.is_before(end))
    }

    fn ends_from(&self, until: &Moment, start: Option<Edge>) -> Expr {
        until.is_unset().or(until.is_from(start))
    }

    /// Whether a state ends at an edge, behind it or never. Of a plain column, so that an index can help.
    fn not_over(&mut self, until: &Instant, start: Option<Edge>) -> Expr {
        let Instant::Unless(at, column, value) = until else {
            let until = self.until(until);
            return self.ends_from(&until, start);
        };
        let (at, unless) = (self.writer.at(*at), self.writer.column(*column).eq(*value));
        self.ends_from(&at, start).or(unless.and(at.expr.clone().is_not_null()))
    }

    /// Whether a state lasts at all: not where it ends before or when it starts.
    fn lasts(&mut self, from: &Moment, until: &Moment) -> Expr {
        let before = self.writer.before(from, until);
        from.is_unset().or(until.is_unset()).or(before)
    }

    /// What follows for single columns where a state begins with the later of two, or ends with the earlier: a condition
    /// on one table narrows it before it is joined with others.
    fn single_columns(&mut self, (from, until): (&Instant, &Instant)) -> Vec<Expr> {
        if self.counts_events() {
            return Vec::new();
        }
        let (first, last) = self.writer.buckets.ends();
        let mut conditions = Vec::new();
        if let Instant::Later(one, other) = from {
            for column in [one, other].into_iter().filter_map(|one| one.column()) {
                let from = self.writer.at(column);
                conditions.push(self.begins_before(&from, last));
            }
        }
        if let Instant::Earlier(one, other) = until {
            for one in [one, other].into_iter().filter(|one| matches!(***one, Instant::At(_) | Instant::Unless(..))) {
                conditions.push(self.not_over(one, first));
            }
        }
        conditions
    }

    /// The starts and ends of states that reach into the period, and of all that are events in it.
    fn rows_with_ends(&mut self, (from, until): (&Moment, &Moment), begun: Expr, not_over: Expr) -> Vec<Expr> {
        let (first, last) = self.writer.buckets.ends();
        let ends = starts().not().and(until.is_before(last));
        if self.counts_events() {
            vec![not_over.or(from.is_from(first)), starts().and(begun).or(ends)]
        } else {
            vec![begun, not_over, self.lasts(from, until), starts().or(ends)]
        }
    }

    /// Whether some measure counts the events at which the scan's states start or end.
    fn counts_events(&self) -> bool {
        self.scan.measures.iter().any(|part| part.counts != Counts::OnAxis)
    }

    /// The number of a row's bucket from 1: 0 before the first, one more than there are for the whole period. None where it
    /// is 1 for all.
    pub fn bucket(&mut self) -> Option<Expr> {
        let Buckets { at, edges, whole, .. } = &self.writer.buckets;
        let bucket = match (self.scan.axis, at, edges.as_slice()) {
            (Axis::Event { .. }, _, [_, _]) => return None,
            (_, Some(at), [starts @ .., _]) => at.bucket(self.writer.dialect, starts),
            _ => return self.pieces.as_ref().map(Pieces::bucket),
        };
        let last = edges.len();
        let bucket = match whole {
            Some(_) => Expr::case(in_whole_period(), Expr::cust(last.to_string())).finally(bucket).into(),
            None => bucket,
        };
        let number = self.one_of(NUMBERS.0, bucket, last);
        self.writer.buckets.number = self.numbers.last().map(|_| number.clone());
        Some(number)
    }

    /// An expression that is a number from 0 to `last`, to be grouped by. PostgreSQL expects about as many groups of an
    /// expression as its columns have values, and sorts all rows where a handful of groups fit into memory; of a list of
    /// numbers it knows how many there are. An outer join leaves its estimate of rows alone.
    fn one_of(&mut self, name: &'static str, number: Expr, last: usize) -> Expr {
        match self.writer.dialect.numbers(last) {
            Some(numbers) => {
                let column = Expr::col((name, NUMBER_COLUMN));
                self.numbers.push((name, numbers, column.clone().eq(number)));
                column
            }
            None => number,
        }
    }

    /// When a row counts for a measure that counts so; none: always.
    pub fn counts(&mut self, counts: Counts) -> Option<Expr> {
        let Axis::State { from, until } = self.scan.axis else { return None };
        let (has_ends, mixed) = (has_ends(self.scan.axis), self.counts_events());
        let (first, _) = self.writer.buckets.ends();
        let (from, until) = (self.writer.moment(from), self.until(until));
        match counts {
            Counts::OnAxis if mixed && has_ends => Some(self.lasts(&from, &until)),
            Counts::OnAxis => None,
            Counts::AtStart if has_ends => Some(starts().and(from.is_from(first))),
            Counts::AtStart => Some(from.is_from(first)),
            Counts::AtEnd => Some(starts().not().and(until.is_from(first))),
        }
    }

    /// What a row adds to a sum: on the scan's axis an amount of a state is added where the row starts and taken away where
    /// it ends, and one that is spread over time is cut to its part in the row's piece. Without an amount each row is 1; none:
    /// nothing but that is to be counted.
    pub fn added(&self, counts: Counts, amount: Option<Expr>) -> Option<Expr> {
        if counts != Counts::OnAxis {
            return amount;
        }
        if has_ends(self.scan.axis) {
            let sign: Expr = Expr::col(EDGE);
            return Some(match amount {
                Some(amount) => amount.mul(sign),
                None => sign,
            });
        }
        match (&self.pieces, amount) {
            (Some(pieces), Some(amount)) => Some(pieces.part(amount)),
            (_, amount) => amount,
        }
    }

    /// The number of the span of exchange rates that a row is in; none for states.
    pub fn span(&mut self) -> Option<Expr> {
        let Spans { number, edges } = self.spans;
        match (self.scan.axis, &self.writer.buckets.at) {
            (Axis::State { .. }, _) => None,
            (Axis::Event { .. }, Some(_)) if edges.is_empty() => Some(Expr::cust(number.to_string())),
            (Axis::Event { .. }, Some(at)) => {
                let begun = at.bucket(self.writer.dialect, edges);
                Some(self.one_of(NUMBERS.1, begun, edges.len()).add(Expr::cust(number.to_string())))
            }
            _ => self.pieces.as_ref().map(Pieces::rates),
        }
    }

    /// When a row's event is: its instant, or the number of its day where only that is known.
    pub fn first_event(&mut self) -> Expr {
        match self.writer.buckets.at.clone() {
            Some(At::One(at)) if at.form != Form::Instant => self.writer.number(&at),
            Some(At::One(at)) => at.expr,
            Some(At::StartOrEnd(..)) | None => self.writer.dialect.no_instant(),
        }
    }

    /// The number of a row's calendar day; 0 before the first bucket.
    pub fn day(&mut self) -> Expr {
        let (first, _) = self.writer.buckets.ends();
        match self.writer.buckets.at.clone() {
            Some(At::One(at)) => {
                let number = self.writer.number(&at);
                Expr::case(at.is_before(first), Expr::cust("0")).finally(number).into()
            }
            Some(At::StartOrEnd(..)) | None => Expr::cust("0"),
        }
    }

    /// Has every row stand for its pieces, for its start and its end, for its bucket and the whole period, as the scan needs
    /// it.
    pub fn join(&self, select: &mut SelectStatement) {
        if let Some(pieces) = &self.pieces {
            pieces.join(select);
        }
        let mut twice = |(table, column): (&'static str, &'static str), [one, other]: [&'static str; 2]| {
            let mut values = Query::select();
            values.expr_as(Expr::cust(one), column);
            values.union(UnionType::All, Query::select().expr(Expr::cust(other)).take());
            select.join_subquery(JoinType::InnerJoin, values, table, Expr::cust("1 = 1"));
        };
        if has_ends(self.scan.axis) {
            twice(EDGE, ["1", "-1"]);
        }
        if self.writer.buckets.whole.is_some() {
            twice(LEVEL, ["0", "1"]);
        }
        for (name, numbers, on) in &self.numbers {
            select.join_subquery(JoinType::LeftJoin, numbers.clone(), *name, on.clone());
        }
    }
}
