use super::Writer;
use crate::database::Precision;
use crate::quality::terms::{Comparison, Term, TermKind};
use sea_orm::sea_query::{Expr, ExprTrait, Query};

/// A stretch of time: from an instant to before another.
struct Stretch {
    from: Expr,
    until: Expr,
}

impl Writer<'_> {
    /// How exact the times of a term are.
    pub(super) fn precision(&self, term: Term) -> Precision {
        let column = self.check.column(term).filter(|_| term.kind() == TermKind::Instant);
        column.map_or(Precision::Instant, |(table, column)| self.days.precision(table, column))
    }

    /// Whether a comparison of values holds; of a day and an instant, in every time zone.
    pub(super) fn compare(&self, one: Term, comparison: Comparison, other: Term) -> Expr {
        let both = (self.precision(one), self.precision(other));
        let (one, other) = match both {
            (Precision::Instant, Precision::Instant) => (self.term(one), self.term(other)),
            (precision, other_precision) if precision == other_precision => {
                (self.dialect.plain_day(self.term(one)), self.dialect.plain_day(self.term(other)))
            }
            (precision, other_precision) if precision.is_day() && other_precision.is_day() => {
                let number = |term: Term, precision| self.dialect.day_number(self.term(term), precision);
                (number(one, precision), number(other, other_precision))
            }
            (precision, other_precision) => {
                let (first, last) = (self.seconds(one, precision), self.seconds(other, other_precision));
                return match comparison {
                    Comparison::Less if precision == Precision::Instant => first.from.lt(last.from),
                    Comparison::Less | Comparison::AtMost => first.until.lte(last.from),
                    Comparison::Equal => first.from.lte(last.until.clone()).and(last.from.lte(first.until)),
                    Comparison::Unequal => first.until.lte(last.from).or(last.until.lte(first.from)),
                };
            }
        };
        match comparison {
            Comparison::Less => one.lt(other),
            Comparison::AtMost => one.lte(other),
            Comparison::Equal => one.eq(other),
            Comparison::Unequal => one.ne(other),
        }
    }

    /// The stretch that a time can be in, in seconds since 1970: a day begins in the easternmost time zone (UTC+14), and is
    /// over in the westernmost one (UTC−12).
    fn seconds(&self, term: Term, precision: Precision) -> Stretch {
        const HOUR: i64 = 3_600;
        let value = self.term(term);
        if precision == Precision::Instant {
            let at = self.dialect.unix_seconds(value);
            return Stretch { from: at.clone(), until: at };
        }
        let midnight = self.dialect.day_number(value, precision).mul(24 * HOUR);
        Stretch { from: midnight.clone().sub(14 * HOUR), until: midnight.add((24 + 12) * HOUR) }
    }

    pub(super) fn no_rate(&self, currency: Term, by: Option<Term>) -> Expr {
        let own = |column| Expr::col(("rate", column)).eq(self.term(currency));
        let mut there = Query::select();
        there.expr(Expr::cust("1")).from_as("exchange_rates", "rate");
        there.and_where(own("currency").or(own("quote_currency")));
        if let Some(by) = by {
            let at = self.term(by);
            let day = match (by.kind(), self.precision(by)) {
                (TermKind::Instant, Precision::Date) => self.dialect.plain_day(at.clone()),
                (TermKind::Instant, _) => self.dialect.utc_day(at.clone()),
                _ => at.clone(),
            };
            there.and_where(at.is_null().or(Expr::col(("rate", "valid_from")).lte(day)));
        }
        Expr::not_exists(there)
    }
}
