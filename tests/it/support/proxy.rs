//! A TCP proxy that does to connections what networks and servers do.

use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

/// What happens to connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They are forwarded.
    Pass,
    /// All are reset, new ones refused: the server is gone.
    Cut,
    /// All are dead and nobody is told. They stay dead; new ones are accepted and are dead too.
    BlackHole,
    /// Nothing is carried, and nothing is lost: it goes on later.
    Pause,
    /// Both directions carry so many bytes a second.
    Slow(usize),
    /// Nothing more comes from the server, which does not know.
    HalfClosed,
}

/// A proxy. It ends when it is dropped.
pub struct Proxy {
    mode: watch::Sender<Mode>,
    address: SocketAddr,
    /// Keeps the port while nobody listens.
    _reserved: TcpSocket,
    _accepting: AbortOnDropHandle<()>,
}

impl Proxy {
    /// Stands before the server of a database URL. Returns the URL through it, too.
    pub async fn before(url: &str) -> (Self, String) {
        let start = url.find('@').expect("a user") + 1;
        let end = start + url[start..].find('/').expect("a database");
        let server: SocketAddr = url[start..end].parse().expect("an address of the server");
        let reserved = socket(([127, 0, 0, 1], 0).into());
        let address = reserved.local_addr().expect("an address");
        let (mode, changes) = watch::channel(Mode::Pass);
        let listener = listen(address);
        let accepting = AbortOnDropHandle::new(tokio::spawn(accept(listener, address, server, changes)));
        let proxy = Self { mode, address, _reserved: reserved, _accepting: accepting };
        let url = format!("{}{}{}", &url[..start], proxy.address, &url[end..]);
        (proxy, url)
    }

    /// Does something else from now on.
    pub fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }
}

fn socket(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_reuseaddr(true).expect("reuse");
    socket.bind(address).expect("a port");
    socket
}

fn listen(address: SocketAddr) -> TcpListener {
    socket(address).listen(1024).expect("a listener")
}

async fn accept(mut listener: TcpListener, address: SocketAddr, server: SocketAddr, mut mode: watch::Receiver<Mode>) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = until(&mut mode, |mode| mode == Mode::Cut) => None,
            accepted = listener.accept() => Some(accepted),
        };
        match accepted {
            Some(Ok((client, _))) => {
                connections.spawn(connection(client, server, mode.clone()));
            }
            Some(Err(_)) => {}
            None => {
                drop(listener);
                until(&mut mode, |mode| mode != Mode::Cut).await;
                listener = listen(address);
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Waits for a mode; for ever where there will be no other.
async fn until(mode: &mut watch::Receiver<Mode>, is: impl Fn(Mode) -> bool) {
    if mode.wait_for(|mode| is(*mode)).await.is_err() {
        std::future::pending().await
    }
}

async fn connection(mut client: TcpStream, server: SocketAddr, mode: watch::Receiver<Mode>) {
    let [mut cut, mut hole, mut healed] = [mode.clone(), mode.clone(), mode.clone()];
    let now = *mode.borrow();
    let mut server = match now {
        Mode::BlackHole => None,
        _ => TcpStream::connect(server).await.ok(),
    };
    let forwarding = async {
        let Some(server) = &mut server else { return std::future::pending().await };
        let _ = (client.set_nodelay(true), server.set_nodelay(true));
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        tokio::join!(
            forward(&mut from_client, &mut to_server, mode.clone(), false),
            forward(&mut from_server, &mut to_client, mode.clone(), true),
        );
    };
    let is_dead = tokio::select! {
        biased;
        () = until(&mut cut, |mode| mode == Mode::Cut) => false,
        () = until(&mut hole, |mode| mode == Mode::BlackHole) => true,
        () = forwarding => return,
    };
    if is_dead {
        let mut unheard = [0; 4096];
        let dead = async {
            while client.read(&mut unheard).await.is_ok_and(|bytes| bytes > 0) {}
            // Neither does the server hear anything before the network is back.
            until(&mut healed, |mode| mode != Mode::BlackHole).await;
        };
        tokio::select! {
            () = until(&mut cut, |mode| mode == Mode::Cut) => {}
            () = dead => {}
        }
    }
    // Dropped, they are reset.
    let _ = client.set_zero_linger();
    if let Some(server) = server {
        let _ = server.set_zero_linger();
    }
}

/// Carries bytes one way until their end.
async fn forward(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    mut mode: watch::Receiver<Mode>,
    from_server: bool,
) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let now = *mode.borrow_and_update();
        let room = match now {
            Mode::HalfClosed if from_server => break,
            Mode::Pause => match mode.changed().await {
                Ok(()) => continue,
                Err(_) => return,
            },
            Mode::Slow(bytes) => (bytes / 20).max(1),
            _ => buffer.len(),
        };
        let read = tokio::select! {
            read = from.read(&mut buffer[..room]) => read,
            changed = mode.changed() => match changed {
                Ok(()) => continue,
                Err(_) => return,
            },
        };
        match read {
            Ok(bytes) if bytes > 0 => {
                if to.write_all(&buffer[..bytes]).await.is_err() {
                    return;
                }
            }
            _ => break,
        }
        if room < buffer.len() {
            // This is what slow is.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    let _ = to.shutdown().await;
}
