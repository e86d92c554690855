//! Stopping: streams end with a status, calls in flight may finish, and nothing takes for ever.

use crate::support::{Kind, Refusal, TestDatabase, TestServer, bulk, dates, on_every_database, query_of, sample, stop};
use crm_kpi::proto::{self, KpiQuery, StreamRepBreakdownRequest};
use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};
use std::time::{Duration, Instant};
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

on_every_database!(streams_end_when_the_server_stops);

/// A server and a stream of more than any buffer on its way holds, of which a first batch was read.
async fn streaming(kind: Kind) -> (TestServer, tonic::Streaming<proto::StreamRepBreakdownResponse>) {
    let database = TestDatabase::migrated(kind).await;
    bulk::reps_with_a_win_a_month(&database, 500).await;
    sample::lengthen_team_names(&database.connection).await;
    let server = TestServer::start_at(database, "2024-12-31T12:00:00Z").await;
    let kpis = server.client().list_kpis(proto::ListKpisRequest::default()).await.unwrap().into_inner().kpis;
    let ids: Vec<_> = kpis.iter().map(|kpi| kpi.id.as_str()).collect();
    let period = dates("2024-01-01", "2024-12-31");
    let query = KpiQuery { period, group_by: vec!["team".into()], grain: proto::Grain::Month.into(), ..query_of(&ids) };
    let request = StreamRepBreakdownRequest { query: Some(query), batch_rows: 100, ..Default::default() };
    let mut stream = server.client().stream_rep_breakdown(request).await.unwrap().into_inner();
    for _ in 0..2 {
        assert!(stream.message().await.unwrap().is_some());
    }
    (server, stream)
}

async fn streams_end_when_the_server_stops(kind: Kind) {
    let (server, mut stream) = streaming(kind).await;
    let mut health = HealthClient::new(server.channel.clone());
    let mut watch = health.watch(HealthCheckRequest::default()).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::Serving);
    let mut client = server.client();
    let running = server.running;
    let stopped = tokio::spawn(async move { stop(running, Duration::from_secs(60)).await });
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    assert!(watch.message().await.unwrap().is_none(), "the watch ends");
    let status = loop {
        match stream.message().await {
            Ok(Some(message)) => {
                let is_summary = matches!(message.frame, Some(proto::stream_rep_breakdown_response::Frame::Summary(_)));
                assert!(!is_summary, "the stream was longer than its buffers");
            }
            Ok(None) => panic!("the stream ended without a status"),
            Err(status) => break status,
        }
    };
    let refusal = Refusal::of(&status);
    refusal.must_be(Code::Unavailable, "SHUTTING_DOWN", &[]);
    assert!(refusal.retryable);
    assert!(stopped.await.unwrap(), "everything ended by itself");
    let after = client.get_data_version(proto::GetDataVersionRequest {}).await.unwrap_err();
    assert_eq!(after.code(), Code::Unavailable);
}

/// A call that waits for a lock: readers of SQLite never do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_does_not_end_is_cut_off() {
    let server = TestServer::start(TestDatabase::migrated(Kind::Postgres).await).await;
    let db = &server.database.connection;
    assert_eq!(server.query(query_of(&["win_rate"])).await.totals.len(), 1);
    let lock = db.begin().await.unwrap();
    lock.execute_unprepared("LOCK TABLE opportunities IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let mut client = server.client();
    // Not what was asked before: that is kept.
    let request = proto::QueryKpisRequest { query: Some(query_of(&["won_value"])), ..Default::default() };
    let call = tokio::spawn(async move { client.query_kpis(request).await });
    let waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database \
                 WHERE datname = current_database())";
    let waits = Statement::from_string(DbBackend::Postgres, waits);
    while db.query_one_raw(waits.clone()).await.unwrap().is_none() {}

    let began = Instant::now();
    assert!(!stop(server.running, Duration::from_millis(300)).await);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    lock.rollback().await.unwrap();
    let _ = call.await.unwrap();
}

/// A caller who keeps its connection, says nothing and hears nothing: nothing of its is cut off.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_without_calls_is_not_taken_for_one() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let server = TestServer::start(TestDatabase::empty(Kind::Sqlite).await).await;
    let mut silent = tokio::net::TcpStream::connect(server.running.address).await.unwrap();
    silent.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
    // The settings of the server: it serves.
    silent.read_u8().await.unwrap();
    assert!(stop(server.running, Duration::from_millis(100)).await);
}
