//! Arithmetic over measures.

use super::measure::Measure;

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

    /// Whether that of groups together is the sum of those of each, whatever they are grouped by.
    pub(super) fn adds_up_over_groups(&self) -> bool {
        match self {
            Self::Measure(measure) | Self::AtStart(measure) => measure.adds_up_over_groups(),
            Self::Sum(terms) => terms.iter().all(Self::adds_up_over_groups),
            Self::Difference(left, right) => left.adds_up_over_groups() && right.adds_up_over_groups(),
            Self::Times(_, term) => term.adds_up_over_groups(),
            // Days are those of the bucket, for each group.
            Self::Product(..) | Self::DaysInBucket => false,
        }
    }

    /// Whether that of a period is the sum of those of its buckets.
    pub(super) fn adds_up_over_time(&self) -> bool {
        match self {
            Self::Measure(measure) => measure.adds_up_over_time(),
            Self::Sum(terms) => terms.iter().all(Self::adds_up_over_time),
            Self::Difference(left, right) => left.adds_up_over_time() && right.adds_up_over_time(),
            Self::Times(_, term) => term.adds_up_over_time(),
            Self::DaysInBucket => true,
            Self::AtStart(_) | Self::Product(..) => false,
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

impl Formula {
    /// The figure, or numerator and denominator.
    pub(super) fn terms(&self) -> Vec<&Expr> {
        match self {
            Self::Figure(figure) => vec![figure],
            Self::Quotient(numerator, denominator) => vec![numerator, denominator],
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
