//! What values are read beside, worked out on paper: an earlier period, targets, all groups, another currency.

mod comparison;
mod conversion;
mod currencies;
mod members;
mod newcomers;
mod standing;
mod targets;
mod teams;

use crate::support::{TestServer, dates, query_of};
use crm_kpi::proto::{Calendar, CalendarSystem, KpiQuery, KpiValue, ResultRow};
use sea_orm::{ConnectionTrait, DatabaseConnection};

/// Runs SQL that means the same on every database.
pub async fn run(connection: &DatabaseConnection, sql: &str) {
    connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Stores an order of minor units at an instant such as 2024-01-31T23:59:59.999.
pub async fn order(connection: &DatabaseConnection, (id, rep): (&str, &str), minor: i64, currency: &str, at: &str) {
    let columns = "id, rep_id, account_id, kind, amount_minor, currency, ordered_at, by_subscriber";
    let values = format!("'{id}', '{rep}', 'a', 'new', {minor}, '{currency}', '{at}+00:00', false");
    run(connection, &format!("INSERT INTO orders ({columns}) VALUES ({values})")).await;
}

/// Stores a rate.
pub async fn rate(connection: &DatabaseConnection, (of, into): (&str, &str), day: &str, rate: &str) {
    run(connection, &format!("INSERT INTO exchange_rates VALUES ('{of}', '{into}', '{day}', '{rate}')")).await;
}

/// Asks for KPIs over days.
pub fn over(kpis: &[&str], first: &str, last: &str) -> KpiQuery {
    KpiQuery { period: dates(first, last), ..query_of(kpis) }
}

pub fn solar_hijri(time_zone: &str) -> Option<Calendar> {
    let system = CalendarSystem::SolarHijri.into();
    Some(Calendar { time_zone: time_zone.into(), system, ..Default::default() })
}

/// A line a row: its bucket, its keys, its values as `tell` tells them.
pub fn lines(rows: &[ResultRow], tell: impl Fn(&KpiValue) -> String) -> Vec<String> {
    let line = |row: &ResultRow| {
        let keys = row.keys.iter().map(|key| key.id.clone());
        let values = row.values.iter().map(&tell);
        [row.bucket.to_string()].into_iter().chain(keys).chain(values).collect::<Vec<_>>().join(" ")
    };
    rows.iter().map(line).collect()
}

pub fn or_dash(text: &Option<String>) -> String {
    text.clone().unwrap_or_else(|| "-".into())
}

/// Only the values.
pub fn value(value: &KpiValue) -> String {
    or_dash(&value.value)
}

/// The values of the one row over everything.
pub async fn total(server: &TestServer, query: KpiQuery) -> Vec<String> {
    let answer = server.query(query).await;
    answer.totals[0].values.iter().map(value).collect()
}
