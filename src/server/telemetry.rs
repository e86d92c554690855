//! Logging, structured, to standard error; and traces, to an OTLP endpoint.

use super::repeats::Repeats;
use crate::config::{LogFormat, LogSettings, Telemetry, WebAddress};
use std::io::IsTerminal;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

type BoxedLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// Why traces cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The endpoint cannot be used.
    #[error("telemetry.otlp_endpoint: nothing can be sent to {0}")]
    Endpoint(WebAddress),
    /// The program was built without it.
    #[error("telemetry.otlp_endpoint is set, but this program was built without the feature \"otlp\"")]
    NotBuilt,
}

/// Starts logging to standard error. Does nothing the second time.
pub fn start(settings: &LogSettings) {
    // An error means that a subscriber is set already.
    let _ = tracing_subscriber::registry().with(vec![log(settings, Repeats::new(0))]).try_init();
}

/// What a service tells of itself while it runs.
#[derive(Debug)]
pub struct Telling {
    traces: Traces,
    repeats: Repeats,
}

impl Telling {
    /// Logs and sends what has not been yet.
    pub async fn finish(self) {
        self.repeats.tell();
        self.traces.finish().await;
    }
}

/// Starts logging, and sending traces where the settings say so. Panics are logged, within the call that they are in. Does
/// nothing the second time.
pub fn start_all(log_settings: &LogSettings, settings: &Telemetry) -> Result<Telling, TelemetryError> {
    let (traces, layer) = Traces::start(settings)?;
    let repeats = Repeats::new(log_settings.repeats);
    let layers: Vec<BoxedLayer> = [log(log_settings, repeats.clone())].into_iter().chain(layer).collect();
    let _ = tracing_subscriber::registry().with(layers).try_init();
    repeats.start();
    std::panic::set_hook(Box::new(|info| {
        let said = info.payload_as_str().unwrap_or_default();
        tracing::error!(at = info.location().map(tracing::field::display), said, "a panic");
    }));
    Ok(Telling { traces, repeats })
}

fn log(settings: &LogSettings, repeats: Repeats) -> BoxedLayer {
    // A line that nobody reads is lost: to say so on the same stream would end in a panic.
    let layer = tracing_subscriber::fmt::layer()
        .log_internal_errors(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let filter = EnvFilter::new(&settings.filter);
    match settings.format {
        LogFormat::Text => repeats.thin(layer).with_filter(filter).boxed(),
        LogFormat::Json => repeats.thin(layer.json()).with_filter(filter).boxed(),
    }
}

#[cfg(feature = "otlp")]
pub use otlp::Traces;
#[cfg(feature = "otlp")]
pub(super) use otlp::{adopt, describe, outcome};
#[cfg(not(feature = "otlp"))]
pub use without::Traces;

#[cfg(not(feature = "otlp"))]
mod without {
    use super::{BoxedLayer, Telemetry, TelemetryError};

    /// Traces that are sent: none.
    #[derive(Debug)]
    pub struct Traces;

    impl Traces {
        pub(super) fn start(settings: &Telemetry) -> Result<(Self, Option<BoxedLayer>), TelemetryError> {
            match settings.otlp_endpoint {
                Some(_) => Err(TelemetryError::NotBuilt),
                None => Ok((Self, None)),
            }
        }

        /// Sends what has not been sent yet.
        pub async fn finish(self) {}
    }
}

#[cfg(feature = "otlp")]
mod otlp {
    use super::super::origin::Origin;
    use super::super::rpc::Rpc;
    use super::{BoxedLayer, Telemetry, TelemetryError};
    use http::HeaderMap;
    use http::uri::Authority;
    use opentelemetry::propagation::{Extractor, TextMapPropagator};
    use opentelemetry::trace::{Status, TracerProvider};
    use opentelemetry_otlp::{SpanExporter, WithExportConfig};
    use opentelemetry_sdk::Resource;
    use opentelemetry_sdk::propagation::TraceContextPropagator;
    use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
    use tonic::Code;
    use tracing::Span;
    use tracing_opentelemetry::OpenTelemetrySpanExt;
    use tracing_subscriber::Layer;
    use tracing_subscriber::filter::{LevelFilter, Targets};

    /// Traces that are sent, if they are.
    #[derive(Debug)]
    pub struct Traces(Option<SdkTracerProvider>);

    impl Traces {
        pub(super) fn start(settings: &Telemetry) -> Result<(Self, Option<BoxedLayer>), TelemetryError> {
            let Some(endpoint) = &settings.otlp_endpoint else { return Ok((Self(None), None)) };
            let exporter = SpanExporter::builder()
                .with_tonic()
                .with_endpoint(endpoint.secret())
                .build()
                .map_err(|_| TelemetryError::Endpoint(endpoint.clone()))?;
            let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(settings.sample_ratio)));
            let provider = SdkTracerProvider::builder()
                .with_batch_exporter(exporter)
                .with_sampler(sampler)
                .with_resource(Resource::builder().with_service_name(settings.service_name.clone()).build())
                .build();
            // Our own spans: those of the exporter would make it trace itself.
            let ours = Targets::new().with_target("crm_kpi", LevelFilter::INFO);
            let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("crm-kpi")).with_filter(ours);
            Ok((Self(Some(provider)), Some(layer.boxed())))
        }

        /// Sends what has not been sent yet.
        pub async fn finish(self) {
            if let Some(provider) = self.0 {
                // It blocks while it sends. What cannot be sent is lost, and told by the library.
                let _ = tokio::task::spawn_blocking(move || provider.shutdown()).await;
            }
        }
    }

    /// Puts a span into the trace that a call is part of.
    pub fn adopt(span: &Span, headers: &HeaderMap) {
        let parent = TraceContextPropagator::new().extract(&Headers(headers));
        // An error means that nobody traces.
        let _ = span.set_parent(parent);
    }

    /// Says in a trace what a call is and where it comes from, in the words of OpenTelemetry's conventions for RPC.
    pub fn describe(span: &Span, rpc: &Rpc, origin: &Origin, server: Option<&Authority>) {
        span.set_attribute("rpc.system", "grpc");
        span.set_attribute("rpc.service", rpc.service);
        span.set_attribute("rpc.method", rpc.method);
        span.set_attribute("network.transport", "tcp");
        if let Some(server) = server {
            span.set_attribute("server.address", server.host().to_owned());
            if let Some(port) = server.port_u16() {
                span.set_attribute("server.port", i64::from(port));
            }
        }
        if let Some(client) = origin.client() {
            span.set_attribute("client.address", client.to_string());
        }
        if let Some(peer) = origin.peer {
            span.set_attribute("network.peer.address", peer.ip().to_string());
            span.set_attribute("network.peer.port", i64::from(peer.port()));
        }
        if let Some(user_agent) = origin.user_agent() {
            span.set_attribute("user_agent.original", user_agent.to_owned());
        }
    }

    /// Says in a trace how a call ended. What a caller does wrong is no error of the server's.
    pub fn outcome(span: &Span, code: Code) {
        span.set_attribute("rpc.grpc.status_code", i64::from(i32::from(code)));
        let failed = [
            Code::Unknown,
            Code::DeadlineExceeded,
            Code::Unimplemented,
            Code::Internal,
            Code::Unavailable,
            Code::DataLoss,
        ];
        if failed.contains(&code) {
            span.set_status(Status::error(""));
        }
    }

    struct Headers<'a>(&'a HeaderMap);

    impl Extractor for Headers<'_> {
        fn get(&self, key: &str) -> Option<&str> {
            self.0.get(key).and_then(|value| value.to_str().ok())
        }

        fn keys(&self) -> Vec<&str> {
            self.0.keys().map(http::HeaderName::as_str).collect()
        }
    }
}
