//! A CRM in which a table has no rows at all: every KPI still answers.

use crate::oracle::data;
use crate::support::{Kind, TestDatabase, TestServer, dates, on_every_database};
use crm_kpi::catalog::{Catalog, Formula};
use crm_kpi::proto::{Grain, KpiQuery, NullReason, QueryKpisResponse};
use sea_orm::ConnectionTrait;

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

fn assert_whole(answers: &[QueryKpisResponse], without: &str) {
    for answer in answers {
        for row in answer.rows.iter().chain(&answer.totals) {
            assert_eq!(row.values.len(), Catalog::get().kpis().len());
            for (value, kpi) in row.values.iter().zip(Catalog::get().kpis()) {
                let reason = value.null_reason();
                assert_eq!(
                    value.value.is_none(),
                    reason == NullReason::ZeroDenominator,
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
    assert_whole(&ask_everything(&server).await, "nothing");
    for table in crm_kpi::crm::TABLE_NAMES {
        run(format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
        let deleted = run(format!("DELETE FROM {table}")).await.rows_affected();
        assert!(deleted > 0, "{table} was empty anyway");
        assert_whole(&ask_everything(&server).await, table);
        run(format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await;
    }
}

/// Every bucket of every grain is a row: of zeros, and of absent quotients.
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
                // A day is always there to be divided by.
                let quotient = matches!(kpi.formula, Formula::Quotient(..)) && kpi.id != "service_calls_per_day";
                let zero = value.value.as_ref().map(|value| value.chars().all(|c| c == '0' || c == '.'));
                assert_eq!(zero, (!quotient).then_some(true), "{} by {grain:?}: {value:?}", kpi.id);
                assert_eq!(value.null_reason() == NullReason::ZeroDenominator, quotient, "{} by {grain:?}", kpi.id);
            }
        }
    }
}
