//! The catalogue's words as SQL expressions.

use super::buckets::Buckets;
use crate::catalog::{Amount, Column, Condition, Dimension, Source};
use crate::database::{DayColumns, Dialect};
use crate::engine::model::{Filter, KeyRange, Test};
use crate::period::Timeline;
use crate::scope::{Scope, TEAM_PATHS};
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Func, Query, SelectStatement};
use std::collections::BTreeSet;

/// The other row of a [`Condition::Live`].
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
    tables: BTreeSet<&'static str>,
    team_tables: bool,
}

impl<'a> Writer<'a> {
    /// Of a statement without buckets.
    pub fn new(dialect: Dialect, scope: &'a Scope) -> Self {
        let (buckets, days, tables) = (Buckets::default(), DayColumns::default(), BTreeSet::new());
        Self { dialect, scope, buckets, days, timeline: None, tables, team_tables: false }
    }

    /// Of a scan of some buckets of a timeline.
    pub fn of_scan(self, buckets: Buckets, days: &DayColumns, timeline: &'a Timeline) -> Self {
        Self { buckets, days: days.clone(), timeline: Some(timeline), ..self }
    }

    pub fn column(&mut self, column: Column) -> Expr {
        self.tables.insert(column.table);
        Expr::col((column.table, column.name))
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

    pub fn condition(&mut self, condition: &Condition) -> Expr {
        match condition {
            Condition::Always => Expr::cust("1 = 1"),
            Condition::All(conditions) => {
                let all = conditions.iter().map(|condition| self.condition(condition)).reduce(Expr::and);
                all.unwrap_or(Expr::cust("1 = 1"))
            }
            Condition::Any(conditions) => {
                let any = conditions.iter().map(|condition| self.condition(condition)).reduce(Expr::or);
                any.unwrap_or(Expr::cust("1 = 0"))
            }
            Condition::Not(condition) => self.condition(condition).not(),
            Condition::OneOf(column, values) => self.column(*column).is_in(values.clone()),
            Condition::Set(column) => self.column(*column).is_not_null(),
            Condition::Before(first, second) => {
                let (second, first) = (self.moment(second), self.moment(first));
                self.before(&first, &second)
            }
            Condition::SameDay(first, second) => {
                let (first, second) = (self.at(*first), self.at(*second));
                self.same_day(&first, &second)
            }
            Condition::Live { key, rep, from, until, at } => {
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

    pub fn filter(&mut self, source: &Source, filter: &Filter) -> Option<Expr> {
        let key = self.column(source.path(filter.dimension)?);
        Some(match &filter.test {
            Test::AnyOf(ids) => self.any_of(filter.dimension, key, ids),
            Test::NoneOf(ids) => self.any_of(filter.dimension, key, ids).not(),
        })
    }

    /// Whether a key is one of these; never NULL.
    fn any_of(&mut self, dimension: Dimension, key: Expr, ids: &[String]) -> Expr {
        let set: Vec<&str> = ids.iter().map(String::as_str).filter(|id| !id.is_empty()).collect();
        let mut tests = Vec::new();
        if set.len() < ids.len() {
            tests.push(key.clone().is_null().or(key.clone().eq("")));
        }
        if !set.is_empty() {
            let mut is_set = self.dialect.one_of(key.clone(), set.iter().copied());
            if dimension.hierarchical() {
                self.team_tables = true;
                let below = Query::select()
                    .column("team_id")
                    .from(TEAM_PATHS)
                    .and_where(self.dialect.one_of(Expr::col("ancestor_id"), set))
                    .take();
                is_set = is_set.or(key.clone().in_subquery(below));
            }
            tests.push(key.is_not_null().and(is_set));
        }
        tests.into_iter().reduce(Expr::or).unwrap_or(Expr::cust("1 = 0"))
    }

    /// The bounds of a range of keys.
    pub fn within(&mut self, column: Column, range: &KeyRange) -> Vec<Expr> {
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
        let rep = Expr::col((source.rep.table, source.rep.name));
        let shown = self.shows_rep(rep)?;
        self.tables.insert(source.rep.table);
        Some(shown)
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
    pub fn from(&self, source: &Source, by_team: Option<Column>, select: &mut SelectStatement) {
        select.from(source.table);
        for join in source.joins_to(self.tables.iter().copied()) {
            let on = Expr::col((join.to.table, join.to.name)).equals((join.from.table, join.from.name));
            select.left_join(join.to.table, on);
        }
        if self.team_tables {
            select.with_cte(self.scope.tables(self.dialect));
        }
        if let Some(team) = by_team {
            let on = Expr::col((TEAM_PATHS, "team_id")).equals((team.table, team.name));
            select.left_join(TEAM_PATHS, on);
        }
    }
}
