//! What a column of days says does not depend on a time zone: every KPI over a small dirty CRM whose times are all days is in
//! twenty zones what it is in UTC over instants at midnight.

use super::columns::{Stored, become_days, cut};
use super::{ZONES, engine, in_zone, totals};
use crate::engine::question;
use crate::oracle::data;
use crate::support::{Kind, TestDatabase, on_every_database, pool};
use chrono_tz::Tz;
use crm_kpi::catalog::{Catalog, Dimension};
use crm_kpi::crm;
use crm_kpi::database::Precision;
use crm_kpi::engine::{Engine, Question};
use crm_kpi::period::Grain;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

on_every_database!(days_are_the_same_in_twenty_zones);

/// Ends that an instant at noon means the same as: the state is over when the day is.
const NOON: [(&str, &str); 3] = [("customer_tenures", "ended_at"), ("campaigns", "ends_at"), ("reps", "left_at")];

/// Ends whose last day is included, for which an instant a day later stands.
const DAY_LATER: [(&str, &str); 2] = [("customer_tenures", "ended_at"), ("costs", "ends_at")];

/// The KPI that counts tenures on their last day.
const ON_LAST_DAY: &str = "customers";

/// KPIs of customers at the start and at the end, which are of no one database of instants.
const OF_BOTH: [&str; 2] = ["customer_lifetime_value", "clv_to_cac"];

/// Durations, with where they begin and end.
const DURATIONS: [(&str, &str, &str); 8] = [
    ("opportunities", "first_contact_at", "closed_at"),
    ("opportunity_stages", "entered_at", "left_at"),
    ("leads", "created_at", "qualified_at"),
    ("leads", "created_at", "converted_at"),
    ("service_cases", "opened_at", "resolved_at"),
    ("service_cases", "opened_at", "first_response_at"),
    ("lead_stages", "entered_at", "left_at"),
    ("subscriptions", "started_at", "ended_at"),
];

fn columns() -> Vec<(&'static str, &'static str)> {
    let instants = |table: &'static crm::Table| {
        let instants = table.columns.iter().filter(|column| column.kind == crm::Kind::Instant);
        instants.map(|column| (table.name, column.name))
    };
    crm::tables().iter().flat_map(instants).collect()
}

async fn run(db: &DatabaseConnection, sql: &str) {
    db.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
}

/// The dirty CRM with all times cut to days; durations below 0, which days do not have, are 0.
async fn filled(kind: Kind) -> TestDatabase {
    let database = TestDatabase::migrated(kind).await;
    data::fill(&database.connection, 1).await;
    for (table, column) in columns() {
        cut(&database.connection, table, &[column]).await;
    }
    let rates = "INSERT INTO exchange_rates (currency, quote_currency, valid_from, rate) VALUES \
                 ('USD', 'EUR', '2020-01-01', '0.9'), ('USD', 'EUR', '2024-02-15', '0.8'), ('USD', 'EUR', '2024-03-01', '0.7')";
    run(&database.connection, rates).await;
    for (table, from, until) in DURATIONS {
        run(&database.connection, &format!("UPDATE {table} SET {until} = {from} WHERE {until} < {from}")).await;
    }
    database
}

/// Moves times on by some hours.
async fn move_on(db: &DatabaseConnection, columns: &[(&str, &str)], hours: u32) {
    for (table, column) in columns {
        let later = match db.get_database_backend() {
            DbBackend::Postgres => format!("{column} + INTERVAL '{hours} hours'"),
            _ => format!("strftime('%Y-%m-%dT%H:00:00+00:00', {column}, '+{hours} hours')"),
        };
        run(db, &format!("UPDATE {table} SET {column} = {later}")).await;
    }
}

/// All KPIs but those of both.
fn kpis() -> Vec<&'static str> {
    let all = Catalog::get().kpis().iter().map(|kpi| kpi.id);
    all.filter(|kpi| *kpi != ON_LAST_DAY && !OF_BOTH.contains(kpi)).collect()
}

/// Each KPI's lines, so that a difference is told with its name.
async fn all(engine: &Engine, kpis: &[&'static str], ask: impl Fn(&[&str]) -> Question) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let answer = engine.answer(&[ask(kpis)]).await.expect("an answer");
    for row in answer[0].rows.iter().chain(&answer[0].totals) {
        let keys: Vec<&str> = row.keys.iter().map(|key| key.id.as_str()).collect();
        for (kpi, value) in kpis.iter().zip(&row.values) {
            found.push((*kpi, format!("{:?} {keys:?} {:?} {:?}", row.bucket, value.value, value.quotient)));
        }
    }
    found
}

/// With rates that change within months.
fn in_euros(kpis: &[&str]) -> Question {
    let currency = iso_currency::Currency::EUR;
    Question { currency, ..question(kpis, data::PERIODS[0].into(), Some(Grain::Month), &[]) }
}

/// Columns of days beside columns of instants: whatever they are, both databases say the same. Each column alone, and views in
/// which every other one holds days.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_column_may_hold_days_beside_instants() {
    let new_york = |ask: fn(&[&str]) -> Question| move |kpis: &[&str]| in_zone(ask(kpis), Tz::America__New_York);
    let by_month = new_york(|kpis| question(kpis, data::PERIODS[1].into(), Some(Grain::Month), &[]));
    let by_stage = new_york(|kpis| question(kpis, data::PERIODS[0].into(), Some(Grain::Month), &[Dimension::Stage]));
    let every: Vec<&str> = Catalog::get().kpis().iter().map(|kpi| kpi.id).collect();
    let staged: Vec<&str> =
        Catalog::get().kpis().iter().filter(|kpi| kpi.reaches(&[Dimension::Stage])).map(|kpi| kpi.id).collect();
    let mut databases = Vec::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = TestDatabase::migrated(kind).await;
        data::fill(&database.connection, 1).await;
        databases.push((kind, database));
    }
    let as_instants = all(&Engine::new(pool(&databases[0].1.connection)), &every, &by_month).await;
    let mut matters = 0;
    for (table, column) in columns() {
        let mut said = Vec::new();
        for (kind, database) in &databases {
            let precision = if *kind == Kind::Sqlite { Precision::Date } else { Precision::Midnight };
            let pool = pool(&database.connection);
            pool.learn([(table.to_owned(), column.to_owned(), precision)].into_iter().collect());
            said.push(all(&Engine::new(pool), &every, &by_month).await);
        }
        assert_eq!(said[0], said[1], "{table}.{column}");
        matters += usize::from(said[0] != as_instants);
    }
    assert!(matters > 20, "only {matters} columns matter");
    for parity in [0, 1] {
        let days: Vec<_> = columns().into_iter().enumerate().filter(|(n, _)| n % 2 == parity).map(|(_, c)| c).collect();
        let mut said = Vec::new();
        for kind in [Kind::Sqlite, Kind::Postgres] {
            let database = TestDatabase::migrated(kind).await;
            data::fill(&database.connection, 1).await;
            become_days(&database.connection, &days, Stored::Views).await;
            let engine = engine(&database.connection).await;
            let by_stage = all(&engine, &staged, &by_stage).await;
            said.push((all(&engine, &every, &by_month).await, by_stage));
        }
        assert_eq!(said[0], said[1], "{days:?}");
    }
}

async fn days_are_the_same_in_twenty_zones(kind: Kind) {
    let (at_noon, day_later) = (filled(kind).await, filled(kind).await);
    move_on(&at_noon.connection, &NOON, 12).await;
    move_on(&at_noon.connection, &DAY_LATER[1..], 24).await;
    move_on(&day_later.connection, &DAY_LATER, 24).await;
    let at_noon = Engine::new(pool(&at_noon.connection));
    let day_later = Engine::new(pool(&day_later.connection));
    let asked: [fn(&[&str]) -> Question; 4] = [
        |kpis| question(kpis, data::PERIODS[0].into(), Some(Grain::Month), &[]),
        |kpis| question(kpis, data::PERIODS[1].into(), Some(Grain::Day), &[]),
        |kpis| question(kpis, data::PERIODS[1].into(), Some(Grain::Week), &[Dimension::Rep]),
        in_euros,
    ];
    for stored in Stored::ALL {
        let days = filled(kind).await;
        become_days(&days.connection, &columns(), stored).await;
        let days = engine(&days.connection).await;
        for (place, ask) in asked.into_iter().enumerate() {
            for (reference, kpis) in [(&at_noon, &kpis()), (&day_later, &vec![ON_LAST_DAY])] {
                let expected = all(reference, kpis, ask).await;
                // Days alone need no zone: where they do, one question in all zones tells; another one in some of them.
                let zones = if place == 0 { &ZONES[..] } else { &[Tz::UTC, Tz::America__New_York, Tz::Pacific__Apia] };
                for &zone in zones {
                    let found = all(&days, kpis, |kpis| in_zone(ask(kpis), zone)).await;
                    let differ = found.iter().zip(&expected).filter(|(found, expected)| found != expected);
                    let differ: Vec<_> = differ.take(5).collect();
                    assert!(
                        differ.is_empty() && found.len() == expected.len(),
                        "{stored:?} {zone} {place}: {differ:#?}"
                    );
                }
            }
        }
    }
    let nothing = totals(&at_noon, asked[0](&kpis())).await;
    assert!(nothing.iter().any(|line| line.len() > 100), "the law would hold of nothing: {nothing:?}");
}
