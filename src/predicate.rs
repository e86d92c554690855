//! Conditions on rows, and how they become SQL: what the catalogue and the rules of data quality say in the same words.

use sea_orm::Value;
use sea_orm::sea_query::{Expr, ExprTrait};

/// Which rows count, said of columns `C`, of values `V` that have an order, and in words `W` that only one vocabulary has.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate<C, V, W> {
    /// All of them.
    Always,
    /// All hold.
    All(Vec<Self>),
    /// At least one holds.
    Any(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// A column has one of these values.
    OneOf(C, Vec<Value>),
    /// A column has a value.
    Set(C),
    /// One value is before another, or less; not where either is unset.
    Before(V, V),
    /// In a word of its own.
    Own(W),
}

impl<C, V, W> Predicate<C, V, W> {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match self {
            Self::All(mut all) => {
                all.push(other);
                Self::All(all)
            }
            first => Self::All(vec![first, other]),
        }
    }

    /// It does not hold. What compares with an unset value does not hold either way.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }
}

/// Writes predicates as SQL: a vocabulary says how its own words are written.
pub trait PredicateSql<C, V, W> {
    /// What a column holds.
    fn held(&mut self, column: &C) -> Expr;

    /// Whether a column has a value; never NULL.
    fn is_set(&mut self, column: &C) -> Expr {
        self.held(column).is_not_null()
    }

    /// Whether one value is before another.
    fn is_before(&mut self, one: &V, other: &V) -> Expr;

    /// What is said in a word of its own.
    fn own(&mut self, word: &W) -> Expr;

    /// Whether a predicate holds.
    fn condition(&mut self, predicate: &Predicate<C, V, W>) -> Expr {
        match predicate {
            Predicate::Always => Expr::cust("1 = 1"),
            Predicate::All(all) => {
                let all = all.iter().map(|one| self.condition(one)).reduce(Expr::and);
                all.unwrap_or(Expr::cust("1 = 1"))
            }
            Predicate::Any(any) => {
                let any = any.iter().map(|one| self.condition(one)).reduce(Expr::or);
                any.unwrap_or(Expr::cust("1 = 0"))
            }
            Predicate::Not(not) => self.condition(not).not(),
            Predicate::OneOf(column, values) => self.held(column).is_in(values.iter().cloned()),
            Predicate::Set(column) => self.is_set(column),
            Predicate::Before(one, other) => self.is_before(one, other),
            Predicate::Own(word) => self.own(word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::sea_query::{Query, SqliteQueryBuilder};

    /// Columns and values are names, and a word of its own is SQL.
    struct Names;

    impl PredicateSql<&'static str, &'static str, &'static str> for Names {
        fn held(&mut self, column: &&'static str) -> Expr {
            Expr::col(*column)
        }

        fn is_before(&mut self, one: &&'static str, other: &&'static str) -> Expr {
            Expr::col(*one).lt(Expr::col(*other))
        }

        fn own(&mut self, word: &&'static str) -> Expr {
            Expr::cust(*word)
        }
    }

    fn sql(predicate: &Predicate<&'static str, &'static str, &'static str>) -> String {
        let condition = Names.condition(predicate);
        Query::select().expr(condition).to_string(SqliteQueryBuilder).replace('"', "")
    }

    #[test]
    fn predicates_are_written_as_they_are_said() {
        use Predicate::{All, Always, Any, Before, OneOf, Own, Set};
        assert_eq!(sql(&Always), "SELECT 1 = 1");
        assert_eq!((sql(&All(vec![])), sql(&Any(vec![]))), ("SELECT 1 = 1".into(), "SELECT 1 = 0".into()));
        assert_eq!(sql(&Set("a").and(Before("a", "b"))), "SELECT a IS NOT NULL AND a < b");
        assert_eq!(sql(&OneOf("a", vec![1.into(), 2.into()]).negated()), "SELECT NOT a IN (1, 2)");
        let either = Any(vec![All(vec![Set("a"), Set("b")]), Own("c > 0")]);
        assert_eq!(sql(&either), "SELECT (a IS NOT NULL AND b IS NOT NULL) OR (c > 0)");
    }
}
