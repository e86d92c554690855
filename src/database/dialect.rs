use super::fold;
use sea_orm::Statement;
use sea_orm::sea_query::{Expr, Func, FunctionCall, SelectStatement};
use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, IsolationLevel, TransactionTrait,
};

/// What SQLite and PostgreSQL write differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Embedded.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl From<DbBackend> for Dialect {
    fn from(backend: DbBackend) -> Self {
        match backend {
            DbBackend::Postgres => Self::Postgres,
            _ => Self::Sqlite,
        }
    }
}

impl From<Dialect> for DbBackend {
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Postgres => Self::Postgres,
            Dialect::Sqlite => Self::Sqlite,
        }
    }
}

/// Begins a read-only transaction whose reads all see the same data.
pub async fn begin_snapshot(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    match Dialect::from(connection.get_database_backend()) {
        Dialect::Postgres => {
            connection.begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)).await
        }
        // In SQLite every transaction reads one snapshot.
        Dialect::Sqlite => connection.begin().await,
    }
}

impl Dialect {
    /// The statement of a query.
    pub fn statement(self, select: &SelectStatement) -> Statement {
        match self {
            Self::Postgres => DbBackend::Postgres.build(select),
            Self::Sqlite => DbBackend::Sqlite.build(select),
        }
    }

    /// Whole milliseconds from one instant to another.
    pub fn milliseconds(self, from: Expr, until: Expr) -> Expr {
        match self {
            // EXTRACT makes a numeric, which is slow; a double has enough digits for the microseconds of these years.
            Self::Postgres => Expr::cust_with_exprs(
                "CASE WHEN LEAST($1, $2) > '1995-01-01T00:00:00Z'::timestamptz \
                 AND GREATEST($3, $4) < '2050-01-01T00:00:00Z'::timestamptz \
                 THEN CAST(FLOOR(DATE_PART('epoch', $5 - $6) * 1000 + 0.0005) AS bigint) \
                 ELSE CAST(FLOOR(EXTRACT(EPOCH FROM ($7 - $8)) * 1000) AS bigint) END",
                std::iter::repeat_n([until.clone(), from.clone()], 3).flatten().chain([near(until), near(from)]),
            ),
            Self::Sqlite => Expr::cust_with_exprs(
                "CAST(ROUND((? - ?) * 86400000.0) AS INTEGER)",
                [until, from].map(|at| {
                    // What is no time of the years 1 to 9999 is as far away as it sorts.
                    Expr::cust_with_exprs(
                        "COALESCE(min(max(julianday(?), 1721425.5), 5373484.499988426), \
                         CASE WHEN ? >= ':' THEN 5373484.499988426 WHEN ? < '0' THEN 1721425.5 END)",
                        std::iter::repeat_n(at, 3),
                    )
                }),
            ),
        }
    }

    /// Whole seconds since 1970.
    pub fn unix_seconds(self, at: Expr) -> Expr {
        match self {
            Self::Postgres => Expr::cust_with_exprs("CAST(FLOOR(EXTRACT(EPOCH FROM $1)) AS bigint)", [near(at)]),
            Self::Sqlite => Expr::cust_with_exprs(
                "COALESCE(max(CAST(strftime('%s', ?) AS INTEGER), -62135596800), \
                 CASE WHEN ? >= ':' THEN 253402300799 WHEN ? < '0' THEN -62135596800 END)",
                std::iter::repeat_n(at, 3),
            ),
        }
    }

    /// An instant that is unset.
    pub fn no_instant(self) -> Expr {
        match self {
            Self::Postgres => Expr::cust("CAST(NULL AS timestamptz)"),
            Self::Sqlite => Expr::cust("NULL"),
        }
    }

    /// The earlier of two instants; unset where one of them is.
    pub fn earlier(self, first: Expr, second: Expr) -> Expr {
        match self {
            Self::Postgres => Func::least([first, second]).into(),
            Self::Sqlite => Expr::cust_with_exprs("min(?, ?)", [first, second]),
        }
    }

    /// The later of two instants; unset where one of them is.
    pub fn later(self, first: Expr, second: Expr) -> Expr {
        match self {
            Self::Postgres => Func::greatest([first, second]).into(),
            Self::Sqlite => Expr::cust_with_exprs("max(?, ?)", [first, second]),
        }
    }

    /// The instant so many times 24 hours later. What is not in the years 1 to 9999 stays where it is.
    pub fn days_after(self, at: Expr, days: Expr) -> Expr {
        match self {
            Self::Postgres => Expr::cust_with_exprs(
                "(CASE WHEN $1 >= '0001-01-01T00:00:00Z'::timestamptz AND $2 < '10000-01-01T00:00:00Z'::timestamptz \
                 THEN $3 + CASE WHEN $4 > 3000000 THEN 3000000 WHEN $5 < -1500000 THEN -1500000 ELSE $6 END \
                 * INTERVAL '24 hours' ELSE $7 END)",
                [at.clone(), at.clone(), at.clone(), days.clone(), days.clone(), days, at],
            ),
            // The form that instants are stored in: without a fraction where it is 0.
            Self::Sqlite => Expr::cust_with_exprs(
                "COALESCE(REPLACE(strftime('%Y-%m-%dT%H:%M:%f+00:00', ?, ? || ' days'), '.000+', '+'), \
                 CASE WHEN ? >= ':' OR ? >= '0' AND ? > 0 THEN 'infinity' WHEN ? < '0' OR ? < 0 THEN '-infinity' END)",
                [at.clone(), days.clone(), at.clone(), at.clone(), days.clone(), at, days],
            ),
        }
    }

    /// What a sum gives as a 64-bit integer, 0 over nothing. Fails where it does not fit.
    pub fn sum(self, sum: FunctionCall) -> Expr {
        match self {
            Self::Postgres => Expr::cust_with_exprs("CAST(COALESCE($1, 0) AS bigint)", [sum.into()]),
            Self::Sqlite => Expr::cust_with_exprs("COALESCE(?, 0)", [sum.into()]),
        }
    }

    /// Whether a text contains another, without regard to the case of ASCII letters.
    pub fn contains(self, text: Expr, part: &str) -> Expr {
        let part = Expr::val(part.to_ascii_lowercase());
        match self {
            Self::Postgres => Expr::cust_with_exprs("strpos(lower($1 COLLATE \"C\"), $2) > 0", [text, part]),
            Self::Sqlite => Expr::cust_with_exprs("instr(lower(?), ?) > 0", [text, part]),
        }
    }

    /// A text to be compared byte by byte, also where its column sorts otherwise.
    pub fn bytes(self, text: Expr) -> Expr {
        match self {
            Self::Postgres => Expr::cust_with_exprs("$1 COLLATE \"C\"", [text]),
            Self::Sqlite => text,
        }
    }

    /// An instant as RFC 3339 in UTC, with the decimals of its second that it is stored with; outside the years 1 to 9999
    /// as the database writes it.
    pub fn instant_as_text(self, at: Expr) -> Expr {
        match self {
            Self::Postgres => Expr::cust_with_exprs(
                "CASE WHEN $1 >= '0001-01-01T00:00:00Z'::timestamptz AND $2 < '10000-01-01T00:00:00Z'::timestamptz THEN \
                 regexp_replace(to_char($3 AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '\\.?0+$', '') || 'Z' \
                 ELSE CAST($4 AT TIME ZONE 'UTC' AS text) END",
                std::iter::repeat_n(at, 4),
            ),
            Self::Sqlite => Expr::cust_with_exprs("REPLACE(?, '+00:00', 'Z')", [at]),
        }
    }

    /// The calendar day of an instant in UTC.
    pub fn utc_day(self, at: Expr) -> Expr {
        match self {
            Self::Postgres => Expr::cust_with_exprs("CAST($1 AT TIME ZONE 'UTC' AS date)", [at]),
            Self::Sqlite => Expr::cust_with_exprs("substr(?, 1, 10)", [at]),
        }
    }

    /// A day as `YYYY-MM-DD`.
    pub fn day_as_text(self, day: Expr) -> Expr {
        match self {
            Self::Postgres => Expr::cust_with_exprs(
                "CASE WHEN $1 BETWEEN '0001-01-01'::date AND '9999-12-31'::date THEN to_char($2, 'YYYY-MM-DD') \
                 ELSE CAST($3 AS text) END",
                std::iter::repeat_n(day, 3),
            ),
            Self::Sqlite => day,
        }
    }

    /// Whether an instant lies in the years 1 to 9999, and on SQLite is one at all; unset where it is.
    pub fn is_instant_in_range(self, at: Expr) -> Expr {
        match self {
            Self::Postgres => Expr::cust_with_exprs(
                "($1 >= '0001-01-01T00:00:00Z'::timestamptz AND $2 < '10000-01-01T00:00:00Z'::timestamptz)",
                std::iter::repeat_n(at, 2),
            ),
            Self::Sqlite => Expr::cust_with_exprs(
                "(? GLOB '????-??-??T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]*' AND ? >= '0001' AND julianday(?) IS NOT NULL \
                 AND date(substr(?, 1, 10)) = substr(?, 1, 10) AND (? GLOB '*+00:00' OR ? GLOB '*Z'))",
                std::iter::repeat_n(at, 7),
            ),
        }
    }

    /// Whether a day lies in the years 1 to 9999, and on SQLite is one at all; unset where it is.
    pub fn is_day_in_range(self, day: Expr) -> Expr {
        match self {
            Self::Postgres => Expr::cust_with_exprs("($1 BETWEEN '0001-01-01'::date AND '9999-12-31'::date)", [day]),
            Self::Sqlite => Expr::cust_with_exprs(
                "(? GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]' AND ? >= '0001' AND date(?) = ?)",
                std::iter::repeat_n(day, 4),
            ),
        }
    }

    /// Whether a text is a plain decimal number, such as `-50.00`, or one above 0.
    pub fn is_decimal(self, text: Expr, above_zero: bool) -> Expr {
        let values = |count| std::iter::repeat_n(text.clone(), count);
        match (self, above_zero) {
            (Self::Postgres, false) => Expr::cust_with_exprs("($1 ~ '^-?[0-9]+([.][0-9]+)?$')", values(1)),
            (Self::Postgres, true) => {
                Expr::cust_with_exprs("($1 ~ '^[0-9]+([.][0-9]+)?$' AND $2 ~ '[1-9]')", values(2))
            }
            (Self::Sqlite, false) => Expr::cust_with_exprs(
                "((? GLOB '[0-9]*' OR ? GLOB '-[0-9]*') AND ? GLOB '*[0-9]' AND substr(?, 2) NOT GLOB '*[^0-9.]*' \
                 AND ? NOT GLOB '*.*.*')",
                values(5),
            ),
            (Self::Sqlite, true) => Expr::cust_with_exprs(
                "(? GLOB '[0-9]*' AND ? GLOB '*[0-9]' AND ? NOT GLOB '*[^0-9.]*' AND ? NOT GLOB '*.*.*' \
                 AND ? GLOB '*[1-9]*')",
                values(5),
            ),
        }
    }

    /// A text without regard to case and to blanks around it; unset where nothing is left.
    pub fn folded(self, text: Expr) -> Expr {
        fold::unset_if_empty(fold::trimmed(self.fold_characters(text)))
    }

    /// The name of a company or person, the same for names that mean the same: without regard to case, blanks, dots,
    /// quotes and a company's legal form. Unset where nothing is left.
    pub fn folded_name(self, text: Expr) -> Expr {
        fold::unset_if_empty(fold::without_legal_form(fold::trimmed(fold::without_marks(self.fold_characters(text)))))
    }

    /// Lower case, and one character for those that are written in several ways.
    fn fold_characters(self, text: Expr) -> Expr {
        match self {
            Self::Postgres => {
                let (from, to): (String, String) = fold::characters().unzip();
                Expr::cust_with_exprs("translate(lower($1 COLLATE \"C\"), $2, $3)", [text, from.into(), to.into()])
            }
            Self::Sqlite => {
                let lower: Expr = Func::lower(text).into();
                fold::characters()
                    .fold(lower, |text, (from, to)| fold::replaced(text, &from.to_string(), &to.to_string()))
            }
        }
    }
}

/// An instant of PostgreSQL, or the first or last one of the years 1 to 9999 where it is outside them: what is calculated
/// with must be finite.
fn near(at: Expr) -> Expr {
    Expr::cust_with_exprs(
        "CASE WHEN $1 > '9999-12-31T23:59:59Z'::timestamptz THEN '9999-12-31T23:59:59Z'::timestamptz \
         WHEN $2 < '0001-01-01T00:00:00Z'::timestamptz THEN '0001-01-01T00:00:00Z'::timestamptz ELSE $3 END",
        std::iter::repeat_n(at, 3),
    )
}
