//! What travels between callers and the service beside the answers themselves: statuses, other protocols, compression.

mod compression;
mod logs;
mod panics;
mod protocols;
mod statuses;

use bytes::Bytes;
use h2::client::SendRequest;
use http::{HeaderMap, Request};

/// The head of an answer and what follows: the trailers, if there are any, among the headers.
async fn raw_answer(sender: &SendRequest<Bytes>, request: Request<()>, message: Bytes) -> (HeaderMap, Vec<u8>) {
    let mut sender = sender.clone().ready().await.expect("a connection");
    let (answer, mut stream) = sender.send_request(request, false).expect("a request");
    // Refused before it was sent as a whole: the answer tells.
    let _ = stream.send_data(message, true);
    let (head, mut body) = answer.await.expect("an answer").into_parts();
    assert_eq!(head.status, 200);
    let mut headers = head.headers;
    let mut bytes = Vec::new();
    while let Some(data) = body.data().await {
        let data = data.expect("data");
        body.flow_control().release_capacity(data.len()).expect("room");
        bytes.extend_from_slice(&data);
    }
    if let Some(trailers) = body.trailers().await.expect("an end") {
        headers.extend(trailers);
    }
    (headers, bytes)
}
