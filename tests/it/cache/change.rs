//! Commits from another connection while callers poll.

use crate::faults::bench::Bench;
use crate::support::{Kind, TestDatabase, on_every_database, query_of, sample};
use crm_kpi::config::Layers;
use crm_kpi::database::upsert;
use crm_kpi::proto::QueryKpisRequest;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::watch;

on_every_database!(no_answer_is_older_than_what_was_committed, answers_are_as_old_as_notifications_take);

const COMMITS: u32 = 100;
const POLLERS: usize = 4;

/// Answers between two commits: most of them are kept ones.
const ANSWERS: u64 = 30;

/// When each commit of an order was acknowledged.
type Log = Arc<Mutex<Vec<Instant>>>;

/// Has callers poll while orders are committed. Returns how late the latest answer was: the longest time between a commit
/// and the sending of a question whose answer lacks it.
async fn poll_under_change(bench: &Bench) -> Duration {
    let (log, over): (Log, _) = (Log::default(), Arc::new(AtomicBool::new(false)));
    let (answered, mut answers) = watch::channel(0);
    let pollers = (0..POLLERS).map(|poller| {
        let (mut client, log, over, answered) = (bench.client(), log.clone(), over.clone(), answered.clone());
        tokio::spawn(async move {
            let (mut late, mut stale) = (Duration::ZERO, 0);
            let mut known = (String::new(), 0);
            while !over.load(Ordering::Relaxed) {
                // Every other poller says what it has, the rest ask for everything.
                let known_etag = if poller % 2 == 0 { known.0.clone() } else { String::new() };
                let request =
                    QueryKpisRequest { query: Some(query_of(&["order_count"])), known_etag, ..Default::default() };
                let (sent, committed) = {
                    let log = log.lock().unwrap();
                    (Instant::now(), log.clone())
                };
                let answer = client.query_kpis(request).await.unwrap().into_inner();
                if !answer.not_modified {
                    // Before the first order there is none to be counted.
                    let count = answer.totals[0].values[0].value.as_deref();
                    known = (answer.etag, count.map_or(0, |count| count.parse().unwrap()));
                }
                assert!(known.1 <= COMMITS as usize);
                if let Some(missing) = committed.get(known.1) {
                    late = late.max(sent - *missing);
                    stale += 1;
                }
                answered.send_modify(|answers| *answers += 1);
            }
            (late, stale)
        })
    });
    let pollers: Vec<_> = pollers.collect();
    for number in 1..=COMMITS {
        let until = *answers.borrow() + ANSWERS;
        answers.wait_for(|answers| *answers >= until).await.unwrap();
        upsert(&bench.database.connection, vec![sample::order(number)]).await.unwrap();
        log.lock().unwrap().push(Instant::now());
    }
    over.store(true, Ordering::Relaxed);
    let (mut late, mut stale) = (Duration::ZERO, 0);
    for poller in pollers {
        let (by, answers) = poller.await.unwrap();
        late = late.max(by);
        stale += answers;
    }
    println!("{stale} of {} answers were late, by {late:?} at most", *answers.borrow());
    assert!(bench.count("crm_kpi_answers_total{from=\"kept\"}").await > 0, "nothing was kept");
    late
}

async fn bench(kind: Kind, confirm: Duration) -> Bench {
    let database = TestDatabase::migrated(kind).await;
    Bench::start(database, |settings| settings.changes.confirm = confirm).await
}

/// Every poll has the database confirm.
async fn no_answer_is_older_than_what_was_committed(kind: Kind) {
    let bench = bench(kind, Duration::ZERO).await;
    assert_eq!(poll_under_change(&bench).await, Duration::ZERO);
}

/// As by default: an answer may lack what was committed while its notification was on its way. SQLite is asked each time.
async fn answers_are_as_old_as_notifications_take(kind: Kind) {
    let confirm = Layers::new().settings().unwrap().changes.confirm;
    let bench = bench(kind, confirm).await;
    let late = poll_under_change(&bench).await;
    match kind {
        Kind::Sqlite => assert_eq!(late, Duration::ZERO),
        // The bound that holds even where a notification is lost: a confirmation is at most so old.
        Kind::Postgres => assert!(late <= confirm + Duration::from_millis(500), "late by {late:?}"),
    }
}
