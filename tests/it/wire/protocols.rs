//! Callers who speak something else than gRPC over HTTP/2 are told so in their own language.

use crate::abuse::raw::{connect, framed, head, path};
use crate::support::{Kind, TestDatabase, TestServer, settings};
use crm_kpi::clock::FixedClock;
use crm_kpi::config::{Settings, Tls};
use crm_kpi::proto::ListKpisRequest;
use crm_kpi::server::{self, Running};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_protocols_over_http2_are_told_what_is_served() {
    let server = TestServer::start(TestDatabase::empty(Kind::Sqlite).await).await;
    let (sender, _driving) = connect(server.running.address).await;
    let ask = async |content_type: &str| {
        let mut sender = sender.clone().ready().await.unwrap();
        let mut request = head(server.running.address, &path("ListKpis"));
        request.headers_mut().insert("content-type", content_type.parse().unwrap());
        let (answer, mut stream) = sender.send_request(request, false).unwrap();
        // The refusal of another protocol may be there before the message is.
        stream.send_data(framed(&ListKpisRequest::default()), true).ok();
        let (head, mut body) = answer.await.unwrap().into_parts();
        let mut text = Vec::new();
        while let Some(data) = body.data().await {
            text.extend_from_slice(&data.unwrap());
        }
        (head, text)
    };
    for other in [
        "application/grpc-web",
        "application/grpc-web+proto",
        "application/grpc-web-text",
        "application/grpc-web-text+proto",
        "application/grpc+json",
        "application/grpcx",
        "application/connect+proto",
        "application/proto",
        "application/json",
    ] {
        let (head, text) = ask(other).await;
        assert_eq!(head.status, 415, "{other}");
        assert_eq!(head.headers["content-type"], "text/plain; charset=utf-8");
        assert!(!head.headers.contains_key("grpc-status"), "{other}");
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains("application/grpc ") && text.contains("gRPC-Web"), "{text}");
    }
    for own in ["application/grpc", "application/grpc+proto", "Application/gRPC", "application/grpc; charset=utf-8"] {
        let (head, body) = ask(own).await;
        assert_eq!(head.status, 200, "{own}");
        assert_eq!(head.headers["content-type"], "application/grpc");
        assert!(body.len() > 1000, "{own}");
    }
}

/// What a port answers to these bytes, to its end.
async fn answer(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an end, and no reset");
    answer
}

const REQUESTS: [&str; 3] = [
    "GET / HTTP/1.1\r\nhost: kpi\r\n\r\n",
    "GET /healthz HTTP/1.0\r\n\r\n",
    "POST /crm.kpi.v1.KpiService/ListKpis HTTP/1.1\r\nhost: kpi\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plain_port_answers_http1_and_tls() {
    let server = TestServer::start(TestDatabase::empty(Kind::Sqlite).await).await;
    let address = server.running.address;
    for request in REQUESTS {
        let text = String::from_utf8(answer(address, request.as_bytes()).await).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        assert!(head.starts_with("HTTP/1.1 505 HTTP Version Not Supported\r\n"), "{head}");
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
        assert!(body.contains("gRPC over HTTP/2") && body.contains("metrics.listen"), "{body}");
    }
    // A client hello of TLS 1.2; the answer is a fatal alert, "protocol version".
    let hello = [&[22, 3, 1, 0, 5, 1, 0, 0, 1][..], &[0]].concat();
    assert_eq!(answer(address, &hello).await, [21, 3, 1, 0, 2, 2, 70]);
    assert_eq!(answer(address, b"\x80\x2e\x01").await, b"", "there is no language to answer in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_with_tls_answers_plain_text() {
    let folder = tempfile::tempdir().unwrap();
    let own = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("server.pem"), own.cert.pem()).unwrap();
    std::fs::write(at("server.key"), own.signing_key.serialize_pem()).unwrap();
    let database = TestDatabase::empty(Kind::Sqlite).await;
    let tls = Tls { certificate: at("server.pem"), key: at("server.key"), clients: None };
    let settings = Settings { tls: Some(tls), ..settings(&database.url) };
    let clock = Arc::new(FixedClock(crate::support::NOW.parse().unwrap()));
    let running: Running = server::start(&settings, clock).await.unwrap();
    for request in REQUESTS {
        let text = String::from_utf8(answer(running.address, request.as_bytes()).await).unwrap();
        assert!(text.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{text}");
        assert!(text.contains("with TLS on this port"), "{text}");
    }
    // A client of HTTP/2 finds the reason in the frame that ends the connection.
    let stream = TcpStream::connect(running.address).await.unwrap();
    let (mut sender, connection) = h2::client::handshake(stream).await.unwrap();
    let call = sender.send_request(head(running.address, &path("ListKpis")), true);
    let error = connection.await.expect_err("the end of the connection").to_string();
    drop(call);
    assert!(error.contains("this port speaks TLS, and this was plain text"), "{error}");
}
