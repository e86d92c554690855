//! Metrics and probes over HTTP/1.1, for those who do not speak gRPC.

use super::exposition::Format;
use super::process;
use super::why::Why;
use crate::database::Database;
use axum::Router;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What a scrape shows.
pub(super) struct Shown {
    pub registry: Registry,
    pub database: Database,
    pub serving: watch::Receiver<bool>,
    why: Why,
    gauges: Gauges,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct State {
    state: &'static str,
}

/// What is looked up at a scrape.
#[derive(Default)]
struct Gauges {
    ready: Gauge,
    connections: Family<State, Gauge>,
}

impl Shown {
    /// With the counts that the registry has.
    pub fn new(
        mut registry: Registry,
        database: Database,
        max_connections: u32,
        serving: watch::Receiver<bool>,
        why: Why,
    ) -> Self {
        process::register(&mut registry);
        let gauges = Gauges::default();
        registry.register("crm_kpi_ready", "Whether the health is SERVING", gauges.ready.clone());
        registry.register("crm_kpi_pool_connections", "Connections to the database", gauges.connections.clone());
        let most = Gauge::<i64>::default();
        most.set(max_connections.into());
        registry.register("crm_kpi_pool_max_connections", "Connections to the database at most", most);
        Self { registry, database, serving, why, gauges }
    }

    fn is_ready(&self) -> bool {
        *self.serving.borrow()
    }

    fn text(&self) -> Result<String, std::fmt::Error> {
        let connections = self.database.connections();
        self.gauges.ready.set(self.is_ready().into());
        for (state, count) in [("idle", connections.idle), ("used", connections.used)] {
            self.gauges.connections.get_or_create(&State { state }).set(count.into());
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// Serves `/metrics`, `/livez` and `/readyz` until the service has stopped.
pub(super) async fn serve(listener: TcpListener, shown: Arc<Shown>, stopped: CancellationToken) {
    let metrics = {
        let shown = shown.clone();
        move |headers: HeaderMap| async move {
            let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
            let format = Format::accepted(accepted);
            match shown.text() {
                Ok(text) => ([(CONTENT_TYPE, format.content_type())], format.write(text)).into_response(),
                Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            }
        }
    };
    let ready = move || async move {
        let lines = |first: &str, lines: Vec<String>| {
            lines.iter().fold(format!("{first}\n"), |text, line| format!("{text}{line}\n"))
        };
        match shown.is_ready() {
            true => (StatusCode::OK, lines("ready", shown.why.notes())),
            false => (StatusCode::SERVICE_UNAVAILABLE, lines("not ready", shown.why.not_ready())),
        }
    };
    let router = Router::new()
        .route("/metrics", get(metrics))
        .route("/livez", get(|| async { "alive\n" }))
        .route("/readyz", get(ready));
    let serving = axum::serve(listener, router).with_graceful_shutdown(stopped.cancelled_owned());
    if let Err(error) = serving.await {
        tracing::error!(%error, "metrics are not served any more");
    }
}
