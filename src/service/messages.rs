use crate::error::{Error, Result};
use futures::FutureExt;
use std::future::pending;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_util::task::AbortOnDropHandle;
use tonic::Status;
use tracing::Instrument;

/// Messages that wait for a slow caller.
const MESSAGES_AHEAD: usize = 2;

/// The messages of a stream: a header, what comes in between, and a summary or the status of an error. What works for them
/// ends when they are dropped.
#[derive(Debug)]
pub struct Messages<T> {
    received: mpsc::Receiver<Result<T, Status>>,
    _work: AbortOnDropHandle<()>,
}

/// Takes the messages between the header of a stream and its summary.
pub(super) struct Out<T>(mpsc::Sender<Result<T, Status>>);

impl<T> Out<T> {
    /// Sends a message once there is room. Does not return where nobody receives any more: the work ends there.
    pub async fn send(&self, message: T) {
        if self.0.send(Ok(message)).await.is_err() {
            pending().await
        }
    }
}

impl<T: Send + 'static> Messages<T> {
    /// A stream that begins with its header; `work` sends what follows and returns the summary. Where it fails or panics the
    /// stream ends with what `failed` says: without a status it would seem to be complete.
    pub(super) fn new<F>(
        header: T,
        work: impl FnOnce(Out<T>) -> F,
        failed: impl FnOnce(Error) -> Status + Send + 'static,
    ) -> Self
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let (out, received) = mpsc::channel(MESSAGES_AHEAD);
        let work = work(Out(out.clone()));
        let stream = async move {
            Out(out.clone()).send(header).await;
            let panicked = |_| Err(Error::Internal("the stream panicked".into()));
            let end = AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(panicked);
            // An error means that nobody receives any more.
            let _ = out.send(end.map_err(failed)).await;
        };
        Self { received, _work: AbortOnDropHandle::new(tokio::spawn(stream.in_current_span())) }
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
    use std::sync::Arc;

    async fn all<F>(work: impl FnOnce(Out<u32>) -> F) -> Vec<Result<u32, String>>
    where
        F: Future<Output = Result<u32>> + Send + 'static,
    {
        let messages = Messages::new(0, work, |error| Status::internal(format!("{error:?}")));
        messages.map(|message| message.map_err(|status| status.message().to_owned())).collect().await
    }

    #[tokio::test]
    async fn a_stream_has_a_header_and_a_summary() {
        let work = async |out: Out<u32>| {
            for number in 1..6 {
                out.send(number).await;
            }
            Ok(6)
        };
        assert_eq!(all(work).await, (0..=6).map(Ok).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn an_error_or_a_panic_is_the_end_of_a_stream_and_not_its_completion() {
        let fails = async |out: Out<u32>| {
            out.send(1).await;
            Err(Error::DataChanged)
        };
        assert_eq!(all(fails).await, [Ok(0), Ok(1), Err("DataChanged".into())]);
        let panics = async |out: Out<u32>| {
            out.send(1).await;
            panic!("a fault");
        };
        assert_eq!(all(panics).await, [Ok(0), Ok(1), Err("Internal(\"the stream panicked\")".into())]);
    }

    #[tokio::test]
    async fn work_ends_where_nobody_receives() {
        let held = Arc::new(());
        let holds = held.clone();
        let work = |out: Out<u32>| async move {
            let _holds = holds;
            loop {
                out.send(1).await;
            }
        };
        let mut messages = Messages::new(0, work, |error| Status::internal(error.to_string()));
        assert!(messages.next().await.is_some());
        drop(messages);
        while Arc::strong_count(&held) > 1 {
            tokio::task::yield_now().await;
        }
    }
}
