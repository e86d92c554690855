//! An answer on its way to its caller.

use super::metrics::CallMeter;
use crate::error::Error;
use crate::service::{ServiceMeters, to_status};
use bytes::Bytes;
use http::HeaderMap;
use http_body::Frame;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tonic::body::Body;
use tonic::{Code, Status};

/// What ends a stream from outside.
pub(super) struct Watch {
    pub rpc: &'static str,
    pub deadline: Option<Instant>,
    /// How long the caller may take before it asks for more.
    pub stall: Duration,
    /// Streams end: the service stops.
    pub ending: CancellationToken,
    pub meters: ServiceMeters,
}

/// An answer that is counted and, where it is watched, ends with a status when its time is over. Whatever works for it ends
/// then too, also when the caller takes nothing any more.
pub(super) struct Guarded {
    state: Arc<Mutex<State>>,
    meter: CallMeter,
    _watching: Option<AbortOnDropHandle<()>>,
}

struct State {
    /// Gone once it has ended.
    body: Option<Body>,
    /// What the answer ends with instead.
    ended: Option<Status>,
    /// Since when the caller has not asked for more, or for anything.
    handed: Option<Instant>,
    waker: Option<Waker>,
}

impl Guarded {
    pub fn new(body: Body, meter: CallMeter, watch: Option<Watch>) -> Self {
        let state = State { body: Some(body), ended: None, handed: Some(Instant::now()), waker: None };
        let state = Arc::new(Mutex::new(state));
        let watching = watch.map(|watch| AbortOnDropHandle::new(tokio::spawn(watch.over(state.clone()))));
        Self { state, meter, _watching: watching }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watch {
    async fn over(self, state: Arc<Mutex<State>>) {
        let deadline = async {
            match self.deadline {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let error = tokio::select! {
            () = deadline => Error::DeadlineExceeded,
            () = self.ending.cancelled() => Error::ShuttingDown,
            () = self.stalled(&state) => Error::SlowReader,
        };
        let (body, waker) = {
            let mut state = lock(&state);
            let body = state.body.take();
            if body.is_some() {
                self.meters.failed(&error);
                state.ended = Some(to_status(error, self.rpc));
            }
            (body, state.waker.take())
        };
        drop(body);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    async fn stalled(&self, state: &Mutex<State>) {
        loop {
            let since = lock(state).handed;
            let now = Instant::now();
            match since {
                Some(since) if now >= since + self.stall => return,
                Some(since) => sleep_until(since + self.stall).await,
                None => sleep_until(now + self.stall).await,
            }
        }
    }
}

impl http_body::Body for Guarded {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Self { state, meter, .. } = self.get_mut();
        let mut state = lock(state);
        state.handed = None;
        if let Some(status) = state.ended.take() {
            let mut trailers = HeaderMap::new();
            // A status of ours has no metadata that is not ASCII.
            let _ = status.add_header(&mut trailers);
            meter.trailers(&trailers);
            return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
        }
        let Some(body) = &mut state.body else { return Poll::Ready(None) };
        match Pin::new(body).poll_frame(cx) {
            Poll::Pending => {
                state.waker = Some(cx.waker().clone());
                Poll::Pending
            }
            Poll::Ready(None) => {
                state.body = None;
                Poll::Ready(None)
            }
            Poll::Ready(Some(Err(status))) => {
                state.body = None;
                meter.ended(status.code());
                Poll::Ready(Some(Err(status)))
            }
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(trailers) = frame.trailers_ref() {
                    meter.trailers(trailers);
                    state.body = None;
                } else {
                    state.handed = Some(Instant::now());
                    meter.sent(frame.data_ref());
                }
                Poll::Ready(Some(Ok(frame)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        let state = lock(&self.state);
        state.ended.is_none() && state.body.as_ref().is_none_or(http_body::Body::is_end_stream)
    }
}

/// The code that headers or trailers carry, if they do.
pub(super) fn code_of(headers: &HeaderMap) -> Option<Code> {
    headers.get("grpc-status").map(|code| Code::from_bytes(code.as_bytes()))
}
