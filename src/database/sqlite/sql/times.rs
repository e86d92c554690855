use super::SqliteSql;
use crate::database::precision::Precision;
use crate::database::sql::TimeSql;
use sea_orm::sea_query::Expr;
use std::iter::repeat_n;

impl TimeSql for SqliteSql {
    fn milliseconds(&self, from: Expr, until: Expr) -> Expr {
        Expr::cust_with_exprs(
            "CAST(ROUND((? - ?) * 86400000.0) AS INTEGER)",
            [until, from].map(|at| {
                // What is no time of the years 1 to 9999 is as far away as it sorts.
                Expr::cust_with_exprs(
                    "COALESCE(min(max(julianday(?), 1721425.5), 5373484.499988426), \
                     CASE WHEN ? >= ':' THEN 5373484.499988426 WHEN ? < '0' THEN 1721425.5 END)",
                    repeat_n(at, 3),
                )
            }),
        )
    }

    fn unix_seconds(&self, at: Expr) -> Expr {
        Expr::cust_with_exprs(
            "COALESCE(max(CAST(strftime('%s', ?) AS INTEGER), -62135596800), \
             CASE WHEN ? >= ':' THEN 253402300799 WHEN ? < '0' THEN -62135596800 END)",
            repeat_n(at, 3),
        )
    }

    fn no_instant(&self) -> Expr {
        Expr::cust("NULL")
    }

    fn earlier(&self, first: Expr, second: Expr) -> Expr {
        Expr::cust_with_exprs("min(?, ?)", [first, second])
    }

    fn later(&self, first: Expr, second: Expr) -> Expr {
        Expr::cust_with_exprs("max(?, ?)", [first, second])
    }

    fn days_after(&self, at: Expr, days: Expr) -> Expr {
        // The form that instants are stored in: without a fraction where it is 0.
        Expr::cust_with_exprs(
            "COALESCE(REPLACE(strftime('%Y-%m-%dT%H:%M:%f+00:00', ?, ? || ' days'), '.000+', '+'), \
             CASE WHEN ? >= ':' OR ? >= '0' AND ? > 0 THEN 'infinity' WHEN ? < '0' OR ? < 0 THEN '-infinity' END)",
            [at.clone(), days.clone(), at.clone(), at.clone(), days.clone(), at, days],
        )
    }

    fn instant_as_text(&self, at: Expr) -> Expr {
        Expr::cust_with_exprs("REPLACE(?, '+00:00', 'Z')", [at])
    }

    fn utc_day(&self, at: Expr) -> Expr {
        Expr::cust_with_exprs("substr(?, 1, 10)", [at])
    }

    fn day_number(&self, day: Expr, _: Precision) -> Expr {
        Expr::cust_with_exprs("(? / 86400)", [self.unix_seconds(self.plain_day(day))])
    }

    /// A time may be behind it.
    fn plain_day(&self, day: Expr) -> Expr {
        Expr::cust_with_exprs("substr(?, 1, 10)", [day])
    }

    fn day_as_text(&self, day: Expr) -> Expr {
        day
    }

    fn is_instant_in_range(&self, at: Expr) -> Expr {
        Expr::cust_with_exprs(
            "(? GLOB '????-??-??T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]*' AND ? >= '0001' AND julianday(?) IS NOT NULL \
             AND date(substr(?, 1, 10)) = substr(?, 1, 10) AND (? GLOB '*+00:00' OR ? GLOB '*Z'))",
            repeat_n(at, 7),
        )
    }

    fn is_day_in_range(&self, day: Expr) -> Expr {
        Expr::cust_with_exprs(
            "(? GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]' AND ? >= '0001' AND date(?) = ?)",
            repeat_n(day, 4),
        )
    }
}
