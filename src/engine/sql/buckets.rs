//! The buckets of a scan, and how a row tells which of them it is in.

use crate::database::{Choices, Dialect};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Func};

/// What a row is read for: 0 its bucket, 1 the whole period.
pub(super) const LEVEL: (&str, &str) = ("level", "whole");

/// The buckets of a scan.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buckets {
    /// Where they begin, and where the last one ends.
    pub edges: Vec<DateTime<Utc>>,
    /// The first and last edge of the whole period, where the scan reads it beside them.
    pub whole: Option<Vec<DateTime<Utc>>>,
    /// The instant that tells a row's bucket.
    pub at: Option<Expr>,
    /// The number of a row's bucket, where a column has it.
    pub number: Option<Expr>,
}

/// Whether a row is read for the whole period.
pub(super) fn in_whole_period() -> Expr {
    Expr::col(LEVEL).eq(Expr::cust("1"))
}

impl Buckets {
    /// The first and the last edge.
    pub fn ends(&self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        (self.edges.first().copied(), self.edges.last().copied())
    }

    /// The first and the last edge of the whole period, which are the buckets' own where the scan does not read it.
    pub fn whole_ends(&self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        match &self.whole {
            Some(whole) => (whole.first().copied(), whole.last().copied()),
            None => self.ends(),
        }
    }

    /// The edge that a row's bucket begins (0) or ends (1) with.
    pub fn edge(&self, dialect: Dialect, end: usize) -> Expr {
        let inner = self.edges.len().saturating_sub(1);
        let choices = self.edges.get(end..end + inner).unwrap_or_default();
        let in_bucket = match (&self.number, &self.at, choices) {
            (_, _, &[edge]) => edge.into(),
            (Some(number), ..) => {
                let from_one = Func::greatest([number.clone(), Expr::cust("1")]).into();
                dialect.nth(from_one, Choices::Instants(choices))
            }
            (None, Some(at), [_, _, ..]) => dialect.pick(at, &self.edges[1..inner], Choices::Instants(choices)),
            _ => dialect.no_instant(),
        };
        match &self.whole {
            Some(whole) => Expr::case(in_whole_period(), whole[end]).finally(in_bucket).into(),
            None => in_bucket,
        }
    }
}
