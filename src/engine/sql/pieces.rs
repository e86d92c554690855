//! Rows that are spread over time: cut into pieces where a bucket or a span of exchange rates begins, as SQL.
//!
//! Every row is joined with the pieces that it reaches into and with no others. Which ones these are is worked out from its
//! two moments. A row between instants is spread by whole minutes; where one of its ends is a day, by whole days.

use super::moment::{Form, Values};
use super::writer::Writer;
use crate::catalog::{Column, Instant};
use crate::database::{Choices, Dialect};
use crate::period::Edge;
use sea_orm::JoinType;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};

/// The pieces that a row is joined with. On PostgreSQL it has a column for everything that is read of a piece, on SQLite only
/// a number.
const PIECE: &str = "piece";

/// What a row is cut into: all that belongs to a piece is at the same place of each list.
#[derive(Clone, Debug)]
pub(super) struct Pieces {
    dialect: Dialect,
    form: Form,
    /// The start of a row, and the end that is not in it: of the form.
    from: Expr,
    until: Expr,
    /// Whether a row begins before the last piece ends.
    begins: Expr,
    starts: Vec<Edge>,
    ends: Vec<Edge>,
    /// Numbers of buckets, from 1.
    buckets: Vec<i32>,
    /// Numbers of spans of exchange rates.
    rates: Vec<i32>,
}

impl Pieces {
    /// Cuts buckets, given by their edges, where spans of rates begin; the first of these has a number.
    pub fn new(
        writer: &mut Writer<'_>,
        (from, until): (Column, Column),
        edges: &[Edge],
        (number, changes): (i32, &[Edge]),
    ) -> Self {
        let dialect = writer.dialect;
        let (from, until) = (writer.at(from), writer.moment(&Instant::Through(until)));
        let begins = from.is_before(edges.last().copied());
        let (form, from, until) = match (from.form, until.form) {
            (Form::Instant, Form::Instant) => (Form::Instant, from.expr, until.expr),
            _ => (Form::Number, writer.number(&from), writer.number_behind(&until)),
        };
        let (starts, ends, buckets, rates) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut pieces = Self { dialect, form, from, until, begins, starts, ends, buckets, rates };
        for (bucket, edges) in (1..).zip(edges.windows(2)) {
            let begun = changes.partition_point(|edge| *edge <= edges[0]);
            let over = changes.partition_point(|edge| *edge < edges[1]).max(begun);
            let inside = &changes[begun..over];
            let starts = [edges[0]].into_iter().chain(inside.iter().copied());
            let ends = inside.iter().copied().chain([edges[1]]);
            for (place, (start, end)) in (begun..).zip(starts.zip(ends)) {
                pieces.starts.push(start);
                pieces.ends.push(end);
                pieces.buckets.push(bucket);
                pieces.rates.push(number.saturating_add(place.try_into().unwrap_or(i32::MAX)));
            }
        }
        pieces
    }

    fn from(&self) -> Expr {
        self.from.clone()
    }

    fn until(&self) -> Expr {
        self.until.clone()
    }

    fn values(&self, edges: &[Edge]) -> Values {
        self.form.values(edges)
    }

    /// Whole minutes, or days, from a row's start.
    fn passed_at(&self, at: Expr) -> Expr {
        match self.form {
            Form::Instant => self.dialect.milliseconds(self.from(), at).div(60_000),
            _ => at.sub(self.from()),
        }
    }

    /// Minutes, or days, from a row's start to its end.
    fn length(&self) -> Expr {
        self.passed_at(self.until())
    }

    /// The numbers of the first and the last piece that a row reaches into.
    fn reached(&self) -> (Expr, Expr) {
        let starts = self.values(&self.starts);
        let first = self.dialect.bucket(self.from(), starts.choices());
        let last = self.dialect.begun_before(self.until(), starts.choices());
        let point = is_point(self.until(), self.length());
        (first.clone(), Expr::case(point, first).finally(last).into())
    }

    /// Which rows reach into the pieces at all.
    pub fn rows(&self) -> Vec<Expr> {
        let first = self.form.value(self.starts.first().copied());
        let point = is_point(self.until(), self.length());
        let reaches = Expr::case(point, self.from().gte(first.clone())).finally(self.until().gt(first));
        vec![self.begins.clone(), reaches.into()]
    }

    /// The number of the bucket that a piece is in.
    pub fn bucket(&self) -> Expr {
        self.of_piece("bucket", Choices::Numbers(&self.buckets))
    }

    /// The number of the span of exchange rates that a piece is in.
    pub fn rates(&self) -> Expr {
        self.of_piece("rates", Choices::Numbers(&self.rates))
    }

    fn of_piece(&self, column: &'static str, choices: Choices<'_>) -> Expr {
        match self.dialect {
            Dialect::Postgres => Expr::col((PIECE, column)),
            Dialect::Sqlite => self.dialect.nth(Expr::col((PIECE, "value")), choices),
        }
    }

    /// Joins rows with their pieces.
    pub fn join(&self, select: &mut SelectStatement) {
        let (first, last) = self.reached();
        match self.dialect {
            Dialect::Postgres => {
                const CUT: &str = "cut";
                // Elements of an array: of these PostgreSQL expects ten a row, of generate_series a thousand.
                let elements = |choices| self.dialect.elements(choices, first.clone(), last.clone());
                let mut cut = Query::select();
                cut.expr_as(elements(self.values(&self.starts).choices()), "begins")
                    .expr_as(elements(self.values(&self.ends).choices()), "ends")
                    .expr_as(elements(Choices::Numbers(&self.buckets)), "bucket")
                    .expr_as(elements(Choices::Numbers(&self.rates)), "rates");
                let (begins, ends) = (Expr::col((CUT, "begins")), Expr::col((CUT, "ends")));
                let (begun, over) = self.passed(begins, ends);
                let mut piece = Query::select();
                piece
                    .expr(Expr::col((CUT, "bucket")))
                    .expr(Expr::col((CUT, "rates")))
                    .expr_as(begun, "begun")
                    .expr_as(over, "over")
                    .expr_as(self.length(), "length")
                    .from_subquery(cut, CUT)
                    // Has its columns worked out once, not wherever they are read.
                    .offset(0);
                select.join_lateral(JoinType::InnerJoin, piece, PIECE, Expr::cust("1 = 1"));
            }
            Dialect::Sqlite => {
                let numbers: Vec<i32> = (1..).take(self.starts.len()).collect();
                let numbers = self.dialect.elements(Choices::Numbers(&numbers), first, last);
                select.from_function(Func::cust("json_each").arg(numbers), PIECE);
            }
        }
    }

    /// Minutes, or days, from a row's start to the start and to the end of its part in a piece.
    fn passed(&self, begins: Expr, ends: Expr) -> (Expr, Expr) {
        let begun = self.passed_at(self.dialect.later(begins, self.from()));
        let over = self.passed_at(self.dialect.earlier(ends, self.until()));
        (begun, over)
    }

    /// The part of an amount that falls into a piece: what has fallen due by its end less what had by its start, each
    /// rounded toward zero to a whole unit, so that the parts add up.
    pub fn part(&self, amount: Expr) -> Expr {
        let (length, (begun, over)) = match self.dialect {
            Dialect::Postgres => {
                let column = |name: &'static str| Expr::col((PIECE, name));
                (column("length"), (column("begun"), column("over")))
            }
            Dialect::Sqlite => {
                let begins = self.of_piece("begins", self.values(&self.starts).choices());
                let ends = self.of_piece("ends", self.values(&self.ends).choices());
                (self.length(), self.passed(begins, ends))
            }
        };
        let due = |passed: Expr| {
            let whole = amount.clone().div(length.clone()).mul(passed.clone());
            whole.add(amount.clone().modulo(length.clone()).mul(passed).div(length.clone()))
        };
        let part = due(over).sub(due(begun));
        Expr::case(is_point(self.until(), length.clone()), amount.clone()).finally(part).into()
    }
}

/// Whether a row's stretch has no length that counts.
fn is_point(until: Expr, length: Expr) -> Expr {
    until.is_null().or(length.lte(0))
}
