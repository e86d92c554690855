use super::side::Side;
use super::text;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use std::fmt::Write;

/// The most cells of a [`Grid`]: 270 years of days, 3 MB.
const MOST_CELLS: i64 = 100_000;

/// The characters of an instant in SQLite, from year 0 to 9999.
const INSTANT: usize = 25;

/// The digits of a bucket's number.
const DIGITS: usize = 6;

/// Cells of the same length over some edges, none with more than one different edge behind the first: an instant's cell is
/// worked out, and tells the numbers before and after the edge in it.
pub struct Grid {
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
    pub fn of(edges: &[DateTime<Utc>]) -> Option<Self> {
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
    pub fn bucket(&self, at: &Expr, side: Side) -> Expr {
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
