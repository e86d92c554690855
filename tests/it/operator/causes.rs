//! Why a database cannot be asked is told in the log, by `/readyz` and by commands, without secrets.

use super::command::{Served, run};
use crate::support::{Kind, TestDatabase};
use futures::future::join_all;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use sea_orm::ConnectionTrait;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A database of the test server, and roles in it.
pub struct Postgres {
    pub database: TestDatabase,
    server: String,
    name: String,
}

impl Postgres {
    pub async fn new() -> Self {
        let database = TestDatabase::migrated(Kind::Postgres).await;
        let (server, name) = database.url.split_once('@').unwrap().1.split_once('/').unwrap();
        let (server, name) = (server.to_owned(), name.to_owned());
        Self { database, server, name }
    }

    pub async fn execute(&self, sql: &str) {
        let done = self.database.connection.execute_unprepared(sql).await;
        done.unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    /// Creates a role and returns its URL. Its password is `s3cret/`.
    pub async fn role(&self, name: &str, options: &str) -> String {
        let name = format!("{name}_of_{}", self.name);
        self.execute(&format!("CREATE ROLE {name} LOGIN PASSWORD 's3cret/' {options}")).await;
        self.url(&name, "s3cret%2F")
    }

    pub fn url(&self, role: &str, password: &str) -> String {
        format!("postgres://{role}:{password}@{}/{}", self.server, self.name)
    }

    pub async fn grant(&self, url: &str) {
        let role = url.split_once("://").unwrap().1.split_once(':').unwrap().0;
        self.execute(&format!("GRANT USAGE ON SCHEMA public TO {role}")).await;
        self.execute(&format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")).await;
    }
}

/// A certificate and a key, whatever is wrong with them.
#[derive(Debug)]
struct Shown(Arc<CertifiedKey>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}

/// A server that begins TLS as PostgreSQL does, with a certificate (PEM).
async fn with_certificate(certificate: &str, key: &str) -> SocketAddr {
    let provider = Arc::new(ring::default_provider());
    let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let key = provider.key_provider.load_private_key(key).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Shown(Arc::new(CertifiedKey::new(chain, key)))));
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut request = [0; 8];
                stream.read_exact(&mut request).await.ok()?;
                stream.write_all(b"S").await.ok()?;
                acceptor.accept(stream).await.ok()
            });
        }
    });
    address
}

/// A port of this machine that nothing listens on.
pub async fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_cause_is_told() {
    let postgres = Postgres::new().await;
    let closed = closed_port().await;
    let no_login = postgres.role("nologin", "").await;
    let name = no_login.split_once("://").unwrap().1.split_once(':').unwrap().0;
    postgres.execute(&format!("ALTER ROLE {name} NOLOGIN")).await;
    let limited = postgres.role("limited", "CONNECTION LIMIT 0").await;
    let ungranted = postgres.role("ungranted", "").await;
    let right = postgres.role("right", "").await;
    let own = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, other.cert.pem()).unwrap();
    let untrusted = with_certificate(&own.cert.pem(), &own.signing_key.serialize_pem()).await;
    let version_1 = with_certificate(include_str!("x509_v1.pem"), include_str!("x509_v1.key")).await;
    let cases = [
        ("connection_refused", format!("postgres://kpi:s3cret%2F@127.0.0.1:{closed}/crm"), "connection refused"),
        ("connection_refused", format!("postgres://kpi:s3cret%2F@[::1]:{closed}/crm"), "connection refused"),
        ("unknown_host", "postgres://kpi:s3cret%2F@database.invalid/crm".into(), "cannot be resolved"),
        ("wrong_password", right.replace("s3cret%2F", "s3cret%23"), "password"),
        ("not_let_in", no_login, "may log in"),
        ("no_database", right.replace("/crm_kpi_test", "/no_crm_kpi_test"), "no such database"),
        ("too_many_connections", limited, "CONNECTION LIMIT"),
        ("no_permission", ungranted.clone(), "SELECT"),
        (
            "untrusted_certificate",
            format!(
                "postgres://kpi:s3cret%2F@localhost:{}/crm?sslmode=verify-full&sslrootcert={}",
                untrusted.port(),
                ca.display()
            ),
            "sslrootcert",
        ),
        (
            "unreadable_certificate",
            format!("postgres://kpi:s3cret%2F@localhost:{}/crm?sslmode=prefer", version_1.port()),
            "sslmode=disable",
        ),
    ];
    join_all(cases.iter().map(async |(reason, url, part)| {
        let export = ["export", "/nowhere/out", "--database", url];
        let (served, said) = tokio::join!(Served::start(url, &[]), run(&export, &[]));
        let body = served.readiness(503, part).await;
        assert!(body.starts_with("not ready\n"), "{body}");
        let entry = served.warned("reason", reason).await;
        assert!(entry["fields"]["message"].as_str().unwrap().contains(part), "{entry}");
        assert_eq!(said.code, Some(1), "{said:?}");
        // It connects, and then may not read.
        if *reason != "no_permission" {
            assert!(said.stderr.contains(part), "{part} in {said:?}");
        }
        for text in [body, served.log(), said.all()] {
            assert!(!text.contains("s3cret"), "{text}");
        }
        // It is told once, not at every look.
        let (_, metrics) = served.page("/metrics").await;
        assert!(metrics.contains("crm_kpi_ready 0\n"), "{metrics}");
        assert_eq!(served.log().matches(&format!("\"reason\":\"{reason}\"")).count(), 1, "{}", served.log());
    }))
    .await;

    // What changes is told too.
    let served = Served::start(&ungranted, &[]).await;
    served.warned("reason", "no_permission").await;
    postgres.grant(&ungranted).await;
    served.readiness(200, "ready").await;
    assert!(served.log().contains("can be asked again"), "{}", served.log());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
    std::fs::write(folder.path().join("text.db"), "not a database, but longer than its header\n".repeat(50)).unwrap();
    let no_pem = folder.path().join("no.pem");
    std::fs::write(&no_pem, "nothing").unwrap();
    let certificate = format!("postgres://kpi@127.0.0.1:1/crm?sslrootcert={}", no_pem.display());
    for (command, url, part) in [
        ("serve", at("text.db"), "not an SQLite database"),
        ("serve", at("missing.db"), "missing or cannot be opened"),
        ("serve", at("no/folder.db"), "missing or cannot be opened"),
        ("migrate", at("no/folder.db"), "missing or cannot be opened"),
        ("serve", certificate.clone(), "sslrootcert"),
        ("migrate", certificate, "sslrootcert"),
    ] {
        let said = run(&[command, "--database", &url], &[]).await;
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(said.stderr.contains(part), "{part} in {said:?}");
    }
    let url = format!("postgres://db/crm?sslrootcert={}", no_pem.display());
    let said = run(&["config", "check", "--database", &url], &[]).await;
    assert!(said.stderr.contains("no.pem: is missing or holds no certificate"));
}
