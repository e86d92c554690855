//! One caller who asks very much, and another one who asks a little.

use super::bench::{Bench, Plain, within};
use crate::support::{Kind, Refusal, TestDatabase, query_of, sample};
use crm_kpi::proto::{KpiQuery, QueryKpisRequest};
use crm_kpi::server::auth::hash;
use futures::future::join_all;
use sea_orm::{ConnectionTrait, DatabaseTransaction, TransactionTrait};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;
use tonic::{Code, Request, Status};

const PATIENCE: Duration = Duration::from_secs(20);
const LONG: Duration = Duration::from_secs(600);

/// A question that nobody else asks; about deals, or about orders.
fn question(kpi: &str, number: usize) -> QueryKpisRequest {
    let day = chrono::NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + chrono::Days::new(number as u64);
    let query = KpiQuery {
        period: crate::support::dates(&day.to_string(), "2017-12-31"),
        group_by: vec!["rep".into()],
        ..query_of(&[kpi])
    };
    QueryKpisRequest { query: Some(query), ..Default::default() }
}

async fn ask(mut client: Plain, request: impl tonic::IntoRequest<QueryKpisRequest>) -> Result<(), Status> {
    client.query_kpis(request).await.map(drop)
}

/// A server whose deals cannot be read while the transaction is open, and so many questions about them.
async fn stuck(
    change: impl FnOnce(&mut crm_kpi::config::Settings),
    questions: usize,
    request: impl Fn(QueryKpisRequest) -> Request<QueryKpisRequest>,
) -> (Bench, DatabaseTransaction, Vec<JoinHandle<Result<(), Status>>>) {
    let database = TestDatabase::migrated(Kind::Postgres).await;
    sample::fill(&database.connection).await;
    let bench = Bench::start(database, |settings| {
        settings.limits.queue = LONG;
        change(settings);
    })
    .await;
    let lock = bench.database.connection.begin().await.unwrap();
    lock.execute_unprepared("LOCK TABLE opportunities IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let client = bench.plain();
    let mut asked = Vec::new();
    for number in 0..questions {
        asked.push(tokio::spawn(ask(client.clone(), request(question("won_value", number)))));
        // In this order.
        within(PATIENCE, "it has come", async || {
            let [active, waiting] = [bench.count("crm_kpi_queries_active"), bench.count("crm_kpi_queries_waiting")];
            active.await + waiting.await == number as i64 + 1
        })
        .await;
    }
    (bench, lock, asked)
}

/// All places are one caller's, and many more of its questions wait. The first place that comes free is the other caller's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_place_is_for_who_has_none() {
    let change = |settings: &mut crm_kpi::config::Settings| {
        settings.limits.queries = 2;
        settings.limits.queries_per_caller = Some(2);
    };
    let (bench, lock, mut asked) = stuck(change, 20, Request::new).await;
    let single = tokio::spawn(ask(bench.plain_from([127, 0, 0, 2]), question("order_count", 0)));
    within(PATIENCE, "it waits", async || bench.count("crm_kpi_queries_waiting").await == 19).await;
    asked.remove(0).abort();
    // Not one of the others can be answered.
    single.await.unwrap().unwrap();
    assert!(asked.iter().all(|asked| !asked.is_finished()));
    lock.commit().await.unwrap();
    for asked in asked {
        asked.await.unwrap().unwrap();
    }
    let count = |name: &str, caller: &str| format!("crm_kpi_caller_{name}{{caller=\"{caller}\"}}");
    assert_eq!(bench.count(&count("queries_total", "127.0.0.1")).await, 20);
    assert_eq!(bench.count(&count("queries_total", "127.0.0.2")).await, 1);
    assert_eq!(bench.count(&count("queries_active", "127.0.0.1")).await, 0);
    bench.nothing_is_left().await;
}

/// A caller whose questions do not end leaves places to others, and is told that they are its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_has_its_share_at_most() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.toml");
    let entry = |name| format!("[[token]]\nname = \"{name}\"\nsha256 = \"{}\"\neverything = true\n", hash(name));
    std::fs::write(&path, entry("many") + &entry("single")).unwrap();
    let with = |name: &'static str| {
        move |request| {
            let mut request = Request::new(request);
            request.metadata_mut().insert("authorization", format!("Bearer {name}").parse().unwrap());
            request
        }
    };
    let change = |settings: &mut crm_kpi::config::Settings| {
        settings.auth.tokens = Some(path.clone());
        settings.limits.queries = 4;
        settings.limits.waiting_per_caller = Some(5);
        settings.metrics_callers = 1;
    };
    // Three quarters of four.
    let (bench, lock, asked) = stuck(change, 8, with("many")).await;
    assert_eq!(bench.count("crm_kpi_queries_active").await, 3);
    for number in 0..5 {
        ask(bench.plain(), with("single")(question("order_count", number))).await.unwrap();
    }
    let refused = ask(bench.plain(), with("many")(question("order_count", 9))).await.unwrap_err();
    let refusal = Refusal::of(&refused);
    refusal.must_be(Code::ResourceExhausted, "CALLER_LIMIT", &[]);
    assert!(refusal.retryable && refusal.message.contains("limits.waiting_per_caller"), "{refusal:?}");
    assert_eq!(bench.count("crm_kpi_caller_refused_total{caller=\"many\"}").await, 1);
    assert_eq!(bench.count("crm_kpi_refused_total{limit=\"caller\"}").await, 1);
    assert_eq!(bench.count("crm_kpi_caller_queries_total{caller=\"other\"}").await, 5, "there is one name");
    lock.commit().await.unwrap();
    for asked in asked {
        asked.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_the_rate_is_refused_and_what_is_kept_does_not_count() {
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    sample::fill(&database.connection).await;
    let bench = Bench::start(database, |settings| settings.limits.rate_per_caller = Some(1)).await;
    for _ in 0..5 {
        ask(bench.plain(), question("won_value", 0)).await.unwrap();
    }
    // At once: however slow the machine is, a second does not pass between each of them and the next.
    let client = bench.plain();
    let answers = join_all((1..=50).map(|number| ask(client.clone(), question("won_value", number)))).await;
    let refused = answers.into_iter().find_map(Result::err).expect("they are too many");
    let refusal = Refusal::of(&refused);
    refusal.must_be(Code::ResourceExhausted, "CALLER_LIMIT", &[]);
    assert!(refusal.retryable && refusal.message.contains("limits.rate_per_caller"), "{refusal:?}");
    ask(bench.plain_from([127, 0, 0, 2]), question("won_value", 50)).await.unwrap();
}

/// A hundred loops of one caller, and five calls of another: all of them are answered. Prints how long they took, beside
/// the same as one more of the hundred.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_loops_keep_nobody_out() {
    const LOOPS: usize = 100;
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    sample::fill(&database.connection).await;
    let bench = Bench::start(database, |settings| {
        settings.cache.bytes = 0;
        settings.limits.queries = 4;
        settings.limits.queue = LONG;
    })
    .await;
    for (kind, address) in [("one of them", [127, 0, 0, 1]), ("another caller", [127, 0, 0, 2])] {
        let over = Arc::new(AtomicBool::new(false));
        let answered = Arc::new(AtomicUsize::new(0));
        let loops = join_all((0..LOOPS).map(|number| {
            let (client, over, answered) = (bench.plain(), over.clone(), answered.clone());
            tokio::spawn(async move {
                while !over.load(Ordering::Relaxed) {
                    ask(client.clone(), question("won_value", number)).await.unwrap();
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            })
        }));
        within(PATIENCE, "all are at it", async || answered.load(Ordering::Relaxed) > LOOPS).await;
        let mut single = Vec::new();
        for number in 0..5 {
            let (began, before) = (Instant::now(), answered.load(Ordering::Relaxed));
            ask(bench.plain_from(address), question("order_count", number)).await.unwrap();
            single.push((began.elapsed(), answered.load(Ordering::Relaxed) - before));
        }
        over.store(true, Ordering::Relaxed);
        for ended in loops.await {
            ended.unwrap();
        }
        single.sort();
        let turns: Vec<usize> = single.iter().map(|(_, turns)| *turns).collect();
        println!("{kind}: median {:?}, answers to others meanwhile {turns:?}", single[2].0);
    }
    assert_eq!(bench.count("crm_kpi_caller_refused_total{caller=\"127.0.0.2\"}").await, 0);
    assert_eq!(bench.count("crm_kpi_caller_queries_total{caller=\"127.0.0.2\"}").await, 5);
}
