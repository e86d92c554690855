use crate::error::Error;
use crate::service::{ServiceMeters, to_status};
use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tonic::Status;

/// A request that breaks off when it is too large.
pub(super) struct Limited<B> {
    body: B,
    left: usize,
    meters: ServiceMeters,
}

impl<B> Limited<B> {
    /// At most so many bytes.
    pub fn new(body: B, limit: usize, meters: ServiceMeters) -> Self {
        Self { body, left: limit, meters }
    }
}

impl<B: Body<Error = Status> + Unpin> Body for Limited<B> {
    type Data = B::Data;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, Status>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            let bytes = frame.data_ref().map_or(0, Buf::remaining);
            match self.left.checked_sub(bytes) {
                Some(left) => self.left = left,
                None => {
                    self.meters.failed(&Error::RequestTooLarge);
                    return Poll::Ready(Some(Err(to_status(Error::RequestTooLarge, ""))));
                }
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
