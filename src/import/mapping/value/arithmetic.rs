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
            let (name, rest) = self.rest.split_once('}').ok_or("a { without a }")?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COLUMNS: [&str; 4] = ["Quantity", "Unit price", "Discount", "Empty"];

    fn read(text: &str) -> Result<Expression, String> {
        Expression::new(text, |name| COLUMNS.iter().position(|known| *known == name))
    }

    fn with(text: &str, cells: [&str; 4]) -> Result<Option<(String, bool)>, Failure> {
        let cell = |column: usize| match cells[column] {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| format!("{text} is bad")),
        };
        let result = read(text).unwrap().result(cell)?;
        Ok(result.map(|result| (result.number.normalize().to_string(), result.exact)))
    }

    fn result(text: &str) -> Result<Option<(String, bool)>, Failure> {
        with(text, ["3", "12.50", "0.1", ""])
    }

    #[test]
    fn calculations_are_exact() {
        for (text, expected) in [
            ("{Quantity} * {Unit price} * (1 - {Discount})", "33.75"),
            ("{Quantity}*{Unit price}", "37.5"),
            ("1 + 2 * 3 - 4 / 2", "5"),
            ("(1 + 2) * (3 - 4) / 2", "-1.5"),
            ("8 / 2 / 2", "2"),
            ("5 - 3 - 1", "1"),
            ("-{Quantity} + --1", "-2"),
            ("0.1 + 0.2", "0.3"),
            ("round(2 / 3, 2)", "0.67"),
            ("round(0.125, 2) + round(0.135, 2)", "0.26"),
            ("default({Empty}, 5) × 2", "10"),
            ("default({Empty} * {Quantity}, {Quantity})", "3"),
            ("default({Quantity}, 5)", "3"),
            ("79228162514264337593543950335 - 1", "79228162514264337593543950334"),
        ] {
            assert_eq!(result(text), Ok(Some((expected.into(), true))), "{text}");
        }
        assert_eq!(result("2 / 3"), Ok(Some(("0.6666666666666666666666666667".into(), false))));
        assert_eq!(result("2 / 3 * 3").unwrap().map(|(_, exact)| exact), Some(false));
        let tiny = format!("0.{}1", "0".repeat(20));
        assert_eq!(result(&format!("{tiny} * {tiny}")).unwrap().map(|(_, exact)| exact), Some(false));
        assert_eq!(result(&format!("100000000000000 + {tiny}")).unwrap().map(|(_, exact)| exact), Some(false));
    }

    #[test]
    fn what_is_empty_is_told_unless_all_is() {
        let of_empty = |text| result(text).unwrap_err();
        assert_eq!(of_empty("{Quantity} * {Empty}").column, Some(3));
        assert!(of_empty("{Quantity} + {Empty}").reason.contains("is empty"));
        assert_eq!(of_empty("default({Empty}, {Empty}) + {Quantity}").column, Some(3));
        assert_eq!(result("{Empty} * (1 - default({Discount}, 0))"), Ok(None));
        assert_eq!(of_empty("1 / ({Quantity} - 3)").reason, "divides by 0");
        assert_eq!(of_empty("79228162514264337593543950335 * 10").reason, "the number is too large");
        let bad = with("{Quantity} * 2", ["many", "", "", ""]).unwrap_err();
        assert_eq!((bad.column, bad.reason.as_str()), (Some(0), "many is bad"));
    }

    #[test]
    fn bad_expressions_are_told() {
        for (text, expected) in [
            ("", "ends where a number"),
            ("{Quantity} {Unit price}", "has \"{Unit price}\" where +, -, *, / or the end"),
            ("{Quantity", "a { without a }"),
            ("(1 + 2", "ends where )"),
            ("1 +", "ends where a number"),
            ("round(1)", "has \")\" where ,"),
            ("round(1, 29)", "how many decimals"),
            ("sum(1)", "has \"sum(1)\""),
            ("1.2.3", "has \"1.2.3\""),
        ] {
            assert!(read(text).unwrap_err().contains(expected), "{text}: {:?}", read(text));
        }
        assert!(read(&"(".repeat(10_000)).is_err());
        assert!(read(&"-".repeat(10_000)).is_err());
    }

    proptest! {
        /// Beside whole numbers of a hundredth, which are counted by hand.
        #[test]
        fn sums_and_products_are_those_of_cents(one in -1_000_000_i64..1_000_000, other in -1_000_000_i64..1_000_000) {
            let text = |cents: i64| Decimal::new(cents, 2).to_string();
            let cells = [text(one), text(other), String::new(), String::new()];
            let cells = [0, 1, 2, 3].map(|place| cells[place].as_str());
            let result = with("{Quantity} * {Unit price} + {Quantity} - 1", cells).unwrap().unwrap();
            let by_hand = i128::from(one) * i128::from(other) + i128::from(one) * 100 - 10_000;
            prop_assert_eq!(result, (Decimal::from_i128_with_scale(by_hand, 4).normalize().to_string(), true));
        }

        #[test]
        fn a_ratio_times_what_divides_is_the_number(one in any::<i32>(), other in any::<i32>()) {
            prop_assume!(other != 0);
            let cells = [one.to_string(), other.to_string()];
            let cells = [cells[0].as_str(), cells[1].as_str(), "", ""];
            let (ratio, exact) = with("{Quantity} / {Unit price}", cells).unwrap().unwrap();
            let ratio: Decimal = ratio.parse().unwrap();
            if exact {
                prop_assert_eq!(ratio * Decimal::from(other), Decimal::from(one));
            } else {
                let tenths = i128::from(one) * 10_i128.pow(6) % i128::from(other);
                prop_assert!(tenths != 0 || (ratio * Decimal::from(other) - Decimal::from(one)).abs() < Decimal::new(1, 9));
            }
            let (rounded, exact) = with("round({Quantity} / {Unit price}, 3)", cells).unwrap().unwrap();
            prop_assert!(exact && (rounded.parse::<Decimal>().unwrap() - ratio).abs() <= Decimal::new(5, 4));
        }

        #[test]
        fn no_expression_panics(text in "[0-9.{}()*/+ -]{0,40}|(round|default|\\{Quantity\\}|[(),*/ 0-9]){0,20}|\\PC*", cells in any::<[i64; 4]>()) {
            if let Ok(expression) = read(&text) {
                let _ = expression.result(|column| Ok(Some(Decimal::new(cells[column], 10))));
            }
        }
    }
}
