//! Far times in every column that can hold one, and every KPI over them.

use crate::oracle::data;
use crate::support::{Kind, NOW, TestDatabase, TestServer, dates, on_every_database, pool};
use crm_kpi::crm::{self, Table};
use crm_kpi::import::Progress;
use crm_kpi::import::canonical::{ExportOptions, export};
use crm_kpi::proto;
use crm_kpi::quality::{Inspection, News, Quality, Rule};
use crm_kpi::scope::Scope;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use std::collections::BTreeSet;
use tokio::sync::mpsc;

on_every_database!(every_time_column_may_be_far_away);

/// The first and the last instant that far times are read as.
const NEAR: [(&str, &str); 2] =
    [("0001-01-01", "0001-01-01T00:00:00+00:00"), ("9999-12-31", "9999-12-31T23:59:59+00:00")];

/// Far days and instants, and which of [`NEAR`] they are read as.
fn far(kind: Kind) -> Vec<(&'static str, &'static str, usize)> {
    let mut far = vec![("-infinity", "-infinity", 0), ("infinity", "infinity", 1)];
    far.extend(match kind {
        Kind::Postgres => vec![
            ("4713-01-01 BC", "4713-01-01T00:00:00+00:00 BC", 0),
            ("10000-01-01", "10000-01-01T00:00:00+00:00", 1),
            ("5874897-12-31", "294276-12-31T23:59:59+00:00", 1),
        ],
        // Texts, which sort by their bytes: a year of five digits would be before 2000.
        Kind::Sqlite => vec![("-4712-01-01", "-4712-01-01T00:00:00+00:00", 0)],
    });
    far
}

/// The columns that hold times: table, column, whether they are days.
fn columns() -> Vec<(&'static Table, &'static str, bool)> {
    let times = |table: &'static Table| {
        let names: Vec<_> = table
            .columns
            .iter()
            .filter(|column| matches!(column.kind, crm::Kind::Day | crm::Kind::Instant))
            .map(|column| (column.name, column.kind == crm::Kind::Day))
            .collect();
        names.into_iter().map(move |(name, day)| (table, name, day))
    };
    crm::tables().iter().flat_map(times).collect()
}

/// Gives every column of times such a value in a row of its own; exchange rates get a row.
async fn plant(db: &DatabaseConnection, day: &str, instant: &str) {
    db.execute_unprepared("DELETE FROM exchange_rates WHERE currency = 'AED'").await.unwrap();
    for (place, (table, column, is_day)) in columns().into_iter().enumerate() {
        let (name, value) = (table.name, if is_day { day } else { instant });
        let sql = if name == "exchange_rates" {
            format!("INSERT INTO {name} VALUES ('AED', 'USD', '{value}', '0.25')")
        } else if is_empty(db, name).await {
            insert(table, value)
        } else {
            let keys: Vec<_> = table.columns.iter().filter(|column| column.key).map(|column| column.name).collect();
            let keys = keys.join(", ");
            format!(
                "UPDATE {name} SET {column} = '{value}' WHERE ({keys}) IN \
                 (SELECT {keys} FROM {name} ORDER BY {keys} LIMIT 1 OFFSET {} % (SELECT count(*) FROM {name}))",
                place + 3
            )
        };
        let changed = db.execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(changed.rows_affected(), 1, "{sql}");
    }
}

async fn is_empty(db: &DatabaseConnection, table: &str) -> bool {
    let one = db.query_one_raw(Statement::from_string(db.get_database_backend(), format!("SELECT 1 FROM {table}")));
    one.await.unwrap().is_none()
}

/// A row of a table that has none, with a time in its columns of times.
fn insert(table: &Table, value: &str) -> String {
    let value = |column: &crm::Column| match &column.kind {
        crm::Kind::Text => format!("'{}'", column.name),
        crm::Kind::Word(words) => format!("'{}'", words[0]),
        crm::Kind::Integer | crm::Kind::BigInteger | crm::Kind::Decimal => "'1'".to_owned(),
        crm::Kind::Flag => "'0'".to_owned(),
        crm::Kind::Day | crm::Kind::Instant => format!("'{value}'"),
    };
    let values: Vec<_> = table.columns.iter().map(value).collect();
    format!("INSERT INTO {} VALUES ({})", table.name, values.join(", "))
}

/// What every KPI is, by itself, by month and by rep, over a time that all that is near lies in.
async fn answers(server: &TestServer, kpis: &[proto::Kpi]) -> Vec<(String, Vec<proto::ResultRow>)> {
    let mut answers = Vec::new();
    for (group_by, grain) in [(vec![], proto::Grain::Month), (vec!["rep".to_owned()], proto::Grain::Unspecified)] {
        for some in kpis.chunks(30) {
            let query = proto::KpiQuery {
                kpi_ids: some.iter().map(|kpi| kpi.id.clone()).collect(),
                period: dates("2023-01-01", "2024-12-31"),
                group_by: group_by.clone(),
                grain: grain.into(),
                include_targets: true,
                ..Default::default()
            };
            let answer = server.query(query).await;
            answers.push((format!("{} by {group_by:?}", some[0].id), [answer.rows, answer.totals].concat()));
        }
    }
    answers
}

/// The columns with far times, as the rule lists them.
async fn out_of_range(db: &DatabaseConnection) -> BTreeSet<(String, String)> {
    let inspection = Inspection {
        scope: Scope::All,
        rules: Rule::all().iter().collect(),
        reps: Vec::new(),
        teams: Vec::new(),
        max_records: 1_000_000,
        now: NOW.parse().unwrap(),
        currency: iso_currency::Currency::USD,
    };
    let (sender, mut news) = mpsc::channel(1);
    let quality = Quality::new(pool(db));
    let running = tokio::spawn(async move { quality.inspect(&inspection, &sender).await });
    let mut found = BTreeSet::new();
    while let Some(next) = news.recv().await {
        if let News::Findings(rule, findings) = next
            && rule.id == "time_out_of_range"
        {
            assert!(findings.iter().all(|finding| finding.found.is_some()), "{findings:?}");
            found.extend(findings.iter().map(|finding| (finding.table.to_owned(), finding.field.to_owned())));
        }
    }
    running.await.unwrap().unwrap();
    found
}

/// All that an export writes.
async fn exported(db: &DatabaseConnection) -> String {
    let folder = tempfile::tempdir().unwrap();
    let options = ExportOptions { folder: folder.path().to_owned(), overwrite: false, progress: Progress::Silent };
    export(db, &options).await.unwrap();
    let files: BTreeSet<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.into_iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

async fn every_time_column_may_be_far_away(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    data::fill(&database.connection, 1).await;
    let db = database.connection.clone();
    let server = TestServer::start(database).await;
    let kpis = server.client().list_kpis(proto::ListKpisRequest::default()).await.unwrap().into_inner().kpis;
    let untouched = answers(&server, &kpis).await;
    let all: BTreeSet<_> =
        columns().into_iter().map(|(table, column, _)| (table.name.to_owned(), column.to_owned())).collect();
    for (end, (day, instant)) in NEAR.into_iter().enumerate() {
        plant(&db, day, instant).await;
        let (expected, file) = (answers(&server, &kpis).await, exported(&db).await);
        assert_ne!(expected, untouched, "planted for nothing");
        assert_eq!(out_of_range(&db).await, BTreeSet::new());
        for (day, instant, _) in far(kind).into_iter().filter(|far| far.2 == end) {
            plant(&db, day, instant).await;
            for (far, near) in answers(&server, &kpis).await.iter().zip(&expected) {
                assert_eq!(far, near, "{instant}");
            }
            assert_eq!(out_of_range(&db).await, all, "{instant}");
            assert_eq!(exported(&db).await, file, "{instant}");
        }
    }
}
