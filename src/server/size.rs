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
    limit: usize,
    /// Bytes that may come still.
    left: usize,
    /// What is before the first message: a flag and its length.
    prefix: Prefix,
    meters: ServiceMeters,
}

impl<B> Limited<B> {
    /// At most one message of so many bytes.
    pub fn new(body: B, limit: usize, meters: ServiceMeters) -> Self {
        Self { body, limit, left: limit.saturating_add(PREFIX), prefix: Prefix::default(), meters }
    }
}

/// Bytes that a gRPC message has before it.
const PREFIX: usize = 5;

/// As much of it as was read.
#[derive(Clone, Copy, Debug, Default)]
struct Prefix {
    bytes: [u8; PREFIX],
    read: usize,
}

impl Prefix {
    fn read(&mut self, bytes: &[u8]) {
        for (to, from) in self.bytes[self.read..].iter_mut().zip(bytes) {
            *to = *from;
            self.read += 1;
        }
    }

    /// The bytes that the message is said to have.
    fn promised(&self) -> Option<usize> {
        let [_, a, b, c, d] = self.bytes;
        (self.read == PREFIX).then(|| usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX))
    }
}

impl<B: Body<Error = Status> + Unpin> Body for Limited<B> {
    type Data = B::Data;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, Status>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            let bytes = frame.data_ref().map_or(0, Buf::remaining);
            if let Some(data) = frame.data_ref() {
                self.prefix.read(data.chunk());
            }
            // Who decodes it makes room for what is promised, before it is there.
            let fits = self.prefix.promised().is_none_or(|promised| promised <= self.limit);
            match self.left.checked_sub(bytes).filter(|_| fits) {
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
