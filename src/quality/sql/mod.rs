//! A check as one statement: the records that break the law, in the order of their keys, each with how many there are.

/// Whose records, and which of them.
mod asked;
/// What is read beside a record: its neighbours, what it refers to, and sums over what refers to it.
mod beside;
/// Texts that are spelled in several ways.
mod spellings;
/// How days and instants compare, and which rates are there by a time.
mod times;

pub(super) use spellings::{NAMED, spellings};

use super::inspection::Inspection;
use super::rule::Check;
use super::terms::{Comparison, Fault, Term, TermKind};
use crate::database::{DayColumns, Dialect, Precision};
use crate::predicate::PredicateSql;
use asked::Asked;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, WindowStatement};

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
        let asked = self.asked();
        for condition in asked.seen().into_iter().chain(asked.wanted()) {
            select.and_where(condition);
        }
        asked.add_teams(&mut select);
        for &part in &check.records.key {
            let value = self.term(part);
            let value = if part.kind() == TermKind::Text { self.dialect.bytes(value) } else { value };
            select.order_by_expr(value, Order::Asc);
        }
        select.limit(limit);
        select
    }

    /// A row where some record that the caller sees has the field, whomever they ask for.
    pub fn filled(&mut self) -> SelectStatement {
        let check = self.check;
        let mut select = Query::select();
        select.expr(Expr::cust("1")).from_as(check.records.table, CHECKED);
        select.and_where(self.is_set(&check.found));
        let asked = self.asked();
        if let Some(seen) = asked.seen() {
            select.and_where(seen);
        }
        asked.add_teams(&mut select);
        select.limit(1);
        select
    }

    fn asked(&self) -> Asked<'_> {
        Asked { dialect: self.dialect, inspection: self.inspection, records: &self.check.records }
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
