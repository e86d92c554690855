//! Handshakes that fail are counted by their reason and told with their peer; the certificate's end is shown.

use super::command::{Served, until};
use crate::support::{Kind, TestDatabase};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate that ends in a year, and its key (PEM).
fn issue(authority: &Authority, year: i32) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(year, 1, 1);
    (params.signed_by(&key, authority).unwrap().pem(), key.serialize_pem())
}

/// Connects, and reads until the server closes; returns the caller's own address.
async fn shake(address: SocketAddr, trusted: &Authority, shown: Option<&(String, String)>, alpn: &[u8]) -> SocketAddr {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusted.pem().as_bytes()).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let mut config = match shown {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => builder
            .with_client_auth_cert(
                vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
                PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
            )
            .unwrap(),
    };
    config.alpn_protocols = vec![alpn.to_vec()];
    let stream = TcpStream::connect(address).await.unwrap();
    let own = stream.local_addr().unwrap();
    let connected =
        TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream).await;
    if let Ok(mut connected) = connected {
        let _ = connected.read(&mut [0; 64]).await;
    }
    own
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_certificate_is_counted_and_told() {
    let [ours, theirs, strangers] = [authority(), authority(), authority()];
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (certificate, key) = issue(&ours, 2040);
    let settings = [
        format!("tls.certificate={}", write("server.pem", &certificate)),
        format!("tls.key={}", write("server.key", &key)),
        format!("tls.client_ca={}", write("ca.pem", &theirs.pem())),
    ];
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    let served = Served::start(&database.url, &settings.each_ref().map(String::as_str)).await;
    let (_, metrics) = served.page("/metrics").await;
    // The first second of 2040.
    assert!(metrics.contains("crm_kpi_tls_certificate_expiry_timestamp_seconds 2208988800\n"), "{metrics}");
    assert!(metrics.contains("crm_kpi_tls_handshake_failures_total{reason=\"no_certificate\"} 0\n"), "{metrics}");

    for (reason, trusted, shown, alpn) in [
        ("no_certificate", &ours, None, b"h2".as_slice()),
        ("untrusted_certificate", &ours, Some(issue(&strangers, 2040)), b"h2"),
        ("expired_certificate", &ours, Some(issue(&theirs, 2001)), b"h2"),
        ("ours_refused", &strangers, Some(issue(&theirs, 2040)), b"h2"),
        ("nothing_in_common", &ours, Some(issue(&theirs, 2040)), b"http/1.1"),
    ] {
        let peer = shake(served.address, trusted, shown.as_ref(), alpn).await;
        let entry = served.warned("reason", reason).await;
        assert_eq!(entry["fields"]["peer"], peer.to_string(), "{entry}");
        let line = format!("crm_kpi_tls_handshake_failures_total{{reason=\"{reason}\"}} 1\n");
        until(&line, async || served.page("/metrics").await.1.contains(&line).then_some(())).await;
    }

    // What is repeated is counted, and told ten times a minute at most.
    for _ in 0..20 {
        shake(served.address, &ours, None, b"h2").await;
    }
    let line = "crm_kpi_tls_handshake_failures_total{reason=\"no_certificate\"} 21\n";
    until(line, async || served.page("/metrics").await.1.contains(line).then_some(())).await;
    assert!(served.log().matches("a TLS handshake failed").count() <= 10, "{}", served.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_tell_of_the_program_and_of_what_is_watched() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = TestDatabase::migrated(kind).await;
        let served = Served::start(&database.url, &[]).await;
        served.readiness(200, "ready").await;
        let tables = crm_kpi::crm::TABLE_NAMES.len();
        let line = format!("crm_kpi_tables{{watched=\"true\"}} {tables}\n");
        let metrics = until(&line, async || {
            let metrics = served.page("/metrics").await.1;
            metrics.contains(&line).then_some(metrics)
        })
        .await;
        for part in ["crm_kpi_tables{watched=\"false\"} 0\n", "crm_kpi_build_info{version=\"", "\nprocess_open_fds "] {
            assert!(metrics.contains(part), "{part} in {metrics}");
        }
        if kind == Kind::Postgres {
            use sea_orm::ConnectionTrait;
            let drop = "DO $$ DECLARE t record; BEGIN FOR t IN SELECT tgname FROM pg_trigger WHERE tgrelid = 'leads'::regclass \
                AND NOT tgisinternal LOOP EXECUTE format('DROP TRIGGER %I ON leads', t.tgname); END LOOP; END $$";
            database.connection.execute_unprepared(drop).await.unwrap();
            let line = "crm_kpi_tables{watched=\"false\"} 1\n";
            until(line, async || served.page("/metrics").await.1.contains(line).then_some(())).await;
        }
    }
}
