//! Compressed requests and answers, over the wire: the service against encoders and decoders of the tests' own.

use super::raw_answer;
use crate::abuse::held;
use crate::abuse::raw::{connect, framed, framed_bytes, head, path};
use crate::support::{Kind, TestDatabase, bulk, connect as client, dates, on_every_database, query_of, settings, stop};
use bytes::Bytes;
use crm_kpi::clock::FixedClock;
use crm_kpi::config::Settings;
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::{
    KpiQuery, QueryKpisRequest, QueryKpisResponse, StreamRepBreakdownRequest, StreamRepBreakdownResponse,
};
use crm_kpi::server::{self, Running};
use http::Request;
use prost::Message;
use std::io::{Read, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

on_every_database!(answers_are_compressed_for_who_accepts_it, compressed_requests_are_read);

struct Bench {
    running: Running,
    _database: TestDatabase,
}

async fn bench(kind: Kind, change: impl FnOnce(&mut Settings)) -> Bench {
    let database = TestDatabase::migrated(kind).await;
    bulk::reps_with_a_win_a_month(&database, 500).await;
    let mut settings = Settings { metrics: Some(([127, 0, 0, 1], 0).into()), ..settings(&database.url) };
    change(&mut settings);
    let clock = Arc::new(FixedClock("2024-12-31T12:00:00Z".parse().unwrap()));
    let running = server::start(&settings, clock).await.unwrap();
    running.ready().await;
    Bench { running, _database: database }
}

fn query() -> KpiQuery {
    let grain = crm_kpi::proto::Grain::Month.into();
    KpiQuery { period: dates("2024-01-01", "2024-12-31"), grain, ..query_of(&["won_value", "win_rate"]) }
}

fn by_rep() -> QueryKpisRequest {
    let query = KpiQuery { group_by: vec!["rep".into()], ..query() };
    QueryKpisRequest { query: Some(query), page_size: 10_000, ..Default::default() }
}

fn small() -> QueryKpisRequest {
    QueryKpisRequest { query: Some(KpiQuery { grain: 0, ..query() }), ..Default::default() }
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).expect("gzip");
    plain
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The messages of an answer, inflated, and which were compressed.
fn messages(body: &[u8], encoding: Option<&str>) -> Vec<(bool, Vec<u8>)> {
    let mut messages = Vec::new();
    let mut rest = body;
    while let [flag, a, b, c, d, behind @ ..] = rest {
        let (message, after) = behind.split_at(u32::from_be_bytes([*a, *b, *c, *d]) as usize);
        let plain = match (*flag, encoding) {
            (0, _) => message.to_vec(),
            (1, Some("gzip")) => gunzip(message),
            (1, Some("zstd")) => zstd::stream::decode_all(message).expect("zstd"),
            other => panic!("{other:?}"),
        };
        messages.push((*flag == 1, plain));
        rest = after;
    }
    assert!(rest.is_empty());
    messages
}

fn without_as_of(message: &[u8]) -> QueryKpisResponse {
    let mut answer = QueryKpisResponse::decode(message).unwrap();
    answer.header.as_mut().expect("a header").as_of = None;
    answer
}

async fn answers_are_compressed_for_who_accepts_it(kind: Kind) {
    let bench = bench(kind, |_| {}).await;
    let (sender, _driving) = connect(bench.running.address).await;
    let ask = async |method: &str, accepted: Option<&str>, message: Bytes| {
        let mut request: Request<()> = head(bench.running.address, &path(method));
        if let Some(accepted) = accepted {
            request.headers_mut().insert("grpc-accept-encoding", accepted.parse().unwrap());
        }
        let began = Instant::now();
        let (headers, body) = raw_answer(&sender, request, message).await;
        let encoding = headers.get("grpc-encoding").map(|encoding| encoding.to_str().unwrap().to_owned());
        let took = began.elapsed();
        println!("{method} {accepted:?}: {} bytes, {encoding:?}, {took:?}", body.len());
        (encoding, body)
    };
    let (encoding, plain) = ask("QueryKpis", None, framed(&by_rep())).await;
    assert_eq!((encoding, plain[0]), (None, 0));
    let expected = without_as_of(&messages(&plain, None)[0].1);
    assert!(expected.rows.len() >= 6000, "{}", expected.rows.len());
    for (accepted, encoding) in
        [("gzip", "gzip"), ("zstd", "zstd"), ("identity,deflate,gzip", "gzip"), ("identity, gzip, zstd", "zstd")]
    {
        let (named, body) = ask("QueryKpis", Some(accepted), framed(&by_rep())).await;
        assert_eq!(named.as_deref(), Some(encoding), "{accepted}");
        assert!(body.len() * 4 < plain.len(), "{accepted}: {} of {}", body.len(), plain.len());
        let all = messages(&body, Some(encoding));
        assert!(all.len() == 1 && all[0].0, "one message, compressed");
        assert_eq!(without_as_of(&all[0].1), expected, "{accepted}");
        // Small messages are as they were.
        let (_, body) = ask("QueryKpis", Some(accepted), framed(&small())).await;
        assert!(!messages(&body, Some(encoding))[0].0, "{accepted}");
    }
    for nothing in ["identity", "br", "", "GZIP"] {
        assert_eq!(ask("QueryKpis", Some(nothing), framed(&by_rep())).await.0, None, "{nothing:?}");
    }

    // A stream: header and summary are small, the batches are not.
    let request = StreamRepBreakdownRequest { query: Some(query()), ..Default::default() };
    let (_, plain) = ask("StreamRepBreakdown", None, framed(&request)).await;
    let (named, body) = ask("StreamRepBreakdown", Some("gzip"), framed(&request)).await;
    assert_eq!(named.as_deref(), Some("gzip"));
    assert!(body.len() * 4 < plain.len(), "{} of {}", body.len(), plain.len());
    let (plain, packed) = (messages(&plain, None), messages(&body, Some("gzip")));
    assert_eq!(packed.len(), plain.len());
    assert!(!packed[0].0 && packed[1].0 && !packed.last().unwrap().0);
    let rows = |message: &Vec<u8>| StreamRepBreakdownResponse::decode(message.as_slice()).unwrap().frame;
    for ((_, one), (_, other)) in plain.iter().zip(&packed).skip(1) {
        assert_eq!(rows(one), rows(other));
    }
    drop(sender);
    assert!(stop(bench.running, Duration::from_secs(10)).await);
}

async fn compressed_requests_are_read(kind: Kind) {
    let bench = bench(kind, |settings| {
        settings.limits.request_bytes = 100_000;
        settings.compression.answers = false;
    })
    .await;
    let (sender, _driving) = connect(bench.running.address).await;
    let ask = async |encoding: &str, message: &[u8]| {
        let mut request = head(bench.running.address, &path("QueryKpis"));
        request.headers_mut().insert("grpc-encoding", encoding.parse().unwrap());
        request.headers_mut().insert("grpc-accept-encoding", "gzip,zstd".parse().unwrap());
        let mut frame = framed_bytes(message).to_vec();
        frame[0] = 1;
        raw_answer(&sender, request, frame.into()).await
    };
    let expected = KpiServiceClient::new(client(&bench.running).await).query_kpis(small()).await.unwrap().into_inner();
    let message = small().encode_to_vec();
    for (encoding, packed) in [("gzip", gzip(&message)), ("zstd", zstd::stream::encode_all(&message[..], 3).unwrap())] {
        let (headers, body) = ask(encoding, &packed).await;
        assert!(!headers.contains_key("grpc-encoding"), "answers are not compressed here");
        assert_eq!(headers["grpc-accept-encoding"], "identity,gzip,zstd");
        let answer = QueryKpisResponse::decode(&messages(&body, None)[0].1[..]).unwrap();
        assert_eq!(answer.rows, expected.rows, "{encoding}");
    }
    // 100 MB that travel in 100 kB or less: never there as a whole.
    let bomb = vec![0; 100_000_000];
    let bombs = [("gzip", gzip(&bomb)), ("zstd", zstd::stream::encode_all(&bomb[..], 3).unwrap())];
    drop(bomb);
    for (encoding, packed) in bombs {
        assert!(packed.len() < 100_000, "{encoding}: {}", packed.len());
        let before = held::refused(bench.running.metrics.unwrap(), "request_bytes").await;
        let (headers, _) = ask(encoding, &packed).await;
        assert_eq!(headers["grpc-status"], "8", "{encoding}: {headers:?}");
        let status = tonic::Status::from_header_map(&headers).unwrap();
        assert_eq!(crate::support::Refusal::of(&status).reason, "REQUEST_TOO_LARGE");
        let after = held::refused(bench.running.metrics.unwrap(), "request_bytes").await;
        assert_eq!(after, before + 1.0, "{encoding}");
        let (headers, _) = ask(encoding, b"nothing of the kind").await;
        let status = tonic::Status::from_header_map(&headers).unwrap();
        let refusal = crate::support::Refusal::of(&status);
        refusal.must_be(tonic::Code::InvalidArgument, "INVALID_REQUEST", &[("grpc-encoding", "does not match")]);
    }
    let (headers, _) = ask("deflate", b"").await;
    assert_eq!(headers["grpc-status"], "12");
    assert_eq!(headers["grpc-accept-encoding"], "identity,gzip,zstd");
    drop(sender);
    assert!(stop(bench.running, Duration::from_secs(10)).await);
}
