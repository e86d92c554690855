use super::dimension::Dimension;
use super::formula::{Expr, Formula};
use super::measure::Measure;
use super::unit::{Direction, KpiKind, Unit};

/// A key performance indicator.
#[derive(Debug)]
pub struct Kpi {
    /// What callers send. Never changes. Its name and definition are in `names`, under this id.
    pub id: &'static str,
    /// The section of the catalogue.
    pub family: Family,
    /// The unit of its values.
    pub unit: Unit,
    /// How it behaves over time.
    pub kind: KpiKind,
    /// Which values are better.
    pub direction: Direction,
    /// How it is computed.
    pub formula: Formula,
}

/// A section of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Family {
    Sales,
    Pipeline,
    Leads,
    Subscriptions,
    Activity,
    Social,
    Service,
    Surveys,
    Usage,
}

impl Family {
    /// The family's id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Pipeline => "pipeline",
            Self::Leads => "leads",
            Self::Subscriptions => "subscriptions",
            Self::Activity => "activity",
            Self::Social => "social",
            Self::Service => "service",
            Self::Surveys => "surveys",
            Self::Usage => "usage",
        }
    }

    /// A KPI of the family that is one figure. Higher is better, unless said otherwise.
    pub(super) fn figure(self, id: &'static str, unit: Unit, kind: KpiKind, figure: impl Into<Expr>) -> Kpi {
        self.kpi(id, unit, kind, Formula::Figure(figure.into()))
    }

    /// A KPI of the family that is a quotient. Higher is better, unless said otherwise.
    pub(super) fn quotient(
        self,
        id: &'static str,
        unit: Unit,
        kind: KpiKind,
        numerator: impl Into<Expr>,
        denominator: impl Into<Expr>,
    ) -> Kpi {
        self.kpi(id, unit, kind, Formula::Quotient(numerator.into(), denominator.into()))
    }

    fn kpi(self, id: &'static str, unit: Unit, kind: KpiKind, formula: Formula) -> Kpi {
        Kpi { id, family: self, unit, kind, direction: Direction::Higher, formula }
    }
}

impl Kpi {
    /// The same KPI, of which less is better.
    pub(super) fn lower_is_better(self) -> Self {
        Self { direction: Direction::Lower, ..self }
    }

    /// The same KPI, of which neither more nor less is better.
    pub(super) fn neither_is_better(self) -> Self {
        Self { direction: Direction::Neither, ..self }
    }

    /// Every measure of the formula, some perhaps more than once.
    pub fn measures(&self) -> Vec<&Measure> {
        self.formula.terms().into_iter().flat_map(Expr::measures).collect()
    }

    /// The tables that its measures are read from, sorted.
    pub fn tables(&self) -> Vec<&'static str> {
        let mut tables: Vec<_> = self
            .measures()
            .iter()
            .flat_map(|measure| measure.readings.first())
            .map(|first| first.source.table)
            .collect();
        tables.sort_unstable();
        tables.dedup();
        tables
    }

    /// Whether it is judged by what has happened, or was due, by now: it has no value in a bucket that is ahead.
    pub fn ends_now(&self) -> bool {
        self.measures().into_iter().any(Measure::ends_now)
    }

    /// Whether what it is computed from adds up over groups that do not overlap, whatever these are: the value of a
    /// figure, the numerator and the denominator of a quotient.
    pub fn adds_up_over_groups(&self) -> bool {
        self.formula.terms().into_iter().all(Expr::adds_up_over_groups)
    }

    /// Whether what it is computed from adds up over buckets that follow one another.
    pub fn adds_up_over_time(&self) -> bool {
        self.formula.terms().into_iter().all(Expr::adds_up_over_time)
    }

    /// Whether what a team is meant to make is the sum of what its reps are.
    pub fn adds_up_over_reps(&self) -> bool {
        let amounts = self.unit == Unit::Currency && self.kind == KpiKind::Flow;
        matches!(self.formula, Formula::Figure(_)) && (amounts || self.adds_up_over_groups())
    }

    /// The dimensions that every measure of the KPI reaches, sorted by id.
    pub fn dimensions(&self) -> Vec<Dimension> {
        let measures = self.measures();
        let mut all: Vec<_> =
            Dimension::ALL.iter().copied().filter(|&d| measures.iter().all(|measure| measure.reaches(&[d]))).collect();
        all.sort_by_key(|dimension| dimension.id());
        all
    }

    /// Whether the KPI can be grouped and filtered by all of these at once.
    pub fn reaches(&self, dimensions: &[Dimension]) -> bool {
        self.measures().iter().all(|measure| measure.reaches(dimensions))
    }
}
