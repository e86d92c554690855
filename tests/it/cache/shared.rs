//! The same question from many at the same time.

use super::kept::answers;
use crate::faults::bench::{Bench, within};
use crate::support::{Kind, TestDatabase, query_of, sample};
use crm_kpi::proto::QueryKpisRequest;
use sea_orm::{ConnectionTrait, DatabaseTransaction, TransactionTrait};
use std::time::Duration;
use tokio::task::JoinHandle;

const CALLERS: usize = 20;
const PATIENCE: Duration = Duration::from_secs(10);

/// Callers of one question whose table is locked, once one of them waits for it.
async fn waiting() -> (Bench, DatabaseTransaction, Vec<JoinHandle<String>>) {
    let database = TestDatabase::migrated(Kind::Postgres).await;
    sample::fill(&database.connection).await;
    let bench = Bench::start(database, |_| {}).await;
    let lock = bench.database.connection.begin().await.unwrap();
    lock.execute_unprepared("LOCK TABLE opportunities IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let mut callers = Vec::new();
    for _ in 0..CALLERS {
        let mut client = bench.client();
        let request = QueryKpisRequest { query: Some(query_of(&["won_value"])), ..Default::default() };
        callers.push(tokio::spawn(async move {
            let answer = client.query_kpis(request).await.unwrap().into_inner();
            answer.totals[0].values[0].value.clone().unwrap()
        }));
        within(PATIENCE, "a caller waits", async || reading(&bench).await == 1).await;
    }
    within(PATIENCE, "all are here", async || bench.count(CALLS).await == CALLERS as i64).await;
    (bench, lock, callers)
}

/// The count of questions that have come.
const CALLS: &str =
    "grpc_server_started_total{grpc_type=\"unary\",grpc_service=\"crm.kpi.v1.KpiService\",grpc_method=\"QueryKpis\"}";

/// Questions that wait for the locked table now.
async fn reading(bench: &Bench) -> usize {
    bench.waiting_for("Lock").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_asked_once() {
    let (bench, lock, callers) = waiting().await;
    assert_eq!(reading(&bench).await, 1, "one connection for all");
    lock.commit().await.unwrap();
    let mut values = Vec::new();
    for caller in callers {
        values.push(caller.await.unwrap());
    }
    assert!(values.iter().all(|value| *value == values[0]), "{values:?}");
    let [read, kept, shared] = answers(&bench).await;
    assert_eq!((read, kept + shared), (1, CALLERS as i64 - 1));
    bench.nothing_is_left().await;
}

/// The caller who asked goes away: another one asks, and nobody else notices.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_goes_away_takes_nobody_along() {
    let (bench, lock, mut callers) = waiting().await;
    callers.remove(0).abort();
    let gone = async || bench.count("crm_kpi_statements_stopped_total").await == 1;
    within(PATIENCE, "the statement is stopped", gone).await;
    within(PATIENCE, "another one asks", async || reading(&bench).await == 1).await;
    lock.commit().await.unwrap();
    for caller in callers {
        caller.await.unwrap();
    }
    let [read, kept, shared] = answers(&bench).await;
    assert_eq!((read, kept + shared), (1, CALLERS as i64 - 2));
    bench.nothing_is_left().await;
}
