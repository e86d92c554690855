//! Requests that come in pieces.

use super::raw::{Answer, call, framed, head, over, path};
use super::{Target, question};
use bytes::Bytes;
use crm_kpi::proto::QueryKpisResponse;
use h2::client::Builder;
use prost::Message;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A connection that sends at most so many bytes at once, each a packet, and remembers them.
struct Crumbs {
    stream: TcpStream,
    size: usize,
    sent: Arc<Mutex<Vec<u8>>>,
}

impl Crumbs {
    async fn connect(address: SocketAddr, size: usize) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, size, sent: Arc::default() }
    }
}

impl AsyncRead for Crumbs {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Crumbs {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let size = self.size.min(bytes.len());
        let written = Pin::new(&mut self.stream).poll_write(cx, &bytes[..size]);
        if let Poll::Ready(Ok(count)) = &written {
            self.sent.lock().unwrap().extend_from_slice(&bytes[..*count]);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

fn request(address: SocketAddr) -> http::Request<()> {
    head(address, &path("QueryKpis"))
}

/// The bytes of a connection with one call.
pub async fn recorded(address: SocketAddr) -> Vec<u8> {
    let stream = Crumbs::connect(address, usize::MAX).await;
    let sent = stream.sent.clone();
    let (sender, driving) = over(stream, &Builder::new()).await;
    assert_eq!(call(&sender, request(address), framed(&question())).await.unwrap().code, Some(0));
    drop(sender);
    driving.await.unwrap();
    sent.lock().unwrap().clone()
}

fn is_right(answer: &Answer, expected: &QueryKpisResponse) {
    assert_eq!((answer.http, answer.code), (200, Some(0)), "{}", answer.message);
    let mut read = QueryKpisResponse::decode(&answer.body[5..]).unwrap();
    if let (Some(header), Some(expected)) = (&mut read.header, &expected.header) {
        header.as_of = expected.as_of;
    }
    assert_eq!(&read, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_in_packets_of_a_byte_are_answered() {
    let target = Target::start(|_| {}).await;
    for size in [1, 2, 3, 5, 8, 13] {
        let (sender, driving) = over(Crumbs::connect(target.address, size).await, &Builder::new()).await;
        for _ in 0..3 {
            let answer = call(&sender, request(target.address), framed(&question())).await.unwrap();
            is_right(&answer, &target.expected);
        }
        drop(sender);
        driving.await.unwrap();
    }
    target.holds_nothing().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_in_data_frames_of_a_byte_are_answered() {
    let target = Target::start(|_| {}).await;
    for size in [1, 4, 5, 6, 50] {
        let (sender, driving) = super::raw::connect(target.address).await;
        let mut ready = sender.clone().ready().await.unwrap();
        let (answer, mut stream) = ready.send_request(request(target.address), false).unwrap();
        let body = framed(&question());
        for piece in body.chunks(size) {
            stream.send_data(Bytes::copy_from_slice(piece), false).unwrap();
            // Empty ones are frames, too.
            stream.send_data(Bytes::new(), false).unwrap();
            tokio::task::yield_now().await;
        }
        stream.send_data(Bytes::new(), true).unwrap();
        is_right(&super::raw::read(answer).await.unwrap(), &target.expected);
        drop((sender, ready, stream));
        driving.await.unwrap();
    }
    target.holds_nothing().await;
}
