//! A caller that does not read: what is made for it waits, and not for ever.

use super::bench::{Bench, Plain, within};
use crate::support::{Kind, Refusal, TestDatabase, bulk, dates, on_every_database, query_of, sample};
use crm_kpi::config::Settings;
use crm_kpi::proto::{self, KpiQuery, kpi_service_client::KpiServiceClient};
use http::Uri;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use std::time::Duration;
use tonic::{Code, Request, Status, Streaming};

on_every_database!(
    a_deadline_ends_a_stream_that_waits_for_its_reader,
    a_reader_that_stops_loses_its_place,
    a_reader_that_never_begins_loses_its_place
);

const PATIENCE: Duration = Duration::from_secs(15);

/// Several pages of rows, more than there is room for on their way.
async fn start(kind: Kind, change: impl FnOnce(&mut Settings)) -> Bench {
    let database = TestDatabase::migrated(kind).await;
    bulk::reps_with_a_win_a_month(&database, 800).await;
    sample::lengthen_team_names(&database.connection).await;
    Bench::start(database, change).await
}

type Stream = Streaming<proto::StreamRepBreakdownResponse>;

async fn begin(mut client: Plain, timeout: Option<Duration>) -> Stream {
    let period = dates("2024-01-01", "2024-12-31");
    let query = KpiQuery {
        period,
        group_by: vec!["team".into()],
        grain: proto::Grain::Month.into(),
        ..query_of(&["win_rate"])
    };
    let message = proto::StreamRepBreakdownRequest { query: Some(query), batch_rows: 100, ..Default::default() };
    let mut request = Request::new(message);
    if let Some(timeout) = timeout {
        request.set_timeout(timeout);
    }
    client.stream_rep_breakdown(request).await.unwrap().into_inner()
}

/// Reads a header and a batch, and waits until the stream stands still: its snapshot is open, and nothing is read.
async fn begin_and_pause(bench: &Bench, client: Plain, timeout: Option<Duration>) -> Stream {
    let mut stream = begin(client, timeout).await;
    for _ in 0..2 {
        assert!(stream.message().await.unwrap().is_some());
    }
    if bench.database.kind == Kind::Postgres {
        let waits = async || bench.backends().await.iter().any(|found| found.starts_with("idle in transaction"));
        within(PATIENCE, "a transaction waits", waits).await;
    }
    let used = "crm_kpi_pool_connections{state=\"used\"}";
    within(PATIENCE, "others are given back", async || bench.count(used).await == 1).await;
    stream
}

/// How a stream ends that is no longer than what was on its way.
async fn rest(mut stream: Stream) -> Status {
    loop {
        match stream.message().await {
            Ok(Some(message)) => {
                let summary = matches!(message.frame, Some(proto::stream_rep_breakdown_response::Frame::Summary(_)));
                assert!(!summary, "the stream was longer than its buffers");
            }
            Ok(None) => panic!("a stream that was cut off ended well"),
            Err(status) => return status,
        }
    }
}

async fn a_deadline_ends_a_stream_that_waits_for_its_reader(kind: Kind) {
    let bench = start(kind, |_| {}).await;
    let stream = begin_and_pause(&bench, bench.plain(), Some(Duration::from_secs(3))).await;
    within(PATIENCE, "it ends", async || bench.count("crm_kpi_queries_active").await == 0).await;
    bench.nothing_is_left().await;
    Refusal::of(&rest(stream).await).must_be(Code::DeadlineExceeded, "DEADLINE_EXCEEDED", &[]);
    // The same for a caller who goes away.
    let stream = begin_and_pause(&bench, bench.plain(), None).await;
    assert_eq!(bench.count("crm_kpi_queries_active").await, 1);
    drop(stream);
    bench.nothing_is_left().await;
}

async fn a_reader_that_stops_loses_its_place(kind: Kind) {
    let bench = start(kind, |settings| {
        settings.limits.stall = Duration::from_millis(500);
        settings.limits.queries = 1;
        settings.limits.queue = PATIENCE;
        settings.pool.connections = 1;
    })
    .await;
    let stream = begin_and_pause(&bench, bench.plain(), None).await;
    let request = proto::QueryKpisRequest { query: Some(query_of(&["order_count"])), ..Default::default() };
    bench.client().query_kpis(request).await.expect("it has the place now");
    bench.nothing_is_left().await;
    let refusal = Refusal::of(&rest(stream).await);
    refusal.must_be(Code::ResourceExhausted, "SLOW_READER", &[]);
    assert!(refusal.retryable);
    assert_eq!(bench.count("crm_kpi_refused_total{limit=\"stall\"}").await, 1);
}

/// Without a window not even the first message leaves.
async fn a_reader_that_never_begins_loses_its_place(kind: Kind) {
    let bench = start(kind, |settings| settings.limits.stall = Duration::from_millis(500)).await;
    let client =
        Client::builder(TokioExecutor::new()).http2_only(true).http2_initial_stream_window_size(0).build_http();
    let origin: Uri = format!("http://{}/", bench.running.address).parse().unwrap();
    let stream = begin(KpiServiceClient::with_origin(client, origin), None).await;
    within(PATIENCE, "it ends", async || bench.count("crm_kpi_queries_active").await == 0).await;
    assert_eq!(bench.count("crm_kpi_refused_total{limit=\"stall\"}").await, 1);
    bench.nothing_is_left().await;
    drop(stream);
}
