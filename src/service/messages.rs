use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_util::task::AbortOnDropHandle;
use tonic::Status;
use tracing::Instrument;

/// The messages of a stream. What works for them ends when they are dropped.
#[derive(Debug)]
pub struct Messages<T> {
    received: mpsc::Receiver<Result<T, Status>>,
    _work: AbortOnDropHandle<()>,
}

impl<T> Messages<T> {
    /// Messages that `work` sends to the other end of `received`.
    pub(super) fn new(
        received: mpsc::Receiver<Result<T, Status>>,
        work: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        Self { received, _work: AbortOnDropHandle::new(tokio::spawn(work.in_current_span())) }
    }
}

impl<T> Stream for Messages<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.received.poll_recv(cx)
    }
}
