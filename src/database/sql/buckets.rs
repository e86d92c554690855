//! Which bucket an instant is in, and what belongs to that bucket. However many edges there are, they take one parameter:
//! a statement stays as short, and is planned as fast, for 3,650 buckets as for 12.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};

/// Values of one kind, ascending where they are edges.
#[derive(Clone, Copy, Debug)]
pub enum Choices<'a> {
    /// Instants.
    Instants(&'a [DateTime<Utc>]),
    /// Calendar days.
    Days(&'a [NaiveDate]),
    /// Whole numbers.
    Numbers(&'a [i32]),
}

impl Choices<'_> {
    /// How many there are.
    pub fn count(self) -> usize {
        match self {
            Self::Instants(instants) => instants.len(),
            Self::Days(days) => days.len(),
            Self::Numbers(numbers) => numbers.len(),
        }
    }

    /// The value at a place, from 0.
    pub fn get(self, place: usize) -> Option<Expr> {
        match self {
            Self::Instants(instants) => instants.get(place).map(|&instant| Expr::val(instant)),
            Self::Days(days) => days.get(place).map(|&day| Expr::val(day)),
            Self::Numbers(numbers) => numbers.get(place).map(|number| Expr::cust(number.to_string())),
        }
    }
}

/// The column of [`BucketSql::numbers`].
pub const NUMBER_COLUMN: &str = "number";

/// Edges of buckets in SQL.
pub trait BucketSql {
    /// How many of these edges are at or before `at`, which is of their kind; 0 where it is unset.
    fn bucket(&self, at: Expr, edges: Choices<'_>) -> Expr;

    /// How many of these edges are before `at`, which is of their kind; 0 where it is unset.
    fn begun_before(&self, at: Expr, edges: Choices<'_>) -> Expr;

    /// The numbers from 0 to `last`, where it helps to group by them rather than by the expression that they stand for.
    fn numbers(&self, last: usize) -> Option<SelectStatement>;

    /// The one of `choices` that a number from 1 stands for.
    fn nth(&self, number: Expr, choices: Choices<'_>) -> Expr;

    /// The values of `choices` from one number to another, from 1; none where the last is before the first. On PostgreSQL a row
    /// each, on SQLite a JSON array.
    fn elements(&self, choices: Choices<'_>, first: Expr, last: Expr) -> Expr;

    /// The one of `choices` (one more than there are `edges`) that stands between the edges around `at`; the first where `at`
    /// is unset.
    fn pick(&self, at: &Expr, edges: Choices<'_>, choices: Choices<'_>) -> Expr {
        match edges.count() {
            0 => choices.get(0).unwrap_or(Expr::cust("NULL")),
            _ => self.nth(self.bucket(at.clone(), edges).add(1), choices),
        }
    }
}
