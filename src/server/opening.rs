//! What a new connection begins with, and what those are told who speak something else than the port.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

/// What every HTTP/2 connection begins with (RFC 9113, 3.4).
pub(super) const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The type of a record that begins a TLS handshake (RFC 8446, 5.1).
pub(super) const HANDSHAKE: u8 = 22;

/// An alert that ends a handshake: fatal, protocol_version (RFC 8446, 6).
const NO_TLS: [u8; 7] = [21, 3, 1, 0, 2, 2, 70];

/// What a caller speaks, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// HTTP/2; its preface has been read.
    Http2,
    /// HTTP/1.1 or older.
    Http1,
    /// TLS.
    Tls,
    /// Nothing that is known.
    Unknown,
}

impl Opening {
    /// Reads as far as it takes to know.
    pub async fn read(reader: &mut (impl AsyncRead + Unpin)) -> io::Result<Self> {
        let mut come = [0; PREFACE.len()];
        let mut filled = 0;
        loop {
            let read = reader.read(&mut come[filled..]).await?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            filled += read;
            if let Some(opening) = Self::of(&come[..filled]) {
                return Ok(opening);
            }
        }
    }

    /// Of the bytes that have come. None: more are needed.
    fn of(come: &[u8]) -> Option<Self> {
        if PREFACE.starts_with(come) {
            return (come.len() == PREFACE.len()).then_some(Self::Http2);
        }
        let method = come.split(|byte| *byte == b' ').next().unwrap_or_default();
        Some(match come {
            [HANDSHAKE, ..] => Self::Tls,
            _ if !method.is_empty() && method.iter().all(u8::is_ascii_uppercase) => Self::Http1,
            _ => Self::Unknown,
        })
    }

    /// What a caller is told who does not speak what the port does, in its own language.
    pub fn refusal(self, port_speaks_tls: bool) -> Vec<u8> {
        match (self, port_speaks_tls) {
            (Self::Http1, false) => http1(
                "505 HTTP Version Not Supported",
                "crm-kpi speaks gRPC over HTTP/2 on this port, and no HTTP/1.1. Metrics and probes have a port of their own \
                 (metrics.listen).\n",
            ),
            (Self::Http1, true) => http1(
                "400 Bad Request",
                "crm-kpi speaks gRPC over HTTP/2 with TLS on this port: this was plain text.\n",
            ),
            (Self::Http2, true) => go_away("this port speaks TLS, and this was plain text"),
            (Self::Tls, false) => NO_TLS.to_vec(),
            _ => Vec::new(),
        }
    }
}

fn http1(status: &str, sentence: &str) -> Vec<u8> {
    let length = sentence.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n\
         {sentence}"
    )
    .into_bytes()
}

/// The settings that a server begins with, none, and the frame that ends a connection (RFC 9113, 6.5 and 6.8).
fn go_away(debug_data: &str) -> Vec<u8> {
    const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    const PROTOCOL_ERROR: u8 = 1;
    // Short: its length has one byte.
    let length = u8::try_from(8 + debug_data.len()).unwrap_or(8);
    let head = [0, 0, length, 7, 0, 0, 0, 0, 0];
    let body = [0, 0, 0, 0, 0, 0, 0, PROTOCOL_ERROR];
    let data = debug_data.as_bytes().get(..usize::from(length) - 8).unwrap_or_default();
    [&SETTINGS[..], &head, &body, data].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_spoken_is_known_by_the_first_bytes() {
        let tls = [22, 3, 1, 2, 0, 1];
        let cases: [(&[u8], Option<Opening>); 10] = [
            (PREFACE, Some(Opening::Http2)),
            (&[&PREFACE[..], b"\0\0\0"].concat(), Some(Opening::Http2)),
            (b"GET / HTTP/1.0\r\n\r\n", Some(Opening::Http1)),
            (b"POST /crm.kpi.v1.KpiService/ListKpis HTTP/1.1\r\n", Some(Opening::Http1)),
            (b"PRIVATE", Some(Opening::Http1)),
            (&tls, Some(Opening::Tls)),
            (b"hello", Some(Opening::Unknown)),
            (b"\0\0\0", Some(Opening::Unknown)),
            (b"PRI * HTTP/2.0\r\n", None),
            (b"", None),
        ];
        for (bytes, expected) in cases {
            let mut slow = one_by_one(bytes);
            assert_eq!(Opening::read(&mut slow).await.ok(), expected, "{bytes:?}");
            assert_eq!(Opening::read(&mut &*bytes).await.ok(), expected, "{bytes:?}");
        }
    }

    /// A reader that has a byte at a time.
    fn one_by_one(bytes: &[u8]) -> impl AsyncRead + Unpin {
        use futures::StreamExt;
        let bytes: Vec<_> =
            bytes.iter().map(|byte| Ok::<_, io::Error>(bytes::Bytes::copy_from_slice(&[*byte]))).collect();
        tokio_util::io::StreamReader::new(futures::stream::iter(bytes).boxed())
    }
}
