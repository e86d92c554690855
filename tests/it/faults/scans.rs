//! Scans of one question on several connections: the answer of one, and nothing of them is left.

use super::bench::{Bench, within};
use crate::support::{Kind, Refusal, TestDatabase, connect, dates, query_of, settings, stop};
use crm_kpi::catalog::Catalog;
use crm_kpi::clock::FixedClock;
use crm_kpi::config::Settings;
use crm_kpi::import::Progress;
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::{self, Comparison, Grain, KpiQuery, ResultRow};
use crm_kpi::server;
use crm_kpi::synthetic::{Options, fill};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, TransactionTrait};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

const PATIENCE: Duration = Duration::from_secs(20);
const USED: &str = "crm_kpi_pool_connections{state=\"used\"}";
const IDLE: &str = "crm_kpi_pool_connections{state=\"idle\"}";
const STOPPED: &str = "crm_kpi_statements_stopped_total";

/// Data of every kind, some of it in another currency.
async fn filled() -> TestDatabase {
    let database = TestDatabase::empty(Kind::Postgres).await;
    let options = Options { reps: 20, opportunities: Some(500), ..Options::bulk("2024-12-30".parse().unwrap()) };
    fill(&database.connection, &options, Progress::Silent).await.unwrap();
    for table in ["opportunities", "orders", "subscriptions"] {
        let sql = format!("UPDATE {table} SET currency = 'EUR' WHERE id LIKE '%3'");
        database.connection.execute_unprepared(&sql).await.expect(&sql);
    }
    database
}

/// A server whose questions use three connections, which are there already.
async fn start(database: TestDatabase, change: impl FnOnce(&mut Settings)) -> Bench {
    let bench = Bench::start(database, |settings| {
        settings.pool.scans = 3;
        settings.cache.bytes = 0;
        change(settings);
    })
    .await;
    let idle = async || {
        ask(bench.channel.clone(), everything()).await.unwrap();
        bench.count(IDLE).await >= 3
    };
    within(PATIENCE, "connections are there", idle).await;
    bench
}

/// All KPIs of each team and month, beside those of the year before.
fn everything() -> KpiQuery {
    let kpis: Vec<&str> = Catalog::get().kpis().iter().map(|kpi| kpi.id).collect();
    KpiQuery {
        period: dates("2024-01-01", "2024-12-31"),
        grain: Grain::Month.into(),
        group_by: vec!["team".into()],
        compare_to: Comparison::PreviousYear.into(),
        require_rates: true,
        ..query_of(&kpis)
    }
}

/// Every page of rows, and the totals.
async fn ask(channel: Channel, query: KpiQuery) -> Result<Vec<ResultRow>, Status> {
    let mut client = KpiServiceClient::new(channel).max_decoding_message_size(usize::MAX);
    let request = proto::QueryKpisRequest { query: Some(query), page_size: 10_000, ..Default::default() };
    let answer = client.query_kpis(request).await?.into_inner();
    assert_eq!(answer.next_page_token, "");
    Ok([answer.rows, answer.totals].concat())
}

/// What a server answers that has one connection for each question.
async fn one_after_the_other(database: &TestDatabase, query: KpiQuery) -> Result<Vec<ResultRow>, Status> {
    let mut settings = settings(&database.url);
    settings.pool.scans = 1;
    let now = "2024-12-31T12:00:00Z".parse().unwrap();
    let running = server::start(&settings, Arc::new(FixedClock(now))).await.unwrap();
    running.ready().await;
    let answer = ask(connect(&running).await, query).await;
    stop(running, PATIENCE).await;
    answer
}

fn begin(bench: &Bench, query: KpiQuery) -> JoinHandle<Result<Vec<ResultRow>, Status>> {
    tokio::spawn(ask(bench.channel.clone(), query))
}

/// Keeps everybody from reading tables.
async fn lock(bench: &Bench, tables: &str) -> DatabaseTransaction {
    let lock = bench.database.connection.begin().await.unwrap();
    lock.execute_unprepared(&format!("LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")).await.unwrap();
    lock
}

/// Whatever is read first, all connections of a question soon wait for these.
const FACTS: &str = "opportunities, opportunity_stages, orders, leads, proposals, subscriptions, mrr_movements, renewals, \
                     activities, customer_tenures";

/// Scans that wait for a lock; health may wait as well.
async fn waiting(bench: &Bench) -> i64 {
    let sql = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' \
               AND (query LIKE '%SUM(%' OR query LIKE '%COUNT(%')";
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    let row = bench.database.connection.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

async fn free_again(bench: &Bench) {
    within(PATIENCE, "all is given back", async || bench.count(USED).await == 0).await;
    within(PATIENCE, "nothing is read", async || waiting(bench).await == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_is_that_of_one_connection() {
    let bench = start(filled().await, |_| {}).await;
    let by_rep = KpiQuery { group_by: vec!["rep".into(), "segment".into()], ..everything() };
    let whole = KpiQuery { group_by: Vec::new(), grain: Grain::Unspecified.into(), ..everything() };
    for query in [everything(), by_rep, whole] {
        let expected = one_after_the_other(&bench.database, query.clone()).await.unwrap();
        for _ in 0..3 {
            free_again(&bench).await;
            assert!(ask(bench.channel.clone(), query.clone()).await.unwrap() == expected);
        }
    }
    assert_eq!(bench.count(STOPPED).await, 0);
    bench.nothing_is_left().await;
}

/// Three connections, and no more: others are answered meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_has_no_more_connections_than_it_may() {
    let bench = start(filled().await, |settings| settings.pool.connections = 4).await;
    let question = lock(&bench, FACTS).await;
    let asked = begin(&bench, everything());
    within(PATIENCE, "three wait", async || waiting(&bench).await == 3).await;
    assert_eq!(bench.count(USED).await, 3);
    let other = KpiQuery { group_by: vec!["rep".into()], ..query_of(&["nps"]) };
    ask(bench.channel.clone(), other).await.expect("an answer on the fourth");
    assert_eq!(waiting(&bench).await, 3);
    question.rollback().await.unwrap();
    asked.await.unwrap().unwrap();
    bench.nothing_is_left().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_connection_is_enough() {
    let database = filled().await;
    let expected = one_after_the_other(&database, everything()).await.unwrap();
    let bench = Bench::start(database, |settings| {
        settings.pool.connections = 1;
        settings.pool.scans = 3;
        settings.cache.bytes = 0;
    })
    .await;
    let asked: Vec<_> = (0..4).map(|_| begin(&bench, everything())).collect();
    for asked in asked {
        assert!(asked.await.unwrap().unwrap() == expected);
    }
    assert_eq!(bench.count(IDLE).await, 1);
    bench.nothing_is_left().await;
}

/// While this year is read, all is deleted: connections that begin to read last year behind that see it still.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_connections_see_one_state() {
    let bench = start(filled().await, |_| {}).await;
    let expected = ask(bench.channel.clone(), everything()).await.unwrap();
    free_again(&bench).await;
    let question = lock(&bench, "orders").await;
    let asked = begin(&bench, everything());
    within(PATIENCE, "it waits", async || waiting(&bench).await > 0).await;
    for table in FACTS.split(", ") {
        question.execute_unprepared(&format!("DELETE FROM {table}")).await.unwrap();
    }
    question.commit().await.unwrap();
    assert!(asked.await.unwrap().unwrap() == expected, "an answer of two states");
    assert!(ask(bench.channel.clone(), everything()).await.unwrap() != expected);
    bench.nothing_is_left().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_statements_are_stopped() {
    let bench = start(filled().await, |_| {}).await;
    let question = lock(&bench, FACTS).await;
    let mut request = Request::new(proto::QueryKpisRequest { query: Some(everything()), ..Default::default() });
    request.set_timeout(Duration::from_secs(5));
    let mut client = bench.plain();
    let asked = tokio::spawn(async move { client.query_kpis(request).await });
    within(PATIENCE, "three wait", async || waiting(&bench).await == 3).await;
    let refused = asked.await.unwrap().unwrap_err();
    assert_eq!(Refusal::of(&refused).code, Code::DeadlineExceeded);
    free_again(&bench).await;
    assert_eq!(bench.count(STOPPED).await, 3);
    question.rollback().await.unwrap();
    bench.nothing_is_left().await;
}

/// What one connection finds ends what the others do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_ends_all_statements() {
    let bench = start(filled().await, |_| {}).await;
    let broken = "ALTER TABLE orders RENAME TO kept; \
                  CREATE VIEW orders AS SELECT * FROM kept WHERE 1 / (length(id) - length(id)) = 1";
    bench.sql(broken).await;
    within(PATIENCE, "it is ready", async || bench.running.check().await.is_ok()).await;
    let others = FACTS.replace("orders, ", "");
    let question = lock(&bench, &others).await;
    let kpis = ["win_rate", "order_count"];
    let query = KpiQuery { period: dates("2024-01-01", "2024-12-31"), ..query_of(&kpis) };
    let refused = ask(bench.channel.clone(), query).await.unwrap_err();
    assert_ne!(refused.code(), Code::DeadlineExceeded, "{refused:?}");
    free_again(&bench).await;
    assert_eq!(bench.count(STOPPED).await, 1);
    question.rollback().await.unwrap();
    bench.sql("DROP VIEW orders; ALTER TABLE kept RENAME TO orders").await;
    within(PATIENCE, "it is ready", async || bench.running.check().await.is_ok()).await;
    bench.nothing_is_left().await;
}

/// Rates are missing in several scans: the first one names them, whichever ends first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_missing_rate_is_named() {
    let database = filled().await;
    database.connection.execute_unprepared("DELETE FROM exchange_rates").await.unwrap();
    let expected = one_after_the_other(&database, everything()).await.unwrap_err();
    assert_eq!(Refusal::of(&expected).reason, "MISSING_EXCHANGE_RATE", "{expected:?}");
    let bench = Bench::start(database, |settings| settings.pool.scans = 3).await;
    for _ in 0..10 {
        let refused = ask(bench.channel.clone(), everything()).await.unwrap_err();
        assert_eq!(refused.message(), expected.message());
        free_again(&bench).await;
    }
    assert!(bench.count(IDLE).await >= 3);
}

/// Connections that nobody uses may have died: the question is answered without them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_died_are_no_loss() {
    let bench = start(filled().await, |_| {}).await;
    let expected = ask(bench.channel.clone(), everything()).await.unwrap();
    free_again(&bench).await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND application_name = 'crm-kpi' AND state = 'idle' \
               AND query NOT LIKE '%LISTEN%' AND pid <> pg_backend_pid()";
    bench.sql(end).await;
    within(PATIENCE, "it is ready", async || bench.running.check().await.is_ok()).await;
    assert!(ask(bench.channel.clone(), everything()).await.unwrap() == expected);
    bench.nothing_is_left().await;
}
