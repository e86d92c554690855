//! Facts that belong to others of their table, and what these say of them.

use crate::catalog::{Belonging, Column, Source};
use sea_orm::JoinType;
use sea_orm::sea_query::{Expr, ExprTrait, Func, SelectStatement};

/// The fact that another one belongs to.
const OTHER: &str = "belongs_to";

/// Which facts a statement reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Facts {
    /// All of them, or those that belong to no other.
    Own,
    /// Those that belong to another one.
    OfOthers,
}

/// Writes columns of facts of a source.
pub(super) struct FactColumns {
    belonging: Option<&'static Belonging>,
    pub facts: Facts,
    /// What facts are is being written, not when they happen and what they amount to.
    pub describing: bool,
    /// Something was written that another fact may say.
    pub shared: bool,
}

impl FactColumns {
    /// Of a table whose facts belong to no others.
    pub const PLAIN: Self = Self { belonging: None, facts: Facts::Own, describing: false, shared: false };

    pub fn of(source: &'static Source, facts: Facts) -> Self {
        Self { belonging: source.belonging.as_ref(), facts, ..Self::PLAIN }
    }

    /// What a column says of a fact.
    pub fn write(&mut self, column: Column) -> Expr {
        let own = Expr::col((column.table, column.name));
        let Some(belonging) = self.belonging.filter(|belonging| self.describing && belonging.shares(column)) else {
            return own;
        };
        self.shared = true;
        let other = Expr::col((OTHER, column.name));
        match self.facts {
            Facts::Own => own,
            Facts::OfOthers if belonging.said_by_other.contains(&column) => Func::coalesce([other, own]).into(),
            Facts::OfOthers => Expr::case(own.clone().ne(""), own).finally(other).into(),
        }
    }

    /// A column of what facts belong to, where that is read.
    pub fn of_other(&self, column: Column) -> Option<Expr> {
        (self.belonging.is_some() && self.facts == Facts::OfOthers).then(|| Expr::col((OTHER, column.name)))
    }

    /// Joins facts with those that they belong to, as far as the caller may see these.
    pub fn join(&self, select: &mut SelectStatement, shown: Option<Expr>) {
        if let (Some(belonging), Facts::OfOthers) = (self.belonging, self.facts) {
            let Column { table, name } = belonging.to;
            let is_it = Expr::col((OTHER, "id")).equals((table, name));
            let on = shown.into_iter().fold(is_it, Expr::and);
            select.join_as(JoinType::LeftJoin, table, OTHER, on);
        }
    }
}
