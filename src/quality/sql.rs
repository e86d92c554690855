//! A check as one statement: the records that break the law, in the order of their keys, each with how many there are.

use super::inspection::Inspection;
use super::rule::{Check, Fold, Folded, Neighbour, Which};
use super::terms::{Comparison, Fault, Term, TermKind};
use crate::database::{DayColumns, Dialect, Precision};
use crate::predicate::PredicateSql;
use crate::scope::{Below, Scope, any_of};
use sea_orm::JoinType;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Order, OverStatement, Query, SelectStatement, WindowStatement};

/// The record's own columns; then with what is beside them.
const RECORD: &str = "record";
const CHECKED: &str = "checked";

/// The rep that a record is credited to.
const OWNER: &str = "reps";

/// Writes the statements of one inspection.
pub(super) struct Writer<'a> {
    pub dialect: Dialect,
    /// Which columns hold days.
    pub days: &'a DayColumns,
    pub inspection: &'a Inspection,
    pub check: &'a Check,
}

/// A stretch of time: from an instant to before another.
struct Stretch {
    from: Expr,
    until: Expr,
}

impl Writer<'_> {
    /// Columns: how many records break the law, rep, the rep's name, found, limit, and the parts of the key.
    pub fn select(&mut self, limit: u64) -> SelectStatement {
        let check = self.check;
        let mut select = Query::select();
        select.expr_window(Expr::cust("COUNT(*)"), WindowStatement::new());
        match check.records.rep {
            Some(rep) => {
                select.column((CHECKED, rep)).column((OWNER, "name"));
                let owner = Expr::col((OWNER, "id")).equals((CHECKED, rep));
                select.from_subquery(self.with_neighbours(check), CHECKED).left_join(OWNER, owner);
            }
            None => {
                select.expr(Expr::cust("CAST(NULL AS text)")).expr(Expr::cust("CAST(NULL AS text)"));
                select.from_subquery(self.with_neighbours(check), CHECKED);
            }
        }
        select.expr(self.shown(check.found));
        select.expr(check.limit.map_or(Expr::cust("CAST(NULL AS text)"), |limit| self.shown(limit)));
        for &part in &check.records.key {
            select.expr(self.shown(part));
        }
        select.and_where(self.condition(&check.breaks));
        self.narrow(check, &mut select);
        for &part in &check.records.key {
            let value = self.term(part);
            let value = if part.kind() == TermKind::Text { self.dialect.bytes(value) } else { value };
            select.order_by_expr(value, Order::Asc);
        }
        select.limit(limit);
        select
    }

    /// Leaves the records that the caller may see and asks for.
    fn narrow(&self, check: &Check, select: &mut SelectStatement) {
        let has_rep = check.records.rep.is_some();
        let rep = check.records.rep.map(|rep| Expr::col((CHECKED, rep)));
        let team = has_rep.then(|| Expr::col((OWNER, "team_id")));
        let scope = &self.inspection.scope;
        if *scope != Scope::All {
            let shown = rep.clone().and_then(|rep| scope.shows_rep(self.dialect, rep));
            select.and_where(shown.unwrap_or(Expr::cust("1 = 0")));
        }
        for (key, ids, below) in
            [(rep, &self.inspection.reps, Below::Left), (team, &self.inspection.teams, Below::Taken)]
        {
            // Nobody is credited with what has no rep: its key is not set.
            let unset = || Expr::cust(if ids.iter().any(String::is_empty) { "1 = 1" } else { "1 = 0" });
            if !ids.is_empty() {
                select.and_where(key.map_or_else(unset, |key| any_of(self.dialect, key, ids, below)));
            }
        }
        if has_rep && (*scope != Scope::All || !self.inspection.teams.is_empty()) {
            select.with_cte(scope.tables(self.dialect));
        }
    }

    fn with_neighbours(&self, check: &Check) -> SelectStatement {
        let record = self.with_parents(check);
        if check.related.neighbours.is_empty() {
            return record;
        }
        let mut select = Query::select();
        select.column((RECORD, sea_orm::sea_query::Asterisk)).from_subquery(record, RECORD);
        for &Neighbour { name, which, value, among, by } in &check.related.neighbours {
            let function = match which {
                Which::First => "FIRST_VALUE",
                Which::Previous => "LAG",
                Which::Next => "LEAD",
            };
            let mut window = WindowStatement::new();
            for column in among {
                window.add_partition_by(Expr::col((RECORD, *column)));
            }
            window.order_by((RECORD, by), Order::Asc);
            select.expr_window_as(Func::cust(function).arg(Expr::col((RECORD, value))), window, name);
        }
        select
    }

    fn with_parents(&self, check: &Check) -> SelectStatement {
        let table = check.records.table;
        let mut select = Query::select();
        select.columns(check.records.columns.iter().map(|column| (table, *column))).from(table);
        // Before neighbours are looked for among them.
        if let Some(shown) = self.shown_records(check) {
            select.and_where(shown);
        }
        for parent in &check.related.parents {
            // A parent is joined once for each of its columns: joins by key cost little.
            let on = Expr::col((parent.name, "id")).equals((table, parent.reference));
            select.join_as(JoinType::LeftJoin, parent.table, parent.name, on);
            select.expr_as(Expr::col((parent.name, parent.column)), parent.name);
        }
        for sum in &check.related.sums {
            let mut sums = Query::select();
            let column = Expr::col(sum.column);
            let amount = match sum.unset {
                Some((times, other)) => Func::coalesce([column, Expr::col(other).mul(times)]).into(),
                None => column,
            };
            sums.column(sum.reference)
                .expr_as(self.dialect.sum(Func::sum(amount)), "total")
                .from(sum.table)
                .add_group_by([Expr::col(sum.reference)]);
            if let Some(shown) = self.shown_ids(table) {
                sums.and_where(Expr::col(sum.reference).in_subquery(shown));
            }
            let on = Expr::col((sum.name, sum.reference)).equals((table, "id"));
            select.join_subquery(JoinType::LeftJoin, sums, sum.name, on);
            select.expr_as(Func::coalesce([Expr::col((sum.name, "total")), Expr::val(0_i64)]), sum.name);
        }
        for &Folded { name, column, how } in &check.related.folded {
            let column = Expr::col((table, column));
            let folded = match how {
                Fold::Name => self.dialect.folded_name(column),
                Fold::Email => self.dialect.folded(column),
            };
            select.expr_as(folded, name);
        }
        select
    }

    /// Which records the caller sees, or sees as parts of a whole.
    fn shown_records(&self, check: &Check) -> Option<Expr> {
        let (table, scope) = (check.records.table, &self.inspection.scope);
        match check.related.whole {
            Some(whole) => Some(Expr::col((table, whole.reference)).in_subquery(self.shown_ids(whole.table)?)),
            None => scope.shows_rep(self.dialect, Expr::col((table, check.records.rep?))),
        }
    }

    /// The ids of a table that has reps, of those that the caller sees; none where these are all.
    fn shown_ids(&self, table: &'static str) -> Option<SelectStatement> {
        let shown = self.inspection.scope.shows_rep(self.dialect, Expr::col((table, "rep_id")))?;
        Some(Query::select().column((table, "id")).from(table).and_where(shown).take())
    }

    fn term(&self, term: Term) -> Expr {
        match term {
            Term::Of(name, _) => Expr::col((CHECKED, name)),
            Term::Number(number) => Expr::val(number),
            Term::Now => Expr::val(self.inspection.now),
            Term::ReportingCurrency => Expr::val(self.inspection.currency.code()),
        }
    }

    /// A value as text for a reader.
    fn shown(&self, term: Term) -> Expr {
        let value = self.term(term);
        match term.kind() {
            TermKind::Text => value,
            TermKind::Number => value.cast_as("text"),
            TermKind::Day => self.dialect.day_as_text(value),
            TermKind::Instant => match self.precision(term) {
                Precision::Instant => self.dialect.instant_as_text(value),
                Precision::Date => self.dialect.day_as_text(self.dialect.plain_day(value)),
                Precision::Midnight => self.dialect.day_as_text(self.dialect.utc_day(value)),
            },
        }
    }

    /// How exact the times of a term are.
    fn precision(&self, term: Term) -> Precision {
        let column = self.check.column(term).filter(|_| term.kind() == TermKind::Instant);
        column.map_or(Precision::Instant, |(table, column)| self.days.precision(table, column))
    }

    /// Whether a comparison of values holds; of a day and an instant, in every time zone.
    fn compare(&self, one: Term, comparison: Comparison, other: Term) -> Expr {
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

    fn no_rate(&self, currency: Term, by: Option<Term>) -> Expr {
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

impl PredicateSql<Term, Term, Fault> for Writer<'_> {
    fn held(&mut self, term: &Term) -> Expr {
        self.term(*term)
    }

    fn is_set(&mut self, term: &Term) -> Expr {
        let is_set = self.term(*term).is_not_null();
        match term.kind() {
            TermKind::Text => is_set.and(self.term(*term).ne("")),
            TermKind::Number | TermKind::Day | TermKind::Instant => is_set,
        }
    }

    fn is_before(&mut self, one: &Term, other: &Term) -> Expr {
        self.compare(*one, Comparison::Less, *other)
    }

    fn own(&mut self, fault: &Fault) -> Expr {
        match fault {
            Fault::Compare(one, comparison, other) => self.compare(*one, *comparison, *other),
            Fault::Dangling(term, table) => {
                let there = Query::select()
                    .expr(Expr::cust("1"))
                    .from_as(*table, "there")
                    .and_where(Expr::col(("there", "id")).eq(self.term(*term)))
                    .take();
                self.is_set(term).and(Expr::not_exists(there))
            }
            Fault::OutOfRange(term) => {
                let value = self.term(*term);
                let in_range = match (term.kind(), self.precision(*term)) {
                    (TermKind::Day, _) => self.dialect.is_day_in_range(value),
                    (_, Precision::Date) => self.dialect.is_day_in_range(self.dialect.plain_day(value)),
                    _ => self.dialect.is_instant_in_range(value),
                };
                self.is_set(term).and(in_range.not())
            }
            Fault::NoDecimal { value, above_zero } => {
                let value = self.term(*value);
                value.clone().is_null().or(self.dialect.is_decimal(value, *above_zero).not())
            }
            Fault::NoRate { currency, by } => self.no_rate(*currency, *by),
        }
    }
}
