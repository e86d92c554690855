//! Questions that need much memory at the same time.

use super::held;
use super::program::Program;
use crate::support::{Kind, Refusal, TestDatabase, bulk, dates, query_of};
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::stream_rep_breakdown_response::Frame;
use crm_kpi::proto::{self, Filter, Grain, KpiQuery, QueryKpisRequest, StreamRepBreakdownRequest};
use futures::future::join_all;
use http::Uri;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use std::net::SocketAddr;
use std::time::Instant;
use tonic::{Code, Status};

const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/kubernetes");

/// The days of the large questions: deals are won in the first month only.
const FIRST: &str = "2024-12-01";
const LAST: &str = "2025-11-30";
const DAYS: u32 = 365;

type Plain = KpiServiceClient<Client<HttpConnector, tonic::body::Body>>;

/// A client that calls from an address of its own.
fn client(address: SocketAddr, from: u8) -> Plain {
    let mut connector = HttpConnector::new();
    connector.set_local_address(Some([127, 0, 0, from].into()));
    let client = Client::builder(TokioExecutor::new()).http2_only(true).build(connector);
    let origin = Uri::builder().scheme("http").authority(address.to_string()).path_and_query("/").build().unwrap();
    KpiServiceClient::with_origin(client, origin)
}

/// A question that nobody else asks, with a figure for every rep and day.
fn large(number: usize) -> KpiQuery {
    let filter = Filter { dimension: "rep".into(), none_of: vec![format!("nobody {number}")], ..Default::default() };
    KpiQuery {
        period: dates(FIRST, LAST),
        grain: Grain::Day.into(),
        group_by: vec!["rep".into()],
        filters: vec![filter],
        ..query_of(&["won_value"])
    }
}

async fn ask(mut client: Plain, query: KpiQuery) -> Result<proto::QueryKpisResponse, Status> {
    let request = QueryKpisRequest { query: Some(query), ..Default::default() };
    client.query_kpis(request).await.map(tonic::Response::into_inner)
}

/// The rows of a stream that is whole, by order of a KPI: all of its groups are kept until the last one is read.
async fn stream(mut client: Plain, query: KpiQuery) -> Result<usize, Status> {
    let order = proto::OrderBy { key: Some(proto::order_by::Key::KpiId("won_value".into())), ..Default::default() };
    let query = KpiQuery { group_by: Vec::new(), order_by: vec![order], ..query };
    let request = StreamRepBreakdownRequest { query: Some(query), batch_rows: 10_000, ..Default::default() };
    let mut stream = client.stream_rep_breakdown(request).await?.into_inner();
    let mut rows = 0;
    while let Some(message) = stream.message().await? {
        match message.frame {
            Some(Frame::Batch(batch)) => rows += batch.rows.len(),
            Some(Frame::Summary(_)) => return Ok(rows),
            _ => {}
        }
    }
    panic!("a stream without an end");
}

/// The container's limit in the manifest, in bytes.
fn limit_of_container() -> u64 {
    let manifest = std::fs::read_to_string(format!("{MANIFEST}/deployment.yaml")).unwrap();
    let limits = manifest.split("limits:").nth(1).expect("limits");
    let memory = limits.split("memory:").nth(1).and_then(|text| text.split_whitespace().next()).expect("memory");
    let (number, unit) = memory.split_at(memory.find(|c: char| !c.is_ascii_digit()).expect("a unit"));
    let unit = match unit {
        "Gi" => 1 << 30,
        "Mi" => 1 << 20,
        other => panic!("{other:?}"),
    };
    number.parse::<u64>().unwrap() * unit
}

/// The manifest's settings of a section, as options, and as numbers where they are.
fn settings(section: &str) -> Vec<(String, toml::Value)> {
    let settings = std::fs::read_to_string(format!("{MANIFEST}/crm-kpi.toml")).unwrap();
    let settings: toml::Table = settings.parse().unwrap();
    let section_of = settings[section].as_table().unwrap();
    section_of.iter().map(|(key, value)| (format!("{section}.{key}"), value.clone())).collect()
}

fn is_too_much(status: &Status) -> bool {
    let refusal = Refusal::of(status);
    let reasons = ["MEMORY_LIMIT", "TOO_MANY_QUERIES", "CALLER_LIMIT"];
    refusal.code == Code::ResourceExhausted && refusal.retryable && reasons.contains(&refusal.reason.as_str())
}

/// As many questions as the manifest of Kubernetes lets in at once, each with as many figures as it allows: the process stays below the container's memory.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_manifests_limits_fit_into_its_container() {
    let container = limit_of_container();
    let settings: Vec<_> = [settings("limits"), settings("pool")].concat();
    let number = |key: &str| {
        let (_, value) = settings.iter().find(|(name, _)| name == key).expect(key);
        usize::try_from(value.as_integer().expect("a number")).unwrap()
    };
    let (queries, figures) = (number("limits.queries"), number("limits.figures"));
    // The start, the days, and the whole of each rep.
    let reps = u32::try_from(figures).unwrap() / (DAYS + 2);
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    bulk::reps_with_a_win_a_month(&database, reps).await;
    let mut options: Vec<String> = settings.iter().map(|(key, value)| format!("{key}={value}")).collect();
    // All of them are to be worked on, whatever the machine does beside.
    options.extend(["limits.queue=10m", "pool.acquire=10m", "calls.default_deadline=10m"].map(String::from));
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let program = Program::start(&database.url, "warn", &options).await;
    let before = program.peak_kib();

    let began = Instant::now();
    let calls = (0..queries).map(|number| {
        // Of several callers: no share is in the way.
        let client = client(program.address, 2 + (number % 4) as u8);
        tokio::spawn(async move {
            match number % 8 {
                7 => stream(client, large(number)).await.map(drop),
                _ => ask(client, large(number)).await.map(|answer| {
                    assert_eq!(answer.rows.len(), 10_000);
                    assert!(!answer.next_page_token.is_empty());
                }),
            }
        })
    });
    let outcomes = join_all(calls).await;
    let answered = outcomes.iter().filter(|outcome| outcome.as_ref().unwrap().is_ok()).count();
    let unexpected: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().unwrap().as_ref().err())
        .filter(|s| !is_too_much(s))
        .collect();
    assert!(unexpected.is_empty(), "{unexpected:?}");
    let peak = program.peak_kib();
    println!(
        "{answered} of {} with {figures} figures answered in {:?}; from {before} KiB to {peak} KiB of {} KiB",
        outcomes.len(),
        began.elapsed(),
        container >> 10
    );
    assert!(answered >= queries / 2, "{answered}");
    assert!(peak << 10 < container, "{peak} KiB");
}

/// Bytes of resident memory that a figure takes, from the first question of a server on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_figure_takes_few_bytes() {
    const REPS: u32 = 5_000;
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    bulk::reps_with_a_win_a_month(&database, REPS).await;
    let program = Program::start(&database.url, "warn", &[]).await;
    let client = client(program.address, 1);
    // Connections and statements are there before it counts.
    let small = KpiQuery { period: dates(FIRST, FIRST), ..large(0) };
    ask(client.clone(), small).await.unwrap();
    let before = program.resident_kib();
    let began = Instant::now();
    ask(client, large(1)).await.unwrap();
    let took = began.elapsed();
    let growth = program.peak_kib().saturating_sub(before) << 10;
    let figures = u64::from(REPS) * u64::from(DAYS);
    println!("{figures} figures: {:.1} bytes each, {took:?}", growth as f64 / figures as f64);
    assert!(growth < 60 * figures, "{growth} bytes for {figures} figures");
}

/// Where the memory is for one large question only, others wait for it, and are answered or refused; one that would never
/// fit is told so; and all of it is given back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_waits_or_is_refused() {
    const REPS: u32 = 2_000;
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    bulk::reps_with_a_win_a_month(&database, REPS).await;
    // 2,000 × 367 figures of eight bytes are 5.9 MB, and 8 of 8 MB fit.
    let options = ["limits.memory=8388608", "cache.bytes=0", "limits.queue=10m", "calls.default_deadline=10m"];
    let program = Program::start(&database.url, "error", &options).await;
    let held = async || held::count(program.metrics, "crm_kpi_memory_held_bytes").await;
    let client = client(program.address, 1);
    let expected = ask(client.clone(), large(0)).await.unwrap();
    assert_eq!(expected.rows.len(), 10_000);

    // Known to be large, they wait for their turn.
    let again = join_all((0..4).map(|_| ask(client.clone(), large(0)))).await;
    assert!(again.iter().all(|answer| answer.as_ref().unwrap().rows == expected.rows));
    // Not known yet, they find out.
    let mut answered = 0;
    for outcome in join_all((1..6).map(|number| ask(client.clone(), large(number)))).await {
        match outcome {
            Ok(answer) => {
                assert_eq!(answer.rows, expected.rows);
                answered += 1;
            }
            Err(status) => Refusal::of(&status).must_be(Code::ResourceExhausted, "MEMORY_LIMIT", &[]),
        }
    }
    assert!(answered >= 1);
    // Twice the days: 11.7 MB.
    let never = KpiQuery { period: dates("2023-12-01", LAST), ..large(9) };
    let refusal = Refusal::of(&ask(client.clone(), never.clone()).await.unwrap_err());
    refusal.must_be(Code::ResourceExhausted, "MEMORY_LIMIT", &[]);
    assert!(!refusal.retryable, "{refusal:?}");
    // In pages it fits.
    let by_rep = KpiQuery { group_by: Vec::new(), ..never };
    let request = StreamRepBreakdownRequest { query: Some(by_rep), ..Default::default() };
    let mut stream = client.clone().stream_rep_breakdown(request).await.unwrap().into_inner();
    let mut rows = 0;
    while let Some(message) = stream.message().await.unwrap() {
        if let Some(Frame::Batch(batch)) = message.frame {
            rows += batch.rows.len();
        }
    }
    assert_eq!(rows, REPS as usize * 731);
    super::until("all is given back", async || held().await == 0.0).await;
    assert!(held::count(program.metrics, "crm_kpi_refused_total{limit=\"memory\"}").await >= 1.0);
}
