//! Which bucket an instant is in, and what belongs to that bucket. However many edges there are, they take one parameter:
//! a statement stays as short, and is planned as fast, for 3,650 buckets as for 12.

use super::dialect::Dialect;
use chrono::{DateTime, SecondsFormat, Utc};
use sea_orm::Value;
use sea_orm::sea_query::{ArrayType, CaseStatement, Expr, ExprTrait, Func, Query, SelectStatement};
use std::fmt::Write;

/// Up to so many edges SQLite finds the bucket of a column fastest by comparing it with one edge after another, in a tree of
/// CASE. Only there a statement grows with its edges.
const FEW: usize = 64;

/// The same for an expression, which is worked out again for every comparison.
const FEW_OF_EXPRESSION: usize = 12;

/// The most cells of a [`Grid`]: 270 years of days, 3 MB.
const MOST_CELLS: i64 = 100_000;

/// The characters of an instant in SQLite, from year 0 to 9999.
const INSTANT: usize = 25;

/// The digits of a bucket's number.
const DIGITS: usize = 6;

/// One value for each bucket.
#[derive(Clone, Copy, Debug)]
pub enum Choices<'a> {
    /// Instants.
    Instants(&'a [DateTime<Utc>]),
    /// Whole numbers.
    Numbers(&'a [i32]),
}

impl Choices<'_> {
    fn get(self, place: usize) -> Option<Expr> {
        match self {
            Self::Instants(instants) => instants.get(place).map(|&instant| Expr::val(instant)),
            Self::Numbers(numbers) => numbers.get(place).map(|number| Expr::cust(number.to_string())),
        }
    }

    /// PostgreSQL's array, and what it has to be called.
    fn array(self) -> Expr {
        let (kind, values): (_, Vec<Value>) = match self {
            Self::Instants(instants) => (ArrayType::ChronoDateTimeUtc, instants.iter().map(|&at| at.into()).collect()),
            Self::Numbers(numbers) => (ArrayType::Int, numbers.iter().map(|&number| number.into()).collect()),
        };
        Value::Array(kind, Some(Box::new(values))).into()
    }

    /// SQLite's bytes, and how many of them a value has.
    fn bytes(self) -> (Expr, usize) {
        let texts: Vec<String> = match self {
            Self::Instants(instants) => instants.iter().map(text).collect(),
            Self::Numbers(numbers) => numbers.iter().map(i32::to_string).collect(),
        };
        let width = texts.iter().map(String::len).max().unwrap_or_default();
        let mut bytes = String::with_capacity(width * texts.len());
        for text in &texts {
            _ = write!(bytes, "{text:width$}");
        }
        (bytes.into_bytes().into(), width)
    }
}

impl Choices<'_> {
    /// SQLite's bytes of JSON values, each with a comma behind it, and how many a value has with that.
    fn separated(self) -> (Expr, usize) {
        let texts: Vec<String> = match self {
            Self::Instants(instants) => instants.iter().map(|at| format!("\"{}\"", text(at))).collect(),
            Self::Numbers(numbers) => numbers.iter().map(i32::to_string).collect(),
        };
        let width = texts.iter().map(String::len).max().unwrap_or_default();
        let mut bytes = String::with_capacity((width + 1) * texts.len());
        for text in &texts {
            _ = write!(bytes, "{text:width$},");
        }
        (bytes.into_bytes().into(), width + 1)
    }
}

/// Whether an edge counts that an instant is equal to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    AtOrBefore,
    Before,
}

impl Side {
    /// Whether an instant is not behind an edge.
    fn not_behind(self, at: Expr, edge: Expr) -> Expr {
        match self {
            Self::AtOrBefore => at.lt(edge),
            Self::Before => at.lte(edge),
        }
    }

    fn behind(self, at: Expr, edge: Expr) -> Expr {
        match self {
            Self::AtOrBefore => at.gte(edge),
            Self::Before => at.gt(edge),
        }
    }
}

impl Dialect {
    /// How many of these ascending instants are at or before `at`; 0 where `at` is unset.
    pub fn bucket(self, at: Expr, edges: &[DateTime<Utc>]) -> Expr {
        match self {
            Self::Postgres => width_bucket(at, edges),
            Self::Sqlite => bucket_of_text(&at, edges, Side::AtOrBefore),
        }
    }

    /// How many of these ascending instants are before `at`; 0 where `at` is unset.
    pub fn begun_before(self, at: Expr, edges: &[DateTime<Utc>]) -> Expr {
        match self {
            Self::Postgres => {
                // Instants are whole microseconds.
                width_bucket(Expr::cust_with_exprs("($1 - INTERVAL '1 microsecond')", [at]), edges)
            }
            Self::Sqlite => bucket_of_text(&at, edges, Side::Before),
        }
    }

    /// The column of [`Dialect::numbers`].
    pub const NUMBER: &str = "number";

    /// The numbers from 0 to `last`, where it helps to group by them rather than by the expression that they stand for.
    pub fn numbers(self, last: usize) -> Option<SelectStatement> {
        const SERIES: &str = "series";
        match self {
            Self::Postgres => {
                let bounds = [Expr::cust("0"), Expr::val(i32::try_from(last).unwrap_or(i32::MAX))];
                let series = Func::cust("generate_series").args(bounds);
                let mut numbers = Query::select();
                numbers.expr_as(Expr::col((SERIES, SERIES)), Self::NUMBER).from_function(series, SERIES);
                Some(numbers)
            }
            // SQLite sorts either way.
            Self::Sqlite => None,
        }
    }

    /// The one of `choices` that a number from 1 stands for.
    pub fn nth(self, number: Expr, choices: Choices<'_>) -> Expr {
        match self {
            Self::Postgres => of_array(choices.array(), number),
            Self::Sqlite => {
                let (bytes, width) = choices.bytes();
                let width = Expr::cust(width.to_string());
                let value = [bytes, number, width.clone(), width];
                match choices {
                    Choices::Instants(_) => {
                        Expr::cust_with_exprs("rtrim(CAST(substr(?, ((?) - 1) * ? + 1, ?) AS TEXT))", value)
                    }
                    Choices::Numbers(_) => {
                        Expr::cust_with_exprs("CAST(substr(?, ((?) - 1) * ? + 1, ?) AS INTEGER)", value)
                    }
                }
            }
        }
    }

    /// The values of `choices` from one number to another, from 1; none where the last is before the first. On PostgreSQL a row
    /// each, on SQLite a JSON array.
    pub fn elements(self, choices: Choices<'_>, first: Expr, last: Expr) -> Expr {
        match self {
            Self::Postgres => {
                let slice = Expr::cust_with_exprs("$1 : $2", [first, last]);
                Func::cust("unnest").arg(of_array(choices.array(), slice)).into()
            }
            Self::Sqlite => {
                let (bytes, width) = choices.separated();
                let from = |place: Expr| place.mul(Expr::cust(width.to_string()));
                let first = || Expr::cust_with_exprs("max(1, ?)", [first.clone()]);
                let length = last.sub(first()).add(1);
                Expr::cust_with_exprs(
                    "'[' || CAST(substr(?, ? + 1, max(0, ? - 1)) AS TEXT) || ']'",
                    [bytes, from(first().sub(1)), from(length)],
                )
            }
        }
    }

    /// The one of `choices` (one more than there are `edges`) that stands between the edges around `at`; the first where `at`
    /// is unset.
    pub fn pick(self, at: &Expr, edges: &[DateTime<Utc>], choices: Choices<'_>) -> Expr {
        match (self, edges) {
            (_, []) => choices.get(0).unwrap_or(Expr::cust("NULL")),
            (Self::Sqlite, few) if are_few(at, few) => {
                let tree = tree(at, few, 0, &|place| choices.get(place), Side::AtOrBefore);
                match choices.get(0) {
                    Some(first) => CaseStatement::new().case(at.clone().is_null(), first).finally(tree).into(),
                    None => tree,
                }
            }
            _ => self.nth(self.bucket(at.clone(), edges).add(1), choices),
        }
    }

    /// Whether a text is one of these. They take one parameter together; on SQLite, which plans better for a list, only where
    /// they are many.
    pub fn one_of<'v>(self, text: Expr, values: impl IntoIterator<Item = &'v str>) -> Expr {
        match self {
            Self::Postgres => {
                let values = values.into_iter().map(Value::from).collect();
                let values = Value::Array(ArrayType::String, Some(Box::new(values)));
                Expr::cust_with_exprs("$1 = ANY($2)", [text, values.into()])
            }
            Self::Sqlite => {
                let values: Vec<&str> = values.into_iter().collect();
                if values.len() <= FEW {
                    return text.is_in(values);
                }
                let values: serde_json::Value = values.into_iter().collect();
                let values = values.to_string().into();
                Expr::cust_with_exprs("? IN (SELECT value FROM json_each(?))", [text, values])
            }
        }
    }
}

fn width_bucket(at: Expr, edges: &[DateTime<Utc>]) -> Expr {
    let edges = Choices::Instants(edges).array();
    Func::coalesce([Expr::cust_with_exprs("width_bucket($1, $2)", [at, edges]), Expr::val(0)]).into()
}

fn bucket_of_text(at: &Expr, edges: &[DateTime<Utc>], side: Side) -> Expr {
    if !are_few(at, edges)
        && let Some(grid) = Grid::of(edges)
    {
        return grid.bucket(at, side);
    }
    let numbers = |place: usize| Some(Expr::cust(place.to_string()));
    CaseStatement::new().case(at.clone().is_null(), Expr::cust("0")).finally(tree(at, edges, 0, &numbers, side)).into()
}

/// An element of an array, or a slice. The brackets stand apart, since text in brackets is taken for a name there.
fn of_array(array: Expr, place: Expr) -> Expr {
    Expr::cust_with_exprs("$1 $2 $3 $4", [array, Expr::cust("["), place, Expr::cust("]")])
}

fn are_few(at: &Expr, edges: &[DateTime<Utc>]) -> bool {
    edges.len() <= if matches!(at, Expr::Column(_)) { FEW } else { FEW_OF_EXPRESSION }
}

/// A tree of comparisons whose leaves are the choices from `first` on.
fn tree(at: &Expr, edges: &[DateTime<Utc>], first: usize, choice: &dyn Fn(usize) -> Option<Expr>, side: Side) -> Expr {
    let middle = edges.len() / 2;
    let Some(&edge) = edges.get(middle) else {
        return choice(first).unwrap_or(Expr::cust("NULL"));
    };
    CaseStatement::new()
        .case(side.not_behind(at.clone(), edge.into()), tree(at, &edges[..middle], first, choice, side))
        .finally(tree(at, &edges[middle + 1..], first + middle + 1, choice, side))
        .into()
}

/// As SQLite stores it.
fn text(at: &DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// Cells of the same length over some edges, none with more than one different edge behind the first: an instant's cell is
/// worked out, and tells the numbers before and after the edge in it.
struct Grid {
    edges: usize,
    first: DateTime<Utc>,
    last: DateTime<Utc>,
    /// When the first cell begins, in seconds since 1970.
    begin: i64,
    /// Seconds of a cell: whole minutes.
    length: i64,
    /// For each cell the number before its edge, the edge, the number after it, all of fixed width.
    cells: String,
}

impl Grid {
    /// None where cells do not fit the edges: too irregular, or not of the usual form.
    fn of(edges: &[DateTime<Utc>]) -> Option<Self> {
        const MINUTE: i64 = 60;
        let [first, inner @ ..] = edges else { return None };
        let last = *inner.last()?;
        let apart = inner.windows(2).map(|pair| (pair[1] - pair[0]).num_seconds()).filter(|&seconds| seconds > 0);
        let length = apart.min()? / MINUTE * MINUTE;
        let begin = first.timestamp().div_euclid(MINUTE) * MINUTE;
        let count = (last.timestamp() - begin).checked_div(length)? + 1;
        if !(1..=MOST_CELLS).contains(&count) || edges.iter().any(|edge| text(edge).len() != INSTANT) {
            return None;
        }
        let mut cells = String::new();
        let mut place = 0;
        for cell in 1..=count {
            let in_cell = inner[place..].iter().take_while(|edge| edge.timestamp() < begin + cell * length).count();
            let edge = in_cell.checked_sub(1).map_or_else(|| "~".repeat(INSTANT), |last| text(&inner[place + last]));
            let (before, after) = (place + 1, place + in_cell + 1);
            _ = write!(cells, "{before:DIGITS$}{edge}{after:DIGITS$}");
            place += in_cell;
        }
        Some(Self { edges: edges.len(), first: *first, last, begin, length, cells })
    }

    /// The number of an instant's bucket; 0 where it is unset.
    fn bucket(&self, at: &Expr, side: Side) -> Expr {
        let cells = || Expr::from(self.cells.clone().into_bytes());
        // To the minute: what is stored may have a leap second, of which SQLite's functions know nothing.
        let cell = || {
            let minute = Expr::cust_with_exprs("unixepoch(substr(?, 1, 16))", [at.clone()]);
            let place = minute.sub(self.begin).div(self.length);
            place.mul(Expr::cust((INSTANT + 2 * DIGITS).to_string()))
        };
        let part = |offset: Expr, length: usize, kind: &str| {
            let sql = format!("CAST(substr(?, ? + ?, {length}) AS {kind})");
            Expr::cust_with_exprs(sql, [cells(), cell(), offset])
        };
        let edge = part(Expr::cust((DIGITS + 1).to_string()), INSTANT, "TEXT");
        let (before, after) = (Expr::cust("1"), Expr::cust((DIGITS + INSTANT + 1).to_string()));
        let which: Expr = Expr::case(side.not_behind(at.clone(), edge), before).finally(after).into();
        Expr::case(side.behind(at.clone(), self.last.into()), Expr::cust(self.edges.to_string()))
            .case(side.behind(at.clone(), self.first.into()), part(which, DIGITS, "INTEGER"))
            .finally(Expr::cust("0"))
            .into()
    }
}
