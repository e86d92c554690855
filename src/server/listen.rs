//! Accepts connections and serves HTTP/2 on them, within limits.

use super::connection::Connection;
use super::ending::Ending;
use super::front::Front;
use super::handshakes::Failure;
use super::metrics::Metrics;
use super::opening::{HANDSHAKE, Opening, PREFACE};
use super::tls::Tls;
use crate::config::Limits;
use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::task::TaskTracker;

/// How often a silent caller is asked whether it is still there, and how long it may take to answer.
const KEEPALIVE: Duration = Duration::from_secs(60);
const KEEPALIVE_ANSWER: Duration = Duration::from_secs(20);

/// Bytes of the headers of a request; a token may take some.
const MAX_HEADERS: u32 = 32 * 1024;

/// Connections beyond the limit that are told so, and how long each may take to hear it. Yet more are closed unheard.
const REFUSED_AT_ONCE: usize = 64;
const REFUSAL: Duration = Duration::from_secs(2);

/// Files that are kept for the database and everything else beside connections of callers.
const OTHER_FILES: u64 = 128;

/// The pause after the system has no room for another connection.
const NO_ROOM: Duration = Duration::from_millis(100);

/// Serves connections.
#[derive(Clone)]
pub(super) struct Listener {
    pub front: Front,
    pub tls: Option<Arc<Tls>>,
    pub limits: Limits,
    pub ending: Ending,
    pub metrics: Metrics,
    pub connections: Arc<Semaphore>,
    pub refusals: Arc<Semaphore>,
    /// Sockets that callers may have, those included that say nothing.
    pub sockets: Arc<Semaphore>,
    pub tracker: TaskTracker,
}

impl Listener {
    pub fn new(front: Front, tls: Option<Tls>, limits: Limits, ending: Ending, metrics: Metrics) -> Self {
        Self {
            front,
            tls: tls.map(Arc::new),
            limits,
            ending,
            metrics,
            connections: Arc::new(Semaphore::new(limits.connections)),
            refusals: Arc::new(Semaphore::new(REFUSED_AT_ONCE)),
            sockets: Arc::new(Semaphore::new(sockets())),
            tracker: TaskTracker::new(),
        }
    }

    /// Accepts connections until the service stops.
    pub async fn accept(self, listener: TcpListener) {
        loop {
            let accept = async {
                // The semaphore is never closed.
                let socket = self.sockets.clone().acquire_owned().await.ok();
                listener.accept().await.map(|(stream, peer)| (stream, peer, socket))
            };
            let accepted = tokio::select! {
                () = self.ending.stopping.cancelled() => break,
                accepted = accept => accepted,
            };
            match accepted {
                Ok((stream, peer, socket)) => {
                    let connection = self.clone();
                    self.tracker.spawn(async move {
                        let _socket = socket;
                        let cut = connection.ending.cut.clone();
                        tokio::select! {
                            () = cut.cancelled() => {}
                            () = connection.connection(stream, peer) => {}
                        }
                    });
                }
                Err(error) => {
                    // A caller that is gone already, or no file descriptor that is free.
                    tracing::debug!(%error, "a connection was not accepted");
                    sleep(NO_ROOM).await;
                }
            }
        }
        self.tracker.close();
    }

    async fn connection(&self, stream: TcpStream, peer: SocketAddr) {
        let begin_by = Instant::now() + self.limits.handshake;
        // An error means that the connection is gone: what follows finds out too.
        let _ = stream.set_nodelay(true);
        let begun = match &self.tls {
            Some(tls) => self.shake_hands(tls, stream, peer, begin_by).await,
            None => self.begin(Connection::from(stream), peer, begin_by).await,
        };
        if let Err(error) = begun {
            tracing::debug!(%peer, %error, "a connection did not begin");
        }
    }

    async fn shake_hands(&self, tls: &Tls, stream: TcpStream, peer: SocketAddr, by: Instant) -> io::Result<()> {
        let mut first = [0];
        let looked_at = tokio::select! {
            looked_at = timeout_at(by, stream.peek(&mut first)) => looked_at,
            () = self.ending.stopping.cancelled() => return Ok(()),
        };
        let mut connection = Connection::from(stream);
        if looked_at?? > 0 && first != [HANDSHAKE] {
            self.metrics.handshakes().failed(peer, Failure::NoTls);
            let opening = timeout_at(by, Opening::read(&mut connection)).await??;
            return refuse(opening, connection, peer, true).await;
        }
        let shaken = tokio::select! {
            shaken = timeout_at(by, tls.acceptor().accept(connection).into_fallible()) => match shaken {
                Ok(shaken) => shaken,
                Err(elapsed) => {
                    self.metrics.handshakes().failed(peer, Failure::TimedOut);
                    return Err(elapsed.into());
                }
            },
            () = self.ending.stopping.cancelled() => return Ok(()),
        };
        match shaken {
            Ok(connection) => self.begin(connection, peer, by).await,
            Err((error, mut connection)) => {
                self.metrics.handshakes().failed(peer, Failure::of(&error));
                // The caller is to hear why.
                let _ = connection.shutdown().await;
                Err(error)
            }
        }
    }

    /// Reads the beginning, for which there is not for ever, and serves what follows.
    async fn begin<C>(&self, connection: C, peer: SocketAddr, by: Instant) -> io::Result<()>
    where
        C: AsyncRead + AsyncWrite + Send + 'static,
    {
        let (mut reader, writer) = tokio::io::split(connection);
        let opening = tokio::select! {
            opening = timeout_at(by, Opening::read(&mut reader)) => opening??,
            () = self.ending.stopping.cancelled() => return Ok(()),
        };
        if opening != Opening::Http2 {
            return refuse(opening, tokio::io::join(reader, writer), peer, false).await;
        }
        let front = self.front.for_peer(peer);
        let connection = tokio::io::join(io::Cursor::new(PREFACE).chain(reader), writer);
        match self.connections.clone().try_acquire_owned() {
            Ok(_place) => {
                let _open = self.metrics.connection();
                self.serve(connection, front, None).await;
            }
            Err(_) => {
                if let Ok(_place) = self.refusals.clone().try_acquire_owned() {
                    self.serve(connection, front.refusing(), Some(REFUSAL)).await;
                }
            }
        }
        Ok(())
    }

    /// Serves HTTP/2; for so long only, where that is given.
    async fn serve<C: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        &self,
        connection: C,
        front: Front,
        lifetime: Option<Duration>,
    ) {
        let mut http = http2::Builder::new(TokioExecutor::new());
        http.timer(TokioTimer::new())
            .keep_alive_interval(KEEPALIVE)
            .keep_alive_timeout(KEEPALIVE_ANSWER)
            .max_concurrent_streams(self.limits.calls_per_connection)
            .max_header_list_size(MAX_HEADERS);
        let service = TowerToHyperService::new(front);
        let mut serving = std::pin::pin!(http.serve_connection(TokioIo::new(connection), service));
        let over = async {
            match lifetime {
                Some(lifetime) => sleep(lifetime).await,
                None => self.ending.stopping.cancelled().await,
            }
        };
        let outcome = tokio::select! {
            outcome = serving.as_mut() => outcome,
            () = over => {
                serving.as_mut().graceful_shutdown();
                match lifetime {
                    Some(lifetime) => tokio::time::timeout(lifetime, serving).await.unwrap_or(Ok(())),
                    None => serving.await,
                }
            }
        };
        if let Err(error) = outcome {
            tracing::debug!(%error, "a connection broke");
        }
    }
}

/// Tells a caller in its own language that the port speaks another one.
async fn refuse(
    opening: Opening,
    mut connection: impl AsyncWrite + Unpin,
    peer: SocketAddr,
    port_speaks_tls: bool,
) -> io::Result<()> {
    let speaks = format!("{opening:?}");
    tracing::info!(%peer, speaks, port_speaks_tls, reason = "OTHER_PROTOCOL", "a connection was refused");
    connection.write_all(&opening.refusal(port_speaks_tls)).await?;
    connection.shutdown().await
}

/// As many sockets as the system gives, without what others need.
fn sockets() -> usize {
    #[cfg(unix)]
    let files = rlimit::getrlimit(rlimit::Resource::NOFILE).map_or(u64::MAX, |(soft, _)| soft);
    #[cfg(not(unix))]
    let files = u64::MAX;
    let left = files.saturating_sub(OTHER_FILES).max(files / 2).max(1);
    usize::try_from(left).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS)
}
