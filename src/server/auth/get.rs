//! GET of an address: over HTTP or HTTPS, directly or through the proxy that the environment names.

use crate::config::WebAddress;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderValue, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Empty};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioExecutor;
use percent_encoding::percent_decode_str;
use rustls::ClientConfig;
use std::error::Error;
use std::time::Duration;
use url::Url;

/// How long the whole answer may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The most bytes of an answer.
const MAX_BYTES: usize = 1 << 20;

/// Gets one address, over a new connection each time. Redirects are not followed.
pub(super) struct Get {
    uri: Uri,
    /// The user and the password of the address, if it has them.
    credentials: Option<HeaderValue>,
    way: Way,
}

enum Way {
    Direct(Client<HttpsConnector<HttpConnector>, Empty<Bytes>>),
    Proxy(Client<HttpsConnector<Tunnel<HttpConnector>>, Empty<Bytes>>),
}

impl Get {
    /// `tls` is for https:// addresses only. For those, HTTPS_PROXY, ALL_PROXY and NO_PROXY are honoured, as by curl.
    pub fn new(address: &WebAddress, tls: ClientConfig) -> Result<Self, String> {
        Self::through(&Matcher::from_env(), address, tls)
    }

    fn through(proxies: &Matcher, address: &WebAddress, tls: ClientConfig) -> Result<Self, String> {
        let mut url = Url::parse(address.secret()).map_err(|error| error.to_string())?;
        let credentials = basic(&url);
        // Errors are for addresses that cannot have any: these always can.
        let _ = (url.set_username(""), url.set_password(None));
        url.set_fragment(None);
        let uri: Uri = url.as_str().parse().map_err(|_| "the address cannot be used".to_owned())?;
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        let tls = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_all_versions();
        let mut client = Client::builder(TokioExecutor::new());
        client.pool_max_idle_per_host(0);
        let proxy = proxies.intercept(&uri).filter(|_| address.is_https());
        let way = match proxy {
            None => Way::Direct(client.build(tls.wrap_connector(tcp))),
            Some(proxy) if proxy.uri().scheme_str() == Some("http") => {
                let mut tunnel = Tunnel::new(proxy.uri().clone(), tcp);
                if let Some(credentials) = proxy.basic_auth() {
                    tunnel = tunnel.with_auth(credentials.clone());
                }
                Way::Proxy(client.build(tls.wrap_connector(tunnel)))
            }
            Some(_) => return Err("the environment names a proxy for it that is not an http:// address".into()),
        };
        Ok(Self { uri, credentials, way })
    }

    /// The body of the answer; an error unless its status is 200.
    pub async fn body(&self) -> Result<Vec<u8>, String> {
        match tokio::time::timeout(TIMEOUT, self.answer()).await {
            Ok(answer) => answer,
            Err(_) => Err(format!("it has not answered within {} seconds", TIMEOUT.as_secs())),
        }
    }

    async fn answer(&self) -> Result<Vec<u8>, String> {
        let mut request = Request::get(&self.uri).header(ACCEPT, "*/*");
        if let Some(credentials) = &self.credentials {
            request = request.header(AUTHORIZATION, credentials);
        }
        let request = request.body(Empty::new()).map_err(causes)?;
        let answering = match &self.way {
            Way::Direct(client) => client.request(request),
            Way::Proxy(client) => client.request(request),
        };
        let mut answer = answering.await.map_err(causes)?;
        if answer.status() != StatusCode::OK {
            return Err(format!("it answers with {}", answer.status()));
        }
        let mut content = Vec::new();
        while let Some(frame) = answer.frame().await {
            let Ok(data) = frame.map_err(causes)?.into_data() else { continue };
            if content.len() + data.len() > MAX_BYTES {
                return Err(format!("its answer has more than {MAX_BYTES} bytes"));
            }
            content.extend_from_slice(&data);
        }
        Ok(content)
    }
}

/// The header that an address's user and password stand for.
fn basic(url: &Url) -> Option<HeaderValue> {
    let (user, password) = (url.username(), url.password());
    if user.is_empty() && password.is_none() {
        return None;
    }
    let decoded = |text| percent_decode_str(text).collect::<Vec<u8>>();
    let both = [decoded(user), vec![b':'], decoded(password.unwrap_or_default())].concat();
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(both))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// An error and what led to it. None of them shows the address, which may hold a secret.
fn causes(error: impl Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::RootCertStore;
    use rustls::crypto::ring;
    use std::sync::Arc;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    fn get(proxies: &Matcher, address: &str) -> Result<Get, String> {
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        Get::through(proxies, &WebAddress::parse(address).unwrap(), tls)
    }

    /// The first request that comes, after it has been answered.
    async fn request(listener: TcpListener, answer: &str) -> String {
        let (mut connection, _) = listener.accept().await.unwrap();
        let mut read = Vec::new();
        while !read.ends_with(b"\r\n\r\n") {
            read.push(connection.read_u8().await.unwrap());
        }
        connection.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(read).unwrap()
    }

    #[tokio::test]
    async fn the_user_and_the_password_of_an_address_are_sent_beside_it() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let get = get(&Matcher::builder().build(), &format!("http://kpi:s%20t@{at}/keys?a=b#c")).unwrap();
        let (body, request) =
            tokio::join!(get.body(), request(listener, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"));
        assert_eq!(body.unwrap(), b"{}");
        assert!(request.starts_with("GET /keys?a=b HTTP/1.1\r\n"), "{request}");
        assert!(request.contains(&format!("host: {at}\r\n")), "{request}");
        assert!(request.contains("authorization: Basic a3BpOnMgdA==\r\n"), "{request}");
    }

    #[tokio::test]
    async fn a_proxy_is_asked_for_a_tunnel() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let proxies = Matcher::builder().https(format!("http://kpi:s3cret@{at}")).no("at.home").build();
        let get_from = |address| get(&proxies, address).unwrap();
        let tunnelled = get_from("https://id.example/keys");
        let (body, request) = tokio::join!(tunnelled.body(), request(listener, "HTTP/1.1 403 Forbidden\r\n\r\n"));
        assert!(request.starts_with("CONNECT id.example:443 HTTP/1.1\r\n"), "{request}");
        assert!(request.to_lowercase().contains("proxy-authorization: basic "), "{request}");
        let error = body.unwrap_err();
        assert!(error.contains("tunnel") && !error.contains("s3cret"), "{error}");

        for direct in ["http://id.example/keys", "https://at.home/keys"] {
            assert!(matches!(get_from(direct).way, Way::Direct(_)), "{direct}");
        }
        let socks = Matcher::builder().https("socks5://127.0.0.1:1080").build();
        assert!(get(&socks, "https://id.example/keys").is_err_and(|error| error.contains("proxy")));
    }
}
