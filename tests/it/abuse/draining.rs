//! The program is told to end: whatever is under way ends whole or with a status.

use super::program::{Program, message};
use super::{PATIENCE, question, until};
use crate::support::http::page;
use crate::support::{Kind, Refusal, TestDatabase, bulk, dates, query_of, sample};
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::stream_rep_breakdown_response::Frame;
use crm_kpi::proto::{GetDataVersionRequest, KpiQuery, StreamRepBreakdownRequest, StreamRepBreakdownResponse};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

const STREAMS: usize = 50;
const REPS: usize = 600;

type Messages = Streaming<StreamRepBreakdownResponse>;

async fn channel(program: &Program) -> Channel {
    let endpoint = Channel::from_shared(format!("http://{}", program.address)).unwrap();
    endpoint.initial_stream_window_size(65_535).connect().await.unwrap()
}

/// The program on a database whose streams are longer than what waits on their way.
async fn program(settings: &[&str]) -> (TestDatabase, Program) {
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    bulk::reps_with_a_win_a_month(&database, REPS.try_into().unwrap()).await;
    sample::lengthen_team_names(&database.connection).await;
    let settings = [&["limits.queries=100", "pool.connections=60", "pool.acquire=30s"], settings].concat();
    let program = Program::start(&database.url, "info", &settings).await;
    (database, program)
}

/// A stream whose header was read.
async fn open(channel: Channel) -> Messages {
    let group_by = vec!["rep".into(), "team".into()];
    let query = KpiQuery { period: dates("2024-01-01", "2024-12-31"), group_by, ..query_of(&["won_value"]) };
    let request = StreamRepBreakdownRequest { query: Some(query), batch_rows: 20, ..Default::default() };
    let mut stream = KpiServiceClient::new(channel).stream_rep_breakdown(request).await.unwrap().into_inner();
    let first = stream.message().await.unwrap().expect("a header");
    assert!(matches!(first.frame, Some(Frame::Header(_))));
    stream
}

/// Streams, five on a connection.
async fn open_all(program: &Program, count: usize) -> Vec<Messages> {
    let mut streams = Vec::new();
    for _ in 0..count / 5 {
        let channel = channel(program).await;
        let five = (0..5).map(|_| open(channel.clone()));
        streams.extend(futures::future::join_all(five).await);
    }
    streams
}

/// Reads a stream to its end: its rows where it is whole, or its status.
async fn read(mut stream: Messages) -> Result<usize, Status> {
    let (mut rows, mut summary) = (0, None);
    while let Some(message) = timeout(PATIENCE, stream.message()).await.expect("the stream goes on or ends")? {
        assert!(summary.is_none(), "nothing behind the summary");
        match message.frame.expect("a frame") {
            Frame::Header(_) => panic!("a second header"),
            Frame::Batch(batch) => rows += batch.rows.len(),
            Frame::Summary(last) => summary = Some(last),
        }
    }
    let summary = summary.expect("a stream that ends with OK has its summary");
    assert_eq!(summary.row_count, i64::try_from(rows).unwrap());
    Ok(rows)
}

async fn is_refused(program: &Program) -> bool {
    TcpStream::connect(program.address).await.is_err()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_streams_none_is_lost_silently() {
    // Each stream that is ended has a line of its own in the log.
    let settings = ["drain.delay=1500ms", "drain.streams=4s", "drain.calls=10s", "log_repeats=0"];
    let (_database, program) = program(&settings).await;
    let friend = channel(&program).await;
    let mut health = HealthClient::new(friend.clone());
    let mut watch = health.watch(HealthCheckRequest::default()).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::Serving);
    let mut slow = open_all(&program, STREAMS).await;
    let quick = slow.split_off(STREAMS / 2);

    program.terminate();
    let next = timeout(Duration::from_secs(1), watch.message()).await.expect("at once").unwrap().unwrap();
    assert_eq!(next.status(), ServingStatus::NotServing);
    // Balancers have not heard yet: everything is served, on new connections too.
    let mut client = KpiServiceClient::new(channel(&program).await);
    client.query_kpis(question()).await.expect("an answer while health says NOT_SERVING");
    assert_eq!(page(program.metrics, "/readyz", None).await.status, 503);
    until("new connections are refused", async || is_refused(&program).await).await;
    let refused = client.get_data_version(GetDataVersionRequest {}).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unavailable, "{refused:?}");

    let whole = futures::future::join_all(quick.into_iter().map(read)).await;
    for rows in whole {
        assert_eq!(rows.expect("who reads in time reads all"), REPS);
    }
    // The others begin to read when their time is over.
    until("the watch has ended", async || matches!(watch.message().await, Ok(None) | Err(_))).await;
    let stopped = |program: &Program| program.log().iter().filter(|entry| ended(entry)).count();
    until("streams are ended", async || stopped(&program) == STREAMS / 2).await;
    for status in futures::future::join_all(slow.into_iter().map(read)).await {
        let status = status.expect_err("there was more than what waits on its way");
        let refusal = Refusal::of(&status);
        refusal.must_be(Code::Unavailable, "SHUTTING_DOWN", &[]);
        assert!(refusal.retryable);
    }
    drop((friend, health, watch, client));
    let (status, log) = program.ended().await;
    assert!(status.success());
    assert!(log.iter().any(|entry| message(entry) == "stopping"), "{log:?}");
    assert!(!log.iter().any(|entry| entry.is_string() || message(entry).contains("cut off")), "{log:?}");
}

/// A stream was told that the service stops.
fn ended(entry: &serde_json::Value) -> bool {
    message(entry) == "ended" && entry["fields"]["reason"] == "SHUTTING_DOWN"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_signal_cuts_off_what_is_left() {
    let (_database, program) = program(&["drain.streams=60s", "drain.calls=60s"]).await;
    let streams = open_all(&program, 10).await;
    program.terminate();
    until("new connections are refused", async || is_refused(&program).await).await;
    program.terminate();
    let (status, log) = program.ended().await;
    assert!(status.success(), "{status}");
    assert!(log.iter().any(|entry| message(entry).contains("cut off")), "{log:?}");
    for outcome in futures::future::join_all(streams.into_iter().map(read)).await {
        outcome.expect_err("a stream that was cut off does not look whole");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_under_way_end_with_their_answers() {
    let (_database, program) = program(&["drain.streams=10s"]).await;
    let channel = channel(&program).await;
    let expected = KpiServiceClient::new(channel.clone()).query_kpis(question()).await.unwrap().into_inner();
    let calls = (0..40).map(|_| {
        let mut client = KpiServiceClient::new(channel.clone());
        tokio::spawn(async move { client.query_kpis(question()).await })
    });
    let calls: Vec<_> = calls.collect();
    let begun = "grpc_server_started_total{grpc_type=\"unary\",grpc_service=\"crm.kpi.v1.KpiService\",grpc_method=\"QueryKpis\"}";
    until("they are begun", async || super::held::scrape(program.metrics).await[begun] == 41.0).await;
    program.terminate();
    for call in calls {
        let answer = call.await.unwrap().expect("an answer").into_inner();
        assert_eq!((answer.rows, answer.totals), (expected.rows.clone(), expected.totals.clone()));
    }
    drop(channel);
    assert!(program.ended().await.0.success());
}
