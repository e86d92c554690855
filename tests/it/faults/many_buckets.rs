//! Deadlines of questions with as many buckets as there may be, over data of which there is a lot to read: nothing of them is
//! left a moment later, whichever step their statements are at.

use super::bench::{Bench, within};
use crate::support::{Kind, Refusal, TestDatabase, on_every_database};
use crm_kpi::catalog::Catalog;
use crm_kpi::import::Progress;
use crm_kpi::proto::{DatePeriod, Grain, KpiQuery, Period, QueryKpisRequest, period};
use crm_kpi::synthetic::{Options, fill};
use futures::future::join_all;
use std::time::Duration;
use tonic::{Code, Request};

on_every_database!(nothing_is_left_of_many_buckets, many_buckets_are_answered);

async fn bench(kind: Kind) -> Bench {
    let database = TestDatabase::empty(kind).await;
    let options = Options { reps: 14, years: 2, ..Options::demo("2024-12-31".parse().unwrap()) };
    fill(&database.connection, &options, Progress::Silent).await.unwrap();
    Bench::start(database, |settings| settings.cache.bytes = 0).await
}

fn query(kpis: &[&str], by: &[&str], grain: Grain, (first, last): (&str, &str)) -> KpiQuery {
    let dates = DatePeriod { first_date: first.into(), last_date: last.into() };
    let texts = |texts: &[&str]| texts.iter().copied().map(String::from).collect();
    KpiQuery {
        kpi_ids: texts(kpis),
        group_by: texts(by),
        grain: grain.into(),
        period: Some(Period { kind: Some(period::Kind::Dates(dates)) }),
        ..KpiQuery::default()
    }
}

/// Ten years of days, of which two have data.
const DAYS: (&str, &str) = ("2015-01-04", "2024-12-31");

/// What took longest to plan, compile or read.
fn worst() -> Vec<KpiQuery> {
    let all: Vec<&str> = Catalog::get().kpis().iter().map(|kpi| kpi.id).collect();
    vec![
        query(&all, &[], Grain::Day, DAYS),
        query(&["churn_rate"], &[], Grain::Day, DAYS),
        query(&["churn_rate"], &[], Grain::Day, ("2023-01-01", "2024-12-31")),
        query(&["cost_per_lead", "customer_acquisition_cost"], &[], Grain::Day, DAYS),
        query(&["same_day_closure_rate"], &["rep"], Grain::Day, ("2023-01-01", "2024-12-31")),
        query(&["customer_retention_rate"], &["team"], Grain::Week, ("2010-02-01", "2024-12-29")),
        query(&["clv_to_cac"], &["team"], Grain::Week, ("2094-10-01", "2160-05-14")),
    ]
}

async fn ask(bench: &Bench, query: KpiQuery, deadline: Duration) -> Result<usize, tonic::Status> {
    let mut request = Request::new(QueryKpisRequest { query: Some(query), ..Default::default() });
    request.set_timeout(deadline);
    let answer = bench.plain().query_kpis(request).await?.into_inner();
    Ok(answer.rows.len())
}

async fn nothing_is_left_of_many_buckets(kind: Kind) {
    let bench = bench(kind).await;
    let mut late = 0;
    for deadline in [20, 60, 150, 400, 1_000].map(Duration::from_millis) {
        for asked in worst().chunks(2) {
            let asked = asked.iter().map(|query| ask(&bench, query.clone(), deadline));
            for outcome in join_all(asked).await {
                if let Err(status) = outcome {
                    assert_eq!(Refusal::of(&status).code, Code::DeadlineExceeded, "{status:?}");
                    late += 1;
                }
            }
            bench.nothing_is_left().await;
        }
    }
    assert!(late > 0, "nothing was stopped");
    let stopped = async || bench.count("crm_kpi_statements_stopped_total").await > 0;
    within(Duration::from_secs(5), "a statement was stopped", stopped).await;
}

/// The deadline is there to end the test: each of them takes a second or two at most where nobody else works.
async fn many_buckets_are_answered(kind: Kind) {
    let bench = bench(kind).await;
    for query in worst().into_iter().skip(1) {
        let answered = ask(&bench, query.clone(), Duration::from_secs(60)).await;
        answered.unwrap_or_else(|status| panic!("{:?}: {status:?}", query.kpi_ids));
    }
    bench.nothing_is_left().await;
}
