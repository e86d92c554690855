use crate::crm::Kind;
use crate::database::Dialect;

/// The type that a column must have.
pub(super) fn needed(kind: &Kind, dialect: Dialect) -> &'static str {
    kind.sql_type(dialect.into())
}

/// Whether a column of this type can be read as what it must hold.
pub(super) fn fits(kind: &Kind, found: &str, dialect: Dialect) -> bool {
    match dialect {
        Dialect::Postgres => match kind {
            Kind::Text | Kind::Word(_) | Kind::Decimal => ["text", "character varying"].contains(&found),
            Kind::Integer => ["integer", "smallint"].contains(&found),
            // Days are days: they need not become instants.
            Kind::Instant => found == needed(kind, dialect) || found == "date",
            Kind::BigInteger | Kind::Flag | Kind::Day => found == needed(kind, dialect),
        },
        Dialect::Sqlite => {
            let affinity = Affinity::of(found);
            match kind {
                Kind::Text | Kind::Word(_) | Kind::Decimal => matches!(affinity, Affinity::Text | Affinity::None),
                Kind::Integer | Kind::BigInteger | Kind::Flag => {
                    matches!(affinity, Affinity::Integer | Affinity::Numeric | Affinity::None)
                }
                // "datetime" is numeric to SQLite, which keeps texts that are no numbers as they are.
                Kind::Day | Kind::Instant => matches!(affinity, Affinity::Text | Affinity::Numeric | Affinity::None),
            }
        }
    }
}

/// What SQLite makes of values by a declared type (https://www.sqlite.org/datatype3.html, 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Affinity {
    Integer,
    Text,
    None,
    Real,
    Numeric,
}

impl Affinity {
    fn of(declared: &str) -> Self {
        let has = |parts: &[&str]| parts.iter().any(|part| declared.contains(part));
        if has(&["int"]) {
            Self::Integer
        } else if has(&["char", "clob", "text"]) {
            Self::Text
        } else if declared.is_empty() || has(&["blob"]) {
            Self::None
        } else if has(&["real", "floa", "doub"]) {
            Self::Real
        } else {
            Self::Numeric
        }
    }
}

/// An expression that makes of a column what it must be.
pub(super) fn conversion(kind: &Kind, column: &str, found: &str, dialect: Dialect) -> String {
    let needed = needed(kind, dialect);
    match (dialect, kind) {
        (Dialect::Sqlite, Kind::Instant) if Affinity::of(found) != Affinity::Text => {
            format!("strftime('%Y-%m-%dT%H:%M:%S+00:00', {column}, 'unixepoch')")
        }
        (Dialect::Sqlite, _) => format!("CAST({column} AS {needed})"),
        (Dialect::Postgres, Kind::Instant) => match found {
            "timestamp without time zone" => format!("{column} AT TIME ZONE 'UTC'"),
            "integer" | "bigint" | "numeric" | "double precision" => format!("to_timestamp({column})"),
            _ => format!("{column}::timestamptz"),
        },
        (Dialect::Postgres, Kind::Day) => match found {
            "timestamp with time zone" => format!("({column} AT TIME ZONE 'UTC')::date"),
            _ => format!("{column}::date"),
        },
        (Dialect::Postgres, Kind::Flag) => match found {
            "smallint" | "integer" | "bigint" | "numeric" => format!("{column} <> 0"),
            _ => format!("{column}::boolean"),
        },
        (Dialect::Postgres, _) => format!("{column}::{needed}"),
    }
}

/// What stands for a column that nothing is known of.
pub(super) fn nothing(kind: &Kind, column: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Postgres if *kind == Kind::Instant => format!("NULL::timestamptz AS {column}"),
        Dialect::Postgres => format!("NULL::{} AS {column}", needed(kind, dialect)),
        Dialect::Sqlite => format!("NULL AS {column}"),
    }
}
