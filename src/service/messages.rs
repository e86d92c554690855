use futures::FutureExt;
use std::panic::AssertUnwindSafe;
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

impl<T: Send + 'static> Messages<T> {
    /// Messages that `work` sends to the other end of `received`. Where it panics they end with what `panicked` says: without
    /// a status they would seem to be complete.
    pub(super) fn new(
        out: mpsc::Sender<Result<T, Status>>,
        received: mpsc::Receiver<Result<T, Status>>,
        work: impl Future<Output = ()> + Send + 'static,
        panicked: impl FnOnce() -> Status + Send + 'static,
    ) -> Self {
        let work = async move {
            if AssertUnwindSafe(work).catch_unwind().await.is_err() {
                // An error means that nobody receives any more.
                let _ = out.send(Err(panicked())).await;
            }
        };
        Self { received, _work: AbortOnDropHandle::new(tokio::spawn(work.in_current_span())) }
    }
}

impl<T> Stream for Messages<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.received.poll_recv(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::StreamExt;

    #[tokio::test]
    async fn a_panic_is_the_end_of_a_stream_and_not_its_completion() {
        let (out, received) = mpsc::channel(1);
        let sender = out.clone();
        let work = async move {
            sender.send(Ok(1)).await.unwrap();
            panic!("a fault");
        };
        let messages = Messages::new(out, received, work, || Status::internal("internal error"));
        let all: Vec<_> = messages.map(|message| message.map_err(|status| status.code())).collect().await;
        assert_eq!(all, [Ok(1), Err(tonic::Code::Internal)]);
    }
}
