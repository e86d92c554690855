//! Messages that travel compressed, as callers say that they are and that they accept.
//!
//! Requests are inflated before they reach their service, within the limit of their size. Answers are compressed behind it,
//! message by message, where that is worth it: the protocol marks each.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::Frame;
use std::io::{self, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tonic::Status;
use tonic::body::Body;

/// The encoding of a message, and those that a caller accepts.
const ENCODING: HeaderName = HeaderName::from_static("grpc-encoding");
const ACCEPTED: HeaderName = HeaderName::from_static("grpc-accept-encoding");

/// What requests may be compressed with, as callers are told.
const OURS: HeaderValue = HeaderValue::from_static("identity,gzip,zstd");

/// How much work is put into compressing: rows get small with little.
const GZIP_LEVEL: u32 = 1;
const ZSTD_LEVEL: i32 = 1;

/// The largest window of zstd, as a power of two, that a request may want: what RFC 8878 has every decoder support.
const ZSTD_WINDOW: u32 = 23;

/// A way to compress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Gzip,
    Zstd,
}

/// Why a message was not inflated.
#[derive(Debug)]
pub(super) enum NotInflated {
    /// It is larger than it may be.
    TooLarge,
    /// It is not what it says.
    Broken,
}

impl Encoding {
    /// That of a request; None: it is not compressed, or with something that is not known, which its service refuses.
    pub fn of_request(headers: &HeaderMap) -> Option<Self> {
        match headers.get(ENCODING)?.as_bytes() {
            b"gzip" => Some(Self::Gzip),
            b"zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The best of those that a caller accepts in answers.
    pub fn accepted(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(ACCEPTED).iter().filter_map(|value| value.to_str().ok());
        let names = values.flat_map(|value| value.split(',')).map(str::trim);
        names.fold(None, |best, name| match (name, best) {
            ("zstd", _) | (_, Some(Self::Zstd)) => Some(Self::Zstd),
            ("gzip", _) => Some(Self::Gzip),
            (_, best) => best,
        })
    }

    fn name(self) -> HeaderValue {
        match self {
            Self::Gzip => HeaderValue::from_static("gzip"),
            Self::Zstd => HeaderValue::from_static("zstd"),
        }
    }

    /// Says in the head of an answer what its messages may be compressed with.
    pub fn announce(self, headers: &mut HeaderMap) {
        headers.insert(ENCODING, self.name());
    }

    /// Inflates a message, to at most so many bytes.
    pub fn inflate(self, message: &[u8], max_bytes: usize) -> Result<Vec<u8>, NotInflated> {
        let mut inflated = Vec::new();
        // One byte more tells that there are more.
        let limit = max_bytes.saturating_add(1) as u64;
        let read = match self {
            Self::Gzip => MultiGzDecoder::new(message).take(limit).read_to_end(&mut inflated),
            Self::Zstd => zstd::stream::read::Decoder::with_buffer(message).and_then(|mut decoder| {
                decoder.window_log_max(ZSTD_WINDOW)?;
                decoder.take(limit).read_to_end(&mut inflated)
            }),
        };
        read.map_err(|_| NotInflated::Broken)?;
        if inflated.len() > max_bytes { Err(NotInflated::TooLarge) } else { Ok(inflated) }
    }

    fn deflate(self, message: &[u8], into: &mut BytesMut) -> io::Result<()> {
        match self {
            Self::Gzip => {
                let mut encoder = GzEncoder::new(into.writer(), flate2::Compression::new(GZIP_LEVEL));
                encoder.write_all(message)?;
                encoder.finish().map(drop)
            }
            Self::Zstd => zstd::stream::copy_encode(message, into.writer(), ZSTD_LEVEL),
        }
    }

    /// Compresses the messages of a frame that have so many bytes at least, each behind its prefix; what does not get smaller
    /// stays as it is, as does a frame that does not consist of whole messages.
    pub fn compress(self, frame: Bytes, min_bytes: usize) -> Bytes {
        if frame.len() < min_bytes {
            return frame;
        }
        self.compressed(&frame, min_bytes).unwrap_or(frame)
    }

    /// None where nothing gets smaller.
    fn compressed(self, frame: &[u8], min_bytes: usize) -> Option<Bytes> {
        let mut out = BytesMut::new();
        let mut rest = frame;
        while !rest.is_empty() {
            let (prefix, behind) = rest.split_first_chunk::<PREFIX>()?;
            let (flag, length) = read_prefix(*prefix);
            let (message, behind) = behind.split_at_checked(length)?;
            let begin = out.len();
            out.put_slice(prefix);
            if flag == PLAIN && length >= min_bytes && self.deflate(message, &mut out).is_ok() {
                let compressed = out.len() - begin - PREFIX;
                if compressed < length {
                    let head = out.get_mut(begin..begin + PREFIX)?;
                    head.copy_from_slice(&prefix_of(COMPRESSED, compressed));
                } else {
                    out.truncate(begin + PREFIX);
                    out.put_slice(message);
                }
            } else {
                out.truncate(begin + PREFIX);
                out.put_slice(message);
            }
            rest = behind;
        }
        (out.len() < frame.len()).then(|| out.freeze())
    }
}

/// Tells a caller what requests may be compressed with.
pub(super) fn announce_ours(headers: &mut HeaderMap) {
    headers.insert(ACCEPTED, OURS);
}

/// Takes the encoding out of a request that is inflated.
pub(super) fn forget_encoding(headers: &mut HeaderMap) {
    headers.remove(ENCODING);
}

/// Bytes before a message: a flag and its length.
pub(super) const PREFIX: usize = 5;

/// The flag of a message that is not compressed, and of one that is.
const PLAIN: u8 = 0;
const COMPRESSED: u8 = 1;

pub(super) fn read_prefix(prefix: [u8; PREFIX]) -> (u8, usize) {
    let [flag, length @ ..] = prefix;
    (flag, usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX))
}

fn prefix_of(flag: u8, length: usize) -> [u8; PREFIX] {
    let [a, b, c, d] = u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes();
    [flag, a, b, c, d]
}

/// The messages of a request, plain.
#[derive(Debug)]
pub(super) struct Inflating {
    encoding: Encoding,
    /// Bytes that there may still be.
    left: usize,
    come: BytesMut,
}

impl Inflating {
    /// Of a request whose messages, inflated and all together, have so many bytes at most.
    pub fn new(encoding: Encoding, max_bytes: usize) -> Self {
        Self { encoding, left: max_bytes, come: BytesMut::new() }
    }

    /// Takes what has come, and gives the messages that are complete, with their prefixes.
    pub fn push(&mut self, data: impl Buf) -> Result<Bytes, NotInflated> {
        self.come.put(data);
        let mut plain = BytesMut::new();
        while let Some(prefix) = self.come.first_chunk::<PREFIX>() {
            let (flag, length) = read_prefix(*prefix);
            if self.come.len() - PREFIX < length {
                break;
            }
            let mut message = self.come.split_to(PREFIX + length);
            match flag {
                COMPRESSED => {
                    message.advance(PREFIX);
                    let inflated = self.encoding.inflate(&message, self.left)?;
                    self.left -= inflated.len();
                    plain.put_slice(&prefix_of(PLAIN, inflated.len()));
                    plain.put_slice(&inflated);
                }
                // Also what is neither: its service says so.
                _ => plain.unsplit(message),
            }
        }
        Ok(plain.freeze())
    }

    /// What is left at the end: a message that is not whole, which its service says.
    pub fn rest(&mut self) -> Bytes {
        self.come.split().freeze()
    }
}

/// An answer whose large messages are compressed.
pub(super) struct Compressing {
    body: Body,
    encoding: Encoding,
    min_bytes: usize,
}

impl Compressing {
    /// Compresses messages of so many bytes at least.
    pub fn new(body: Body, encoding: Encoding, min_bytes: usize) -> Self {
        Self { body, encoding, min_bytes }
    }
}

impl http_body::Body for Compressing {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        let (encoding, min_bytes) = (self.encoding, self.min_bytes);
        Poll::Ready(frame.map(|frame| frame.map(|frame| frame.map_data(|data| encoding.compress(data, min_bytes)))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [Encoding; 2] = [Encoding::Gzip, Encoding::Zstd];

    fn framed(flag: u8, message: &[u8]) -> Vec<u8> {
        [&prefix_of(flag, message.len())[..], message].concat()
    }

    fn deflated(encoding: Encoding, message: &[u8]) -> Vec<u8> {
        let mut out = BytesMut::new();
        encoding.deflate(message, &mut out).unwrap();
        out.to_vec()
    }

    #[test]
    fn what_a_caller_accepts_is_known_by_its_headers() {
        let of = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(ACCEPTED, HeaderValue::from_static(value));
            }
            Encoding::accepted(&headers)
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&["identity"]), None);
        assert_eq!(of(&["identity,deflate,gzip"]), Some(Encoding::Gzip));
        assert_eq!(of(&["identity, deflate, gzip, zstd"]), Some(Encoding::Zstd));
        assert_eq!(of(&["zstd,gzip"]), Some(Encoding::Zstd));
        assert_eq!(of(&["br", "gzip"]), Some(Encoding::Gzip));
        assert_eq!(of(&["gzipped"]), None);
    }

    #[test]
    fn messages_become_what_they_were() {
        let long = b"rows and rows ".repeat(1000);
        let noise: Vec<u8> =
            (0..2000u32).flat_map(|n| blake3::hash(&n.to_le_bytes()).as_bytes()[..4].to_vec()).collect();
        for encoding in BOTH {
            let messages: [&[u8]; 4] = [&long, b"short", &noise, b""];
            let frame: Vec<u8> = messages.iter().flat_map(|message| framed(PLAIN, message)).collect();
            let sent = encoding.compress(frame.clone().into(), 100);
            assert!(sent.len() < frame.len() - long.len() / 2, "{encoding:?}: {}", sent.len());
            assert_eq!(sent[0], COMPRESSED);
            let mut inflating = Inflating::new(encoding, frame.len());
            let mut plain = Vec::new();
            for byte in &sent {
                plain.extend_from_slice(&inflating.push(&[*byte][..]).unwrap());
            }
            assert_eq!(plain, frame, "{encoding:?}");
            assert!(inflating.rest().is_empty());
            // Small ones, and what is no frame, stay as they are.
            assert_eq!(encoding.compress(frame.clone().into(), 1_000_000), frame);
            assert_eq!(encoding.compress(frame[1..].to_vec().into(), 100), frame[1..]);
        }
    }

    #[test]
    fn a_bomb_is_found_before_it_goes_off() {
        for encoding in BOTH {
            let bomb = deflated(encoding, &vec![0; 50_000_000]);
            assert!(bomb.len() < 300_000, "{encoding:?}: {}", bomb.len());
            assert!(matches!(encoding.inflate(&bomb, 1000), Err(NotInflated::TooLarge)), "{encoding:?}");
            let many: Vec<u8> = (0..5).flat_map(|_| deflated(encoding, &[7; 300])).collect();
            assert!(matches!(encoding.inflate(&many, 1000), Err(NotInflated::TooLarge)), "{encoding:?}");
            assert_eq!(encoding.inflate(&deflated(encoding, &[7; 1000]), 1000).unwrap(), [7; 1000]);
            // Many that are small enough are too large together.
            let bombs: Vec<u8> = (0..5).flat_map(|_| framed(COMPRESSED, &deflated(encoding, &[7; 300]))).collect();
            assert!(matches!(Inflating::new(encoding, 1000).push(&bombs[..]), Err(NotInflated::TooLarge)));
            for broken in [&b"\x1f\x8b"[..], b"nothing", &bomb[..bomb.len() / 2]] {
                assert!(matches!(encoding.inflate(broken, usize::MAX), Err(NotInflated::Broken)), "{broken:.10?}");
            }
        }
    }
}
