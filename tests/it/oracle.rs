//! Every KPI against hand-written SQL (`tests/oracles`), on a small dirty CRM and on demo data.

mod compare;
pub mod data;
pub mod period;
pub mod sql;
pub mod value;

use crate::support::{Kind, TestDatabase, TestServer, on_every_database};
use compare::{Comparison, Outcome};
use crm_kpi::import::Progress;
use crm_kpi::proto;
use crm_kpi::synthetic::{self, Options};
use period::Period;
use sql::Oracle;
use std::path::Path;
use value::scale;

on_every_database!(a_dirty_crm_is_answered_as_the_oracles_say, demo_data_are_answered_as_the_oracles_say);

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracles");

/// The KPI's oracle, if there is one.
fn oracle(kpi: &str) -> Option<Oracle> {
    let path = Path::new(FOLDER).join(format!("{kpi}.sql"));
    std::fs::read_to_string(path).ok().map(|file| Oracle::parse(kpi, &file))
}

async fn catalogue(server: &TestServer) -> Vec<proto::Kpi> {
    server.client().list_kpis(proto::ListKpisRequest::default()).await.unwrap().into_inner().kpis
}

async fn compare_all(server: &TestServer, periods: &[Period]) -> Outcome {
    let mut outcome = Outcome::default();
    for kpi in catalogue(server).await {
        let oracle = oracle(&kpi.id).unwrap_or_else(|| panic!("{} has no oracle", kpi.id));
        let mut vacuous = None;
        for &period in periods {
            let mut one = Outcome::default();
            let comparison = Comparison { server, period };
            comparison.compare(&oracle, scale(&kpi), &mut one).await;
            outcome.differences.append(&mut one.differences);
            vacuous = Some(match vacuous {
                None => one.vacuous,
                Some(before) => &before & &one.vacuous,
            });
        }
        outcome.vacuous.extend(vacuous.unwrap_or_default());
    }
    outcome
}

fn assert_no_differences(outcome: &Outcome) {
    let found = &outcome.differences;
    let shown: Vec<_> = found.iter().take(60).map(String::as_str).collect();
    assert!(found.is_empty(), "{} differences, such as\n{}", found.len(), shown.join("\n"));
}

async fn a_dirty_crm_is_answered_as_the_oracles_say(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    data::fill(&database.connection, 1).await;
    let server = TestServer::start(database).await;
    let periods = data::PERIODS.map(|(first, last)| Period::new(first, last));
    let outcome = compare_all(&server, &periods).await;
    assert_no_differences(&outcome);
    assert!(outcome.vacuous.is_empty(), "these sections have only zeros: {:?}", outcome.vacuous);
}

async fn demo_data_are_answered_as_the_oracles_say(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let options = Options { reps: 6, years: 2, ..Options::demo("2024-09-30".parse().unwrap()) };
    synthetic::fill(&database.connection, &options, Progress::Silent).await.unwrap();
    let server = TestServer::start(database).await;
    assert_no_differences(&compare_all(&server, &[Period::new("2024-01-01", "2024-06-30")]).await);
}

#[tokio::test]
async fn every_kpi_has_an_oracle() {
    let server = TestServer::start(TestDatabase::migrated(Kind::Sqlite).await).await;
    let kpis = catalogue(&server).await;
    let files = std::fs::read_dir(FOLDER).unwrap().map(|file| file.unwrap().path());
    let oracles = files.filter(|path| path.extension().is_some_and(|extension| extension == "sql")).count();
    assert_eq!(oracles, kpis.len(), "an oracle of no KPI");
    for kpi in kpis {
        let oracle = oracle(&kpi.id).unwrap_or_else(|| panic!("{} has no oracle", kpi.id));
        assert!(oracle.find(&[], false, &[]).is_some(), "{} lacks a total", kpi.id);
        assert!(oracle.find(&["rep"], false, &[]).is_some(), "{} lacks reps", kpi.id);
        assert!(oracle.find(&[], true, &[]).is_some(), "{} lacks months", kpi.id);
        assert!(oracle.find(&["segment"], false, &[]).is_some(), "{} lacks segments", kpi.id);
        assert!(oracle.sections.iter().any(|section| !section.filters.is_empty()), "{} lacks a filter", kpi.id);
    }
}
