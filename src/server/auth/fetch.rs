use super::get::Get;
use super::keys::Keys;
use crate::config::{self, Algorithm, WebAddress};
use crate::server::watch::{File, Reload, Unusable};
use prometheus_client::metrics::counter::Counter;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

const SETTING: &str = "auth.jwt.jwks_url";

/// How long callers who name unknown keys cannot have the URL asked again.
const PAUSE: Duration = Duration::from_secs(10);

/// Keys that a URL tells. While it is away the last ones stay.
pub(super) struct Fetcher {
    url: WebAddress,
    algorithms: Vec<Algorithm>,
    /// The file of the authorities that the URL's certificate must be of.
    authorities: Option<File>,
    keys: watch::Sender<Option<Arc<Keys>>>,
    /// What was wrong the last time.
    problem: watch::Sender<Option<String>>,
    /// Held while the URL is asked.
    state: Mutex<State>,
    failures: Counter,
}

struct State {
    client: Client,
    /// When a caller last had the URL asked.
    asked: Option<Instant>,
}

/// Whether the keys that tokens are checked by have been had at all.
#[derive(Clone, Default)]
pub struct KnownKeys(Option<Arc<Fetcher>>);

impl KnownKeys {
    pub(super) fn of(fetcher: Arc<Fetcher>) -> Self {
        Self(Some(fetcher))
    }

    /// Why there are none yet.
    pub fn missing(&self) -> Option<String> {
        let fetcher = self.0.as_ref().filter(|fetcher| fetcher.keys.borrow().is_none())?;
        let problem = fetcher.problem.borrow().clone().unwrap_or_else(|| "it has not answered yet".into());
        Some(format!("the keys that sign tokens have not been fetched yet: {SETTING} ({}): {problem}", fetcher.url))
    }

    /// Returns once there are some.
    pub async fn known(&self) {
        if let Some(fetcher) = &self.0 {
            // The sender lives as long as this does.
            let _ = fetcher.keys.subscribe().wait_for(Option::is_some).await;
        }
    }
}

/// Asks the URL, and knows whom to trust.
struct Client {
    get: Get,
    /// What the file of the authorities held.
    seen: Option<blake3::Hash>,
}

impl Fetcher {
    /// Asks the URL every `refresh`, and as often as files are looked at while it is away.
    pub async fn start(
        url: &WebAddress,
        settings: &config::Jwt,
        refresh: Duration,
        reload: &Reload,
        stopping: CancellationToken,
    ) -> Result<Arc<Self>, Unusable> {
        let authorities = settings.authorities.clone();
        let authorities = authorities.map(|path| File { setting: "auth.jwt.jwks_ca", path });
        let client = Client::new(url, authorities.as_ref()).await?;
        let fetcher = Arc::new(Self {
            url: url.clone(),
            algorithms: settings.algorithms.clone(),
            authorities,
            keys: watch::Sender::new(None),
            problem: watch::Sender::new(None),
            state: Mutex::new(State { client, asked: None }),
            failures: reload.failures("jwks"),
        });
        let following = fetcher.clone();
        let retry = reload.every();
        tokio::spawn(async move {
            let follow = async {
                loop {
                    let known = {
                        let mut asking = following.state.lock().await;
                        following.take_over(&mut asking.client).await
                    };
                    tokio::time::sleep(if known { refresh } else { retry.min(refresh) }).await;
                }
            };
            stopping.run_until_cancelled(follow).await;
        });
        Ok(fetcher)
    }

    /// The last keys; None: the URL has not told any yet.
    pub fn keys(&self) -> Option<Arc<Keys>> {
        self.keys.borrow().clone()
    }

    /// Asks the URL for a caller to whom the keys that are `seen` were not enough, unless there are others already or it was
    /// asked for a caller just now. Goes on when the caller goes away.
    pub async fn ask(self: &Arc<Self>, seen: Option<Arc<Keys>>) {
        let fetcher = self.clone();
        let asking = tokio::spawn(async move {
            let mut state = fetcher.state.lock().await;
            let as_seen = fetcher.keys().as_ref().map(Arc::as_ptr) == seen.as_ref().map(Arc::as_ptr);
            if as_seen && state.asked.is_none_or(|asked| asked.elapsed() >= PAUSE) {
                state.asked = Some(Instant::now());
                fetcher.take_over(&mut state.client).await;
            }
        });
        // What came of it the keys tell.
        let _ = asking.await;
    }

    async fn take_over(&self, client: &mut Client) -> bool {
        let problem = match self.fetch(client).await {
            Ok(keys) => {
                self.keys.send_replace(Some(Arc::new(keys)));
                None
            }
            Err(problem) => {
                self.failures.inc();
                Some(problem)
            }
        };
        let is_known = problem.is_none();
        self.problem.send_if_modified(|before| {
            if *before == problem {
                return false;
            }
            match &problem {
                Some(problem) if self.keys.borrow().is_none() => {
                    tracing::warn!(problem, url = %self.url, "not ready: {SETTING} has returned no keys yet");
                }
                Some(problem) => {
                    tracing::warn!(problem, url = %self.url, "{SETTING} returned no keys: the earlier ones stay in use");
                }
                None => tracing::info!(url = %self.url, "{SETTING} returns keys again"),
            }
            *before = problem;
            true
        });
        is_known
    }

    async fn fetch(&self, client: &mut Client) -> Result<Keys, String> {
        if let Some(file) = &self.authorities {
            client.take_over(&self.url, file).await.map_err(|error| error.to_string())?;
        }
        let content = client.get.body().await?;
        Keys::parse(&content, &self.algorithms).map_err(|error| format!("its answer {error}"))
    }
}

impl Client {
    /// Trusts the authorities of a file, else those of the system.
    async fn new(url: &WebAddress, authorities: Option<&File>) -> Result<Self, Unusable> {
        let unusable = |text| Unusable { setting: SETTING, text };
        let versions = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(error.to_string()))?;
        let (config, seen) = match authorities {
            Some(file) => {
                let content = read(file).await?;
                (versions.with_root_certificates(roots(file, &content)?), Some(blake3::hash(&content)))
            }
            None if url.is_https() => {
                let unknown = |error| unusable(format!("no trusted certificates: {error}"));
                (versions.with_platform_verifier().map_err(unknown)?, None)
            }
            None => (versions.with_root_certificates(RootCertStore::empty()), None),
        };
        let get = Get::new(url, config.with_no_client_auth()).map_err(unusable)?;
        Ok(Self { get, seen })
    }

    /// Trusts other authorities once their file holds others.
    async fn take_over(&mut self, url: &WebAddress, file: &File) -> Result<(), Unusable> {
        if self.seen != Some(blake3::hash(&read(file).await?)) {
            *self = Self::new(url, Some(file)).await?;
        }
        Ok(())
    }
}

async fn read(file: &File) -> Result<Vec<u8>, Unusable> {
    tokio::fs::read(&file.path).await.map_err(|error| file.unusable(format_args!("cannot be read: {error}")))
}

fn roots(file: &File, content: &[u8]) -> Result<RootCertStore, Unusable> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(content) {
        let certificate = certificate.map_err(|_| file.unusable("holds something that is not a certificate (PEM)"))?;
        roots.add(certificate).map_err(|error| file.unusable(error))?;
    }
    if roots.is_empty() { Err(file.unusable("holds no certificate (PEM)")) } else { Ok(roots) }
}
