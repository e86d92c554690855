#[cfg(test)]
mod tests;

use rust_decimal::{Decimal, RoundingStrategy};

/// A calculation with the cells of a line, such as `{Quantity} * {Unit price} * (1 - default({Discount}, 0))`.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    root: Node,
    /// The columns that must not be empty, unless all of them are.
    needed: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Constant(Decimal),
    Column(usize),
    Negative(Box<Node>),
    Of(Box<Node>, Operator, Box<Node>),
    /// Half to even.
    Round(Box<Node>, u32),
    /// The second where the first is empty.
    Default(Box<Node>, Box<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Plus,
    Minus,
    Times,
    By,
}

/// What a cell of a calculation holds.
pub type Operand = Result<Option<Decimal>, String>;

/// What a calculation comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub number: Decimal,
    /// Nothing has been rounded, unless `round` says so.
    pub exact: bool,
}

/// Why a calculation fails: with a cell, or with what it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub column: Option<usize>,
    pub reason: String,
}

/// Why a part of a calculation has no number.
enum Without {
    /// This column is empty.
    Empty(usize),
    Failed(Failure),
}

impl Expression {
    /// Reads an expression. `column` finds a column by its name; one that it does not find has been reported.
    pub fn new(text: &str, column: impl FnMut(&str) -> Option<usize>) -> Result<Self, String> {
        let mut parser = Parser { rest: text, column, needed: Vec::new(), depth: 0 };
        let root = parser.sum()?;
        parser.rest = parser.rest.trim_start();
        if !parser.rest.is_empty() {
            return Err(parser.expected("+, -, *, / or the end"));
        }
        Ok(Self { root, needed: parser.needed })
    }

    /// Calculates it; nothing where all cells are empty that must not be. `operand` is the number in a column.
    pub fn result(&self, operand: impl Fn(usize) -> Operand) -> Result<Option<Outcome>, Failure> {
        let is_empty = |column: &usize| matches!(operand(*column), Ok(None));
        if !self.needed.is_empty() && self.needed.iter().all(is_empty) {
            return Ok(None);
        }
        match self.root.number(&operand) {
            Ok(outcome) => Ok(Some(outcome)),
            Err(Without::Failed(failure)) => Err(failure),
            Err(Without::Empty(column)) => {
                let reason = "is empty: where that means a number, write default({…}, 0) in the mapping";
                Err(Failure { column: Some(column), reason: reason.into() })
            }
        }
    }
}

fn failed(reason: &str) -> Without {
    Without::Failed(Failure { column: None, reason: reason.into() })
}

impl Node {
    fn number(&self, operand: &impl Fn(usize) -> Operand) -> Result<Outcome, Without> {
        Ok(match self {
            Self::Constant(number) => Outcome { number: *number, exact: true },
            Self::Column(column) => match operand(*column) {
                Ok(Some(number)) => Outcome { number, exact: true },
                Ok(None) => return Err(Without::Empty(*column)),
                Err(reason) => return Err(Without::Failed(Failure { column: Some(*column), reason })),
            },
            Self::Negative(of) => {
                let of = of.number(operand)?;
                Outcome { number: -of.number, ..of }
            }
            Self::Of(left, operator, right) => operator.apply(left.number(operand)?, right.number(operand)?)?,
            Self::Round(of, places) => {
                let strategy = RoundingStrategy::MidpointNearestEven;
                Outcome { number: of.number(operand)?.number.round_dp_with_strategy(*places, strategy), exact: true }
            }
            Self::Default(of, otherwise) => match of.number(operand) {
                Err(Without::Empty(_)) => otherwise.number(operand)?,
                outcome => outcome?,
            },
        })
    }
}

impl Operator {
    fn apply(self, left: Outcome, right: Outcome) -> Result<Outcome, Without> {
        let (one, other) = (left.number, right.number);
        if self == Self::By && other.is_zero() {
            return Err(failed("divides by 0"));
        }
        let were_exact = left.exact && right.exact;
        let exactly = match self {
            _ if !were_exact => None,
            Self::Plus => sum(one, other),
            Self::Minus => sum(one, -other),
            Self::Times => product(one, other),
            Self::By => one.checked_div(other).filter(|ratio| product(*ratio, other) == Some(one)),
        };
        if let Some(number) = exactly {
            return Ok(Outcome { number, exact: true });
        }
        let nearly = match self {
            Self::Plus => one.checked_add(other),
            Self::Minus => one.checked_sub(other),
            Self::Times => one.checked_mul(other),
            Self::By => one.checked_div(other),
        };
        nearly.map(|number| Outcome { number, exact: false }).ok_or_else(|| failed("the number is too large"))
    }
}

/// The sum, where it is one of 28 digits.
fn sum(one: Decimal, other: Decimal) -> Option<Decimal> {
    let (one, other) = (one.normalize(), other.normalize());
    let scale = one.scale().max(other.scale());
    let at_scale = |number: Decimal| number.mantissa().checked_mul(10_i128.checked_pow(scale - number.scale())?);
    decimal(at_scale(one)?.checked_add(at_scale(other)?)?, scale)
}

/// The product, where it is one of 28 digits.
fn product(one: Decimal, other: Decimal) -> Option<Decimal> {
    let (one, other) = (one.normalize(), other.normalize());
    decimal(one.mantissa().checked_mul(other.mantissa())?, one.scale() + other.scale())
}

fn decimal(mut mantissa: i128, mut scale: u32) -> Option<Decimal> {
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    Decimal::try_from_i128_with_scale(mantissa, scale).ok()
}

/// Brackets within brackets, no more than anybody reads.
const DEPTH: usize = 30;

struct Parser<'a, F> {
    rest: &'a str,
    column: F,
    needed: Vec<usize>,
    depth: usize,
}

impl<F: FnMut(&str) -> Option<usize>> Parser<'_, F> {
    fn sum(&mut self) -> Result<Node, String> {
        let mut left = self.product()?;
        loop {
            let operator = match () {
                () if self.takes("+") => Operator::Plus,
                () if self.takes("-") || self.takes("−") => Operator::Minus,
                () => return Ok(left),
            };
            left = Node::Of(left.into(), operator, self.product()?.into());
        }
    }

    fn product(&mut self) -> Result<Node, String> {
        let mut left = self.factor()?;
        loop {
            let operator = match () {
                () if self.takes("*") || self.takes("×") => Operator::Times,
                () if self.takes("/") || self.takes("÷") => Operator::By,
                () => return Ok(left),
            };
            left = Node::Of(left.into(), operator, self.factor()?.into());
        }
    }

    fn factor(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(format!("has more than {DEPTH} brackets or signs within each other"));
        }
        let factor = self.inner_factor();
        self.depth -= 1;
        factor
    }

    fn inner_factor(&mut self) -> Result<Node, String> {
        if self.takes("-") || self.takes("−") {
            return Ok(Node::Negative(self.factor()?.into()));
        }
        if self.takes("(") {
            let inner = self.sum()?;
            return self.closing(")").map(|()| inner);
        }
        if self.takes("{") {
            let (name, rest) = self.rest.split_once('}').ok_or("unmatched {")?;
            self.rest = rest;
            // An unknown column has been reported by who looked it up.
            let column = (self.column)(name.trim()).unwrap_or_default();
            self.needed.push(column);
            return Ok(Node::Column(column));
        }
        if self.takes("round") {
            self.closing("(")?;
            let of = self.sum()?;
            self.closing(",")?;
            let places = self.literal().and_then(|places| u32::try_from(places).ok()).filter(|places| *places <= 28);
            let places = places.ok_or_else(|| self.expected("how many decimals, 0 to 28"))?;
            return self.closing(")").map(|()| Node::Round(of.into(), places));
        }
        if self.takes("default") {
            self.closing("(")?;
            let needed = self.needed.len();
            let of = self.sum()?;
            self.needed.truncate(needed);
            self.closing(",")?;
            let otherwise = self.sum()?;
            return self.closing(")").map(|()| Node::Default(of.into(), otherwise.into()));
        }
        self.literal().map(Node::Constant).ok_or_else(|| self.expected("a number, a {column}, round(, default( or ("))
    }

    fn literal(&mut self) -> Option<Decimal> {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(end);
        let number = Decimal::from_str_exact(number).ok()?;
        self.rest = rest;
        Some(number)
    }

    fn takes(&mut self, sign: &str) -> bool {
        self.rest = self.rest.trim_start();
        let after = self.rest.strip_prefix(sign);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn closing(&mut self, sign: &str) -> Result<(), String> {
        if self.takes(sign) { Ok(()) } else { Err(self.expected(sign)) }
    }

    fn expected(&self, what: &str) -> String {
        match self.rest.trim_start() {
            "" => format!("ends where {what} is expected"),
            rest => format!("has {rest:?} where {what} is expected"),
        }
    }
}
