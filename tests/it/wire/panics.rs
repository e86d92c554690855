//! A fault of the service in the middle of a call.

use crate::support::{Kind, NOW, Refusal, TestDatabase, connect, query_of, sample, settings, stop};
use chrono::{DateTime, Utc};
use crm_kpi::clock::Clock;
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::{CheckDataQualityRequest, QueryKpisRequest, StreamRepBreakdownRequest};
use crm_kpi::server;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tonic::{Code, Status};

/// A clock that breaks.
#[derive(Default)]
struct Broken(AtomicBool);

impl Clock for Broken {
    fn now(&self) -> DateTime<Utc> {
        assert!(!self.0.load(Ordering::Relaxed), "the clock is broken");
        NOW.parse().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_is_an_internal_error_and_the_connection_goes_on() {
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    sample::fill(&database.connection).await;
    let clock = Arc::new(Broken::default());
    let running = server::start(&settings(&database.url), clock.clone()).await.unwrap();
    running.ready().await;
    let mut client = KpiServiceClient::new(connect(&running).await);
    let question = || QueryKpisRequest { query: Some(query_of(&["won_value"])), ..Default::default() };
    client.query_kpis(question()).await.unwrap();

    clock.0.store(true, Ordering::Relaxed);
    let breakdown = StreamRepBreakdownRequest { query: question().query, ..Default::default() };
    let failures: [Status; 3] = [
        client.query_kpis(question()).await.unwrap_err(),
        client.stream_rep_breakdown(breakdown).await.unwrap_err(),
        client.check_data_quality(CheckDataQualityRequest::default()).await.unwrap_err(),
    ];
    for status in failures {
        Refusal::of(&status).must_be(Code::Internal, "INTERNAL_ERROR", &[]);
        assert_eq!(status.message(), "internal error");
        assert_eq!(status.metadata().get("x-request-id").unwrap().len(), 16);
    }

    clock.0.store(false, Ordering::Relaxed);
    client.query_kpis(question()).await.unwrap();
    drop(client);
    assert!(stop(running, Duration::from_secs(10)).await);
}
