//! Which measures a question needs, and the fewest scans that bring them.

use super::question::Question;
use crate::catalog::{Axis, Dimension, Expr, Formula, Measure, Quantity, Reading, Source};
use crate::error::{Error, Result};

/// What it takes to answer a question.
#[derive(Debug)]
pub(super) struct Plan {
    /// Every measure once.
    pub measures: Vec<Planned>,
    /// One for each KPI, over places in `measures`.
    pub formulas: Vec<Computation>,
}

/// A measure and how it is read for the question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planned {
    pub measure: &'static Measure,
    pub reading: &'static Reading,
}

/// A formula over places in a plan's measures.
#[derive(Debug)]
pub(super) enum Computation {
    Figure(Term),
    Quotient(Term, Term),
}

/// [`Expr`] over places in a plan's measures.
#[derive(Debug)]
pub(super) enum Term {
    Measure(usize, Quantity),
    AtStart(usize, Quantity),
    Sum(Vec<Term>),
    Difference(Box<Term>, Box<Term>),
    Product(Box<Term>, Box<Term>),
    Times(i64, Box<Term>),
    DaysInBucket,
}

/// One pass over a source: every measure that shares it, its axis, its keys and its filters.
#[derive(Debug)]
pub(super) struct Scan {
    pub source: &'static Source,
    pub axis: &'static Axis,
    /// The dimensions that rows are grouped by.
    pub keys: Vec<Dimension>,
    /// The dimensions whose filters are left out.
    pub regardless_of: &'static [Dimension],
    /// Places in the plan's measures.
    pub measures: Vec<usize>,
}

impl Plan {
    pub fn new(question: &Question) -> Result<Self> {
        let mut plan = Self { measures: Vec::new(), formulas: Vec::new() };
        let used: Vec<Dimension> =
            question.group_by.iter().copied().chain(question.filters.iter().map(|filter| filter.dimension)).collect();
        for kpi in &question.kpis {
            let formula = match &kpi.formula {
                Formula::Figure(figure) => Computation::Figure(plan.term(figure, &used)?),
                Formula::Quotient(numerator, denominator) => {
                    Computation::Quotient(plan.term(numerator, &used)?, plan.term(denominator, &used)?)
                }
            };
            plan.formulas.push(formula);
        }
        Ok(plan)
    }

    fn term(&mut self, expr: &'static Expr, used: &[Dimension]) -> Result<Term> {
        Ok(match expr {
            Expr::Measure(measure) => Term::Measure(self.place(measure, used)?, measure.quantity),
            Expr::AtStart(measure) => Term::AtStart(self.place(measure, used)?, measure.quantity),
            Expr::Sum(terms) => Term::Sum(terms.iter().map(|term| self.term(term, used)).collect::<Result<_>>()?),
            Expr::Difference(left, right) => {
                Term::Difference(Box::new(self.term(left, used)?), Box::new(self.term(right, used)?))
            }
            Expr::Product(left, right) => {
                Term::Product(Box::new(self.term(left, used)?), Box::new(self.term(right, used)?))
            }
            Expr::Times(factor, term) => Term::Times(*factor, Box::new(self.term(term, used)?)),
            Expr::DaysInBucket => Term::DaysInBucket,
        })
    }

    fn place(&mut self, measure: &'static Measure, used: &[Dimension]) -> Result<usize> {
        if let Some(place) = self.measures.iter().position(|planned| planned.measure.name == measure.name) {
            return Ok(place);
        }
        let reading = measure.reading(used).ok_or_else(|| {
            Error::Internal(format!("{} does not reach the dimensions of the question", measure.name))
        })?;
        self.measures.push(Planned { measure, reading });
        Ok(self.measures.len() - 1)
    }

    /// The fewest scans that bring some measures grouped by `keys`.
    pub fn scans(
        &self,
        measures: impl IntoIterator<Item = usize>,
        keys: &[Dimension],
        question: &Question,
    ) -> Vec<Scan> {
        let mut scans: Vec<Scan> = Vec::new();
        for place in measures {
            let Planned { measure, reading } = self.measures[place];
            let heeds = |dimension: &Dimension| !measure.regardless_of.contains(dimension);
            let keys: Vec<Dimension> = keys.iter().copied().filter(heeds).collect();
            let unfiltered = question.filters.iter().all(|filter| heeds(&filter.dimension));
            let regardless_of: &'static [Dimension] = if unfiltered { &[] } else { &measure.regardless_of };
            let shared = scans.iter_mut().find(|scan| {
                scan.source.name == reading.source.name
                    && *scan.axis == reading.axis
                    && scan.keys == keys
                    && scan.regardless_of == regardless_of
            });
            match shared {
                Some(scan) => scan.measures.push(place),
                None => scans.push(Scan {
                    source: reading.source,
                    axis: &reading.axis,
                    keys,
                    regardless_of,
                    measures: vec![place],
                }),
            }
        }
        scans
    }
}
