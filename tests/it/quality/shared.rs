//! Checks at the same time: the same is read once, and questions have places of their own.

use super::NOW;
use super::data::run;
use crate::abuse::held::scrape;
use crate::abuse::raw;
use crate::support::{Kind, Refusal, TestDatabase, connect, on_every_database, query_of, settings, stop};
use crm_kpi::clock::FixedClock;
use crm_kpi::config::Settings;
use crm_kpi::proto::check_data_quality_response::Frame;
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::{CheckDataQualityRequest, GetDataVersionRequest, QueryKpisRequest};
use crm_kpi::server::{self, Running};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tonic::transport::Channel;
use tonic::{Code, Status};

on_every_database!(the_same_is_read_once, checks_leave_places_to_questions);

struct Bench {
    running: Running,
    client: KpiServiceClient<Channel>,
    _database: TestDatabase,
}

/// A server with so many accounts of the same name, whose ids have so many characters at least.
async fn bench(kind: Kind, accounts: usize, id: usize, change: impl FnOnce(&mut Settings)) -> Bench {
    let database = TestDatabase::migrated(kind).await;
    let long = match kind {
        Kind::Sqlite => format!("hex(zeroblob({id} / 2))"),
        // An index of PostgreSQL takes no key of that length.
        Kind::Postgres => {
            run(&database.connection, "ALTER TABLE accounts DROP CONSTRAINT accounts_pkey").await;
            format!("repeat('x', {id})")
        }
    };
    let fill = format!(
        "WITH RECURSIVE all_n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM all_n WHERE n < {accounts}) \
         INSERT INTO accounts (id, name) SELECT CAST(n AS TEXT) || {long}, 'Same' FROM all_n"
    );
    run(&database.connection, &fill).await;
    let mut settings = Settings { metrics: Some(([127, 0, 0, 1], 0).into()), ..settings(&database.url) };
    change(&mut settings);
    let running = server::start(&settings, Arc::new(FixedClock(NOW.parse().unwrap()))).await.unwrap();
    running.ready().await;
    let client = KpiServiceClient::new(connect(&running).await);
    Bench { running, client, _database: database }
}

fn request() -> CheckDataQualityRequest {
    CheckDataQualityRequest {
        rule_ids: vec!["duplicate_account".into()],
        max_records_per_rule: 100_000,
        ..Default::default()
    }
}

/// Findings listed, and their count.
async fn check(client: &KpiServiceClient<Channel>, request: CheckDataQualityRequest) -> Result<(usize, i64), Status> {
    let mut stream = client.clone().check_data_quality(request).await?.into_inner();
    let (mut listed, mut count) = (0, 0);
    while let Some(message) = stream.message().await? {
        match message.frame.expect("a frame") {
            Frame::Batch(batch) => listed += batch.findings.len(),
            Frame::RuleSummary(summary) => count += summary.count,
            Frame::Header(_) | Frame::Summary(_) => {}
        }
    }
    Ok((listed, count))
}

/// A caller who begins a check and reads nothing of its answer but the head.
struct Stalled {
    _sender: h2::client::SendRequest<bytes::Bytes>,
    _answer: http::Response<h2::RecvStream>,
    driving: JoinHandle<()>,
}

impl Stalled {
    async fn begin(running: &Running, request: &CheckDataQualityRequest) -> Self {
        let (sender, driving) = raw::connect(running.address).await;
        let mut sender = sender.ready().await.unwrap();
        let head = raw::head(running.address, &raw::path("CheckDataQuality"));
        let (answer, mut stream) = sender.send_request(head, false).unwrap();
        stream.send_data(raw::framed(request), true).unwrap();
        let answer = answer.await.unwrap();
        assert!(!answer.headers().contains_key("grpc-status"), "{answer:?}");
        Self { _sender: sender, _answer: answer, driving }
    }

    async fn goes_away(self) {
        self.driving.abort();
        let _ = self.driving.await;
    }
}

async fn the_same_is_read_once(kind: Kind) {
    // More than is on its way to a caller at once, and less than is kept.
    let bench = bench(kind, 3_000, 1_000, |_| {}).await;
    let metrics = bench.running.metrics.unwrap();
    // The version of the data is settled once it was asked for.
    assert_eq!(check(&bench.client, request()).await.unwrap(), (2_999, 2_999));
    let version = async || {
        let answer = bench.client.clone().get_data_version(GetDataVersionRequest {}).await;
        answer.unwrap().into_inner().data_version
    };
    while version().await != version().await {}
    let counted = async || {
        let samples = scrape(metrics).await;
        (samples["crm_kpi_rows_read_total"], samples["crm_kpi_checks_shared_total"])
    };
    let stalled = Stalled::begin(&bench.running, &request()).await;
    while scrape(metrics).await["crm_kpi_checks_active"] > 0.0 {}
    let (rows, shared) = counted().await;
    let checks = futures::future::join_all((0..10).map(|_| check(&bench.client, request()))).await;
    for checked in checks {
        assert_eq!(checked.unwrap(), (2_999, 2_999));
    }
    assert_eq!(counted().await, (rows, shared + 10.0), "they read along");

    // Another question, and the same after a change, are read anew.
    let fewer = CheckDataQualityRequest { max_records_per_rule: 7, ..request() };
    assert_eq!(check(&bench.client, fewer).await.unwrap(), (7, 2_999));
    assert_eq!(counted().await.1, shared + 10.0);
    run(&bench._database.connection, "INSERT INTO accounts (id, name) VALUES ('new', 'Same')").await;
    assert_eq!(check(&bench.client, request()).await.unwrap(), (3_000, 3_000));
    assert_eq!(counted().await.1, shared + 10.0);
    stalled.goes_away().await;
    assert!(stop(bench.running, Duration::from_secs(10)).await);
}

async fn checks_leave_places_to_questions(kind: Kind) {
    // More than is kept and on its way for a slow caller.
    let bench = bench(kind, 2_500, 20_000, |settings| {
        settings.limits.checks = 1;
        settings.limits.queue = Duration::from_millis(50);
        settings.limits.queries = 1;
    })
    .await;
    let metrics = bench.running.metrics.unwrap();
    let stalled = Stalled::begin(&bench.running, &request()).await;
    // It has a place, and keeps it.
    let other = |records| CheckDataQualityRequest { max_records_per_rule: records, ..request() };
    for records in 1..=10 {
        let refused = Refusal::of(&check(&bench.client, other(records)).await.unwrap_err());
        refused.must_be(Code::ResourceExhausted, "TOO_MANY_QUERIES", &[]);
        assert!(refused.retryable);
        let question = QueryKpisRequest { query: Some(query_of(&["won_value"])), ..Default::default() };
        bench.client.clone().query_kpis(question).await.expect("questions have places of their own");
    }
    assert_eq!(scrape(metrics).await["crm_kpi_checks_active"], 1.0);
    stalled.goes_away().await;
    while scrape(metrics).await["crm_kpi_checks_active"] > 0.0 {}
    assert_eq!(check(&bench.client, other(10)).await.unwrap(), (10, 2_499));
    assert!(stop(bench.running, Duration::from_secs(10)).await);
}
