//! Calls as a client writes them who keeps to HTTP/2 but to nothing above it.

use bytes::{BufMut, Bytes, BytesMut};
use h2::client::{Builder, SendRequest};
use http::{HeaderMap, Method, Request};
use prost::Message;
use std::net::SocketAddr;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// The path of one of our methods.
pub fn path(method: &str) -> String {
    format!("/crm.kpi.v1.KpiService/{method}")
}

/// The head of a call.
pub fn head(address: SocketAddr, path: &str) -> Request<()> {
    let request = Request::builder().method(Method::POST).uri(format!("http://{address}{path}"));
    request.header("content-type", "application/grpc").header("te", "trailers").body(()).expect("a request")
}

/// A message with its prefix.
pub fn framed(message: &impl Message) -> Bytes {
    framed_bytes(&message.encode_to_vec())
}

/// Bytes with the prefix of a message.
pub fn framed_bytes(bytes: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(bytes.len() + 5);
    frame.put_u8(0);
    frame.put_u32(u32::try_from(bytes.len()).expect("a short message"));
    frame.put_slice(bytes);
    frame.freeze()
}

/// A connection, driven until it ends or is aborted.
pub async fn connect(address: SocketAddr) -> (SendRequest<Bytes>, JoinHandle<()>) {
    let stream = TcpStream::connect(address).await.expect("a connection");
    over(stream, &Builder::new()).await
}

/// HTTP/2 over any bytes.
pub async fn over(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    builder: &Builder,
) -> (SendRequest<Bytes>, JoinHandle<()>) {
    let (sender, connection) = builder.handshake(stream).await.expect("HTTP/2");
    let driving = tokio::spawn(async move {
        // How it ends, the calls tell.
        let _ = connection.await;
    });
    (sender, driving)
}

/// What came back.
#[derive(Debug, Default)]
pub struct Answer {
    pub http: u16,
    /// The status of gRPC and its text, as it travels.
    pub code: Option<i32>,
    pub message: String,
    /// The details that our own errors have.
    pub has_details: bool,
    pub body: Vec<u8>,
}

impl Answer {
    fn read(&mut self, headers: &HeaderMap) {
        let text = |name: &str| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        if let Some(code) = text("grpc-status") {
            self.code = Some(code.parse().expect("a number"));
            self.message = text("grpc-message").unwrap_or_default();
            self.has_details = headers.contains_key("grpc-status-details-bin");
        }
    }
}

/// Reads an answer to its end.
pub async fn read(answer: h2::client::ResponseFuture) -> Result<Answer, h2::Error> {
    let (head, mut body) = answer.await?.into_parts();
    let mut answer = Answer { http: head.status.as_u16(), ..Answer::default() };
    answer.read(&head.headers);
    while let Some(data) = body.data().await {
        let data = data?;
        body.flow_control().release_capacity(data.len())?;
        answer.body.extend_from_slice(&data);
    }
    if let Some(trailers) = body.trailers().await? {
        answer.read(&trailers);
    }
    Ok(answer)
}

/// One call with one body.
pub async fn call(sender: &SendRequest<Bytes>, request: Request<()>, body: Bytes) -> Result<Answer, h2::Error> {
    let mut sender = sender.clone().ready().await?;
    let (answer, mut stream) = sender.send_request(request, false)?;
    // Refused before it was sent as a whole: the answer tells.
    let _ = stream.send_data(body, true);
    read(answer).await
}
