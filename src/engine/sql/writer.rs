//! The catalogue's words as SQL expressions.

use super::belonging::{FactColumns, Facts};
use super::buckets::Buckets;
use crate::catalog::{Amount, Column, Dimension, FactCondition, Instant, Source};
use crate::database::{DayColumns, Dialect};
use crate::engine::model::{Filter, KeyRange, Test};
use crate::period::Timeline;
use crate::predicate::PredicateSql;
use crate::scope::{Below, Scope, TEAM_PATHS, any_of};
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Func, Query, SelectStatement};
use std::collections::BTreeSet;

/// The other row of a [`FactCondition::Live`].
const OTHER: &str = "other";

/// Writes expressions for one statement, and remembers the tables that they need.
pub(crate) struct Writer<'a> {
    pub dialect: Dialect,
    /// What the caller may see.
    pub scope: &'a Scope,
    /// The buckets of the scan that it writes, if it writes one.
    pub buckets: Buckets,
    /// Which columns hold days.
    pub(super) days: DayColumns,
    pub(super) timeline: Option<&'a Timeline>,
    pub(super) columns: FactColumns,
    tables: BTreeSet<&'static str>,
    pub(super) team_tables: bool,
}

impl PredicateSql<Column, Instant, FactCondition> for Writer<'_> {
    fn held(&mut self, column: &Column) -> Expr {
        self.column(*column)
    }

    fn is_before(&mut self, one: &Instant, other: &Instant) -> Expr {
        let (other, one) = (self.moment(other), self.moment(one));
        self.before(&one, &other)
    }

    fn own(&mut self, word: &FactCondition) -> Expr {
        match word {
            FactCondition::SameDay(first, second) => {
                let (first, second) = (self.at(*first), self.at(*second));
                self.same_day(&first, &second)
            }
            FactCondition::Negative(number) => self.column(*number).lt(Expr::cust("0")),
            FactCondition::Live { key, rep, from, until, at } => {
                let (key_here, at) = (self.column(*key), self.moment(at));
                let other = |column: &Column| Expr::col((OTHER, column.name));
                let (from, until) = (self.of_column(*from, other(from), 0), self.of_column(*until, other(until), 0));
                let (begun, not_over) = (self.before(&from, &at), self.not_before(&until, &at));
                let live = Query::select()
                    .expr(Expr::cust("1"))
                    .from_as(key.table, OTHER)
                    .and_where(other(key).eq(key_here))
                    .and_where(begun)
                    .and_where(until.is_unset().or(not_over))
                    .cond_where(Cond::all().add_option(self.shows_rep(other(rep))))
                    .take();
                Expr::exists(live)
            }
        }
    }
}

impl<'a> Writer<'a> {
    /// Of a statement without buckets.
    pub fn new(dialect: Dialect, scope: &'a Scope) -> Self {
        let (buckets, days, tables) = (Buckets::default(), DayColumns::default(), BTreeSet::new());
        Self { dialect, scope, buckets, days, timeline: None, columns: FactColumns::PLAIN, tables, team_tables: false }
    }

    /// Of these facts of a source.
    pub(super) fn of_facts(self, source: &'static Source, facts: Facts) -> Self {
        Self { columns: FactColumns::of(source, facts), ..self }
    }

    /// Of a scan of some buckets of a timeline.
    pub fn of_scan(self, buckets: Buckets, days: &DayColumns, timeline: &'a Timeline) -> Self {
        Self { buckets, days: days.clone(), timeline: Some(timeline), ..self }
    }

    pub fn column(&mut self, column: Column) -> Expr {
        self.tables.insert(column.table);
        self.columns.write(column)
    }

    /// Writes what facts are, which others may say that they belong to.
    pub fn describing<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        self.columns.describing = true;
        let written = write(self);
        self.columns.describing = false;
        written
    }

    /// The key of a dimension; the empty text for "not set".
    pub fn key(&mut self, source: &Source, dimension: Dimension) -> Option<Expr> {
        let key = self.column(source.path(dimension)?);
        let unset = Expr::val("");
        Some(if dimension.hierarchical() {
            self.team_tables = true;
            Func::coalesce([Expr::col((TEAM_PATHS, "ancestor_id")), key, unset]).into()
        } else {
            Func::coalesce([key, unset]).into()
        })
    }

    /// The key of a dimension; NULL or the empty text for "not set". A database groups by a plain column faster than by what
    /// is made of it.
    pub fn stored_key(&mut self, source: &Source, dimension: Dimension) -> Option<Expr> {
        if dimension.hierarchical() { self.key(source, dimension) } else { Some(self.column(source.path(dimension)?)) }
    }

    pub fn amount(&mut self, amount: &Amount) -> Expr {
        match amount {
            Amount::Of(column) => self.column(*column),
            Amount::Times(column, factor) => self.column(*column).mul(*factor),
            Amount::Product(left, right) => {
                let right = self.column(*right);
                self.column(*left).mul(right)
            }
            Amount::FirstSet(amounts) => {
                let amounts: Vec<_> = amounts.iter().map(|amount| self.amount(amount)).collect();
                Func::coalesce(amounts).into()
            }
            Amount::Between(from, until) => {
                let (from, until) = (self.moment(from), self.moment(until));
                self.milliseconds(&from, &until)
            }
        }
    }

    pub fn filter(&mut self, source: &Source, filter: &Filter) -> Option<Expr> {
        let key = self.column(source.path(filter.dimension)?);
        Some(match &filter.test {
            Test::AnyOf(ids) => self.any_of(filter.dimension, key, ids),
            Test::NoneOf(ids) => self.any_of(filter.dimension, key, ids).not(),
        })
    }

    pub(super) fn any_of(&mut self, dimension: Dimension, key: Expr, ids: &[String]) -> Expr {
        self.team_tables |= dimension.hierarchical() && ids.iter().any(|id| !id.is_empty());
        any_of(self.dialect, key, ids, if dimension.hierarchical() { Below::Taken } else { Below::Left })
    }

    /// The bounds of a range of keys.
    pub fn within(&mut self, column: Column, range: &KeyRange) -> Vec<Expr> {
        // What no bound is on is not asked for.
        if range.from.is_none() && range.after.is_none() && range.to.is_none() {
            return Vec::new();
        }
        let unset = self.column(column).is_null();
        let key = self.column(column);
        let key = self.dialect.bytes(key);
        let mut bounds = Vec::new();
        if let Some(from) = &range.from {
            bounds.push(key.clone().gte(from.as_str()));
        }
        if let Some(after) = &range.after {
            bounds.push(key.clone().gt(after.as_str()));
        }
        if let Some(to) = &range.to {
            let within = key.lte(to.as_str());
            bounds.push(if bounds.is_empty() { within.or(unset) } else { within });
        }
        bounds
    }

    /// Whether the caller sees a row of the source; none where everything is shown.
    pub fn scope(&mut self, source: &Source) -> Option<Expr> {
        if *self.scope == Scope::All {
            return None;
        }
        let rep = self.column(source.rep);
        self.shows_rep(rep)
    }

    /// Whether the caller sees what is credited to a rep.
    pub fn shows_rep(&mut self, rep: Expr) -> Option<Expr> {
        let shown = self.scope.shows_rep(self.dialect, rep)?;
        self.team_tables = true;
        Some(shown)
    }

    /// Whether the caller sees a team.
    pub fn shows_team(&mut self, team: Expr) -> Option<Expr> {
        let shown = self.scope.shows_team(self.dialect, team)?;
        self.team_tables = true;
        Some(shown)
    }

    /// Puts the source's table and the joins that were needed into a statement.
    pub fn from(&mut self, source: &Source, by_team: Option<Column>, select: &mut SelectStatement) {
        select.from(source.table);
        let shown = self.columns.of_other(source.rep).and_then(|rep| self.shows_rep(rep));
        self.columns.join(select, shown);
        for join in source.joins_to(self.tables.iter().copied()) {
            let from = self.describing(|writer| writer.columns.write(join.from));
            select.left_join(join.to.table, Expr::col((join.to.table, join.to.name)).eq(from));
        }
        // What follows in the same statement has them too.
        if self.team_tables && self.columns.facts == Facts::Own {
            select.with_cte(self.scope.tables(self.dialect));
        }
        if let Some(team) = by_team {
            let on = Expr::col((TEAM_PATHS, "team_id")).equals((team.table, team.name));
            select.left_join(TEAM_PATHS, on);
        }
    }
}
