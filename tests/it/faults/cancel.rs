//! A deadline that passes and a caller who goes away, at every stage of a call.

use super::bench::{Bench, CALLS, Call, SLOW_DEALS, within};
use crate::support::{Kind, Mode, Refusal, TestDatabase, sample};
use crm_kpi::config::Settings;
use futures::future::join_all;
use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};
use std::time::Duration;
use tokio::task::JoinHandle;
use tonic::Code;

const SOON: Duration = Duration::from_millis(300);
const PATIENCE: Duration = Duration::from_secs(10);

async fn filled() -> TestDatabase {
    let database = TestDatabase::migrated(Kind::Postgres).await;
    sample::fill(&database.connection).await;
    database
}

/// A server on deals that take for ever to read.
async fn with_slow_deals(change: impl FnOnce(&mut Settings)) -> Bench {
    let database = filled().await;
    database.connection.execute_unprepared(SLOW_DEALS).await.unwrap();
    Bench::start(database, change).await
}

/// Makes calls at once, each of which must be told by the server that its time is over.
async fn time_out(bench: &Bench, calls: &[Call], timeout: Duration) {
    let calls = calls.iter().map(|&call| {
        let client = bench.plain();
        async move { (call, call.make(client, Some(timeout)).await) }
    });
    for (call, outcome) in join_all(calls).await {
        let refusal = Refusal::of(&outcome.expect_err(&format!("{call:?} was answered")));
        assert_eq!((refusal.code, refusal.reason.as_str()), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"), "{call:?}");
    }
}

/// Begins calls that nobody will wait for.
fn begin(bench: &Bench, calls: &[Call]) -> Vec<JoinHandle<()>> {
    let begun = |&call: &Call| {
        let client = bench.plain();
        tokio::spawn(async move { drop(call.make(client, None).await) })
    };
    calls.iter().map(begun).collect()
}

fn go_away(calls: Vec<JoinHandle<()>>) {
    calls.iter().for_each(JoinHandle::abort);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_for_a_place() {
    let bench = with_slow_deals(|settings| {
        settings.limits.queries = 1;
        settings.limits.queue = PATIENCE * 3;
    })
    .await;
    let holder = begin(&bench, &[Call::Query]);
    within(PATIENCE, "the place is taken", async || bench.count("crm_kpi_queries_active").await == 1).await;
    let calls = [CALLS.as_slice(), &[Call::Values]].concat();
    time_out(&bench, &calls, SOON).await;
    within(PATIENCE, "nobody waits", async || bench.count("crm_kpi_queries_waiting").await == 0).await;
    let waiting = begin(&bench, &calls);
    within(PATIENCE, "all wait", async || bench.count("crm_kpi_queries_waiting").await == 4).await;
    // A check of the records has a place of its own.
    within(PATIENCE, "the check reads", async || bench.count("crm_kpi_checks_active").await == 1).await;
    go_away(waiting);
    within(PATIENCE, "nobody waits", async || bench.count("crm_kpi_queries_waiting").await == 0).await;
    within(PATIENCE, "the check has ended", async || bench.count("crm_kpi_checks_active").await == 0).await;
    assert_eq!(bench.count("crm_kpi_queries_active").await, 1);
    go_away(holder);
    bench.nothing_is_left().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_for_a_connection() {
    let bench = with_slow_deals(|settings| {
        settings.pool.connections = 1;
        settings.pool.acquire = PATIENCE * 3;
    })
    .await;
    let holder = begin(&bench, &[Call::Query]);
    within(PATIENCE, "the connection is used", async || bench.waiting_for("Timeout").await == 1).await;
    let calls = [CALLS.as_slice(), &[Call::Values]].concat();
    time_out(&bench, &calls, SOON).await;
    let waiting = begin(&bench, &calls);
    within(PATIENCE, "all wait", async || bench.count("crm_kpi_queries_active").await == 5).await;
    within(PATIENCE, "the check waits", async || bench.count("crm_kpi_checks_active").await == 1).await;
    go_away(waiting);
    within(PATIENCE, "nobody waits", async || bench.count("crm_kpi_queries_active").await == 1).await;
    within(PATIENCE, "the check has ended", async || bench.count("crm_kpi_checks_active").await == 0).await;
    go_away(holder);
    bench.nothing_is_left().await;
}

/// The network carries so little that a transaction has not begun before the time is over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beginning() {
    for mode in [Mode::Slow(60), Mode::BlackHole] {
        let bench = Bench::behind_proxy(filled().await, Mode::Pass, |_| {}).await;
        bench.running.ready().await;
        bench.nothing_is_left().await;
        bench.set(mode);
        // Other calls first ask for the version of the data.
        time_out(&bench, &[Call::Values, Call::Values, Call::Query, Call::Stream, Call::Quality], SOON * 3).await;
        let begun = begin(&bench, &[Call::Values, Call::Values]);
        within(PATIENCE, "they begin", async || bench.count("crm_kpi_queries_active").await == 2).await;
        go_away(begun);
        within(PATIENCE, "they have ended", async || bench.count("crm_kpi_queries_active").await == 0).await;
        bench.set(Mode::Pass);
        within(PATIENCE, "it is ready again", async || bench.running.check().await.is_ok()).await;
        bench.nothing_is_left().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn during_a_scan() {
    let bench = with_slow_deals(|_| {}).await;
    scanning(&bench).await;
}

/// A statement that waits for a lock has not begun to read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn during_a_wait_for_a_lock() {
    let bench = Bench::start(filled().await, |_| {}).await;
    let lock = bench.database.connection.begin().await.unwrap();
    lock.execute_unprepared("LOCK TABLE opportunities IN ACCESS EXCLUSIVE MODE").await.unwrap();
    time_out(&bench, &[Call::Query, Call::Batch, Call::Stream], SOON).await;
    let second = Duration::from_secs(1);
    let reads = async || bench.backends().await.iter().any(|found| found.contains("SUM(") || found.contains("COUNT("));
    within(second, "no backend waits", async || !reads().await).await;
    let stopped = bench.count("crm_kpi_statements_stopped_total").await;
    assert!(stopped >= 3, "{stopped}");
    lock.rollback().await.unwrap();
    within(PATIENCE, "it is ready", async || bench.running.check().await.is_ok()).await;
    bench.nothing_is_left().await;
}

async fn scanning(bench: &Bench) {
    time_out(bench, &CALLS, SOON).await;
    bench.nothing_is_left().await;
    let begun = begin(bench, &CALLS);
    within(PATIENCE, "all read", async || bench.waiting_for("Timeout").await >= CALLS.len()).await;
    let stopped = bench.count("crm_kpi_statements_stopped_total").await;
    go_away(begun);
    bench.nothing_is_left().await;
    let all = stopped + CALLS.len() as i64;
    let counted = async || bench.count("crm_kpi_statements_stopped_total").await >= all;
    within(PATIENCE, "all are counted", counted).await;
}

/// A statement that is stopped costs no connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_are_kept() {
    let bench = with_slow_deals(|settings| settings.pool.connections = 4).await;
    time_out(&bench, &CALLS, SOON).await;
    bench.nothing_is_left().await;
    let backends = async || {
        let sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'crm-kpi' \
                   ORDER BY pid";
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        let rows = bench.database.connection.query_all_raw(statement).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect::<Vec<i32>>()
    };
    let before = backends().await;
    for _ in 0..3 {
        time_out(&bench, &CALLS, SOON).await;
        let begun = begin(&bench, &CALLS);
        within(PATIENCE, "all read", async || bench.waiting_for("Timeout").await >= CALLS.len()).await;
        go_away(begun);
        bench.nothing_is_left().await;
    }
    assert_eq!(backends().await, before);
    let then = async |then: &str| bench.count(&format!("crm_kpi_stopped_connections_total{{then=\"{then}\"}}")).await;
    let stopped = bench.count("crm_kpi_statements_stopped_total").await;
    assert!(stopped >= 6 * CALLS.len() as i64, "{stopped}");
    within(PATIENCE, "all are counted", async || then("kept").await == stopped).await;
    assert_eq!(then("closed").await, 0);
}

/// The connection that statements are stopped through may have died unnoticed, as all others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_all_connections_died_unnoticed() {
    let database = filled().await;
    database.connection.execute_unprepared(SLOW_DEALS).await.unwrap();
    let bench = Bench::behind_proxy(database, Mode::Pass, |_| {}).await;
    bench.running.ready().await;
    time_out(&bench, &CALLS, SOON).await;
    bench.nothing_is_left().await;
    bench.set(Mode::BlackHole);
    within(PATIENCE, "it is away", async || bench.get("/readyz").await.contains(" 503 ")).await;
    bench.set(Mode::Pass);
    within(PATIENCE, "it is ready", async || bench.get("/readyz").await.contains(" 200 ")).await;
    bench.nothing_is_left().await;
    time_out(&bench, &CALLS, SOON * 4).await;
    bench.nothing_is_left().await;
}
