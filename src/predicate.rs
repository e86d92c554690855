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
