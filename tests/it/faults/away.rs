//! The database goes away under load, in every way that it can, and comes back.

use super::bench::{Answer, Bench, CALLS, Call, SLOW_DEALS, within};
use crate::support::{Kind, Mode, Refusal, TestDatabase, on_every_database, sample};
use crm_kpi_migrations::{Migrator, MigratorTrait};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

/// What is promised of health (5.5 s), and what a busy machine may be late by.
const TURNS: Duration = Duration::from_millis(5_500 + 2_500);
const PATIENCE: Duration = Duration::from_secs(15);

/// How long silent connections live: the shortest time that the looks at the health allow.
const SILENCE: Duration = Duration::from_millis(2_500);

const ASKED: [Call; 4] = [Call::Query, Call::Batch, Call::Stream, Call::Values];

/// Calls in a loop, each answer of which is right or an error that tells what happened.
struct Load {
    ends: Arc<AtomicBool>,
    right: Arc<AtomicU64>,
    failed: Arc<AtomicU64>,
    tasks: Vec<JoinHandle<BTreeMap<String, u64>>>,
}

impl Load {
    fn start(bench: &Bench, expected: &[(Call, Answer)]) -> Self {
        let (ends, right, failed) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default(), Arc::default());
        let mut load = Self { ends, right, failed, tasks: Vec::new() };
        for (call, expected) in expected.iter().cloned().chain(expected.iter().cloned()) {
            let (ends, right, failed) = (load.ends.clone(), load.right.clone(), load.failed.clone());
            let client = bench.plain();
            load.tasks.push(tokio::spawn(async move {
                let mut outcomes = BTreeMap::new();
                while !ends.load(Ordering::Relaxed) {
                    let outcome = match call.make(client.clone(), Some(Duration::from_secs(20))).await {
                        Ok(answer) => {
                            assert_eq!(answer, expected, "{call:?}");
                            right.fetch_add(1, Ordering::Relaxed);
                            "right".to_owned()
                        }
                        Err(status) => {
                            let refusal = Refusal::of(&status);
                            let is_expected = match refusal.code {
                                Code::Unavailable => refusal.retryable,
                                code => code == Code::DeadlineExceeded,
                            };
                            assert!(is_expected, "{call:?}: {status:?}");
                            failed.fetch_add(1, Ordering::Relaxed);
                            refusal.reason
                        }
                    };
                    *outcomes.entry(outcome).or_default() += 1;
                }
                outcomes
            }));
        }
        load
    }

    /// Waits for more answers that are right.
    async fn goes_on(&self) {
        let before = self.right.load(Ordering::Relaxed);
        within(PATIENCE, "answers", async || self.right.load(Ordering::Relaxed) >= before + 8).await;
    }

    /// Waits for more errors.
    async fn fails(&self) {
        let before = self.failed.load(Ordering::Relaxed);
        within(PATIENCE, "errors", async || self.failed.load(Ordering::Relaxed) >= before + 8).await;
    }

    /// How often which outcome was.
    async fn end(self) -> BTreeMap<String, u64> {
        self.ends.store(true, Ordering::Relaxed);
        let mut all = BTreeMap::new();
        for task in self.tasks {
            for (outcome, count) in task.await.expect("only such outcomes") {
                *all.entry(outcome).or_default() += count;
            }
        }
        all
    }
}

async fn filled() -> TestDatabase {
    let database = TestDatabase::migrated(Kind::Postgres).await;
    sample::fill(&database.connection).await;
    database
}

async fn answers(bench: &Bench) -> Vec<(Call, Answer)> {
    let mut answers = Vec::new();
    for call in ASKED {
        answers.push((call, call.make(bench.plain(), None).await.unwrap()));
    }
    answers
}

async fn goes_away_and_comes_back(mode: Mode) {
    let bench = Bench::behind_proxy(filled().await, Mode::Pass, |settings| settings.outages.silence = SILENCE).await;
    bench.running.ready().await;
    let expected = answers(&bench).await;
    let mut health = HealthClient::new(bench.channel.clone());
    let mut watch = health.watch(HealthCheckRequest::default()).await.unwrap().into_inner();
    let mut turns = async |status: ServingStatus| {
        let began = std::time::Instant::now();
        let turned = async { while watch.message().await.unwrap().expect("a status").status() != status {} };
        timeout(TURNS, turned).await.unwrap_or_else(|_| panic!("{mode:?}: not {status:?} in time"));
        println!("{mode:?}: {status:?} after {:?}", began.elapsed());
    };
    turns(ServingStatus::Serving).await;
    let load = Load::start(&bench, &expected);
    load.goes_on().await;
    for _ in 0..2 {
        bench.set(mode);
        turns(ServingStatus::NotServing).await;
        assert!(bench.get("/readyz").await.contains(" 503 "));
        assert!(bench.get("/livez").await.contains(" 200 "));
        load.fails().await;
        let began = std::time::Instant::now();
        bench.set(Mode::Pass);
        turns(ServingStatus::Serving).await;
        within(TURNS, "ready", async || bench.get("/readyz").await.contains(" 200 ")).await;
        for (call, expected) in &expected {
            let answer = call.make(bench.plain(), None).await;
            assert_eq!(&answer.unwrap_or_else(|status| panic!("{mode:?}: {call:?}: {status:?}")), expected);
        }
        println!("{mode:?}: all answered after {:?}", began.elapsed());
        assert!(began.elapsed() < TURNS, "{:?}", began.elapsed());
        load.goes_on().await;
    }
    println!("{mode:?}: {:?}", load.end().await);
    bench.nothing_is_left().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_killed() {
    goes_away_and_comes_back(Mode::Cut).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_network_swallows_everything() {
    goes_away_and_comes_back(Mode::BlackHole).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_network_is_slow() {
    goes_away_and_comes_back(Mode::Slow(40)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_are_half_closed() {
    goes_away_and_comes_back(Mode::HalfClosed).await;
}

/// What was asked before the network was gone does not wait for its deadline, nor hold its place until then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_under_way_end() {
    let bench = Bench::behind_proxy(filled().await, Mode::Pass, |settings| {
        (settings.limits.queries, settings.limits.queries_per_caller) = (4, Some(4));
        settings.outages.silence = SILENCE;
    })
    .await;
    bench.running.ready().await;
    bench.sql(SLOW_DEALS).await;
    let calls = CALLS.map(|call| (call, tokio::spawn(call.make(bench.plain(), None))));
    within(PATIENCE, "all read", async || bench.waiting_for("Timeout").await >= CALLS.len()).await;
    bench.set(Mode::BlackHole);
    for (call, outcome) in calls {
        let ended = timeout(TURNS, outcome).await.unwrap_or_else(|_| panic!("{call:?} goes on"));
        let refusal = Refusal::of(&ended.unwrap().unwrap_err());
        refusal.must_be(Code::Unavailable, "DATABASE_UNAVAILABLE", &[]);
        assert!(refusal.retryable);
    }
    bench.set(Mode::Pass);
    within(TURNS, "ready", async || bench.get("/readyz").await.contains(" 200 ")).await;
    // The statements themselves end when PostgreSQL finds out: nobody could tell it.
    bench.all_is_free().await;
    Call::Values.make(bench.plain(), None).await.unwrap();
}

/// Where a deadline comes first it is the deadline that ends them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_under_way_end_by_their_deadlines() {
    let bench = Bench::behind_proxy(filled().await, Mode::Pass, |_| {}).await;
    bench.running.ready().await;
    bench.sql(SLOW_DEALS).await;
    let calls = CALLS.map(|call| (call, tokio::spawn(call.make(bench.plain(), Some(Duration::from_secs(7))))));
    within(PATIENCE, "all read", async || bench.waiting_for("Timeout").await >= CALLS.len()).await;
    bench.set(Mode::BlackHole);
    // Longer than it takes until the health turns.
    for (call, outcome) in calls {
        let refusal = Refusal::of(&outcome.await.unwrap().expect_err("no answer"));
        assert_eq!((refusal.code, refusal.reason.as_str()), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"), "{call:?}");
    }
    within(TURNS, "it is away", async || bench.get("/readyz").await.contains(" 503 ")).await;
    bench.set(Mode::Pass);
    within(TURNS, "ready", async || bench.get("/readyz").await.contains(" 200 ")).await;
    bench.all_is_free().await;
}

/// Connections that are lost are replaced. The database is there, so the health stays, unless they are lost faster than it
/// can be told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_backends_are_terminated() {
    let bench = Bench::start(filled().await, |_| {}).await;
    let expected = answers(&bench).await;
    let mut health = HealthClient::new(bench.channel.clone());
    let mut watch = health.watch(HealthCheckRequest::default()).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::Serving);
    let load = Load::start(&bench, &expected);
    let terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                     AND application_name LIKE 'crm-kpi%' AND pid <> pg_backend_pid()";
    load.goes_on().await;
    bench.sql(terminate).await;
    // Checks of the health come and go meanwhile.
    let changed = timeout(Duration::from_millis(2500), watch.message()).await;
    assert!(changed.is_err(), "{changed:?}");
    for _ in 0..4 {
        bench.sql(terminate).await;
        load.goes_on().await;
    }
    within(TURNS, "ready", async || bench.get("/readyz").await.contains(" 200 ")).await;
    println!("terminated: {:?}", load.end().await);
    bench.nothing_is_left().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_away_at_the_start() {
    for mode in [Mode::Cut, Mode::BlackHole] {
        let bench = Bench::behind_proxy(filled().await, mode, |_| {}).await;
        let mut health = HealthClient::new(bench.channel.clone());
        let mut watch = health.watch(HealthCheckRequest::default()).await.unwrap().into_inner();
        assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::NotServing);
        for call in ASKED {
            let refusal = Refusal::of(&call.make(bench.plain(), None).await.unwrap_err());
            refusal.must_be(Code::Unavailable, "DATABASE_UNAVAILABLE", &[]);
            assert!(refusal.retryable);
        }
        bench.set(Mode::Pass);
        let turned = timeout(TURNS, watch.message()).await.expect("in time");
        assert_eq!(turned.unwrap().unwrap().status(), ServingStatus::Serving);
        answers(&bench).await;
        bench.nothing_is_left().await;
    }
}

on_every_database!(tables_come_later);

async fn tables_come_later(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let url = database.url.clone();
    let bench = Bench::serve(database, url, None, |_| {}).await;
    let refusal = Refusal::of(&Call::Query.make(bench.plain(), None).await.unwrap_err());
    refusal.must_be(Code::FailedPrecondition, "SCHEMA_NOT_READY", &[]);
    assert!(bench.get("/readyz").await.contains(" 503 "));
    Migrator::up(&bench.database.connection, None).await.unwrap();
    within(TURNS, "it is ready", async || bench.get("/readyz").await.contains(" 200 ")).await;
    answers(&bench).await;
    bench.nothing_is_left().await;
}
