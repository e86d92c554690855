//! The real server on a free port, with a clock that stands still.

use super::database::TestDatabase;
use chrono::{DateTime, Utc};
use crm_kpi::clock::FixedClock;
use crm_kpi::config::{Changes, Drain, Layers, Settings};
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::{self, KpiQuery};
use crm_kpi::server::{self, Running};
use std::sync::Arc;
use std::time::Duration;
use tonic::transport::Channel;

/// A Saturday in the last quarter of 2017.
pub const NOW: &str = "2017-12-30T12:00:00Z";

/// The time of every test server that is not given another: behind what the rows of tests tell of.
const AFTERWARDS: &str = "2041-01-05T12:00:00Z";

/// A server on a database of its own.
pub struct TestServer {
    pub database: TestDatabase,
    pub running: Running,
    pub channel: Channel,
}

impl TestServer {
    /// Serves a database after everything that its rows tell of.
    pub async fn start(database: TestDatabase) -> Self {
        Self::start_at(database, AFTERWARDS).await
    }

    /// Serves a database at an instant (RFC 3339).
    pub async fn start_at(database: TestDatabase, now: &str) -> Self {
        let now: DateTime<Utc> = now.parse().expect("an instant");
        let running = server::start(&settings(&database.url), Arc::new(FixedClock(now))).await.expect("a server");
        let channel = connect(&running).await;
        Self { database, running, channel }
    }

    /// A generated client with its default limits.
    pub fn client(&self) -> KpiServiceClient<Channel> {
        KpiServiceClient::new(self.channel.clone())
    }

    /// The answer to a query, all pages of it in one.
    pub async fn query(&self, query: KpiQuery) -> proto::QueryKpisResponse {
        let mut request = proto::QueryKpisRequest { query: Some(query), ..Default::default() };
        let mut whole = self.client().query_kpis(request.clone()).await.expect("an answer").into_inner();
        while !whole.next_page_token.is_empty() {
            request.page_token = whole.next_page_token;
            let page = self.client().query_kpis(request.clone()).await.expect("a page").into_inner();
            whole.rows.extend(page.rows);
            whole.next_page_token = page.next_page_token;
        }
        whole
    }

    /// A breakdown, read to its end.
    pub async fn stream(&self, query: KpiQuery, batch_rows: i32) -> Streamed {
        let request = proto::StreamRepBreakdownRequest { query: Some(query), batch_rows, ..Default::default() };
        self.stream_request(request).await.expect("a complete stream")
    }

    /// A breakdown, read to its end or its error.
    pub async fn stream_request(
        &self,
        request: proto::StreamRepBreakdownRequest,
    ) -> Result<Streamed, Box<tonic::Status>> {
        let mut stream = self.client().stream_rep_breakdown(request).await?.into_inner();
        let mut read = Streamed::default();
        while let Some(message) = stream.message().await? {
            use proto::stream_rep_breakdown_response::Frame;
            match message.frame.expect("a frame") {
                Frame::Header(header) => {
                    assert!(read.header.is_none() && read.batches.is_empty(), "one header, first");
                    read.header = Some(header);
                }
                Frame::Batch(batch) => {
                    assert!(read.header.is_some() && read.summary.is_none(), "batches between header and summary");
                    assert!(!batch.rows.is_empty(), "no empty batch");
                    read.batches.push(batch);
                }
                Frame::Summary(summary) => {
                    assert!(read.header.is_some() && read.summary.is_none(), "one summary, last");
                    read.summary = Some(summary);
                }
            }
        }
        Ok(read)
    }

    /// Stops the server.
    pub async fn stop(self) -> TestDatabase {
        stop(self.running, Duration::from_secs(10)).await;
        self.database
    }
}

/// What a stream held.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Streamed {
    pub header: Option<proto::ResultHeader>,
    pub batches: Vec<proto::RowBatch>,
    pub summary: Option<proto::Summary>,
}

impl Streamed {
    /// The rows of all batches.
    pub fn rows(&self) -> Vec<proto::ResultRow> {
        self.batches.iter().flat_map(|batch| batch.rows.clone()).collect()
    }

    /// The totals of the summary.
    pub fn totals(&self) -> Vec<proto::ResultRow> {
        self.summary.as_ref().expect("a summary").totals.clone()
    }
}

/// Stops a server: streams at once, other calls within a time. Returns whether everything ended by itself.
pub async fn stop(running: Running, calls: Duration) -> bool {
    let drain = Drain { delay: Duration::ZERO, streams: Duration::ZERO, calls };
    running.stop(drain, std::future::pending()).await
}

/// The settings of a test server: the defaults, on a free port. What was committed before a call is in its answer: only
/// tests that measure the delay of notifications allow for one.
pub fn settings(url: &str) -> Settings {
    let defaults = Layers::new().settings().expect("the defaults");
    let changes = Changes { confirm: Duration::ZERO, ..defaults.changes };
    Settings { database: url.parse().expect("a URL"), listen: ([127, 0, 0, 1], 0).into(), changes, ..defaults }
}

/// A connection to a server.
pub async fn connect(running: &Running) -> Channel {
    let endpoint = Channel::from_shared(format!("http://{}", running.address)).expect("an address");
    endpoint.connect().await.expect("a connection")
}

/// The period from one day to another.
pub fn dates(first: &str, last: &str) -> Option<proto::Period> {
    let dates = proto::DatePeriod { first_date: first.into(), last_date: last.into() };
    Some(proto::Period { kind: Some(proto::period::Kind::Dates(dates)) })
}

/// A query of KPIs over 2017.
pub fn query_of(kpis: &[&str]) -> KpiQuery {
    KpiQuery {
        kpi_ids: kpis.iter().map(ToString::to_string).collect(),
        period: dates("2017-01-01", "2017-12-31"),
        ..Default::default()
    }
}

/// A filter that keeps these values.
pub fn any_of(dimension: &str, values: &[&str]) -> proto::Filter {
    proto::Filter {
        dimension: dimension.into(),
        any_of: values.iter().map(ToString::to_string).collect(),
        ..Default::default()
    }
}

/// A filter that keeps all others.
pub fn none_of(dimension: &str, values: &[&str]) -> proto::Filter {
    let none_of = values.iter().map(ToString::to_string).collect();
    proto::Filter { dimension: dimension.into(), none_of, ..Default::default() }
}
