//! The service is not ready before it has had the keys that tokens are checked by.

use super::causes::closed_port;
use super::command::Served;
use crate::support::{Kind, TestDatabase};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readiness_waits_for_the_first_keys() {
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    let port = closed_port().await;
    let url = format!("auth.jwt.jwks_url=http://kpi:s3cret@127.0.0.1:{port}/keys?token=s3cret");
    let settings = [url.as_str(), "auth.jwt.issuer=https://id.example", "auth.jwt.audience=crm-kpi"];
    let served = Served::start(&database.url, &settings).await;
    let body = served.readiness(503, "the keys that sign tokens have not been fetched yet").await;
    assert!(body.contains(&format!("auth.jwt.jwks_url (http://127.0.0.1:{port}/keys)")), "{body}");
    let entry = served.warned("url", &format!("http://127.0.0.1:{port}/keys")).await;
    assert!(entry["fields"]["message"].as_str().unwrap().starts_with("not ready: auth.jwt.jwks_url"), "{entry}");

    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut read = Vec::new();
            while !read.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => read.push(byte),
                    Err(_) => break,
                }
            }
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{\"keys\":[]}").await;
        }
    });
    assert_eq!(served.readiness(200, "ready").await, "ready\n");
    assert!(!served.log().contains("s3cret"), "{}", served.log());
}
