//! A CRM in which a table has no rows at all: every KPI still answers, and nothing there is not zero.

use crate::oracle::data;
use crate::support::{Kind, TestDatabase, TestServer, dates, on_every_database};
use crm_kpi::catalog::{Catalog, Measure, Need, Reading};
use crm_kpi::proto::{Grain, KpiQuery, NullReason, QueryKpisResponse};
use sea_orm::ConnectionTrait;
use std::collections::BTreeSet;

on_every_database!(every_kpi_answers_without_any_one_table, every_kpi_answers_over_nothing);

/// All KPIs by month, and by rep.
async fn ask_everything(server: &TestServer) -> [QueryKpisResponse; 2] {
    let query = |group_by: Vec<String>| KpiQuery {
        kpi_ids: Catalog::get().kpis().iter().map(|kpi| kpi.id.into()).collect(),
        period: dates("2024-01-01", "2024-06-30"),
        grain: Grain::Month.into(),
        group_by,
        ..Default::default()
    };
    [server.query(query(Vec::new())).await, server.query(query(vec!["rep".into()])).await]
}

/// Whether each KPI has anything to be read from: the same in all rows.
fn has_sources(answers: &[QueryKpisResponse; 2]) -> Vec<bool> {
    let totals = || answers.iter().flat_map(|answer| &answer.totals);
    let has = |kpi: usize| totals().map(move |row| row.values[kpi].null_reason() != NullReason::NoSource);
    (0..Catalog::get().kpis().len())
        .map(|kpi| {
            let has: BTreeSet<bool> = has(kpi).collect();
            assert_eq!(has.len(), 1, "{}", Catalog::get().kpis()[kpi].id);
            has.contains(&true)
        })
        .collect()
}

/// A KPI that is read from one table has no source without it, and one that has nothing to do with it is as ever.
fn assert_sources(before: &[bool], without: &[bool], table: &str) {
    for ((kpi, before), without) in Catalog::get().kpis().iter().zip(before).zip(without) {
        let needs = |measure: &&Measure| {
            measure.readings.iter().flat_map(Reading::needed).any(|need| match need {
                Need::Rows(needed) => needed == table,
                Need::Values(column) => column.table == table,
            })
        };
        if kpi.tables() == [table] {
            assert!(!without, "{} has a source without {table}", kpi.id);
        } else if !kpi.measures().iter().any(needs) {
            assert_eq!(before, without, "{} without {table}", kpi.id);
        }
    }
}

fn assert_whole(answers: &[QueryKpisResponse], without: &str) {
    for answer in answers {
        for row in answer.rows.iter().chain(&answer.totals) {
            assert_eq!(row.values.len(), Catalog::get().kpis().len());
            for (value, kpi) in row.values.iter().zip(Catalog::get().kpis()) {
                let reason = value.null_reason();
                assert_eq!(
                    value.value.is_none(),
                    matches!(reason, NullReason::ZeroDenominator | NullReason::NoSource),
                    "{} without {without}",
                    kpi.id
                );
            }
        }
        assert_eq!(answer.totals.len(), 7, "without {without}");
    }
}

async fn every_kpi_answers_without_any_one_table(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    data::fill(&database.connection, 3).await;
    let server = TestServer::start(database).await;
    let connection = &server.database.connection;
    let run = async |sql: String| connection.execute_unprepared(&sql).await.expect(&sql);
    run("INSERT INTO lead_stages (lead_id, number, status) VALUES ('lead 1', 1, 'new')".into()).await;
    let target = "INSERT INTO targets (id, kpi_id, first_date, last_date, value) \
                  VALUES ('target 1', 'win_rate', '2024-01-01', '2024-06-30', '0.25')";
    run(target.into()).await;
    run("INSERT INTO exchange_rates VALUES ('EUR', 'USD', '2024-01-01', '1.1')".into()).await;
    let everything = ask_everything(&server).await;
    assert_whole(&everything, "nothing");
    let sources = has_sources(&everything);
    let without: Vec<&str> =
        Catalog::get().kpis().iter().zip(&sources).filter(|(_, has)| !**has).map(|(kpi, _)| kpi.id).collect();
    assert!(without.is_empty(), "{without:?}");
    for table in crm_kpi::crm::TABLE_NAMES {
        run(format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
        let deleted = run(format!("DELETE FROM {table}")).await.rows_affected();
        assert!(deleted > 0, "{table} was empty anyway");
        let answers = ask_everything(&server).await;
        assert_whole(&answers, table);
        assert_sources(&sources, &has_sources(&answers), table);
        run(format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await;
    }
}

/// Every bucket of every grain is a row, and nothing in it is 0.
async fn every_kpi_answers_over_nothing(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let [_, reps] = ask_everything(&server).await;
    assert_eq!(reps.rows.len(), 0);
    let grains = [(Grain::Day, 182), (Grain::Week, 26), (Grain::Month, 6), (Grain::Quarter, 2), (Grain::Year, 1)];
    for (grain, buckets) in grains {
        let query = KpiQuery {
            kpi_ids: Catalog::get().kpis().iter().map(|kpi| kpi.id.into()).collect(),
            period: dates("2024-01-01", "2024-06-30"),
            grain: grain.into(),
            ..Default::default()
        };
        let answer = server.query(query).await;
        assert_eq!(
            (answer.rows.len(), answer.totals.len()),
            (buckets, buckets + usize::from(buckets > 1)),
            "{grain:?}"
        );
        for row in answer.rows.iter().chain(&answer.totals) {
            for (value, kpi) in row.values.iter().zip(Catalog::get().kpis()) {
                let reason = (value.value.as_deref(), value.null_reason());
                assert_eq!(reason, (None, NullReason::NoSource), "{} by {grain:?}", kpi.id);
            }
        }
    }
}
