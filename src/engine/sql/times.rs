//! The catalogue's points in time as SQL, and how they compare with each other and with the edges of buckets.
//!
//! A day and an instant compare by calendar day, in the question's time zone. What is days on both sides needs no time zone.

use super::moment::{Form, LONG_BEFORE, Moment};
use super::writer::Writer;
use crate::catalog::{Column, Instant};
use crate::database::{Choices, Dialect, Precision};
use crate::period::Timeline;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Func};

const SECONDS_A_DAY: i64 = 86_400;

const MILLISECONDS_A_DAY: i64 = 86_400_000;

/// Seconds that local time is ahead of UTC at first, and from when on it is another number.
type Offsets = (i32, Vec<(DateTime<Utc>, i32)>);

#[derive(Clone, Copy)]
enum Comparison {
    Before,
    NotBefore,
}

impl Writer<'_> {
    /// A point in time of a row or its bucket.
    pub fn moment(&mut self, instant: &Instant) -> Moment {
        match instant {
            Instant::At(column) => self.at(*column),
            Instant::Through(column) => self.days_later(*column, 1),
            Instant::Unless(at, column, value) => {
                let (at, says) = (self.at(*at), self.column(*column).ne(*value));
                Moment { expr: Expr::case(says, at.expr).into(), form: at.form }
            }
            Instant::Earlier(first, second) => {
                self.either(first, second, |dialect, one, other| dialect.earlier(one, other))
            }
            Instant::Later(first, second) => {
                self.either(first, second, |dialect, one, other| dialect.later(one, other))
            }
            Instant::DaysAfter(column, days) => match self.precision(*column) {
                Precision::Instant => {
                    let at = self.column(*column);
                    Moment::instant(self.dialect.days_after(at, Expr::val(*days)))
                }
                _ => self.days_later(*column, *days),
            },
            Instant::DaysInAfter(column, days) => {
                let (at, days) = (self.at(*column), self.column(*days));
                match at.form {
                    Form::Instant => Moment::instant(self.dialect.days_after(at.expr, days)),
                    _ => Moment::number(self.number(&at).add(days)),
                }
            }
            Instant::BucketStart => Moment { expr: self.dialect.no_instant(), form: Form::Edge(0) },
            Instant::BucketEnd => Moment { expr: self.dialect.no_instant(), form: Form::Edge(1) },
            Instant::Never => Moment::instant(self.dialect.no_instant()),
        }
    }

    fn precision(&self, column: Column) -> Precision {
        self.days.precision(column.table, column.name)
    }

    /// The time in a column.
    pub fn at(&mut self, column: Column) -> Moment {
        self.days_later(column, 0)
    }

    /// The time in a column; of a day one that is so many days later.
    fn days_later(&mut self, column: Column, later: i32) -> Moment {
        let expr = self.column(column);
        self.of_column(column, expr, later)
    }

    /// The time in a column that is written so; of a day one that is so many days later.
    pub fn of_column(&self, column: Column, expr: Expr, later: i32) -> Moment {
        let form = match self.precision(column) {
            Precision::Instant => Form::Instant,
            precision => Form::Day(precision, later),
        };
        Moment { expr, form }
    }

    /// The earlier or later of two, each standing in for the other where that is unset.
    fn either(&mut self, first: &Instant, second: &Instant, of_two: fn(Dialect, Expr, Expr) -> Expr) -> Moment {
        let (first, second) = (self.moment(first), self.moment(second));
        let (one, other, form) = match (first.form, second.form) {
            (Form::Instant, Form::Instant) => (first.expr, second.expr, Form::Instant),
            (Form::Day(..), form) if form == first.form => {
                (self.dialect.plain_day(first.expr), self.dialect.plain_day(second.expr), form)
            }
            _ => (self.number(&first), self.number(&second), Form::Number),
        };
        let or = |one: &Expr, other: &Expr| Func::coalesce([one.clone(), other.clone()]).into();
        Moment { expr: of_two(self.dialect, or(&one, &other), or(&other, &one)), form }
    }

    /// Whether one is before another; of a day and an instant by calendar day.
    pub fn before(&mut self, one: &Moment, other: &Moment) -> Expr {
        self.compare(one, Comparison::Before, other)
    }

    /// Whether one is at another or behind it; of a day and an instant by calendar day.
    pub fn not_before(&mut self, one: &Moment, other: &Moment) -> Expr {
        self.compare(one, Comparison::NotBefore, other)
    }

    fn compare(&mut self, one: &Moment, comparison: Comparison, other: &Moment) -> Expr {
        let edge = |end: usize, form: Form| self.buckets.edge(self.dialect, end, form);
        let (one, other) = match (one.form, other.form) {
            (Form::Edge(end), Form::Edge(other)) => (edge(end, Form::Instant), edge(other, Form::Instant)),
            (Form::Edge(end), form) => (edge(end, form), other.expr.clone()),
            (form, Form::Edge(end)) => (one.expr.clone(), edge(end, form)),
            (Form::Instant, Form::Instant) => (one.expr.clone(), other.expr.clone()),
            (Form::Day(..), form) if form == one.form => {
                (self.dialect.plain_day(one.expr.clone()), self.dialect.plain_day(other.expr.clone()))
            }
            _ => (self.number(one), self.number(other)),
        };
        match comparison {
            Comparison::Before => one.lt(other),
            Comparison::NotBefore => one.gte(other),
        }
    }

    /// Whole milliseconds from one to another; with a day on either side those of whole days, and at least 0.
    pub(super) fn milliseconds(&mut self, from: &Moment, until: &Moment) -> Expr {
        if (from.form, until.form) == (Form::Instant, Form::Instant) {
            return self.dialect.milliseconds(from.expr.clone(), until.expr.clone());
        }
        let days = self.number(until).sub(self.number(from));
        let days: Expr = Expr::case(days.clone().gt(Expr::cust("0")), days).finally(Expr::cust("0")).into();
        days.mul(MILLISECONDS_A_DAY)
    }

    /// Whether two are on the same calendar day.
    pub(super) fn same_day(&mut self, one: &Moment, other: &Moment) -> Expr {
        let mut day = |moment: &Moment| match moment.form {
            Form::Instant => self.day(moment.expr.clone(), self.timeline.map(Timeline::offsets), 0),
            _ => self.number(moment),
        };
        day(one).eq(day(other))
    }

    /// The number of its calendar day.
    pub(super) fn number(&mut self, moment: &Moment) -> Expr {
        match moment.form {
            Form::Instant => self.day(moment.expr.clone(), self.timeline.map(Timeline::offsets_around), 0),
            Form::Day(precision, later) => {
                let number = self.dialect.day_number(moment.expr.clone(), precision);
                number.add(Expr::cust(LONG_BEFORE.saturating_add(later).to_string()))
            }
            Form::Number => moment.expr.clone(),
            Form::Edge(end) => self.buckets.edge(self.dialect, end, Form::Number),
        }
    }

    /// The number of the day behind the last one that reaches up to it: a stretch until midnight has nothing of the day that
    /// begins then.
    pub(super) fn number_behind(&mut self, moment: &Moment) -> Expr {
        match moment.form {
            Form::Instant => {
                let last = self.day(moment.expr.clone(), self.timeline.map(Timeline::offsets_around), -1);
                last.add(Expr::cust("1"))
            }
            _ => self.number(moment),
        }
    }

    /// The numbers of the first day of a stretch and of the day behind its last one.
    pub fn days_through(&mut self, from: Column, last: Column) -> [Expr; 2] {
        let (from, until) = (self.at(from), self.moment(&Instant::Through(last)));
        [self.number(&from), self.number_behind(&until)]
    }

    /// The number of the calendar day that an instant, or one so many seconds later, is on by offsets from UTC and when these
    /// change.
    fn day(&self, at: Expr, offsets: Option<Offsets>, later: i64) -> Expr {
        let (first, changes) = offsets.unwrap_or_default();
        let edges: Vec<DateTime<Utc>> = changes.iter().map(|(at, _)| *at).collect();
        let offsets = [first].into_iter().chain(changes.into_iter().map(|(_, offset)| offset));
        let offsets: Vec<i32> = offsets.collect();
        let offset = self.dialect.pick(&at, Choices::Instants(&edges), Choices::Numbers(&offsets));
        let seconds = self.dialect.unix_seconds(at).add(offset);
        seconds.add(i64::from(LONG_BEFORE) * SECONDS_A_DAY + later).div(SECONDS_A_DAY)
    }
}
