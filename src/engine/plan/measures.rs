//! Which measures a question needs, each read once.

use super::formula::{Computation, Term};
use crate::catalog::{Ahead, Column, Dimension, Expr, Formula, Kpi, Measure, Quantity, Reading};
use crate::database::DayColumns;
use crate::engine::model::Question;
use crate::error::{Error, Result};

/// What it takes to answer a question.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Every measure once.
    pub measures: Vec<Planned>,
    /// One for each KPI, over places in `measures`.
    pub formulas: Vec<Computation>,
    /// For each KPI, whether it is judged by now, and the period reaches ahead of it.
    pub ends_now: Vec<bool>,
}

/// A measure and how it is read for the question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Planned {
    pub measure: &'static Measure,
    pub reading: &'static Reading,
    /// It is a stock at the end of buckets that has what lasts through the last day of one. Where it is read at their start, or
    /// of instants, that is not said.
    pub last_days: bool,
    /// What becomes of rows that are ahead of now, where the period reaches there.
    pub ahead: Ahead,
}

/// What decides how measures are read.
struct Used<'a> {
    dimensions: &'a [Dimension],
    days: &'a DayColumns,
    reaches_ahead: bool,
}

impl Planned {
    /// Whether it is an amount of money.
    pub fn is_money(&self) -> bool {
        matches!(self.measure.quantity, Quantity::Money | Quantity::WeightedMoney)
    }

    /// Whether it is an amount of the currency that its row tells.
    pub fn has_currency(&self) -> bool {
        self.is_money() && self.reading.source.currency.is_some()
    }
}

impl Plan {
    /// The measures and formulas of KPIs, by nothing and whenever.
    pub fn of_kpis(kpis: &[&'static Kpi]) -> Result<Self> {
        let used = &Used { dimensions: &[], days: &DayColumns::default(), reaches_ahead: false };
        Self::build(kpis, used)
    }

    /// The measures and formulas of a question's KPIs, in a database in which some columns hold days.
    pub fn new(question: &Question, days: &DayColumns) -> Result<Self> {
        let dimensions = question.dimensions();
        let reaches_ahead = question.timeline.reaches_ahead();
        let used = &Used { dimensions: &dimensions, days, reaches_ahead };
        Self::build(&question.kpis, used)
    }

    fn build(kpis: &[&'static Kpi], used: &Used<'_>) -> Result<Self> {
        let ends_now = kpis.iter().map(|kpi| used.reaches_ahead && kpi.ends_now()).collect();
        let mut plan = Self { measures: Vec::new(), formulas: Vec::new(), ends_now };
        for kpi in kpis {
            let formula = match &kpi.formula {
                Formula::Figure(figure) => Computation::Figure(plan.term(figure, used)?),
                Formula::Quotient(numerator, denominator) => {
                    Computation::Quotient(plan.term(numerator, used)?, plan.term(denominator, used)?)
                }
            };
            plan.formulas.push(formula);
        }
        Ok(plan)
    }

    fn term(&mut self, expr: &'static Expr, used: &Used<'_>) -> Result<Term> {
        Ok(match expr {
            Expr::Measure(measure) => Term::Measure(self.place(measure, used, false)?, measure.quantity),
            Expr::AtStart(measure) => Term::AtStart(self.place(measure, used, true)?, measure.quantity),
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

    fn place(&mut self, measure: &'static Measure, used: &Used<'_>, at_start: bool) -> Result<usize> {
        let reading = measure.reading(used.dimensions).ok_or_else(|| {
            Error::Internal(format!("{} does not reach the dimensions of the question", measure.name))
        })?;
        let holds_days = |column: Column| used.days.precision(column.table, column.name).is_day();
        let last_days = !at_start && reading.axis.has_last_days(holds_days);
        let is_it = |planned: &Planned| planned.measure.name == measure.name && planned.last_days == last_days;
        if let Some(place) = self.measures.iter().position(is_it) {
            return Ok(place);
        }
        let ahead = if used.reaches_ahead { reading.ahead } else { Ahead::Counts };
        self.measures.push(Planned { measure, reading, last_days, ahead });
        Ok(self.measures.len() - 1)
    }

    /// Whether a measure of a period follows from those of its buckets.
    pub fn adds_up_over_time(&self, measure: usize) -> bool {
        self.measures[measure].reading.adds_up_over_time()
    }
}
