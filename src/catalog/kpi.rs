use super::dimension::Dimension;
use super::measure::Measure;

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

    /// A KPI of the family that is one figure.
    pub(super) fn figure(self, id: &'static str, unit: Unit, kind: KpiKind, figure: impl Into<Expr>) -> Kpi {
        Kpi { id, family: self, unit, kind, formula: Formula::Figure(figure.into()) }
    }

    /// A KPI of the family that is a quotient.
    pub(super) fn quotient(
        self,
        id: &'static str,
        unit: Unit,
        kind: KpiKind,
        numerator: impl Into<Expr>,
        denominator: impl Into<Expr>,
    ) -> Kpi {
        Kpi { id, family: self, unit, kind, formula: Formula::Quotient(numerator.into(), denominator.into()) }
    }
}

/// The unit of a KPI's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Unit {
    Count,
    /// Units of the currency, not minor units.
    Currency,
    /// 0.25 means 25 %.
    Ratio,
    /// Days of 24 hours.
    Days,
    Hours,
    Seconds,
    Score,
}

impl Unit {
    /// Decimals that values are rounded to; those of an amount are the currency's.
    pub fn scale(self, currency_scale: u32) -> u32 {
        match self {
            Self::Count => 0,
            Self::Currency => currency_scale,
            Self::Ratio => 6,
            Self::Days | Self::Hours | Self::Seconds | Self::Score => 4,
        }
    }

    /// The unit's name, in capitals.
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "COUNT",
            Self::Currency => "CURRENCY",
            Self::Ratio => "RATIO",
            Self::Days => "DAYS",
            Self::Hours => "HOURS",
            Self::Seconds => "SECONDS",
            Self::Score => "SCORE",
        }
    }
}

/// How a KPI behaves over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KpiKind {
    /// Counted by the event's own time; adds up over time.
    Flow,
    /// The state at the end of each bucket.
    Stock,
    /// Numerator over denominator.
    Ratio,
    /// A ratio of a sum to a count.
    Average,
    /// (Stock at the end − stock at the start) ÷ stock at the start.
    Growth,
    /// A count bound to the bucket as a whole; does not add up over time.
    Count,
}

impl KpiKind {
    /// The kind's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Stock => "stock",
            Self::Ratio => "ratio",
            Self::Average => "average",
            Self::Growth => "growth",
            Self::Count => "count",
        }
    }
}

/// How a KPI is computed from measures.
#[derive(Debug)]
pub enum Formula {
    /// The value itself.
    Figure(Expr),
    /// A quotient: absent where the denominator is 0.
    Quotient(Expr, Expr),
}

/// Arithmetic over the measures of one bucket of one group.
#[derive(Debug)]
pub enum Expr {
    /// A measure: a flow in the bucket, or a stock at its end.
    Measure(Measure),
    /// A stock at the bucket's start.
    AtStart(Measure),
    /// The sum.
    Sum(Vec<Expr>),
    /// The first less the second.
    Difference(Box<Expr>, Box<Expr>),
    /// The product.
    Product(Box<Expr>, Box<Expr>),
    /// A multiple.
    Times(i64, Box<Expr>),
    /// Calendar days of the bucket.
    DaysInBucket,
}

impl Expr {
    /// Every measure in it.
    pub fn measures(&self) -> Vec<&Measure> {
        match self {
            Self::Measure(measure) | Self::AtStart(measure) => vec![measure],
            Self::Sum(terms) => terms.iter().flat_map(Self::measures).collect(),
            Self::Difference(left, right) | Self::Product(left, right) => {
                left.measures().into_iter().chain(right.measures()).collect()
            }
            Self::Times(_, term) => term.measures(),
            Self::DaysInBucket => Vec::new(),
        }
    }
}

impl Expr {
    /// Whether it is a sum of multiples of measures.
    fn is_linear(&self) -> bool {
        match self {
            Self::Measure(_) | Self::AtStart(_) => true,
            Self::Sum(terms) => terms.iter().all(Self::is_linear),
            Self::Difference(left, right) => left.is_linear() && right.is_linear(),
            Self::Times(_, term) => term.is_linear(),
            Self::Product(..) | Self::DaysInBucket => false,
        }
    }
}

impl From<Measure> for Expr {
    fn from(measure: Measure) -> Self {
        Self::Measure(measure)
    }
}

impl std::ops::Add for Expr {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        match self {
            Self::Sum(mut terms) => {
                terms.push(other);
                Self::Sum(terms)
            }
            first => Self::Sum(vec![first, other]),
        }
    }
}

impl std::ops::Sub for Expr {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::Difference(Box::new(self), Box::new(other))
    }
}

impl std::ops::Mul for Expr {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self::Product(Box::new(self), Box::new(other))
    }
}

impl std::fmt::Display for Expr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Measure(measure) => write!(f, "{}", measure.title()),
            Self::AtStart(measure) => write!(f, "{} at start", measure.title()),
            Self::Sum(terms) => {
                let terms: Vec<_> = terms.iter().map(ToString::to_string).collect();
                write!(f, "({})", terms.join(" + "))
            }
            Self::Difference(left, right) => write!(f, "({left} − {right})"),
            Self::Product(left, right) => write!(f, "{left} × {right}"),
            Self::Times(factor, term) => write!(f, "{factor} × {term}"),
            Self::DaysInBucket => write!(f, "days in the bucket"),
        }
    }
}

impl std::fmt::Display for Formula {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Figure(figure) => write!(f, "{figure}"),
            Self::Quotient(numerator, denominator @ Expr::Product(..)) => write!(f, "{numerator} ÷ ({denominator})"),
            Self::Quotient(numerator, denominator) => write!(f, "{numerator} ÷ {denominator}"),
        }
    }
}

impl Kpi {
    /// Every measure of the formula, some perhaps more than once.
    pub fn measures(&self) -> Vec<&Measure> {
        match &self.formula {
            Formula::Figure(figure) => figure.measures(),
            Formula::Quotient(numerator, denominator) => {
                numerator.measures().into_iter().chain(denominator.measures()).collect()
            }
        }
    }

    /// Whether the value of a team is the sum of those of its reps.
    pub fn adds_up_over_reps(&self) -> bool {
        match &self.formula {
            Formula::Figure(figure) => figure.is_linear() && self.measures().iter().all(|m| m.adds_up_over_groups()),
            Formula::Quotient(..) => false,
        }
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
