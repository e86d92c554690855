//! Callers that mean harm or do not know better: nobody else notices, and nothing of theirs is left behind.

mod bodies;
mod decoded;
mod draining;
mod flow;
mod fragments;
pub mod held;
mod memory;
pub mod mutated;
mod mutation;
pub mod program;
pub mod raw;
mod restart;
pub mod samples;
mod silent;

use crate::support::{Kind, TestDatabase, connect, query_of, sample, settings, stop};
use crm_kpi::clock::FixedClock;
use crm_kpi::config::{Limits, Settings};
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::{QueryKpisRequest, QueryKpisResponse};
use crm_kpi::server::{self, Running};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tonic::Status;
use tonic::transport::Channel;

/// What is waited for comes within this, or never.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A server that counts, on a small database.
struct Target {
    running: Running,
    address: SocketAddr,
    metrics: SocketAddr,
    /// A caller who means well.
    friend: KpiServiceClient<Channel>,
    expected: QueryKpisResponse,
    /// What the server and its runtime hold with nobody but the friend there.
    before: Held,
    _database: TestDatabase,
}

/// What callers could make a server hold.
#[derive(Clone, Debug, PartialEq)]
struct Held {
    tasks: usize,
    counts: held::Counts,
}

impl Target {
    /// On the sample's database.
    async fn start(change: impl FnOnce(&mut Limits)) -> Self {
        let database = TestDatabase::migrated(Kind::Sqlite).await;
        sample::fill(&database.connection).await;
        Self::on(database, crate::support::NOW, change).await
    }

    /// On any database.
    async fn on(database: TestDatabase, now: &str, change: impl FnOnce(&mut Limits)) -> Self {
        let mut settings = Settings { metrics: Some(([127, 0, 0, 1], 0).into()), ..settings(&database.url) };
        // What is kept needs no place.
        settings.cache.bytes = 0;
        change(&mut settings.limits);
        let clock = Arc::new(FixedClock(now.parse().expect("an instant")));
        let running = server::start(&settings, clock).await.expect("a server");
        running.ready().await;
        let mut friend = KpiServiceClient::new(connect(&running).await);
        let expected = friend.query_kpis(question()).await.expect("an answer").into_inner();
        let (address, metrics) = (running.address, running.metrics.expect("metrics"));
        // Connections to the database are kept once they are there.
        until("the server is at rest", async || held::counts(metrics).await.is_at_rest()).await;
        let counts = held::counts(metrics).await;
        // What ends by itself, such as giving a connection back, does not count.
        let mut least = tasks();
        for _ in 0..10 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            least = least.min(tasks());
        }
        let before = Held { tasks: least, counts };
        Self { running, address, metrics, friend, expected, before, _database: database }
    }

    /// The friend's question is answered, and right.
    async fn serves(&self) {
        assert_eq!(self.ask().await.expect("an answer"), self.expected);
    }

    /// The friend's question.
    async fn ask(&self) -> Result<QueryKpisResponse, Status> {
        let answer = self.friend.clone().query_kpis(question()).await?.into_inner();
        let mut answer = answer;
        if let (Some(header), Some(expected)) = (&mut answer.header, &self.expected.header) {
            header.as_of = expected.as_of;
        }
        Ok(answer)
    }

    /// Nothing is left of anybody but the friend; then the server stops.
    async fn holds_nothing(self) {
        self.serves().await;
        let metrics = self.metrics;
        let mut now = self.before.clone();
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            now = Held { tasks: tasks(), counts: held::counts(metrics).await };
            if now.tasks <= self.before.tasks && now.counts == self.before.counts {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(now.counts, self.before.counts);
        assert!(now.tasks <= self.before.tasks, "{} tasks, before there were {}", now.tasks, self.before.tasks);
        drop(self.friend);
        assert!(stop(self.running, Duration::from_secs(10)).await);
    }
}

/// Tasks of the test and its server.
fn tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// The question of those who mean well.
fn question() -> QueryKpisRequest {
    let query = crm_kpi::proto::KpiQuery { group_by: vec!["rep".into()], ..query_of(&["won_value", "win_rate"]) };
    QueryKpisRequest { query: Some(query), ..Default::default() }
}

/// Waits until something holds. Fails where it takes too long.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < PATIENCE, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
