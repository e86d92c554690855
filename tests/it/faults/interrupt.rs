//! SQLite is interrupted: it works in threads of this process, which nobody else could stop.

use super::bench::{Bench, CALLS, Call, within};
use crate::support::{Kind, Refusal, TestDatabase, sample};
use sea_orm::ConnectionTrait;
use std::time::Duration;
use tonic::Code;

/// Stands in place of deals: each takes hours to read.
pub const SLOW_DEALS: [&str; 2] = [
    "ALTER TABLE opportunities RENAME TO kept",
    "CREATE VIEW opportunities AS SELECT * FROM kept WHERE (WITH RECURSIVE n(i) AS \
     (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000) SELECT count(*) FROM n \
     WHERE i > length(kept.id)) > 0",
];

/// CPU time of this process's threads of SQLite, in ticks.
fn ticks_of_sqlite() -> Vec<(String, u64)> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().flatten();
    let of = |path: std::path::PathBuf| {
        let stat = std::fs::read_to_string(path.join("stat")).ok()?;
        let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
        let fields: Vec<_> = rest.split_whitespace().collect();
        let ticks = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
        name.starts_with("sqlx-sqlite").then(|| (path.display().to_string(), ticks))
    };
    tasks.filter_map(|task| of(task.path())).collect()
}

/// With a single connection the next question is answered only if the one before has let go of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_read_of_sqlite_is_interrupted() {
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    sample::fill(&database.connection).await;
    for statement in SLOW_DEALS {
        database.connection.execute_unprepared(statement).await.unwrap();
    }
    let bench = Bench::start(database, |settings| settings.pool.connections = 1).await;
    for call in CALLS {
        let refused = call.make(bench.plain(), Some(Duration::from_millis(300))).await.unwrap_err();
        assert_eq!(Refusal::of(&refused).code, Code::DeadlineExceeded, "{call:?}");
        bench.nothing_is_left().await;
    }
    let begun = tokio::spawn(Call::Stream.make(bench.plain(), None));
    let used = "crm_kpi_pool_connections{state=\"used\"}";
    within(Duration::from_secs(10), "it reads", async || bench.count(used).await == 1).await;
    begun.abort();
    bench.nothing_is_left().await;
    // A thread that went on would use all of a core.
    within(Duration::from_secs(10), "no thread works", async || {
        let before = ticks_of_sqlite();
        tokio::time::sleep(Duration::from_millis(200)).await;
        let busy = ticks_of_sqlite().into_iter().filter(|(thread, ticks)| {
            before.iter().any(|(name, before)| name == thread && ticks.saturating_sub(*before) >= 10)
        });
        busy.count() == 0
    })
    .await;
}

/// What the database says of a file that is gone is not a fault of the service.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_that_is_gone_and_comes_back() {
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    sample::fill(&database.connection).await;
    let bench = Bench::start(database, |_| {}).await;
    bench.nothing_is_left().await;
    bench.sql("ALTER TABLE opportunities RENAME TO kept").await;
    within(Duration::from_secs(5), "it is not ready", async || bench.get("/readyz").await.contains(" 503 ")).await;
    let refused = Call::Query.make(bench.plain(), None).await.unwrap_err();
    Refusal::of(&refused).must_be(Code::FailedPrecondition, "SCHEMA_NOT_READY", &[]);
    bench.sql("ALTER TABLE kept RENAME TO opportunities").await;
    within(Duration::from_secs(5), "it is ready", async || bench.get("/readyz").await.contains(" 200 ")).await;
    Call::Query.make(bench.plain(), None).await.unwrap();
}
