//! Rows of every table with values at the edges of their types.

use chrono::{DateTime, NaiveDate, Utc};
use crm_kpi::crm::{self, Column, Kind, Semantic, Table};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ConnectionTrait, DatabaseConnection, Value};

const TEXTS: &[&str] = &[
    "plain",
    "",
    " leading",
    "trailing ",
    "comma, \"quote\" and\nnew\r\nlines\r",
    "na\u{ef}ve \u{1f980} \u{6a9}\u{62a}\u{627}\u{628} \u{41a}\u{43d}\u{438}\u{433}\u{430}",
    "'; -- \\N NULL",
    "\t",
    "\"",
    "\"\"",
    "0012",
    "e\u{301} \u{feff}\u{a0}",
];

const INSTANTS: &[&str] = &[
    "1970-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999Z",
    "2024-02-29T12:00:00.001Z",
    "9999-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00Z",
    "2024-03-31T01:30:00.100Z",
];

const DAYS: &[&str] = &["1970-01-01", "0001-01-01", "9999-12-31", "2024-02-29", "1969-12-31"];

const DECIMALS: &[&str] =
    &["0", "50000.00", "-0.0250", "79228162514264337593543950335", "0.0000000000000000000000000001"];

const RATES: &[&str] = &["1", "50000.00", "0.0250", "79228162514264337593543950335", "0.0000000000000000000000000001"];

/// As many as there are texts: a rate's currencies are its key.
const CURRENCIES: [&str; TEXTS.len()] =
    ["EUR", "USD", "AED", "JPY", "BHD", "IRR", "CLF", "XAU", "CHF", "INR", "KWD", "GBP"];

/// Puts rows into every table, past the code that is tested. Returns how many.
pub async fn fill(db: &DatabaseConnection) -> usize {
    let tables = crm::tables();
    for table in tables {
        for row in 0..TEXTS.len() {
            insert(db, table, row).await;
        }
    }
    tables.len() * TEXTS.len()
}

async fn insert(db: &DatabaseConnection, table: &Table, row: usize) {
    let values = table.columns.iter().enumerate().map(|(place, column)| Expr::val(value(column, row, place)));
    let mut insert = Query::insert();
    insert.into_table(table.name).columns(table.columns.iter().map(|column| column.name)).values_panic(values);
    db.execute(&insert).await.unwrap_or_else(|error| panic!("{}: {error}", table.name));
}

fn value(column: &Column, row: usize, place: usize) -> Value {
    let set = !column.nullable || !(row + place).is_multiple_of(4);
    let n = row + place;
    match &column.kind {
        Kind::Text if column.semantic == Semantic::Currency => set.then(|| CURRENCIES[row].to_owned()).into(),
        Kind::Text if column.key => format!("{}{}", TEXTS[row], if row == 1 { "" } else { "\u{1f511}" }).into(),
        Kind::Text => set.then(|| TEXTS[n % TEXTS.len()].to_owned()).into(),
        Kind::Word(words) => set.then(|| words[n % words.len()].clone()).into(),
        Kind::Integer => set.then(|| integer(column.semantic, n)).into(),
        Kind::BigInteger if column.semantic == Semantic::AtLeast(0) => {
            set.then(|| [0, i64::MAX, 1, i64::MAX - 1, 42][n % 5]).into()
        }
        Kind::BigInteger => set.then(|| [i64::MIN, i64::MAX, 0, -1, 42][n % 5]).into(),
        Kind::Flag => set.then_some(n.is_multiple_of(2)).into(),
        Kind::Decimal if column.semantic == Semantic::Positive => set.then(|| RATES[n % RATES.len()].to_owned()).into(),
        Kind::Decimal => set.then(|| DECIMALS[n % DECIMALS.len()].to_owned()).into(),
        Kind::Day => set.then(|| DAYS[n % DAYS.len()].parse::<NaiveDate>().unwrap()).into(),
        Kind::Instant => set.then(|| INSTANTS[n % INSTANTS.len()].parse::<DateTime<Utc>>().unwrap()).into(),
    }
}

/// An integer at an edge of what its column means.
fn integer(semantic: Semantic, n: usize) -> i32 {
    let edges = match semantic {
        Semantic::BasisPoints => [0, 10_000, 1, 9_999, 42],
        Semantic::AtLeast(least) => [least, i32::MAX, least + 1, i32::MAX - 1, 42],
        _ => [i32::MIN, i32::MAX, 0, -1, 42],
    };
    edges[n % edges.len()]
}
