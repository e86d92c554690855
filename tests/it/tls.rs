//! Certificates of the server and of its callers: made here, by authorities of the tests' own.

use crate::support::{Kind, NOW, TestDatabase, settings};
use crm_kpi::clock::FixedClock;
use crm_kpi::config::{ClientCertificate, Tls};
use crm_kpi::proto::ListKpisRequest;
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::server::{self, Running};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};

const LATER: i32 = 4000;
const LONG_AGO: i32 = 2001;

/// An authority that issues certificates.
struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key (PEM).
struct Issued {
    certificate: String,
    key: String,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for localhost that ends in a year.
    fn issue(&self, year: i32) -> Issued {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(year, 1, 1);
        let certificate = params.signed_by(&key, &self.0).unwrap().pem();
        Issued { certificate, key: key.serialize_pem() }
    }
}

/// A server with certificates in a folder.
struct Server {
    folder: TempDir,
    running: Running,
    _database: TestDatabase,
}

impl Server {
    async fn start(own: &Issued, callers: Option<(&Authority, bool)>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let clients = callers.map(|(authority, required)| {
            fs::write(at("ca.pem"), authority.pem()).unwrap();
            ClientCertificate { authorities: at("ca.pem"), required }
        });
        fs::write(at("server.pem"), &own.certificate).unwrap();
        fs::write(at("server.key"), &own.key).unwrap();
        let database = TestDatabase::empty(Kind::Sqlite).await;
        let mut settings = settings(&database.url);
        settings.reload = Duration::from_millis(5);
        settings.tls = Some(Tls { certificate: at("server.pem"), key: at("server.key"), clients });
        let clock = Arc::new(FixedClock(NOW.parse().unwrap()));
        let running = server::start(&settings, clock).await.unwrap();
        Self { folder, running, _database: database }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Calls as one who trusts an authority, and shows a certificate.
    async fn call(&self, trusted: &Authority, own: Option<&Issued>) -> Result<(), String> {
        let tls = ClientTlsConfig::new().domain_name("localhost").ca_certificate(Certificate::from_pem(trusted.pem()));
        let tls = match own {
            Some(own) => tls.identity(Identity::from_pem(&own.certificate, &own.key)),
            None => tls,
        };
        let endpoint = Channel::from_shared(format!("https://{}", self.running.address)).unwrap();
        ask(endpoint.tls_config(tls).unwrap()).await
    }

    async fn call_in_plain_text(&self) -> Result<(), String> {
        ask(Channel::from_shared(format!("http://{}", self.running.address)).unwrap()).await
    }

    /// Calls until it works, or does not any more.
    async fn until(&self, trusted: &Authority, own: Option<&Issued>, works: bool) {
        let by = Instant::now() + Duration::from_secs(30);
        while self.call(trusted, own).await.is_ok() != works {
            assert!(Instant::now() < by, "{works}");
        }
    }
}

/// Where nobody says no, a call is answered. A server that does not want a caller says so when it has the certificate: the
/// first call may be the first to hear of it.
async fn ask(endpoint: Endpoint) -> Result<(), String> {
    let channel = endpoint.connect().await.map_err(|error| causes(&error))?;
    let answer = KpiServiceClient::new(channel).list_kpis(ListKpisRequest::default()).await;
    answer.map(drop).map_err(|status| causes(&status))
}

fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[track_caller]
fn failed(outcome: Result<(), String>, part: &str) {
    let error = outcome.expect_err(part);
    assert!(error.to_lowercase().contains(part), "{part:?} is not in {error:?}");
}

#[tokio::test]
async fn only_a_trusted_certificate_that_holds_is_talked_to() {
    let (ours, other) = (Authority::new("ours"), Authority::new("other"));
    let server = Server::start(&ours.issue(LATER), None).await;
    server.call(&ours, None).await.unwrap();
    failed(server.call(&other, None).await, "unknownissuer");
    assert!(server.call_in_plain_text().await.is_err());
    // A certificate that nobody asks for does no harm.
    server.call(&ours, Some(&other.issue(LATER))).await.unwrap();

    let server = Server::start(&ours.issue(LONG_AGO), None).await;
    failed(server.call(&ours, None).await, "expired");
}

#[tokio::test]
async fn callers_need_a_certificate_of_the_right_authority() {
    let (ours, callers, other) = (Authority::new("ours"), Authority::new("callers"), Authority::new("other"));
    let server = Server::start(&ours.issue(LATER), Some((&callers, true))).await;
    let good = callers.issue(LATER);
    server.call(&ours, Some(&good)).await.unwrap();
    failed(server.call(&ours, None).await, "certificaterequired");
    for bad in [other.issue(LATER), ours.issue(LATER), callers.issue(LONG_AGO)] {
        assert!(server.call(&ours, Some(&bad)).await.is_err());
    }
    assert!(server.call_in_plain_text().await.is_err());
    server.call(&ours, Some(&good)).await.unwrap();

    let server = Server::start(&ours.issue(LATER), Some((&callers, false))).await;
    server.call(&ours, None).await.unwrap();
    server.call(&ours, Some(&good)).await.unwrap();
    for bad in [other.issue(LATER), callers.issue(LONG_AGO)] {
        assert!(server.call(&ours, Some(&bad)).await.is_err());
    }
}

#[tokio::test]
async fn certificates_are_exchanged_without_a_restart() {
    let (ours, next) = (Authority::new("ours"), Authority::new("next"));
    let (first, second) = (ours.issue(LATER), next.issue(LATER));
    let server = Server::start(&first, None).await;
    server.call(&ours, None).await.unwrap();
    failed(server.call(&next, None).await, "unknownissuer");

    server.write("server.pem", &second.certificate);
    // It does not go with the key yet.
    server.call(&ours, None).await.unwrap();
    server.write("server.key", &second.key);
    server.until(&next, None, true).await;
    failed(server.call(&ours, None).await, "unknownissuer");

    server.write("server.pem", "no certificate");
    server.call(&next, None).await.unwrap();
    fs::remove_file(server.path("server.pem")).unwrap();
    server.call(&next, None).await.unwrap();
    server.write("server.key", &first.key);
    server.write("server.pem", &first.certificate);
    server.until(&ours, None, true).await;
}

#[tokio::test]
async fn authorities_of_callers_are_exchanged_without_a_restart() {
    let (ours, callers, next) = (Authority::new("ours"), Authority::new("callers"), Authority::new("next"));
    let (good, new) = (callers.issue(LATER), next.issue(LATER));
    let server = Server::start(&ours.issue(LATER), Some((&callers, true))).await;
    server.call(&ours, Some(&good)).await.unwrap();
    server.write("ca.pem", &(callers.pem() + &next.pem()));
    server.until(&ours, Some(&new), true).await;
    server.call(&ours, Some(&good)).await.unwrap();
    server.write("ca.pem", &next.pem());
    server.until(&ours, Some(&good), false).await;
    server.call(&ours, Some(&new)).await.unwrap();
}
