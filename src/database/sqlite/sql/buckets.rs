use super::grid::Grid;
use super::side::Side;
use super::{FEW, SqliteSql, text};
use crate::database::sql::{BucketSql, Choices};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, SelectStatement};
use std::fmt::Write;

/// Up to so many edges the bucket of an expression is found fastest by comparing it with one edge after another: it is worked
/// out again for each. For a column the limit is [`FEW`].
const FEW_OF_EXPRESSION: usize = 12;

impl BucketSql for SqliteSql {
    fn bucket(&self, at: Expr, edges: &[DateTime<Utc>]) -> Expr {
        bucket(&at, edges, Side::AtOrBefore)
    }

    fn begun_before(&self, at: Expr, edges: &[DateTime<Utc>]) -> Expr {
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
            Choices::Instants(_) => {
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

    fn pick(&self, at: &Expr, edges: &[DateTime<Utc>], choices: Choices<'_>) -> Expr {
        match edges {
            [] => choices.get(0).unwrap_or(Expr::cust("NULL")),
            few if are_few(at, few) => {
                let tree = tree(at, few, 0, &|place| choices.get(place), Side::AtOrBefore);
                match choices.get(0) {
                    Some(first) => CaseStatement::new().case(at.clone().is_null(), first).finally(tree).into(),
                    None => tree,
                }
            }
            _ => self.nth(self.bucket(at.clone(), edges).add(1), choices),
        }
    }
}

fn bucket(at: &Expr, edges: &[DateTime<Utc>], side: Side) -> Expr {
    if !are_few(at, edges)
        && let Some(grid) = Grid::of(edges)
    {
        return grid.bucket(at, side);
    }
    let numbers = |place: usize| Some(Expr::cust(place.to_string()));
    CaseStatement::new().case(at.clone().is_null(), Expr::cust("0")).finally(tree(at, edges, 0, &numbers, side)).into()
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

/// All values as bytes of one width, and how many that is.
fn bytes(choices: Choices<'_>) -> (Expr, usize) {
    let texts: Vec<String> = match choices {
        Choices::Instants(instants) => instants.iter().map(text).collect(),
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
        Choices::Numbers(numbers) => numbers.iter().map(i32::to_string).collect(),
    };
    let width = texts.iter().map(String::len).max().unwrap_or_default();
    let mut bytes = String::with_capacity((width + 1) * texts.len());
    for text in &texts {
        _ = write!(bytes, "{text:width$},");
    }
    (bytes.into_bytes().into(), width + 1)
}
