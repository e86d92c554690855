//! What every call passes before it reaches its service: its name, its caller, its deadline, its size.

use super::auth::{Gate, access};
use super::compression::{Compressing, Encoding, announce_ours, forget_encoding};
use super::ending::Ending;
use super::guard::{Ends, Guarded, Watch, Watchdog};
use super::metrics::{CallMeter, Metrics, code_of};
use super::origin::Origin;
use super::rpc::Rpc;
use super::size::Limited;
use super::trace::{self, RequestId};
use crate::config::{Access, Calls, Compression, Limits};
use crate::error::{Error, Violation};
use crate::proto::kpi_service_server::KpiServiceServer;
use crate::service::{self, Caller, ServiceMeters, respell, to_status};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use tonic::Status;
use tonic::body::Body;
use tonic::service::Routes;
use tower::Service;
use tracing::{Instrument, Span};

/// The header of a caller's deadline.
const TIMEOUT: &str = "grpc-timeout";

/// What those are told who ask for something else than gRPC over HTTP/2.
const SPOKEN: &str = "crm-kpi speaks gRPC here: POST with content-type application/grpc (or application/grpc+proto) over \
    HTTP/2. gRPC-Web, Connect and JSON are not served.\n";

/// Takes calls.
#[derive(Clone)]
pub(super) struct Front {
    /// Our own service: it is asked most.
    kpis: KpiServiceServer<service::Service>,
    /// Those beside it.
    routes: Routes,
    rules: Arc<Rules>,
    refuses: bool,
    /// Who is at the other end of the connection.
    peer: Option<SocketAddr>,
    /// Whom the turns of callers there are counted for who have no name.
    account: Option<Arc<str>>,
}

/// What holds for all calls.
pub(super) struct Rules {
    pub calls: Calls,
    pub limits: Limits,
    pub compression: Compression,
    pub metrics: Metrics,
    pub meters: Arc<ServiceMeters>,
    pub ending: Ending,
    pub watchdog: Watchdog,
    pub gate: Gate,
    pub health: Access,
    pub reflection: Access,
}

impl Front {
    pub fn new(kpis: KpiServiceServer<service::Service>, routes: Routes, rules: Rules) -> Self {
        Self { kpis, routes, rules: Arc::new(rules), refuses: false, peer: None, account: None }
    }

    /// One for a connection.
    pub fn for_peer(&self, peer: SocketAddr) -> Self {
        Self { peer: Some(peer), account: Some(network(peer.ip()).as_str().into()), ..self.clone() }
    }

    /// One that answers every call with "too many connections".
    pub fn refusing(&self) -> Self {
        Self { refuses: true, ..self.clone() }
    }

    async fn answer(self, request: Request<Incoming>) -> Response<Body> {
        if let Err(status) = is_grpc(&request) {
            return no_grpc(status);
        }
        let rpc = Rpc::of(request.uri().path());
        let id = RequestId::of(request.headers());
        let origin = Origin::of(self.peer, request.headers());
        let span = trace::span(&rpc, &id, &origin, &request);
        let mut response = self.answer_within(request, rpc, origin, span.clone()).instrument(span).await;
        respell(response.headers_mut());
        announce_ours(response.headers_mut());
        id.add_to(response.headers_mut());
        response
    }

    async fn answer_within(self, request: Request<Incoming>, rpc: Rpc, origin: Origin, span: Span) -> Response<Body> {
        let began = Instant::now();
        let mut meter = self.rules.metrics.begin(&rpc, began, span.clone(), origin);
        let deadline = match self.deadline(&rpc, request.headers(), began) {
            Ok(deadline) => deadline,
            Err(error) => return self.refuse(error, &rpc, meter),
        };
        if self.refuses {
            return self.refuse(Error::TooManyConnections, &rpc, meter);
        }
        let accepted = Encoding::accepted(request.headers()).filter(|_| self.rules.compression.answers);
        let answering = AssertUnwindSafe(self.pass(request, &rpc)).catch_unwind();
        let answered = match deadline {
            Some(at) => timeout_at(at, answering).await.unwrap_or(Ok(Err(Error::DeadlineExceeded))),
            None => answering.await,
        };
        // What the panic said is in the log already.
        match answered.unwrap_or_else(|_| Err(Error::Internal("the call panicked".into()))) {
            Err(error) => self.refuse(error, &rpc, meter),
            Ok(response) => {
                meter.head(response.headers());
                let response = self.compressed(response, accepted);
                let Rules { limits, watchdog, meters, .. } = &*self.rules;
                let watch = rpc.is_own().then(|| Watch {
                    deadline,
                    stall: limits.stall,
                    // What is one message is not ended halfway.
                    ending: rpc.streams.then(|| self.rules.ending.streams.clone()),
                });
                let ends = Ends { rpc: rpc.method, span, meters: meters.clone(), status_bytes: limits.status_bytes };
                response.map(|body| Body::new(Guarded::new(body, meter, ends, watch, watchdog)))
            }
        }
    }

    /// Compresses the messages of an answer, if it has any.
    fn compressed(&self, mut response: Response<Body>, accepted: Option<Encoding>) -> Response<Body> {
        let Some(encoding) = accepted.filter(|_| code_of(response.headers()).is_none()) else { return response };
        encoding.announce(response.headers_mut());
        response.map(|body| Body::new(Compressing::new(body, encoding, self.rules.compression.min_bytes)))
    }

    fn refuse(&self, error: Error, rpc: &Rpc, mut meter: CallMeter) -> Response<Body> {
        self.rules.meters.failed(&error);
        let response = to_status(error, rpc.method, self.rules.limits.status_bytes).into_http::<Body>();
        meter.head(response.headers());
        response
    }

    /// Lets the caller in, and has the call answered.
    async fn pass(&self, request: Request<Incoming>, rpc: &Rpc) -> Result<Response<Body>, Error> {
        let (mut parts, body) = request.into_parts();
        if let Some(caller) = self.admit(&parts.headers, parts.uri.path()).await? {
            Span::current().record("caller", &*caller.name);
            parts.extensions.insert(caller);
        }
        let body = body.map_err(|error| Status::from_error(error.into()));
        let encoding = Encoding::of_request(&parts.headers);
        if encoding.is_some() {
            forget_encoding(&mut parts.headers);
        }
        let body = Limited::new(body, &self.rules.limits, encoding, self.rules.meters.clone());
        let Ok(response) = match rpc.is_own() {
            true => self.kpis.clone().call(Request::from_parts(parts, body)).await,
            false => self.routes.clone().call(Request::from_parts(parts, Body::new(body))).await,
        };
        Ok(response)
    }

    /// Who calls; None where the call is open to anybody.
    async fn admit(&self, headers: &HeaderMap, path: &str) -> Result<Option<Caller>, Error> {
        match access(path, self.rules.health, self.rules.reflection) {
            Access::Authenticated => self.rules.gate.admit(headers, path, self.account.clone()).await.map(Some),
            Access::Open | Access::Off => Ok(None),
        }
    }

    /// When the call ends at the latest. Other services than ours may be asked for as long as anybody listens.
    fn deadline(&self, rpc: &Rpc, headers: &HeaderMap, began: Instant) -> Result<Option<Instant>, Error> {
        if !rpc.is_own() {
            return Ok(None);
        }
        let Calls { default_deadline, max_deadline } = self.rules.calls;
        let wanted = match headers.get(TIMEOUT) {
            None => default_deadline,
            Some(value) => value.to_str().ok().and_then(timeout).ok_or_else(|| {
                let description = "is not a gRPC timeout: expected up to 8 digits and one of H, M, S, m, u, n".into();
                Error::Invalid(vec![Violation { field: TIMEOUT.into(), description }])
            })?,
        };
        Ok(Some(began + wanted.min(max_deadline)))
    }
}

/// Whom an address stands for: of IPv6, where each machine has as many as it likes, its network.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Whether a request is one of gRPC; otherwise what HTTP says to it.
fn is_grpc<B>(request: &Request<B>) -> Result<(), StatusCode> {
    if request.method() != Method::POST {
        return Err(StatusCode::METHOD_NOT_ALLOWED);
    }
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let spoken = ["application/grpc", "application/grpc+proto"].iter().any(|spoken| kind.eq_ignore_ascii_case(spoken));
    if spoken { Ok(()) } else { Err(StatusCode::UNSUPPORTED_MEDIA_TYPE) }
}

/// What those get who do not speak gRPC.
fn no_grpc(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::new(Full::from(SPOKEN)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("POST"));
    }
    response
}

impl Service<Request<Incoming>> for Front {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let front = self.clone();
        Box::pin(async move { Ok(front.answer(request).await) })
    }
}

/// A value of `grpc-timeout`: "TimeoutValue TimeoutUnit" of the gRPC protocol over HTTP/2.
fn timeout(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let value: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(value * 3600),
        "M" => Duration::from_secs(value * 60),
        "S" => Duration::from_secs(value),
        "m" => Duration::from_millis(value),
        "u" => Duration::from_micros(value),
        "n" => Duration::from_nanos(value),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_are_told_from_each_other_by_address_or_network() {
        let of = |address: &str| network(address.parse().unwrap());
        assert_eq!(of("10.1.2.3"), "10.1.2.3");
        assert_eq!(of("::ffff:10.1.2.3"), "10.1.2.3");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(of("::1"), "::/64");
    }

    #[test]
    fn timeouts_are_read_as_the_protocol_writes_them() {
        assert_eq!(timeout("1H"), Some(Duration::from_secs(3600)));
        assert_eq!(timeout("99999999S"), Some(Duration::from_secs(99_999_999)));
        assert_eq!(timeout("250m"), Some(Duration::from_millis(250)));
        assert_eq!(timeout("0n"), Some(Duration::ZERO));
        for wrong in ["", "1", "S", "123456789S", "-1S", "1s", "1 S", "1.5S", "١S"] {
            assert_eq!(timeout(wrong), None, "{wrong:?}");
        }
    }
}
