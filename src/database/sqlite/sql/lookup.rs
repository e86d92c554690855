//! The bucket of a day, looked up in a table that has the number of the bucket of every day.

use super::side::Side;
use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait};
use std::fmt::Write;

/// The most days of a table: 270 years, 600 kB.
const MOST_DAYS: i64 = 100_000;

/// The digits of a bucket's number.
const DIGITS: usize = 6;

/// The bucket of a text that begins with a day, whatever is behind it. None where the edges are too far apart.
pub fn bucket_of_day(at: &Expr, edges: &[NaiveDate], side: Side) -> Option<Expr> {
    let since_1970 = |day: &NaiveDate| i32::try_from((*day - NaiveDate::default()).num_days()).ok();
    let numbers: Vec<i32> = edges.iter().filter_map(since_1970).collect();
    let number = Expr::cust_with_exprs("(unixepoch(substr(?, 1, 10)) / 86400)", [at.clone()]);
    let ends = (edges.first().copied()?.into(), edges.last().copied()?.into());
    looked_up(at, &number, ends, &numbers, side)
}

/// The bucket of a whole number. None where the edges are too far apart.
pub fn bucket_of_number(at: &Expr, edges: &[i32], side: Side) -> Option<Expr> {
    looked_up(at, at, (edges.first().copied()?.into(), edges.last().copied()?.into()), edges, side)
}

fn looked_up(at: &Expr, number: &Expr, (first, last): (Expr, Expr), edges: &[i32], side: Side) -> Option<Expr> {
    let (begin, end) = (*edges.first()?, *edges.last()?);
    if i64::from(end) - i64::from(begin) > MOST_DAYS {
        return None;
    }
    let mut table = String::new();
    for at in begin..=end {
        let behind = |edge: &i32| if side == Side::Before { *edge < at } else { *edge <= at };
        _ = write!(table, "{:DIGITS$}", edges.partition_point(behind));
    }
    let place = number.clone().sub(begin).mul(Expr::cust(DIGITS.to_string())).add(1);
    let sql = format!("CAST(substr(?, ?, {DIGITS}) AS INTEGER)");
    let bucket = Expr::cust_with_exprs(sql, [table.into_bytes().into(), place]);
    let case = Expr::case(side.behind(at.clone(), last), Expr::cust(edges.len().to_string()));
    Some(case.case(side.behind(at.clone(), first), bucket).finally(Expr::cust("0")).into())
}
