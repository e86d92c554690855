//! Keys that a URL tells: a server of the tests' own.

use super::key_set::{Key, claims, jwt, set};
use super::{call, gate, refused, until};
use crate::support::{Kind, NOW, TestDatabase, TestServer};
use crm_kpi::clock::FixedClock;
use crm_kpi::config::{self, Jwks, WebAddress};
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tonic::Code;

const SOON: Duration = Duration::from_millis(20);
const NEVER: Duration = Duration::from_secs(3600);

/// An HTTP server that answers every request with the same; with nothing at all while it is "down".
#[derive(Clone)]
struct Issuer {
    url: String,
    answer: Arc<Mutex<Option<String>>>,
    asked: Arc<AtomicUsize>,
}

impl Issuer {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/keys", listener.local_addr().unwrap());
        let issuer = Self { url, answer: Arc::default(), asked: Arc::default() };
        let serving = issuer.clone();
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                let mut read = Vec::new();
                while !read.ends_with(b"\r\n\r\n") {
                    match connection.read_u8().await {
                        Ok(byte) => read.push(byte),
                        Err(_) => break,
                    }
                }
                let answer = serving.answer.lock().unwrap().clone();
                if let Some(answer) = answer {
                    let _ = connection.write_all(answer.as_bytes()).await;
                }
                let _ = connection.shutdown().await;
                serving.asked.fetch_add(1, Ordering::SeqCst);
            }
        });
        issuer
    }

    fn raw(&self, answer: Option<String>) {
        *self.answer.lock().unwrap() = answer;
    }

    fn tells(&self, body: &str) {
        let length = body.len();
        self.raw(Some(format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")));
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Returns once it was asked so many times more.
    async fn asked_more(&self, times: usize) {
        let wanted = self.asked() + times;
        until("the URL is asked", async || {
            tokio::task::yield_now().await;
            self.asked() >= wanted
        })
        .await;
    }

    async fn server(&self, refresh: Duration) -> TestServer {
        gate(|settings| settings.auth.jwt = Some(jwt(Jwks::Url(WebAddress::parse(&self.url).unwrap(), refresh)))).await
    }
}

fn token(key: &Key) -> String {
    key.sign(&claims(json!({})))
}

#[tokio::test]
async fn the_service_starts_without_keys_and_keeps_those_that_it_had() {
    let issuer = Issuer::start().await;
    let (one, two) = (Key::ec("one"), Key::ed("two"));
    let server = issuer.server(SOON).await;
    let refusal = call(&server, &token(&one)).await.unwrap_err();
    refusal.must_be(Code::Unavailable, "KEYS_UNAVAILABLE", &[]);
    assert!(refusal.retryable);

    issuer.tells(&set(&[&one]));
    until("the keys are there", async || call(&server, &token(&one)).await.is_ok()).await;
    refused(&server, &token(&two), "unknown key").await;

    let elsewhere = Issuer::start().await;
    elsewhere.tells(&set(&[&two]));
    let redirect = format!("HTTP/1.1 302 Found\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", elsewhere.url);
    let keys = set(&[&two]);
    let huge = format!("HTTP/1.1 200 OK\r\n\r\n{keys}{}", " ".repeat(2 << 20));
    let failure = format!("HTTP/1.1 500 Oops\r\ncontent-length: {}\r\n\r\n{keys}", keys.len());
    let no_keys = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_owned();
    for answer in [None, Some(redirect), Some(huge), Some(failure), Some(no_keys)] {
        let shown = answer.as_ref().map(|answer| answer.chars().take(60).collect::<String>());
        issuer.raw(answer);
        issuer.asked_more(2).await;
        assert!(call(&server, &token(&one)).await.is_ok(), "{shown:?}");
        refused(&server, &token(&two), "unknown key").await;
    }
    assert_eq!(elsewhere.asked(), 0);

    issuer.tells(&set(&[&two]));
    until("the keys were exchanged", async || call(&server, &token(&two)).await.is_ok()).await;
    refused(&server, &token(&one), "unknown key").await;
}

#[tokio::test]
async fn an_unknown_key_has_the_url_asked_once() {
    let issuer = Issuer::start().await;
    let (one, two, three) = (Key::ec("one"), Key::ec("two"), Key::ec("three"));
    issuer.tells(&set(&[&one]));
    let server = issuer.server(NEVER).await;
    until("the URL is asked", async || {
        tokio::task::yield_now().await;
        issuer.asked() == 1
    })
    .await;
    call(&server, &token(&one)).await.unwrap();
    assert_eq!(issuer.asked(), 1);

    issuer.tells(&set(&[&one, &two]));
    call(&server, &token(&two)).await.unwrap();
    assert_eq!(issuer.asked(), 2);

    issuer.tells(&set(&[&three]));
    for key in [&three, &Key::ec("stranger"), &three] {
        refused(&server, &token(key), "unknown key").await;
    }
    call(&server, &token(&two)).await.unwrap();
    assert_eq!(issuer.asked(), 2, "whoever makes up keys does not have it asked again and again");
}

/// An issuer with a certificate of an authority of its own.
async fn with_tls(own: rcgen::CertifiedKey<rcgen::KeyPair>, body: String) -> String {
    let key = rustls::pki_types::PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/keys", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let Ok(mut connection) = acceptor.accept(connection).await else { continue };
            let mut read = Vec::new();
            while !read.ends_with(b"\r\n\r\n") {
                match connection.read_u8().await {
                    Ok(byte) => read.push(byte),
                    Err(_) => break,
                }
            }
            let length = body.len();
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
            let _ = connection.write_all(answer.as_bytes()).await;
            let _ = connection.shutdown().await;
        }
    });
    url
}

#[tokio::test]
async fn the_authority_of_the_address_is_a_setting_and_is_followed() {
    let own = || rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let (issuers, others, key) = (own(), own(), Key::ec("one"));
    let trusted = issuers.cert.pem();
    let url = WebAddress::parse(&with_tls(issuers, set(&[&key])).await).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, others.cert.pem()).unwrap();
    let authorities = Some(path.clone());
    let server = gate(|settings| {
        settings.auth.jwt = Some(config::Jwt { authorities, ..jwt(Jwks::Url(url.clone(), SOON)) });
    })
    .await;
    let refusal = call(&server, &token(&key)).await.unwrap_err();
    refusal.must_be(Code::Unavailable, "KEYS_UNAVAILABLE", &[]);
    std::fs::write(&path, &trusted).unwrap();
    until("the keys are there", async || call(&server, &token(&key)).await.is_ok()).await;

    std::fs::write(&path, "no certificate").unwrap();
    let database = TestDatabase::empty(Kind::Sqlite).await;
    let mut settings = crate::support::settings(&database.url);
    settings.auth.jwt = Some(config::Jwt { authorities: Some(path), ..jwt(Jwks::Url(url, SOON)) });
    let clock = Arc::new(FixedClock(NOW.parse().unwrap()));
    let error = crm_kpi::server::start(&settings, clock).await.err().expect("an error").to_string();
    assert!(error.contains("auth.jwt.jwks_ca: ") && error.contains("holds no certificate"), "{error}");
}
