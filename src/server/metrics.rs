//! What is counted for Prometheus. The names of calls are those that the gRPC middleware of other languages uses.

use super::handshakes::Handshakes;
use super::origin::Origin;
use super::rpc::Rpc;
use bytes::Bytes;
use http::HeaderMap;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::time::Instant;
use tonic::Code;
use tracing::Span;

/// Seconds that calls take.
const SECONDS: [f64; 14] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    grpc_type: &'static str,
    grpc_service: &'static str,
    grpc_method: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Handled {
    grpc_type: &'static str,
    grpc_service: &'static str,
    grpc_method: &'static str,
    grpc_code: &'static str,
}

/// The counts of one RPC.
struct Counts {
    call: Call,
    started: Counter,
    received: Counter,
    sent: Counter,
    seconds: Histogram,
    ok: Counter,
}

/// The server's counts. A clone counts in the same place.
#[derive(Clone)]
pub(super) struct Metrics(Arc<Inner>);

struct Inner {
    /// The counts of our service's RPCs, in their order.
    own: Vec<Arc<Counts>>,
    started: Family<Call, Counter>,
    handled: Family<Handled, Counter>,
    seconds: Family<Call, Histogram, fn() -> Histogram>,
    received: Family<Call, Counter>,
    sent: Family<Call, Counter>,
    connections: Gauge,
    handshakes: Handshakes,
    under_way: AtomicUsize,
}

impl Metrics {
    /// Counts that a registry shows.
    pub fn new(registry: &mut Registry) -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(SECONDS);
        let mut inner = Inner {
            own: Vec::new(),
            started: Family::default(),
            handled: Family::default(),
            seconds: Family::new_with_constructor(histogram),
            received: Family::default(),
            sent: Family::default(),
            connections: Gauge::default(),
            handshakes: Handshakes::new(registry),
            under_way: AtomicUsize::new(0),
        };
        registry.register("grpc_server_started", "Calls begun", inner.started.clone());
        registry.register("grpc_server_handled", "Calls ended, by status", inner.handled.clone());
        registry.register("grpc_server_handling_seconds", "From begin to end of calls", inner.seconds.clone());
        registry.register("grpc_server_msg_received", "Messages of callers", inner.received.clone());
        registry.register("grpc_server_msg_sent", "Messages to callers", inner.sent.clone());
        registry.register("crm_kpi_connections", "Connections of callers", inner.connections.clone());
        // From the start at 0: an alert sees the first call too.
        inner.own = Rpc::all_own().map(|rpc| Arc::new(inner.counts(&rpc))).collect();
        Self(Arc::new(inner))
    }

    /// A call begins. It has ended when its meter is dropped.
    pub fn begin(&self, rpc: &Rpc, began: Instant, span: Span, origin: Origin) -> CallMeter {
        let own = rpc.place().and_then(|place| self.0.own.get(place));
        let counts = own.map_or_else(|| Arc::new(self.0.counts(rpc)), Arc::clone);
        counts.started.inc();
        counts.received.inc();
        self.0.under_way.fetch_add(1, Ordering::Relaxed);
        CallMeter { metrics: self.clone(), counts, span, origin, began, code: None }
    }

    /// Counts and tells of failed handshakes.
    pub fn handshakes(&self) -> &Handshakes {
        &self.0.handshakes
    }

    /// Calls that have begun and not ended.
    pub fn under_way(&self) -> usize {
        self.0.under_way.load(Ordering::Relaxed)
    }

    /// A connection is open until what is returned is dropped.
    pub fn connection(&self) -> Open {
        self.0.connections.inc();
        Open(self.clone())
    }
}

impl Inner {
    fn counts(&self, rpc: &Rpc) -> Counts {
        let grpc_type = if rpc.streams { "server_stream" } else { "unary" };
        let call = Call { grpc_type, grpc_service: rpc.service, grpc_method: rpc.method };
        Counts {
            started: self.started.get_or_create_owned(&call),
            received: self.received.get_or_create_owned(&call),
            sent: self.sent.get_or_create_owned(&call),
            seconds: self.seconds.get_or_create_owned(&call),
            ok: self.handled.get_or_create_owned(&call.handled(Code::Ok)),
            call,
        }
    }
}

impl Call {
    fn handled(&self, code: Code) -> Handled {
        let Self { grpc_type, grpc_service, grpc_method } = *self;
        Handled { grpc_type, grpc_service, grpc_method, grpc_code: name(code) }
    }
}

/// An open connection.
pub(super) struct Open(Metrics);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.0.connections.dec();
    }
}

/// A call under way.
pub(super) struct CallMeter {
    metrics: Metrics,
    counts: Arc<Counts>,
    span: Span,
    origin: Origin,
    began: Instant,
    code: Option<Code>,
}

impl CallMeter {
    /// The head of an answer, which holds the status where there is nothing else.
    pub fn head(&mut self, headers: &HeaderMap) {
        self.code = code_of(headers).or(self.code);
    }

    /// The end of an answer.
    pub fn trailers(&mut self, trailers: &HeaderMap) {
        self.ended(code_of(trailers).unwrap_or(Code::Unknown));
    }

    /// The end of an answer.
    pub fn ended(&mut self, code: Code) {
        self.code = Some(code);
    }

    /// Whole messages, each behind its length.
    pub fn sent(&self, data: Option<&Bytes>) {
        let mut messages = 0;
        let mut rest: &[u8] = data.map_or(&[], |data| data.as_ref());
        while let Some((&[_, a, b, c, d], behind)) = rest.split_first_chunk::<5>() {
            messages += 1;
            let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
            rest = behind.get(length..).unwrap_or_default();
        }
        self.counts.sent.inc_by(messages);
    }
}

impl Drop for CallMeter {
    fn drop(&mut self) {
        let seconds = self.began.elapsed().as_secs_f64();
        // Without a status the caller has gone before there was one.
        let code = self.code.unwrap_or(Code::Cancelled);
        self.span.record("code", name(code));
        #[cfg(feature = "otlp")]
        super::telemetry::outcome(&self.span, code);
        let ms = (seconds * 1000.0).round();
        let Origin { peer, .. } = self.origin;
        let (user_agent, forwarded_for) = (self.origin.user_agent(), self.origin.forwarded_for());
        let peer = peer.map(tracing::field::display);
        self.span.in_scope(|| tracing::info!(code = name(code), ms, peer, user_agent, forwarded_for, "answered"));
        self.metrics.0.under_way.fetch_sub(1, Ordering::Relaxed);
        self.counts.seconds.observe(seconds);
        match code {
            Code::Ok => self.counts.ok.inc(),
            other => self.metrics.0.handled.get_or_create(&self.counts.call.handled(other)).inc(),
        };
    }
}

/// The code that headers or trailers carry, if they do.
pub(super) fn code_of(headers: &HeaderMap) -> Option<Code> {
    headers.get("grpc-status").map(|code| Code::from_bytes(code.as_bytes()))
}

/// A code as the middleware of other languages writes it.
fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "Canceled",
        Code::Unknown => "Unknown",
        Code::InvalidArgument => "InvalidArgument",
        Code::DeadlineExceeded => "DeadlineExceeded",
        Code::NotFound => "NotFound",
        Code::AlreadyExists => "AlreadyExists",
        Code::PermissionDenied => "PermissionDenied",
        Code::ResourceExhausted => "ResourceExhausted",
        Code::FailedPrecondition => "FailedPrecondition",
        Code::Aborted => "Aborted",
        Code::OutOfRange => "OutOfRange",
        Code::Unimplemented => "Unimplemented",
        Code::Internal => "Internal",
        Code::Unavailable => "Unavailable",
        Code::DataLoss => "DataLoss",
        Code::Unauthenticated => "Unauthenticated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prometheus_client::encoding::text::encode;

    #[test]
    fn our_rpcs_are_counted_from_zero() {
        let mut registry = Registry::default();
        let metrics = Metrics::new(&mut registry);
        let query = Rpc::of("/crm.kpi.v1.KpiService/QueryKpis");
        let shown = |count: u32| {
            let mut text = String::new();
            encode(&mut text, &registry).unwrap();
            let labels = r#"grpc_type="unary",grpc_service="crm.kpi.v1.KpiService",grpc_method="QueryKpis""#;
            for line in [
                format!("grpc_server_started_total{{{labels}}} {count}\n"),
                format!("grpc_server_handled_total{{{labels},grpc_code=\"OK\"}} {count}\n"),
                format!("grpc_server_handling_seconds_count{{{labels}}} {count}\n"),
            ] {
                assert!(text.contains(&line), "{line} in {text}");
            }
        };
        shown(0);
        let mut meter = metrics.begin(&query, Instant::now(), Span::none(), Origin::default());
        meter.ended(Code::Ok);
        drop(meter);
        shown(1);
    }
}
