use super::origin::Origin;
use super::rpc::Rpc;
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use tracing::Span;
use tracing::field::Empty;

/// The header of a call's id, of the request and of its answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// W3C Trace Context.
const TRACE_PARENT: &str = "traceparent";

/// Characters of an id that a caller gives.
const MAX_ID: usize = 128;

/// What a call is known by, in logs and to its caller: as the caller says, or by chance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RequestId(HeaderValue);

impl RequestId {
    /// The caller's, where it is fit for a log.
    pub fn of(headers: &HeaderMap) -> Self {
        let fit = |id: &&HeaderValue| {
            let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:+/=".contains(byte);
            (1..=MAX_ID).contains(&id.len()) && id.as_bytes().iter().all(plain)
        };
        let mut id = match headers.get(REQUEST_ID).filter(fit) {
            Some(given) => given.clone(),
            // Digits are fit for a header.
            None => HeaderValue::try_from(format!("{:016x}", rand::random::<u64>()))
                .unwrap_or(HeaderValue::from_static("0")),
        };
        // Another one in each call: in the connection's table of headers it would only take the place of what repeats
        // (RFC 7541, 6.2.3).
        id.set_sensitive(true);
        Self(id)
    }

    /// Tells the caller.
    pub fn add_to(self, headers: &mut HeaderMap) {
        headers.insert(REQUEST_ID, self.0);
    }

    fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

/// The span of a call, within the caller's trace where it names one.
pub(super) fn span<B>(rpc: &Rpc, id: &RequestId, origin: &Origin, request: &Request<B>) -> Span {
    let headers = request.headers();
    let trace_id = headers.get(TRACE_PARENT).and_then(|parent| trace_id(parent.to_str().ok()?));
    let span = tracing::info_span!(
        "call",
        otel.name = format!("{}/{}", rpc.service, rpc.method),
        otel.kind = "server",
        rpc = rpc.method,
        request_id = id.as_str(),
        trace_id,
        caller = Empty,
        code = Empty,
    );
    #[cfg(feature = "otlp")]
    {
        super::telemetry::adopt(&span, headers);
        super::telemetry::describe(&span, rpc, origin, request.uri().authority());
    }
    #[cfg(not(feature = "otlp"))]
    let _ = origin;
    span
}

/// The trace's id of a `traceparent`: version, trace, parent, flags.
fn trace_id(parent: &str) -> Option<&str> {
    let mut parts = parent.split('-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |text: &str, length| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let set = |text: &str| text.bytes().any(|byte| byte != b'0');
    let fits = hex(version, 2) && version != "ff" && hex(trace, 32) && set(trace) && hex(parent, 16) && set(parent);
    (fits && hex(flags, 2) && (version != "00" || parts.next().is_none())).then_some(trace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trace_parents_are_read_as_the_standard_writes_them() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(trace_id(&format!("00-{trace}-00f067aa0ba902b7-01")), Some(trace));
        assert_eq!(trace_id(&format!("cc-{trace}-00f067aa0ba902b7-01-more")), Some(trace));
        for wrong in [
            String::new(),
            format!("00-{trace}-00f067aa0ba902b7"),
            format!("00-{trace}-00f067aa0ba902b7-01-more"),
            format!("ff-{trace}-00f067aa0ba902b7-01"),
            format!("00-{}-00f067aa0ba902b7-01", trace.to_uppercase()),
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01".into(),
            format!("00-{trace}-0000000000000000-01"),
        ] {
            assert_eq!(trace_id(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_id_that_could_forge_a_log_is_not_taken() {
        let of = |id: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_bytes(id).unwrap());
            RequestId::of(&headers).as_str().to_owned()
        };
        assert_eq!(of(b"a-1_b.2:3"), "a-1_b.2:3");
        let long = "x".repeat(MAX_ID + 1);
        for bad in [&b""[..], b"a b", b"\xff", b"<id>", long.as_bytes()] {
            let id = of(bad);
            assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
        }
    }
}
