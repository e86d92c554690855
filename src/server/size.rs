use super::compression::{Encoding, Inflating, NotInflated, PREFIX, read_prefix};
use crate::config::Limits;
use crate::error::{Error, Violation};
use crate::service::{ServiceMeters, to_status};
use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tonic::Status;

/// A request that breaks off when it is too large, or says that it will be: room for what it says is made at once. What is
/// compressed is inflated, and counts as large as it is then.
pub(super) struct Limited<B> {
    body: B,
    limit: usize,
    left: usize,
    /// The first message's prefix, and how much of it has come.
    prefix: [u8; PREFIX],
    come: usize,
    inflating: Option<Inflating>,
    meters: Arc<ServiceMeters>,
    status_bytes: usize,
}

impl<B> Limited<B> {
    /// At most a message of so many bytes.
    pub fn new(body: B, limits: &Limits, encoding: Option<Encoding>, meters: Arc<ServiceMeters>) -> Self {
        let Limits { request_bytes: limit, status_bytes, .. } = *limits;
        let left = limit.saturating_add(PREFIX);
        let inflating = encoding.map(|encoding| Inflating::new(encoding, limit));
        Self { body, limit, left, prefix: [0; PREFIX], come: 0, inflating, meters, status_bytes }
    }

    /// Counts what has come. Whether it is too much.
    fn exceeds(&mut self, data: &Bytes) -> bool {
        for (place, &byte) in self.prefix[self.come..].iter_mut().zip(data.chunk()) {
            *place = byte;
            self.come += 1;
        }
        if self.come == PREFIX && read_prefix(self.prefix).1 > self.limit {
            return true;
        }
        match self.left.checked_sub(data.remaining()) {
            Some(left) => self.left = left,
            None => return true,
        }
        false
    }

    /// What of a request's bytes goes on to its service.
    fn take(&mut self, data: Bytes) -> Result<Bytes, Error> {
        if self.exceeds(&data) {
            return Err(Error::RequestTooLarge);
        }
        let Some(inflating) = &mut self.inflating else { return Ok(data) };
        inflating.push(data).map_err(|error| match error {
            NotInflated::TooLarge => Error::RequestTooLarge,
            NotInflated::Broken => {
                let description = "does not match how the message is compressed".into();
                Error::Invalid(vec![Violation { field: "grpc-encoding".into(), description }])
            }
        })
    }
}

impl<B: Body<Data = Bytes, Error = Status> + Unpin> Body for Limited<B> {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        loop {
            let frame = match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => frame,
                None => {
                    let rest = self.inflating.as_mut().map(Inflating::rest).filter(|rest| !rest.is_empty());
                    return Poll::Ready(rest.map(|rest| Ok(Frame::data(rest))));
                }
                other => return Poll::Ready(other),
            };
            let data = match frame.into_data() {
                Ok(data) => data,
                Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
            };
            match self.take(data) {
                // The message is not there as a whole.
                Ok(data) if data.is_empty() && self.inflating.is_some() => {}
                Ok(data) => return Poll::Ready(Some(Ok(Frame::data(data)))),
                Err(error) => {
                    self.meters.failed(&error);
                    return Poll::Ready(Some(Err(to_status(error, "", self.status_bytes))));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inflating.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        match self.inflating {
            None => self.body.size_hint(),
            Some(_) => SizeHint::default(),
        }
    }
}
