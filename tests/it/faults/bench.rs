//! A server with limits of its own whose counts are read, and calls of every kind.

use crate::support::{Mode, Proxy, TestDatabase, connect, query_of, settings};
use crm_kpi::clock::FixedClock;
use crm_kpi::config::Settings;
use crm_kpi::proto::{self, KpiQuery, kpi_service_client::KpiServiceClient};
use crm_kpi::server::{self, Running};
use http::Uri;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};
use tonic::transport::Channel;
use tonic::{Request, Status};

/// A client that leaves deadlines to the server.
pub type Plain = KpiServiceClient<Client<HttpConnector, tonic::body::Body>>;

/// A server under test.
pub struct Bench {
    pub database: TestDatabase,
    pub running: Running,
    pub channel: Channel,
    pub proxy: Option<Proxy>,
}

impl Bench {
    /// Serves a database, and returns once it is ready.
    pub async fn start(database: TestDatabase, change: impl FnOnce(&mut Settings)) -> Self {
        let url = database.url.clone();
        let bench = Self::serve(database, url, None, change).await;
        bench.running.ready().await;
        bench
    }

    /// Serves a database through a proxy.
    pub async fn behind_proxy(database: TestDatabase, mode: Mode, change: impl FnOnce(&mut Settings)) -> Self {
        let (proxy, url) = Proxy::before(&database.url).await;
        proxy.set(mode);
        Self::serve(database, url, Some(proxy), change).await
    }

    /// Serves a database as a URL reaches it.
    pub async fn serve(
        database: TestDatabase,
        url: String,
        proxy: Option<Proxy>,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let mut settings = settings(&url);
        settings.metrics = Some(([127, 0, 0, 1], 0).into());
        change(&mut settings);
        let now = "2024-12-31T12:00:00Z".parse().unwrap();
        let running = server::start(&settings, Arc::new(FixedClock(now))).await.unwrap();
        let channel = connect(&running).await;
        Self { database, running, channel, proxy }
    }

    /// Does something else to the connections to the database.
    pub fn set(&self, mode: Mode) {
        self.proxy.as_ref().expect("a proxy").set(mode);
    }

    /// A generated client.
    pub fn client(&self) -> KpiServiceClient<Channel> {
        KpiServiceClient::new(self.channel.clone())
    }

    /// A client on a connection of its own, with small windows, that leaves deadlines to the server.
    pub fn plain(&self) -> Plain {
        self.plain_from([127, 0, 0, 1])
    }

    /// The same, which calls from an address.
    pub fn plain_from(&self, address: [u8; 4]) -> Plain {
        let mut connector = HttpConnector::new();
        connector.set_local_address(Some(address.into()));
        let client = Client::builder(TokioExecutor::new())
            .http2_only(true)
            .http2_initial_stream_window_size(65_535)
            .http2_initial_connection_window_size(65_535)
            .build(connector);
        let origin = Uri::builder().scheme("http").authority(self.running.address.to_string()).path_and_query("/");
        KpiServiceClient::with_origin(client, origin.build().unwrap())
    }

    /// What is answered to `GET` on the listener of metrics.
    pub async fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.running.metrics.expect("metrics")).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    /// A count: the value behind the name (and labels) that a line begins with.
    pub async fn count(&self, name: &str) -> i64 {
        let text = self.get("/metrics").await;
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.map_or(0, |value| value.trim().parse().unwrap())
    }

    /// Runs a statement past the service.
    pub async fn sql(&self, sql: &str) {
        self.database.connection.execute_unprepared(sql).await.expect(sql);
    }

    /// The states of the service's backends that are not idle.
    pub async fn backends(&self) -> Vec<String> {
        let sql = "SELECT state || ': ' || left(query, 60) AS found FROM pg_stat_activity \
                   WHERE datname = current_database() AND application_name = 'crm-kpi' AND state <> 'idle' \
                   AND pid <> pg_backend_pid()";
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        let rows = self.database.connection.query_all_raw(statement).await.unwrap();
        rows.iter().map(|row| row.try_get("", "found").unwrap()).collect()
    }

    /// How many of the service's backends wait for something: a lock (`Lock`), or the end of a sleep (`Timeout`). Others, such as
    /// those of checks, are not counted.
    pub async fn waiting_for(&self, event_type: &str) -> usize {
        let sql = format!(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'crm-kpi' \
             AND state = 'active' AND wait_event_type = '{event_type}'"
        );
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        self.database.connection.query_all_raw(statement).await.unwrap().len()
    }

    /// Nothing of earlier calls is left within a second, and the next question is answered.
    pub async fn nothing_is_left(&self) {
        if self.database.kind == crate::support::Kind::Postgres {
            let mut found = Vec::new();
            let until = Instant::now() + Duration::from_secs(1);
            loop {
                let busy = std::mem::replace(&mut found, self.backends().await);
                if found.is_empty() {
                    break;
                }
                assert!(Instant::now() < until, "{busy:?} and then {found:?}");
                sleep(Duration::from_millis(10)).await;
            }
        }
        self.all_is_free().await;
        let request = proto::QueryKpisRequest { query: Some(query_of(&["order_count"])), ..Default::default() };
        self.client().query_kpis(request).await.unwrap();
    }

    /// All places and connections to the database are given back.
    pub async fn all_is_free(&self) {
        let names = [
            "crm_kpi_queries_active",
            "crm_kpi_queries_waiting",
            "crm_kpi_checks_active",
            "crm_kpi_pool_connections{state=\"used\"}",
        ];
        for name in names {
            within(Duration::from_secs(3), name, async || self.count(name).await == 0).await;
        }
    }
}

/// Polls until something holds, and fails where it does not in time.
pub async fn within(limit: Duration, what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let until = Instant::now() + limit;
    while !holds().await {
        assert!(Instant::now() < until, "not within {limit:?}: {what}");
        sleep(Duration::from_millis(10)).await;
    }
}

/// A kind of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Query,
    Batch,
    Stream,
    Quality,
    Values,
}

/// Those that read deals.
pub const CALLS: [Call; 4] = [Call::Query, Call::Batch, Call::Stream, Call::Quality];

/// What a call answered, without what tells when.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Rows(Vec<proto::ResultRow>),
    Frames(usize),
    Values(usize),
}

/// A query of deals by rep.
pub fn deals() -> KpiQuery {
    KpiQuery { group_by: vec!["rep".into()], ..query_of(&["win_rate", "won_value"]) }
}

impl Call {
    /// Makes the call and reads all of its answer. A stream without its summary is no answer.
    pub async fn make(self, mut client: Plain, timeout: Option<Duration>) -> Result<Answer, Status> {
        let query = proto::QueryKpisRequest { query: Some(deals()), ..Default::default() };
        fn timed<T>(message: T, timeout: Option<Duration>) -> Request<T> {
            let mut request = Request::new(message);
            if let Some(timeout) = timeout {
                request.set_timeout(timeout);
            }
            request
        }
        let rows = |answer: proto::QueryKpisResponse| [answer.rows, answer.totals].concat();
        match self {
            Self::Query => Ok(Answer::Rows(rows(client.query_kpis(timed(query, timeout)).await?.into_inner()))),
            Self::Batch => {
                let batch = proto::BatchQueryKpisRequest { requests: vec![query.clone(), query] };
                let answer = client.batch_query_kpis(timed(batch, timeout)).await?.into_inner();
                Ok(Answer::Rows(answer.responses.into_iter().flat_map(rows).collect()))
            }
            Self::Stream => {
                use proto::stream_rep_breakdown_response::Frame;
                let request = proto::StreamRepBreakdownRequest { query: query.query, ..Default::default() };
                let mut stream = client.stream_rep_breakdown(timed(request, timeout)).await?.into_inner();
                let (mut read, mut whole) = (Vec::new(), false);
                while let Some(message) = stream.message().await? {
                    match message.frame {
                        Some(Frame::Batch(batch)) => read.extend(batch.rows),
                        Some(Frame::Summary(summary)) => {
                            whole = true;
                            read.extend(summary.totals);
                        }
                        _ => {}
                    }
                }
                assert!(whole, "a stream that ends well has a summary");
                Ok(Answer::Rows(read))
            }
            Self::Quality => {
                use proto::check_data_quality_response::Frame;
                let request = timed(proto::CheckDataQualityRequest::default(), timeout);
                let mut stream = client.check_data_quality(request).await?.into_inner();
                let (mut frames, mut whole) = (0, false);
                while let Some(message) = stream.message().await? {
                    frames += 1;
                    whole = matches!(message.frame, Some(Frame::Summary(_)));
                }
                assert!(whole, "a stream that ends well has a summary");
                Ok(Answer::Frames(frames))
            }
            Self::Values => {
                let request = proto::ListDimensionValuesRequest { dimension: "rep".into(), ..Default::default() };
                let answer = client.list_dimension_values(timed(request, timeout)).await?.into_inner();
                Ok(Answer::Values(answer.values.len()))
            }
        }
    }
}

/// Stands in place of deals: reading one takes half a minute.
pub const SLOW_DEALS: &str = "ALTER TABLE opportunities RENAME TO kept; \
     CREATE VIEW opportunities AS SELECT * FROM kept WHERE pg_sleep(30) IS NOT NULL";
