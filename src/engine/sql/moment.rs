//! Points in time of a row as SQL: instants and days, and the edges of buckets as what these are compared with.

use crate::database::{Choices, Dialect, Precision};
use crate::period::Edge;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};

/// A number of days that no instant is before 1970 by: days are numbered from there, so that no number is negative.
pub(super) const LONG_BEFORE: i32 = 1_000_000;

/// A point in time.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    pub expr: Expr,
    pub form: Form,
}

/// What the expression of a moment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Instant,
    /// A day as it is stored. What is meant is so many days later.
    Day(Precision, i32),
    /// The number of a day.
    Number,
    /// The edge that a row's bucket begins (0) or ends (1) with: as what it is compared with.
    Edge(usize),
}

/// Edges as what moments of a form are compared with.
#[derive(Clone, Debug)]
pub(super) enum Values {
    Instants(Vec<DateTime<Utc>>),
    Days(Vec<NaiveDate>),
    Numbers(Vec<i32>),
}

impl Form {
    /// Edges as what moments of this form are compared with.
    pub(super) fn values(self, edges: &[Edge]) -> Values {
        match self {
            Self::Instant | Self::Edge(_) => Values::Instants(edges.iter().map(|edge| edge.at).collect()),
            Self::Number => Values::Numbers(edges.iter().map(|edge| number_of(edge.day)).collect()),
            Self::Day(precision, later) => {
                let stored =
                    |edge: &Edge| edge.day.checked_sub_signed(TimeDelta::days(later.into())).unwrap_or(edge.day);
                let days = edges.iter().map(stored);
                match precision {
                    Precision::Midnight => {
                        Values::Instants(days.map(|day| day.and_time(NaiveTime::MIN).and_utc()).collect())
                    }
                    Precision::Date | Precision::Instant => Values::Days(days.collect()),
                }
            }
        }
    }

    /// An edge as what moments of this form are compared with.
    pub(super) fn value(self, edge: Option<Edge>) -> Expr {
        let values = edge.map(|edge| self.values(&[edge]));
        let value = values.and_then(|values| match values {
            Values::Instants(values) => values.first().map(|&at| at.into()),
            Values::Days(values) => values.first().map(|&day| day.into()),
            Values::Numbers(values) => values.first().map(|&number| number.into()),
        });
        value.unwrap_or(Expr::cust("NULL"))
    }
}

impl Values {
    pub fn choices(&self) -> Choices<'_> {
        match self {
            Self::Instants(values) => Choices::Instants(values),
            Self::Days(values) => Choices::Days(values),
            Self::Numbers(values) => Choices::Numbers(values),
        }
    }
}

/// The number of a day.
fn number_of(day: NaiveDate) -> i32 {
    i32::try_from((day - NaiveDate::default()).num_days()).unwrap_or(i32::MAX).saturating_add(LONG_BEFORE)
}

/// The day of a number.
pub(crate) fn day_of_number(number: i64) -> Option<NaiveDate> {
    NaiveDate::default().checked_add_signed(TimeDelta::try_days(number.checked_sub(LONG_BEFORE.into())?)?)
}

impl Moment {
    pub(super) fn instant(expr: Expr) -> Self {
        Self { expr, form: Form::Instant }
    }

    pub(super) fn number(expr: Expr) -> Self {
        Self { expr, form: Form::Number }
    }

    pub fn is_unset(&self) -> Expr {
        self.expr.clone().is_null()
    }

    /// How many of some edges are at or before it.
    pub(super) fn bucket(&self, dialect: Dialect, edges: &[Edge]) -> Expr {
        dialect.bucket(self.expr.clone(), self.form.values(edges).choices())
    }

    /// Whether it is before an edge.
    pub(super) fn is_before(&self, edge: Option<Edge>) -> Expr {
        self.expr.clone().lt(self.form.value(edge))
    }

    /// Whether it is at an edge or behind it.
    pub(super) fn is_from(&self, edge: Option<Edge>) -> Expr {
        self.expr.clone().gte(self.form.value(edge))
    }
}
