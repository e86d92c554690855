//! The buckets of a scan, and how a row tells which of them it is in.

use super::moment::{Form, Moment};
use crate::database::Dialect;
use crate::period::Edge;
use sea_orm::sea_query::{Expr, ExprTrait, Func};

/// What a row is read for: 0 its bucket, 1 the whole period.
pub(super) const LEVEL: (&str, &str) = ("level", "whole");

/// Which of its two moments a row of a state stands for: 1 its start, −1 its end.
pub(super) const EDGE: (&str, &str) = ("edge", "sign");

/// The buckets of a scan.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buckets {
    /// Where they begin, and where the last one ends.
    pub edges: Vec<Edge>,
    /// The first and last edge of the whole period, where the scan reads it beside them.
    pub whole: Option<Vec<Edge>>,
    /// Where what is ahead of now begins, if that is left out.
    pub now: Option<Edge>,
    /// What tells a row's bucket.
    pub at: Option<At>,
    /// The number of a row's bucket, where a column has it.
    pub number: Option<Expr>,
}

/// The moment that tells a row's bucket.
#[derive(Clone, Debug)]
pub(crate) enum At {
    /// This one.
    One(Moment),
    /// The first where the row stands for its start, the second where it stands for its end.
    StartOrEnd(Moment, Moment),
}

/// Whether a row is read for the whole period.
pub(super) fn in_whole_period() -> Expr {
    Expr::col(LEVEL).eq(Expr::cust("1"))
}

/// Whether a row of a state stands for its start.
pub(super) fn starts() -> Expr {
    Expr::col(EDGE).eq(Expr::cust("1"))
}

impl At {
    /// The start or the end of a state.
    pub fn start_or_end(start: &Moment, end: &Moment) -> Self {
        match start.form == end.form {
            true => {
                let either = Expr::case(starts(), start.expr.clone()).finally(end.expr.clone());
                Self::One(Moment { expr: either.into(), form: start.form })
            }
            false => Self::StartOrEnd(start.clone(), end.clone()),
        }
    }

    /// How many of some edges are at or before it.
    pub fn bucket(&self, dialect: Dialect, edges: &[Edge]) -> Expr {
        match self {
            Self::One(at) => at.bucket(dialect, edges),
            Self::StartOrEnd(start, end) => {
                let (start, end) = (start.bucket(dialect, edges), end.bucket(dialect, edges));
                Expr::case(starts(), start).finally(end).into()
            }
        }
    }

    /// Whether it is at an edge or behind it.
    pub fn is_from(&self, edge: Option<Edge>) -> Expr {
        match self {
            Self::One(at) => at.is_from(edge),
            Self::StartOrEnd(start, end) => {
                let (start, end) = (start.is_from(edge), end.is_from(edge));
                Expr::case(starts(), start).finally(end).into()
            }
        }
    }
}

impl Buckets {
    /// Where the first bucket begins and the last one ends, which is now at the latest where what is ahead is left out.
    pub fn ends(&self) -> (Option<Edge>, Option<Edge>) {
        (self.edges.first().copied(), self.by_now(self.edges.last().copied()))
    }

    /// An edge, or now where that is earlier.
    fn by_now(&self, edge: Option<Edge>) -> Option<Edge> {
        let earlier = |edge: Edge, now: Edge| Edge { day: Ord::min(edge.day, now.day), at: Ord::min(edge.at, now.at) };
        edge.map(|edge| self.now.map_or(edge, |now| earlier(edge, now)))
    }

    /// The first and the last edge of the whole period, which are the buckets' own where the scan does not read it.
    pub fn whole_ends(&self) -> (Option<Edge>, Option<Edge>) {
        match &self.whole {
            Some(whole) => (whole.first().copied(), self.by_now(whole.last().copied())),
            None => self.ends(),
        }
    }

    /// The edge that a row's bucket begins (0) or ends (1) with, as what moments of a form are compared with.
    pub fn edge(&self, dialect: Dialect, end: usize, form: Form) -> Expr {
        let inner = self.edges.len().saturating_sub(1);
        let choices = self.edges.get(end..end + inner).unwrap_or_default();
        let ended: Vec<Edge> = choices.iter().filter_map(|&edge| self.by_now(Some(edge))).collect();
        let choices = if end == 0 { choices } else { &ended };
        let values = form.values(choices);
        let in_bucket = match (&self.number, &self.at, choices) {
            (_, _, &[edge]) => form.value(Some(edge)),
            (Some(number), ..) => {
                let from_one = Func::greatest([number.clone(), Expr::cust("1")]).into();
                dialect.nth(from_one, values.choices())
            }
            (None, Some(At::One(at)), [_, _, ..]) => {
                let between = at.form.values(&self.edges[1..inner]);
                dialect.pick(&at.expr, between.choices(), values.choices())
            }
            (None, Some(at @ At::StartOrEnd(..)), [_, _, ..]) => {
                let number = dialect.later(at.bucket(dialect, &self.edges[..inner]), Expr::cust("1"));
                dialect.nth(number, values.choices())
            }
            _ => dialect.no_instant(),
        };
        match &self.whole {
            Some(whole) => {
                let whole = whole.get(end).copied();
                let whole = form.value(if end == 0 { whole } else { self.by_now(whole) });
                Expr::case(in_whole_period(), whole).finally(in_bucket).into()
            }
            None => in_bucket,
        }
    }
}
