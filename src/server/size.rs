use crate::config::Limits;
use crate::error::Error;
use crate::service::{ServiceMeters, to_status};
use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tonic::Status;

/// Bytes that a gRPC message has before it: a flag, then its length.
const PREFIX: usize = 5;

/// A request that breaks off when it is too large, or says that it will be: room for what it says is made at once.
pub(super) struct Limited<B> {
    body: B,
    limit: usize,
    left: usize,
    /// The first message's prefix, and how much of it has come.
    prefix: [u8; PREFIX],
    come: usize,
    meters: Arc<ServiceMeters>,
    status_bytes: usize,
}

impl<B> Limited<B> {
    /// At most a message of so many bytes.
    pub fn new(body: B, limits: &Limits, meters: Arc<ServiceMeters>) -> Self {
        let Limits { request_bytes: limit, status_bytes, .. } = *limits;
        Self { body, limit, left: limit.saturating_add(PREFIX), prefix: [0; PREFIX], come: 0, meters, status_bytes }
    }

    /// Counts what has come. Whether it is too much.
    fn exceeds(&mut self, data: &impl Buf) -> bool {
        for (place, &byte) in self.prefix[self.come..].iter_mut().zip(data.chunk()) {
            *place = byte;
            self.come += 1;
        }
        let [_, length @ ..] = self.prefix;
        if self.come == PREFIX && usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX) > self.limit {
            return true;
        }
        match self.left.checked_sub(data.remaining()) {
            Some(left) => self.left = left,
            None => return true,
        }
        false
    }
}

impl<B: Body<Error = Status> + Unpin> Body for Limited<B> {
    type Data = B::Data;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, Status>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
            && self.exceeds(data)
        {
            self.meters.failed(&Error::RequestTooLarge);
            return Poll::Ready(Some(Err(to_status(Error::RequestTooLarge, "", self.status_bytes))));
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
