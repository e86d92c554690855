//! HTTP/1.1, as scrapers and probes speak it.

use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, CONTENT_TYPE};
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use std::net::SocketAddr;

/// An answer over HTTP/1.1, as scrapers and probes get it.
pub struct Page {
    pub status: u16,
    /// Its content type.
    pub format: String,
    pub text: String,
}

/// Gets a page over a connection of its own.
pub async fn page(address: SocketAddr, path: &str, accept: Option<&str>) -> Page {
    let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http::<Empty<Bytes>>();
    let mut request = Request::get(format!("http://{address}{path}"));
    if let Some(accept) = accept {
        request = request.header(ACCEPT, accept);
    }
    let answer = client.request(request.body(Empty::new()).expect("a request")).await.expect("an answer");
    let format = answer.headers().get(CONTENT_TYPE).map(|format| format.to_str().expect("ASCII").to_owned());
    let (status, format) = (answer.status().as_u16(), format.unwrap_or_default());
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    Page { status, format, text: String::from_utf8(body.into()).expect("a text") }
}
