//! What a server's own counts say that it holds.

use crate::support::http::page;
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// The counts that go back to where they were.
#[derive(Clone, Debug, PartialEq)]
pub struct Counts {
    pub active: f64,
    pub waiting: f64,
    pub connections: f64,
    pub pool_used: f64,
}

impl Counts {
    /// No question is under way.
    pub fn is_at_rest(&self) -> bool {
        self.active == 0.0 && self.waiting == 0.0 && self.pool_used == 0.0
    }
}

/// The samples of a scrape, by name and labels.
pub async fn scrape(metrics: SocketAddr) -> BTreeMap<String, f64> {
    let text = page(metrics, "/metrics", None).await.text;
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    let sample = |line: &str| {
        let (name, value) = line.rsplit_once(' ').expect("a name and a value");
        (name.to_owned(), value.parse().expect("a number"))
    };
    samples.map(sample).collect()
}

/// What a server holds now.
pub async fn counts(metrics: SocketAddr) -> Counts {
    let samples = scrape(metrics).await;
    Counts {
        active: samples["crm_kpi_queries_active"],
        waiting: samples["crm_kpi_queries_waiting"],
        connections: samples["crm_kpi_connections"],
        pool_used: samples["crm_kpi_pool_connections{state=\"used\"}"],
    }
}

/// A count by its name and labels.
pub async fn count(metrics: SocketAddr, name: &str) -> f64 {
    scrape(metrics).await.get(name).copied().unwrap_or_default()
}

/// How often a limit was met.
pub async fn refused(metrics: SocketAddr, limit: &str) -> f64 {
    scrape(metrics).await[&format!("crm_kpi_refused_total{{limit=\"{limit}\"}}")]
}
