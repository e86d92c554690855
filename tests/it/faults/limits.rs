//! What is too much is refused, with a reason, and there is room again.

use super::bench::{Bench, Call, SLOW_DEALS, deals, within};
use crate::support::{Kind, Refusal, TestDatabase, any_of, connect, on_every_database, sample};
use crm_kpi::config::Settings;
use crm_kpi::proto::{self, KpiQuery, kpi_service_client::KpiServiceClient};
use futures::future::join_all;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use sea_orm::ConnectionTrait;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tonic::{Code, Status};

on_every_database!(one_connection_too_many, an_answer_or_a_question_that_is_too_large);

const PATIENCE: Duration = Duration::from_secs(10);

async fn start(kind: Kind, change: impl FnOnce(&mut Settings)) -> Bench {
    let database = TestDatabase::migrated(kind).await;
    sample::fill(&database.connection).await;
    Bench::start(database, change).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_question_too_many() {
    let database = TestDatabase::migrated(Kind::Postgres).await;
    sample::fill(&database.connection).await;
    database.connection.execute_unprepared(SLOW_DEALS).await.unwrap();
    let queue = Duration::from_millis(1500);
    let bench = Bench::start(database, |settings| {
        settings.limits.queries = 1;
        settings.limits.waiting = 1;
        settings.limits.queue = queue;
    })
    .await;
    // A stream holds its place as well as a question.
    let holder = tokio::spawn(Call::Stream.make(bench.plain(), None));
    within(PATIENCE, "the place is taken", async || bench.count("crm_kpi_queries_active").await == 1).await;
    let began = Instant::now();
    let waiting = tokio::spawn(Call::Query.make(bench.plain(), None));
    within(PATIENCE, "one waits", async || bench.count("crm_kpi_queries_waiting").await == 1).await;
    for call in [Call::Query, Call::Batch, Call::Stream, Call::Values] {
        let refusal = Refusal::of(&call.make(bench.plain(), None).await.unwrap_err());
        refusal.must_be(Code::ResourceExhausted, "TOO_MANY_QUERIES", &[]);
        assert!(refusal.retryable);
    }
    assert_eq!(bench.count("crm_kpi_queries_waiting").await, 1, "they were refused at once");
    let refusal = Refusal::of(&waiting.await.unwrap().unwrap_err());
    assert!(began.elapsed() >= queue);
    refusal.must_be(Code::ResourceExhausted, "TOO_MANY_QUERIES", &[]);
    assert_eq!(bench.count("crm_kpi_refused_total{limit=\"queries\"}").await, 5);
    holder.abort();
    bench.nothing_is_left().await;
}

async fn one_connection_too_many(kind: Kind) {
    let bench = start(kind, |settings| settings.limits.connections = 2).await;
    Call::Query.make(bench.plain(), None).await.unwrap();
    // What was dropped closes in its time.
    let open = async |count| bench.count("crm_kpi_connections").await == count;
    within(PATIENCE, "one is open", async || open(1).await).await;
    let second = bench.plain();
    Call::Query.make(second.clone(), None).await.unwrap();
    let third = connect(&bench.running).await;
    for _ in 0..2 {
        let refused = KpiServiceClient::new(third.clone()).list_kpis(proto::ListKpisRequest::default()).await;
        let refusal = Refusal::of(&refused.unwrap_err());
        refusal.must_be(Code::Unavailable, "TOO_MANY_CONNECTIONS", &[]);
        assert!(refusal.retryable);
    }
    Call::Query.make(second.clone(), None).await.expect("those that are open are served");
    drop(second);
    within(PATIENCE, "one is open", async || open(1).await).await;
    Call::Query.make(bench.plain(), None).await.expect("there is room again");
}

async fn an_answer_or_a_question_that_is_too_large(kind: Kind) {
    let bench = start(kind, |settings| {
        settings.limits.request_bytes = 1_000;
        settings.limits.figures = 10;
        settings.limits.buckets = 5;
        settings.limits.filter_values = 2;
    })
    .await;
    let ask = async |query: KpiQuery| -> Refusal {
        let request = proto::QueryKpisRequest { query: Some(query.clone()), ..Default::default() };
        let unary = Refusal::of(&bench.client().query_kpis(request).await.unwrap_err());
        let request = proto::StreamRepBreakdownRequest { query: Some(query), ..Default::default() };
        let streamed: Status = match bench.client().stream_rep_breakdown(request).await {
            Err(status) => status,
            Ok(stream) => {
                let mut stream = stream.into_inner();
                loop {
                    if let Err(status) = stream.message().await.map(|message| message.expect("no end that is well")) {
                        break status;
                    }
                }
            }
        };
        assert_eq!((unary.code, &unary.reason), (streamed.code(), &Refusal::of(&streamed).reason));
        unary
    };
    let query = || KpiQuery { group_by: vec!["team".into()], ..deals() };
    let large = KpiQuery { filters: vec![any_of("rep", &[&"x".repeat(2_000)])], ..query() };
    ask(large).await.must_be(Code::ResourceExhausted, "REQUEST_TOO_LARGE", &[]);
    let by_rep = KpiQuery { group_by: vec!["team".into(), "rep".into(), "segment".into()], ..deals() };
    let request = proto::QueryKpisRequest { query: Some(by_rep), ..Default::default() };
    let refusal = Refusal::of(&bench.client().query_kpis(request).await.unwrap_err());
    refusal.must_be(Code::ResourceExhausted, "ANSWER_TOO_LARGE", &[]);
    let refusal = ask(KpiQuery { grain: proto::Grain::Month.into(), ..query() }).await;
    assert_eq!(refusal.code, Code::InvalidArgument);
    assert_eq!(refusal.violations[0].0, "query.grain", "{refusal:?}");
    let refusal = ask(KpiQuery { filters: vec![any_of("rep", &["a", "b", "c"])], ..query() }).await;
    assert_eq!(refusal.code, Code::InvalidArgument);
    assert!(refusal.violations[0].0.starts_with("query.filters"), "{refusal:?}");
    bench.nothing_is_left().await;
}

/// Five bytes say that four gigabytes follow: nobody makes room for them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_says_it_will_be_large() {
    let bench = start(Kind::Sqlite, |_| {}).await;
    let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http();
    let request = http::Request::post(format!("http://{}/crm.kpi.v1.KpiService/QueryKpis", bench.running.address))
        .header("content-type", "application/grpc")
        .body(Full::<bytes::Bytes>::from(vec![0, 0xff, 0xff, 0xff, 0xff]))
        .unwrap();
    let answer = client.request(request).await.unwrap();
    let status = Status::from_header_map(answer.headers()).expect("a status");
    Refusal::of(&status).must_be(Code::ResourceExhausted, "REQUEST_TOO_LARGE", &[]);
}

/// Callers that connect and say nothing, or not enough, are closed in time; others are served meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_do_not_begin() {
    let bench = start(Kind::Sqlite, |settings| settings.limits.handshake = Duration::from_millis(500)).await;
    let beginnings: [&[u8]; 4] = [b"", b"P", b"PRI * HTTP/2.0\r\n\r\nSM", b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"];
    let mut silent = Vec::new();
    for beginning in beginnings.iter().cycle().take(200) {
        let mut stream = TcpStream::connect(bench.running.address).await.unwrap();
        stream.write_all(beginning).await.unwrap();
        silent.push(stream);
    }
    assert_eq!(bench.count("crm_kpi_connections").await, 1);
    Call::Query.make(bench.plain(), None).await.unwrap();
    let closed = join_all(silent.iter_mut().map(async |stream| {
        let mut read = Vec::new();
        // Reset is closed as well.
        let _ = timeout(PATIENCE, stream.read_to_end(&mut read)).await.expect("closed in time");
        read
    }));
    for (told, beginning) in closed.await.iter().zip(beginnings.iter().cycle()) {
        match beginning.starts_with(b"GET") {
            true => assert!(told.starts_with(b"HTTP/1.1 505 "), "{}", told.escape_ascii()),
            false => assert!(told.is_empty(), "{}", told.escape_ascii()),
        }
    }
}
