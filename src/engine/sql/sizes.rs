//! How long statements are: the same for however many buckets, changes of rates and clocks, filter values and ids of a scope.

use super::statement::{Context, ScanStatement, statements as scans};
use crate::catalog::{Catalog, Dimension};
use crate::crm;
use crate::database::{DayColumns, Dialect, Precision};
use crate::engine::model::{Filter, KeyRange, Question, Test};
use crate::engine::plan::{Part, Pass, Plan};
use crate::period::{Calendar, Edge, Grain, Period};
use crate::scope::Scope;
use chrono::{Days, NaiveDate};
use chrono_tz::{Europe::Berlin, Tz};
use iso_currency::Currency;
use sea_orm::Statement;

const DIALECTS: [Dialect; 2] = [Dialect::Postgres, Dialect::Sqlite];

/// Up to so many buckets SQLite is given a tree of comparisons.
const FEW_IN_SQLITE: u64 = 64;

/// The fewest values that are written as many are: up to 64 SQLite is given a list.
fn few(dialect: Dialect) -> usize {
    match dialect {
        Dialect::Postgres => 1,
        Dialect::Sqlite => 65,
    }
}

/// Characters of a statement, which all KPIs of a source share: SQLite works out costs' pieces where it needs them.
const LONGEST: usize = 30_000;

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2014, 3, 1).unwrap()
}

/// All KPIs by day, in a time zone: in Berlin clocks are changed twice a year.
fn daily(scope: Scope, days: u64, zone: Tz) -> Question {
    let period = Period::Dates { first: first_day(), last: first_day() + Days::new(days - 1) };
    let calendar = Calendar { zone, ..Calendar::default() };
    let timeline = period.resolve(Some(Grain::Day), calendar, chrono::Utc::now()).unwrap();
    Question::new(scope, Catalog::get().kpis().iter().collect(), timeline, Currency::USD)
}

/// The statements of all scans of a question, with rates that change on every day of its period and without.
fn statements(dialect: Dialect, question: &Question, keys: &[Dimension]) -> Vec<(String, Statement)> {
    statements_of(dialect, question, keys, &DayColumns::default())
}

/// The same of a database in which some columns hold days.
fn statements_of(
    dialect: Dialect,
    question: &Question,
    keys: &[Dimension],
    days: &DayColumns,
) -> Vec<(String, Statement)> {
    let plan = Plan::new(question, days).unwrap();
    let timeline = &question.timeline;
    let pass = Pass { keys: keys.to_vec(), ..plan.totals(timeline.buckets.len()) };
    let changes = timeline.buckets.iter().skip(1).map(|bucket| timeline.calendar.edge(bucket.first));
    let changes: Vec<Edge> = changes.collect();
    let mut found = Vec::new();
    for rate_changes in [None, Some(changes.as_slice())] {
        let range = &KeyRange::default();
        let context = Context { plan: &plan, question, timeline, range, days, rate_changes };
        for ScanStatement { scan, statement, .. } in scans(dialect, context, &pass) {
            let name = |part: &Part| plan.measures[part.measure].measure.name;
            let names: Vec<&str> = scan.measures.iter().map(name).collect();
            found.push((format!("{names:?} from {} ({})", scan.source.name, scan.converts), statement));
        }
    }
    found
}

fn without_digits(sql: &str) -> String {
    sql.chars().filter(|character| !character.is_ascii_digit()).collect()
}

/// Both are the same text up to digits and have as many parameters.
fn alike(few: &[(String, Statement)], many: &[(String, Statement)]) {
    assert!(!few.is_empty() && few.len() == many.len());
    for ((name, few), (other, many)) in few.iter().zip(many) {
        assert_eq!(name, other);
        assert_eq!(without_digits(&few.sql), without_digits(&many.sql), "{name}");
        let parameters = |statement: &Statement| statement.values.as_ref().map_or(0, |values| values.0.len());
        assert_eq!(parameters(few), parameters(many), "{name}");
    }
}

#[test]
fn statements_do_not_grow_with_buckets() {
    for keys in [&[][..], &[Dimension::Rep], &[Dimension::Team]] {
        let of = |dialect, days, zone| statements(dialect, &daily(Scope::All, days, zone), keys);
        let clocks_change = of(Dialect::Postgres, 3_650, Berlin);
        alike(&of(Dialect::Postgres, 300, Berlin), &clocks_change);
        alike(&of(Dialect::Postgres, 12, Tz::UTC), &of(Dialect::Postgres, 3_650, Tz::UTC));
        alike(&of(Dialect::Sqlite, 100, Tz::UTC), &of(Dialect::Sqlite, 3_650, Tz::UTC));
        for (name, statement) in clocks_change.into_iter().chain(of(Dialect::Sqlite, 3_650, Berlin)) {
            assert!(statement.sql.len() < LONGEST, "{name}: {}", statement.sql.len());
        }
        // The longest that SQLite is given.
        for (name, statement) in of(Dialect::Sqlite, FEW_IN_SQLITE, Berlin) {
            assert!(statement.sql.len() < 2 * LONGEST, "{name}: {}", statement.sql.len());
        }
    }
}

/// All columns of times hold days, or all that close something, beside instants.
#[test]
fn statements_of_days_do_not_grow_with_buckets() {
    let columns = || crm::tables().iter().flat_map(|table| table.columns.iter().map(|column| (table.name, column)));
    for only in ["", "closed_at"] {
        for (dialect, precision) in [(Dialect::Postgres, Precision::Date), (Dialect::Sqlite, Precision::Date)] {
            let times = columns().filter(|(_, column)| column.kind == crm::Kind::Instant && column.name.contains(only));
            let days = times.map(|(table, column)| (table.to_owned(), column.name.to_owned(), precision)).collect();
            let of = |count| statements_of(dialect, &daily(Scope::All, count, Tz::UTC), &[], &days);
            alike(&of(100), &of(3_650));
        }
    }
}

#[test]
fn statements_do_not_grow_with_filter_values() {
    let ids = |count: usize| (0..count).map(|n| format!("id-{n}")).collect::<Vec<String>>();
    for dimension in [Dimension::Rep, Dimension::Team, Dimension::Region] {
        for test in [Test::AnyOf, Test::NoneOf] {
            for dialect in DIALECTS {
                let of = |count| {
                    let mut question = daily(Scope::All, 100, Berlin);
                    let reaches = |kpi: &&crate::catalog::Kpi| {
                        kpi.measures().iter().all(|measure| measure.reading(&[dimension]).is_some())
                    };
                    question.kpis.retain(reaches);
                    question.filters = vec![Filter { dimension, test: test(ids(count)) }];
                    statements(dialect, &question, &[])
                };
                alike(&of(few(dialect)), &of(1_000));
            }
        }
    }
}

#[test]
fn statements_do_not_grow_with_a_scope() {
    let ids = |count: usize| (0..count).map(|n| format!("id-{n}"));
    for dialect in DIALECTS {
        for scope in [|ids| Scope::reps(ids), |ids| Scope::teams(ids)] {
            let of = |count| statements(dialect, &daily(scope(ids(count).collect::<Vec<String>>()), 100, Berlin), &[]);
            alike(&of(few(dialect)), &of(1_000));
        }
    }
}
