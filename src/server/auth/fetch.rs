use super::keys::Keys;
use crate::config::{Algorithm, WebAddress};
use crate::server::watch::{Reload, Unusable};
use prometheus_client::metrics::counter::Counter;
use reqwest::redirect::Policy;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

const SETTING: &str = "auth.jwt.jwks_url";

/// How long the URL may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The most bytes of an answer.
const MAX_BYTES: usize = 1 << 20;

/// How long callers who name unknown keys cannot have the URL asked again.
const PAUSE: Duration = Duration::from_secs(10);

/// Keys that a URL tells. While it is away the last ones stay.
pub(super) struct Fetcher {
    url: WebAddress,
    algorithms: Vec<Algorithm>,
    client: reqwest::Client,
    keys: watch::Sender<Option<Arc<Keys>>>,
    /// What was wrong the last time.
    problem: watch::Sender<Option<String>>,
    /// Held while the URL is asked.
    state: Mutex<State>,
    failures: Counter,
}

#[derive(Default)]
struct State {
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

impl Fetcher {
    /// Asks the URL every `refresh`, and as often as files are looked at while it is away.
    pub fn start(
        url: &WebAddress,
        algorithms: &[Algorithm],
        refresh: Duration,
        reload: &Reload,
        stopping: CancellationToken,
    ) -> Result<Arc<Self>, Unusable> {
        let client = client(url).map_err(|text| Unusable { setting: SETTING, text })?;
        let fetcher = Arc::new(Self {
            url: url.clone(),
            algorithms: algorithms.to_vec(),
            client,
            keys: watch::Sender::new(None),
            problem: watch::Sender::new(None),
            state: Mutex::default(),
            failures: reload.failures("jwks"),
        });
        let following = fetcher.clone();
        let retry = reload.every();
        tokio::spawn(async move {
            let follow = async {
                loop {
                    let known = {
                        let _asking = following.state.lock().await;
                        following.take_over().await
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
                fetcher.take_over().await;
            }
        });
        // What came of it the keys tell.
        let _ = asking.await;
    }

    async fn take_over(&self) -> bool {
        let problem = match self.fetch().await {
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
                    tracing::warn!(problem, url = %self.url, "not ready: {SETTING} has told no keys yet");
                }
                Some(problem) => {
                    tracing::warn!(problem, url = %self.url, "{SETTING} tells no keys: those that it told before stay");
                }
                None => tracing::info!(url = %self.url, "{SETTING} tells keys again"),
            }
            *before = problem;
            true
        });
        is_known
    }

    async fn fetch(&self) -> Result<Keys, String> {
        let mut response = self.client.get(self.url.secret()).send().await.map_err(causes)?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(format!("it answers with {}", response.status()));
        }
        let mut content = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(causes)? {
            if content.len() + chunk.len() > MAX_BYTES {
                return Err(format!("its answer has more than {MAX_BYTES} bytes"));
            }
            content.extend_from_slice(&chunk);
        }
        Keys::parse(&content, &self.algorithms).map_err(|error| format!("its answer {error}"))
    }
}

fn client(url: &WebAddress) -> Result<reqwest::Client, String> {
    let versions = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let config = if url.is_https() {
        versions.with_platform_verifier().map_err(|error| format!("whom to trust is not known: {error}"))?
    } else {
        versions.with_root_certificates(RootCertStore::empty())
    };
    reqwest::Client::builder()
        .tls_backend_preconfigured(config.with_no_client_auth())
        .redirect(Policy::none())
        .timeout(TIMEOUT)
        .build()
        .map_err(causes)
}

/// An error and what led to it; without the URL, which may hold a secret.
fn causes(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
