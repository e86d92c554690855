use super::PostgresSql;
use crate::database::precision::Precision;
use crate::database::sql::TimeSql;
use sea_orm::sea_query::{Expr, Func};
use std::iter::repeat_n;

impl TimeSql for PostgresSql {
    fn milliseconds(&self, from: Expr, until: Expr) -> Expr {
        // EXTRACT makes a numeric, which is slow; a double has enough digits for the microseconds of these years.
        Expr::cust_with_exprs(
            "CASE WHEN LEAST($1, $2) > '1995-01-01T00:00:00Z'::timestamptz \
             AND GREATEST($3, $4) < '2050-01-01T00:00:00Z'::timestamptz \
             THEN CAST(FLOOR(DATE_PART('epoch', $5 - $6) * 1000 + 0.0005) AS bigint) \
             ELSE CAST(FLOOR(EXTRACT(EPOCH FROM ($7 - $8)) * 1000) AS bigint) END",
            repeat_n([until.clone(), from.clone()], 3).flatten().chain([near(until), near(from)]),
        )
    }

    fn unix_seconds(&self, at: Expr) -> Expr {
        Expr::cust_with_exprs("CAST(FLOOR(EXTRACT(EPOCH FROM $1)) AS bigint)", [near(at)])
    }

    fn no_instant(&self) -> Expr {
        Expr::cust("CAST(NULL AS timestamptz)")
    }

    fn earlier(&self, first: Expr, second: Expr) -> Expr {
        Func::least([first, second]).into()
    }

    fn later(&self, first: Expr, second: Expr) -> Expr {
        Func::greatest([first, second]).into()
    }

    fn days_after(&self, at: Expr, days: Expr) -> Expr {
        Expr::cust_with_exprs(
            "(CASE WHEN $1 >= '0001-01-01T00:00:00Z'::timestamptz AND $2 < '10000-01-01T00:00:00Z'::timestamptz \
             THEN $3 + CASE WHEN $4 > 3000000 THEN 3000000 WHEN $5 < -1500000 THEN -1500000 ELSE $6 END \
             * INTERVAL '24 hours' ELSE $7 END)",
            [at.clone(), at.clone(), at.clone(), days.clone(), days.clone(), days, at],
        )
    }

    fn instant_as_text(&self, at: Expr) -> Expr {
        Expr::cust_with_exprs(
            "CASE WHEN $1 >= '0001-01-01T00:00:00Z'::timestamptz AND $2 < '10000-01-01T00:00:00Z'::timestamptz THEN \
             regexp_replace(to_char($3 AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '\\.?0+$', '') || 'Z' \
             ELSE CAST($4 AT TIME ZONE 'UTC' AS text) END",
            repeat_n(at, 4),
        )
    }

    fn utc_day(&self, at: Expr) -> Expr {
        Expr::cust_with_exprs("CAST($1 AT TIME ZONE 'UTC' AS date)", [at])
    }

    fn day_number(&self, day: Expr, precision: Precision) -> Expr {
        match precision {
            Precision::Date => Expr::cust_with_exprs(
                "CAST(CASE WHEN $1 > '9999-12-31'::date THEN '9999-12-31'::date \
                 WHEN $2 < '0001-01-01'::date THEN '0001-01-01'::date ELSE $3 END - '1970-01-01'::date AS bigint)",
                repeat_n(day, 3),
            ),
            Precision::Midnight | Precision::Instant => Expr::cust_with_exprs("($1 / 86400)", [self.unix_seconds(day)]),
        }
    }

    fn plain_day(&self, day: Expr) -> Expr {
        day
    }

    fn day_as_text(&self, day: Expr) -> Expr {
        Expr::cust_with_exprs(
            "CASE WHEN $1 BETWEEN '0001-01-01'::date AND '9999-12-31'::date THEN to_char($2, 'YYYY-MM-DD') \
             ELSE CAST($3 AS text) END",
            repeat_n(day, 3),
        )
    }

    fn is_instant_in_range(&self, at: Expr) -> Expr {
        Expr::cust_with_exprs(
            "($1 >= '0001-01-01T00:00:00Z'::timestamptz AND $2 < '10000-01-01T00:00:00Z'::timestamptz)",
            repeat_n(at, 2),
        )
    }

    fn is_day_in_range(&self, day: Expr) -> Expr {
        Expr::cust_with_exprs("($1 BETWEEN '0001-01-01'::date AND '9999-12-31'::date)", [day])
    }
}

/// An instant, or the first or last one of the years 1 to 9999 where it is outside them: what is calculated with must be
/// finite.
fn near(at: Expr) -> Expr {
    Expr::cust_with_exprs(
        "CASE WHEN $1 > '9999-12-31T23:59:59Z'::timestamptz THEN '9999-12-31T23:59:59Z'::timestamptz \
         WHEN $2 < '0001-01-01T00:00:00Z'::timestamptz THEN '0001-01-01T00:00:00Z'::timestamptz ELSE $3 END",
        repeat_n(at, 3),
    )
}
