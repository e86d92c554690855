//! An answer on its way to its caller.

use super::metrics::CallMeter;
use crate::error::Error;
use crate::service::{ServiceMeters, respell, to_status};
use bytes::Bytes;
use http::HeaderMap;
use http_body::Frame;
use slab::Slab;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tonic::Status;
use tonic::body::Body;
use tracing::Span;

/// How often answers on their way are looked at.
const TICK: Duration = Duration::from_millis(10);

/// What ends a stream from outside.
pub(super) struct Watch {
    pub deadline: Option<Instant>,
    /// How long the caller may take before it asks for more.
    pub stall: Duration,
    /// Streams end: the service stops. None where it is not ended for that.
    pub ending: Option<CancellationToken>,
}

/// How an answer is ended.
#[derive(Clone)]
pub(super) struct Ends {
    pub rpc: &'static str,
    /// The call's.
    pub span: Span,
    pub meters: Arc<ServiceMeters>,
    /// Bytes of a status at most.
    pub status_bytes: usize,
}

impl Ends {
    fn with(&self, error: Error) -> Status {
        self.meters.failed(&error);
        self.span.in_scope(|| to_status(error, self.rpc, self.status_bytes))
    }
}

/// Ends answers whose time is over, whether their callers take anything or not: one task looks at all of them.
#[derive(Clone)]
pub(super) struct Watchdog(Arc<WatchedAnswers>);

struct WatchedAnswers {
    all: Mutex<Slab<WatchedAnswer>>,
    /// There is one where there was none.
    first: Notify,
}

struct WatchedAnswer {
    watch: Watch,
    ends: Ends,
    state: Arc<Mutex<State>>,
}

/// An answer that is counted and, where it is watched, ends with a status when its time is over. Whatever works for it ends
/// then too, also when the caller takes nothing any more.
pub(super) struct Guarded {
    state: Arc<Mutex<State>>,
    meter: CallMeter,
    ends: Ends,
    watched: Option<(Watchdog, usize)>,
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
    pub fn new(body: Body, meter: CallMeter, ends: Ends, watch: Option<Watch>, watchdog: &Watchdog) -> Self {
        let state = State { body: Some(body), ended: None, handed: Some(Instant::now()), waker: None };
        let state = Arc::new(Mutex::new(state));
        let watched = watch.map(|watch| {
            let answer = WatchedAnswer { watch, ends: ends.clone(), state: state.clone() };
            (watchdog.clone(), watchdog.add(answer))
        });
        Self { state, meter, ends, watched }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        if let Some((watchdog, key)) = &self.watched {
            let answer = lock(&watchdog.0.all).try_remove(*key);
            // Behind the lock: what it holds may take its time to end.
            drop(answer);
        }
    }
}

fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watchdog {
    /// Begins to look, until the service has stopped.
    pub fn start(stopped: CancellationToken) -> Self {
        let watched_answers = Arc::new(WatchedAnswers { all: Mutex::default(), first: Notify::new() });
        tokio::spawn(stopped.run_until_cancelled_owned(look(watched_answers.clone())));
        Self(watched_answers)
    }

    fn add(&self, answer: WatchedAnswer) -> usize {
        let mut all = lock(&self.0.all);
        let key = all.insert(answer);
        if all.len() == 1 {
            self.0.first.notify_one();
        }
        key
    }
}

async fn look(watched_answers: Arc<WatchedAnswers>) {
    loop {
        if lock(&watched_answers.all).is_empty() {
            watched_answers.first.notified().await;
        }
        sleep(TICK).await;
        let now = Instant::now();
        let mut over = Vec::new();
        for (_, WatchedAnswer { watch, ends, state }) in lock(&watched_answers.all).iter() {
            // One that is being asked for is looked at next time.
            if let Ok(mut state) = state.try_lock()
                && state.body.is_some()
                && let Some(error) = watch.over(&state, now)
            {
                over.push(state.end(ends.with(error)));
            }
        }
        for (body, waker) in over {
            drop(body);
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }
}

impl Watch {
    /// Why an answer ends now, if it does.
    fn over(&self, state: &State, now: Instant) -> Option<Error> {
        if self.deadline.is_some_and(|deadline| now >= deadline) {
            return Some(Error::DeadlineExceeded);
        }
        if self.ending.as_ref().is_some_and(CancellationToken::is_cancelled) {
            return Some(Error::ShuttingDown);
        }
        state.handed.is_some_and(|since| now >= since + self.stall).then_some(Error::SlowReader)
    }
}

impl State {
    /// Ends the answer with a status; what worked for it is to be dropped.
    fn end(&mut self, status: Status) -> (Option<Body>, Option<Waker>) {
        self.ended = Some(status);
        (self.body.take(), self.waker.take())
    }
}

impl http_body::Body for Guarded {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Self { state, meter, ends, .. } = self.get_mut();
        let mut state = lock(state);
        state.handed = None;
        if let Some(status) = state.ended.take() {
            return Poll::Ready(Some(Ok(last(&status, meter))));
        }
        let Some(body) = &mut state.body else { return Poll::Ready(None) };
        let polled = catch_unwind(AssertUnwindSafe(|| Pin::new(body).poll_frame(cx)));
        let Ok(polled) = polled else {
            // What the panic said is in the log already.
            state.body = None;
            let status = ends.with(Error::Internal("the answer panicked".into()));
            return Poll::Ready(Some(Ok(last(&status, meter))));
        };
        match polled {
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
            Poll::Ready(Some(Ok(mut frame))) => {
                if let Some(trailers) = frame.trailers_mut() {
                    respell(trailers);
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

/// The end of an answer with a status.
fn last(status: &Status, meter: &mut CallMeter) -> Frame<Bytes> {
    let mut trailers = HeaderMap::new();
    // A status of ours has no metadata that is not ASCII.
    let _ = status.add_header(&mut trailers);
    respell(&mut trailers);
    meter.trailers(&trailers);
    Frame::trailers(trailers)
}
