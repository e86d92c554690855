use super::grid::Grid;
use super::lookup::{bucket_of_day, bucket_of_number};
use super::side::Side;
use super::{FEW, SqliteSql, text};
use crate::database::sql::{BucketSql, Choices};
use chrono::NaiveDate;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, SelectStatement};
use std::fmt::Write;

/// Up to so many edges the bucket of an expression is found fastest by comparing it with one edge after another: it is worked
/// out again for each. For a column the limit is [`FEW`].
const FEW_OF_EXPRESSION: usize = 12;

impl BucketSql for SqliteSql {
    fn bucket(&self, at: Expr, edges: Choices<'_>) -> Expr {
        bucket(&at, edges, Side::AtOrBefore)
    }

    fn begun_before(&self, at: Expr, edges: Choices<'_>) -> Expr {
        bucket(&at, edges, Side::Before)
    }

    /// None: SQLite sorts either way.
    fn numbers(&self, _last: usize) -> Option<SelectStatement> {
        None
    }

    fn nth(&self, number: Expr, choices: Choices<'_>) -> Expr {
        let (bytes, width) = bytes(choices);
        let width = Expr::cust(width.to_string());
        let value = [bytes, number, width.clone(), width];
        match choices {
            Choices::Instants(_) | Choices::Days(_) => {
                Expr::cust_with_exprs("rtrim(CAST(substr(?, ((?) - 1) * ? + 1, ?) AS TEXT))", value)
            }
            Choices::Numbers(_) => Expr::cust_with_exprs("CAST(substr(?, ((?) - 1) * ? + 1, ?) AS INTEGER)", value),
        }
    }

    fn elements(&self, choices: Choices<'_>, first: Expr, last: Expr) -> Expr {
        let (bytes, width) = separated(choices);
        let from = |place: Expr| place.mul(Expr::cust(width.to_string()));
        let first = || Expr::cust_with_exprs("max(1, ?)", [first.clone()]);
        let length = last.sub(first()).add(1);
        Expr::cust_with_exprs(
            "'[' || CAST(substr(?, ? + 1, max(0, ? - 1)) AS TEXT) || ']'",
            [bytes, from(first().sub(1)), from(length)],
        )
    }

    fn pick(&self, at: &Expr, edges: Choices<'_>, choices: Choices<'_>) -> Expr {
        match edges.count() {
            0 => choices.get(0).unwrap_or(Expr::cust("NULL")),
            few if are_few(at, few) => {
                let tree = tree(at, edges, (0, few), &|place| choices.get(place), Side::AtOrBefore);
                match choices.get(0) {
                    Some(first) => CaseStatement::new().case(at.clone().is_null(), first).finally(tree).into(),
                    None => tree,
                }
            }
            _ => self.nth(self.bucket(at.clone(), edges).add(1), choices),
        }
    }
}

fn bucket(at: &Expr, edges: Choices<'_>, side: Side) -> Expr {
    let count = edges.count();
    let looked_up = match edges {
        _ if are_few(at, count) => None,
        Choices::Instants(edges) => Grid::of(edges).map(|grid| grid.bucket(at, side)),
        Choices::Days(edges) => bucket_of_day(at, edges, side),
        Choices::Numbers(edges) => bucket_of_number(at, edges, side),
    };
    looked_up.unwrap_or_else(|| {
        let numbers = |place: usize| Some(Expr::cust(place.to_string()));
        let tree = tree(at, edges, (0, count), &numbers, side);
        CaseStatement::new().case(at.clone().is_null(), Expr::cust("0")).finally(tree).into()
    })
}

fn are_few(at: &Expr, edges: usize) -> bool {
    edges <= if matches!(at, Expr::Column(_)) { FEW } else { FEW_OF_EXPRESSION }
}

/// A tree of comparisons with the edges from one to before another, whose leaves are the choices from there on.
fn tree(
    at: &Expr,
    edges: Choices<'_>,
    (from, to): (usize, usize),
    choice: &dyn Fn(usize) -> Option<Expr>,
    side: Side,
) -> Expr {
    let middle = from + (to - from) / 2;
    match edges.get(middle).filter(|_| from < to) {
        None => choice(from).unwrap_or(Expr::cust("NULL")),
        Some(edge) => CaseStatement::new()
            .case(side.not_behind(at.clone(), edge), tree(at, edges, (from, middle), choice, side))
            .finally(tree(at, edges, (middle + 1, to), choice, side))
            .into(),
    }
}

/// All values as bytes of one width, and how many that is.
fn bytes(choices: Choices<'_>) -> (Expr, usize) {
    let texts: Vec<String> = match choices {
        Choices::Instants(instants) => instants.iter().map(text).collect(),
        Choices::Days(days) => days.iter().map(NaiveDate::to_string).collect(),
        Choices::Numbers(numbers) => numbers.iter().map(i32::to_string).collect(),
    };
    let width = texts.iter().map(String::len).max().unwrap_or_default();
    let mut bytes = String::with_capacity(width * texts.len());
    for text in &texts {
        _ = write!(bytes, "{text:width$}");
    }
    (bytes.into_bytes().into(), width)
}

/// All values as JSON, in bytes of one width with a comma behind each, and how many that is.
fn separated(choices: Choices<'_>) -> (Expr, usize) {
    let texts: Vec<String> = match choices {
        Choices::Instants(instants) => instants.iter().map(|at| format!("\"{}\"", text(at))).collect(),
        Choices::Days(days) => days.iter().map(|day| format!("\"{day}\"")).collect(),
        Choices::Numbers(numbers) => numbers.iter().map(i32::to_string).collect(),
    };
    let width = texts.iter().map(String::len).max().unwrap_or_default();
    let mut bytes = String::with_capacity((width + 1) * texts.len());
    for text in &texts {
        _ = write!(bytes, "{text:width$},");
    }
    (bytes.into_bytes().into(), width + 1)
}
