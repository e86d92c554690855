//! A plain tonic server with one unary call, which answers with as many bytes as it is asked for. It runs in a process of its
//! own, which is this program with `--echo`.

use crate::Outcome;
use crate::server::Server;
use bytes::Bytes;
use prost::Message;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::body::Body;
use tonic::codegen::{BoxFuture, Service, http};
use tonic::server::{NamedService, UnaryService};
use tonic::transport::Channel;
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

const PATH: &str = "/bench.Echo/Echo";

static FILLER: [u8; 4 << 20] = [0; 4 << 20];

/// So many bytes, and how many are wanted back.
#[derive(Clone, PartialEq, Message)]
struct Bulk {
    #[prost(uint32, tag = "1")]
    wanted: u32,
    #[prost(bytes = "bytes", tag = "2")]
    filler: Bytes,
}

impl Bulk {
    /// A message of so many bytes, or the least that there can be.
    fn of(bytes: usize, wanted: u32) -> Self {
        let mut bulk = Self { wanted, filler: Bytes::from_static(&FILLER[..bytes.min(FILLER.len())]) };
        while bulk.encoded_len() > bytes && !bulk.filler.is_empty() {
            bulk.filler.truncate(bulk.filler.len() - 1);
        }
        bulk
    }
}

#[derive(Clone)]
struct Echo;

impl NamedService for Echo {
    const NAME: &'static str = "bench.Echo";
}

impl UnaryService<Bulk> for Echo {
    type Response = Bulk;
    type Future = Ready<Result<Response<Bulk>, Status>>;

    fn call(&mut self, request: Request<Bulk>) -> Self::Future {
        let wanted = usize::try_from(request.into_inner().wanted).unwrap_or(usize::MAX);
        ready(Ok(Response::new(Bulk::of(wanted, 0))))
    }
}

impl Service<http::Request<Body>> for Echo {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Self::Error>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(async {
            let mut unary = tonic::server::Grpc::new(ProstCodec::<Bulk, Bulk>::default());
            Ok(unary.unary(Self, request).await)
        })
    }
}

/// Serves until the process is ended, and says where.
pub async fn serve() -> Outcome<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("ready at http://{}", listener.local_addr()?);
    let connections = TcpListenerStream::new(listener);
    let nodelay = futures::StreamExt::inspect(connections, |connection| {
        // An error means that the connection is gone.
        let _ = connection.as_ref().map(|connection| connection.set_nodelay(true));
    });
    Ok(tonic::transport::Server::builder().add_service(Echo).serve_with_incoming(nodelay).await?)
}

/// Starts the process.
pub async fn start() -> Outcome<Server> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--echo");
    Server::spawn(command).await
}

/// A caller with a request of so many bytes, who wants so many back.
#[derive(Clone)]
pub struct Caller {
    channel: Channel,
    request: Bulk,
}

impl Caller {
    pub async fn connect(address: &str, request: usize, response: usize) -> Outcome<Self> {
        let channel = Channel::from_shared(address.to_owned())?.connect().await?;
        let wanted = u32::try_from(response)?;
        Ok(Self { channel, request: Bulk::of(request, wanted) })
    }

    pub async fn call(&mut self) -> Result<(), Status> {
        let mut client = tonic::client::Grpc::new(&mut self.channel);
        client.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
        let path = http::uri::PathAndQuery::from_static(PATH);
        let request = Request::new(self.request.clone());
        client.unary(request, path, ProstCodec::<Bulk, Bulk>::default()).await.map(drop)
    }
}
