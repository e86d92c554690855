//! Certificates of the server and of its callers: made here, by authorities of the tests' own.

use crate::support::{Kind, NOW, TestDatabase, sample, settings};
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

    /// A certificate for this machine that ends in a year.
    fn issue(&self, year: i32) -> Issued {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(["localhost", "127.0.0.1"].map(str::to_owned)).unwrap();
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
        Self::start_on(TestDatabase::empty(Kind::Sqlite).await, own, callers, None).await
    }

    async fn start_on(
        database: TestDatabase,
        own: &Issued,
        callers: Option<(&Authority, bool)>,
        tokens: Option<PathBuf>,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let clients = callers.map(|(authority, required)| {
            fs::write(at("ca.pem"), authority.pem()).unwrap();
            ClientCertificate { authorities: at("ca.pem"), required }
        });
        fs::write(at("server.pem"), &own.certificate).unwrap();
        fs::write(at("server.key"), &own.key).unwrap();
        let mut settings = settings(&database.url);
        settings.auth.tokens = tokens;
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
    // What a client tells of it depends on when it hears that its connection was closed.
    assert!(server.call(&ours, None).await.is_err());
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

/// Runs the command. What it prints, and what it says beside that.
async fn command(args: &[&str]) -> (bool, String, String) {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_crm-kpi"));
    let variables = ["TOKEN", "TOKEN_FILE", "CA", "CLIENT_CERTIFICATE", "CLIENT_KEY", "ENDPOINT"];
    for name in variables {
        command.env_remove(format!("CRM_KPI_{name}"));
    }
    let output = command.args(args).output().await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_makes_tokens_and_says_who_asks() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (done, token, entry) = command(&["token", "--name", "east", "--team", "east"]).await;
    assert!(done && token.trim().len() == 43 && !entry.contains(token.trim()), "{entry}");
    let (token_file, tokens_file) = (put("token", &token), put("tokens.toml", &entry));

    let (ours, callers) = (Authority::new("ours"), Authority::new("callers"));
    let own = callers.issue(LATER);
    let (certificate, key, ca) =
        (put("own.pem", &own.certificate), put("own.key", &own.key), put("ca.pem", &ours.pem()));
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    sample::fill(&database.connection).await;
    let server = Server::start_on(database, &ours.issue(LATER), Some((&callers, true)), Some(tokens_file.into())).await;
    server.running.ready().await;
    let endpoint = format!("https://{}", server.running.address);
    let query = ["query", "won_value", "--period", "2017", "--by", "rep", "--endpoint", &endpoint];
    let shown = ["--client-certificate", &certificate, "--client-key", &key];
    let trusted = ["--ca", &ca];
    let known = ["--token-file", &token_file];

    let (done, answer, error) = command(&[&query[..], &shown, &trusted, &known].concat()).await;
    assert!(done && answer.contains("Rep 2") && !answer.contains("Rep 1"), "{answer} {error}");
    let check = ["check", "--endpoint", &endpoint];
    assert!(command(&[&check[..], &shown, &trusted, &known].concat()).await.0);

    let refused = async |args: &[&[&str]], part: &str| {
        let (done, _, error) = command(&args.concat()).await;
        assert!(!done && error.contains(part), "{part:?} is not in {error}");
    };
    refused(&[&query, &shown, &trusted], "Say who asks").await;
    refused(&[&query, &shown, &trusted, &["--token-file", &ca]], "holds no token").await;
    refused(&[&query, &shown, &known], "cannot reach").await;
    refused(&[&query, &trusted, &known], "error: ").await;
    refused(&[&query, &["--client-key", &key]], "--client-certificate").await;
}
