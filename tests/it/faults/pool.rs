//! All connections of the pool are in use: that is not a database that is away.

use super::bench::{Bench, Call, SLOW_DEALS, within};
use super::interrupt;
use crate::support::{Kind, Refusal, TestDatabase, on_every_database, sample};
use sea_orm::ConnectionTrait;
use std::time::Duration;
use tonic::Code;

on_every_database!(a_connection_that_is_not_free_in_time);

const PATIENCE: Duration = Duration::from_secs(10);

async fn a_connection_that_is_not_free_in_time(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    sample::fill(&database.connection).await;
    match kind {
        Kind::Sqlite => {
            for sql in interrupt::SLOW_DEALS {
                database.connection.execute_unprepared(sql).await.unwrap();
            }
        }
        Kind::Postgres => drop(database.connection.execute_unprepared(SLOW_DEALS).await.unwrap()),
    }
    let bench = Bench::start(database, |settings| {
        settings.pool.connections = 1;
        settings.pool.acquire = Duration::from_millis(300);
    })
    .await;
    let used = async || bench.count("crm_kpi_pool_connections{state=\"used\"}").await == 1;
    let holder = tokio::spawn(Call::Query.make(bench.plain(), None));
    within(PATIENCE, "the connection is used", used).await;
    let calls = [Call::Values, Call::Batch, Call::Stream, Call::Quality];
    for call in calls {
        let refusal = Refusal::of(&call.make(bench.plain(), None).await.unwrap_err());
        refusal.must_be(Code::ResourceExhausted, "POOL_EXHAUSTED", &[]);
        assert!(refusal.retryable, "{call:?}");
    }
    assert_eq!(bench.count("crm_kpi_refused_total{limit=\"pool\"}").await, calls.len() as i64);
    assert!(bench.get("/readyz").await.contains(" 200 "));
    holder.abort();
    within(PATIENCE, "it is free", async || !used().await).await;
    Call::Values.make(bench.plain(), None).await.expect("there is room again");
}
