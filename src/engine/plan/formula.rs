//! The formulas of KPIs over places in a plan's measures.

use crate::catalog::Quantity;

/// A formula over places in a plan's measures.
#[derive(Debug)]
pub(crate) enum Computation {
    Figure(Term),
    Quotient(Term, Term),
}

/// A formula's expression over places in a plan's measures.
#[derive(Debug)]
pub(crate) enum Term {
    Measure(usize, Quantity),
    AtStart(usize, Quantity),
    Sum(Vec<Term>),
    Difference(Box<Term>, Box<Term>),
    Product(Box<Term>, Box<Term>),
    Times(i64, Box<Term>),
    DaysInBucket,
}

impl Computation {
    pub fn has_money(&self) -> bool {
        match self {
            Self::Figure(figure) => figure.has_money(),
            Self::Quotient(numerator, denominator) => numerator.has_money() || denominator.has_money(),
        }
    }

    /// Its measures, some perhaps more than once: their places, and whether they are read at a bucket's start.
    pub fn leaves(&self) -> Vec<(usize, bool)> {
        let mut leaves = Vec::new();
        match self {
            Self::Figure(figure) => figure.collect(&mut leaves),
            Self::Quotient(numerator, denominator) => {
                numerator.collect(&mut leaves);
                denominator.collect(&mut leaves);
            }
        }
        leaves
    }

    /// Whether a measure is read at the start of buckets, and whether at their end.
    pub fn reads(&self, measure: usize) -> (bool, bool) {
        let at = |start: bool| self.leaves().contains(&(measure, start));
        (at(true), at(false))
    }

    /// Whether nothing can be said of it without some of its measures: a sum needs one of its terms, everything else all.
    pub fn lacks(&self, lacking: &dyn Fn(usize) -> bool) -> bool {
        match self {
            Self::Figure(figure) => figure.lacks(lacking),
            Self::Quotient(numerator, denominator) => numerator.lacks(lacking) || denominator.lacks(lacking),
        }
    }

    /// Places of its measures, some perhaps more than once.
    pub fn measures(&self) -> Vec<usize> {
        self.leaves().into_iter().map(|(place, _)| place).collect()
    }
}

impl Term {
    pub fn has_money(&self) -> bool {
        match self {
            Self::Measure(_, quantity) | Self::AtStart(_, quantity) => {
                matches!(quantity, Quantity::Money | Quantity::WeightedMoney)
            }
            Self::Sum(terms) => terms.iter().any(Self::has_money),
            Self::Difference(left, right) | Self::Product(left, right) => left.has_money() || right.has_money(),
            Self::Times(_, term) => term.has_money(),
            Self::DaysInBucket => false,
        }
    }

    fn lacks(&self, lacking: &dyn Fn(usize) -> bool) -> bool {
        match self {
            Self::Measure(place, _) | Self::AtStart(place, _) => lacking(*place),
            Self::Sum(terms) => terms.iter().all(|term| term.lacks(lacking)),
            Self::Difference(left, right) | Self::Product(left, right) => left.lacks(lacking) || right.lacks(lacking),
            Self::Times(_, term) => term.lacks(lacking),
            Self::DaysInBucket => false,
        }
    }

    fn collect(&self, leaves: &mut Vec<(usize, bool)>) {
        match self {
            Self::Measure(place, _) => leaves.push((*place, false)),
            Self::AtStart(place, _) => leaves.push((*place, true)),
            Self::Sum(terms) => terms.iter().for_each(|term| term.collect(leaves)),
            Self::Difference(left, right) | Self::Product(left, right) => {
                left.collect(leaves);
                right.collect(leaves);
            }
            Self::Times(_, term) => term.collect(leaves),
            Self::DaysInBucket => {}
        }
    }
}
