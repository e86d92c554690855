//! A database that says nothing for a while is not away.

use super::bench::{Bench, CALLS, Call, within};
use crate::support::{Kind, Mode, TestDatabase, sample};
use futures::future::join_all;
use std::time::Duration;
use tokio::time::sleep;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

/// Longer than one look at the health may take.
const PAUSE: Duration = Duration::from_millis(2_500);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_question_under_way_is_given_up() {
    let database = TestDatabase::migrated(Kind::Postgres).await;
    sample::fill(&database.connection).await;
    let bench = Bench::behind_proxy(database, Mode::Pass, |settings| settings.cache.bytes = 0).await;
    bench.running.ready().await;
    let mut expected = Vec::new();
    for call in CALLS.into_iter().chain([Call::Values]) {
        expected.push((call, call.make(bench.plain(), None).await.unwrap()));
    }
    let mut health = HealthClient::new(bench.channel.clone());
    let mut watch = health.watch(HealthCheckRequest::default()).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::Serving);
    bench.set(Mode::Pause);
    // Four of each: more than there are connections.
    let calls = expected.iter().cycle().take(4 * expected.len()).map(|(call, expected)| {
        let made = tokio::spawn(call.make(bench.plain(), None));
        async move { (*call, made.await.unwrap(), expected) }
    });
    let calls: Vec<_> = calls.collect();
    let begun = async || bench.count("crm_kpi_queries_active").await > 0;
    within(Duration::from_secs(10), "they are under way", begun).await;
    sleep(PAUSE).await;
    bench.set(Mode::Pass);
    for (call, answer, expected) in join_all(calls).await {
        assert_eq!(&answer.unwrap_or_else(|status| panic!("{call:?}: {status:?}")), expected, "{call:?}");
    }
    // Several looks at the health come and go meanwhile.
    let changed = tokio::time::timeout(PAUSE, watch.message()).await;
    assert!(changed.is_err(), "{changed:?}");
    bench.nothing_is_left().await;
}
