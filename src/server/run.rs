use super::auth::Gate;
use super::available;
use super::ending::Ending;
use super::front::{Front, Rules};
use super::guard::Watchdog;
use super::health;
use super::listen::Listener;
use super::metrics::Metrics;
use super::rotate;
use super::scrape::{self, Shown};
use super::tls::Tls;
use super::watch::{Reload, Unusable};
use super::why::Why;
use crate::catalog::Catalog;
use crate::clock::SharedClock;
use crate::config::{Access, Changes, Drain, Limits, Settings};
use crate::crm::TABLE_NAMES;
use crate::database::{
    ConnectError, DataVersions, Database, PoolOptions, UnsupportedDatabase, Watching, connect_when_needed,
};
use crate::engine::Engine;
use crate::error::Error;
use crate::memory::Memory;
use crate::proto::FILE_DESCRIPTOR_SET;
use crate::proto::kpi_service_server::KpiServiceServer;
use crate::quality::Quality;
use crate::service::{Answers, KnownSources, Places, Queries, Readiness, Readings, Service, ServiceMeters};
use prometheus_client::registry::Registry;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::service::Routes;
use tonic_health::server::HealthReporter;

/// How much later than the longest deadline the database ends by itself what nobody could tell it to end.
const AFTER_DEADLINES: Duration = Duration::from_secs(5);

/// How long the first keys may take before it is told that there are none.
const KEYS: Duration = Duration::from_secs(2);

/// How long connections to the database may take to close.
const CLOSE: Duration = Duration::from_secs(2);

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no connection to the database.
    #[error(transparent)]
    Database(#[from] ConnectError),
    /// It is a database that no SQL is written for.
    #[error(transparent)]
    Unsupported(#[from] UnsupportedDatabase),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file or an address that a setting names, or the setting itself, cannot be used.
    #[error("the configuration is wrong:\n  {0}")]
    Unusable(#[from] Unusable),
    /// The descriptors of the contract cannot be served.
    #[error("cannot serve reflection: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
}

/// A server that runs. It goes on when this is dropped.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it serves metrics, if it does.
    pub metrics: Option<SocketAddr>,
    database: Database,
    readiness: Arc<Readiness>,
    serving: watch::Receiver<bool>,
    why: Why,
    reporter: HealthReporter,
    /// The health is NOT_SERVING from here on.
    draining: CancellationToken,
    following: JoinHandle<()>,
    ending: Ending,
    stopped: CancellationToken,
    connections: TaskTracker,
    counts: Metrics,
    drain: Drain,
}

/// Starts the server. It listens when this returns; whether it is ready, [`Running::ready`] tells.
pub async fn start(settings: &Settings, clock: SharedClock) -> Result<Running, StartError> {
    let longest = settings.calls.max_deadline + AFTER_DEADLINES;
    let pool = PoolOptions { connections: settings.pool.connections, acquire: settings.pool.acquire, longest };
    let outages = settings.outages;
    let database = Database::try_from(connect_when_needed(&settings.database, &pool).await?)?
        .with_scans(settings.pool.scans)
        .watched(outages.answers_within(), outages.silence);
    let to_check = PoolOptions { connections: 1, acquire: outages.timeout, longest };
    let to_check = database.beside(connect_when_needed(&settings.database, &to_check).await?)?;
    let listener = listen(settings.listen).await?;
    let address = listener.1;
    let scraped = match settings.metrics {
        Some(address) => Some(listen(address).await?),
        None => None,
    };

    let limits = settings.limits;
    let mut registry = Registry::default();
    let metrics = Metrics::new(&mut registry);
    let meters = ServiceMeters::with_callers(settings.metrics_callers);
    meters.register(&mut registry);
    database.meters().register(&mut registry);
    let memory = Memory::new(limits.memory.unwrap_or_else(available::half));
    memory.register(&mut registry);
    let Changes { confirm, unwatched, notified } = settings.changes;
    let watching = Watching { confirm, unwatched, notified, tables: TABLE_NAMES };
    let versions = Arc::new(DataVersions::start(&database, clock.clone(), watching));
    versions.register(&mut registry);

    // Made when it is first asked for: no caller need wait for that.
    drop(spawn_blocking(Catalog::get));

    let (ending, draining, stopped) = (Ending::default(), CancellationToken::new(), CancellationToken::new());
    let reload = Reload::new(settings.reload, stopped.clone());
    reload.register(&mut registry);
    let tls = match &settings.tls {
        Some(tls) => {
            let tls = Tls::start(tls, &reload).await?;
            tls.register(&mut registry);
            Some(tls)
        }
        None => None,
    };
    let gate = Gate::start(&settings.auth, &reload, clock.clone()).await?;
    let keys = gate.known_keys();
    let readiness =
        Arc::new(Readiness::new(to_check.clone(), database.clone(), outages).with_versions(versions.clone()));
    let pools = vec![database.clone(), to_check.clone()];
    tokio::spawn(rotate::follow(settings.clone(), pools, longest, readiness.clone(), stopped.clone()));
    let service = Service {
        engine: Engine::new(database.clone()).with_max_figures(limits.figures).with_memory(memory.clone()),
        readings: Readings::new(
            Quality::new(database.clone()),
            // Some connections are left for questions, however few there are.
            &Limits { checks: limits.checks.min((pool.connections as usize / 2).max(1)), ..limits },
            meters.clone(),
        ),
        versions,
        readiness: readiness.clone(),
        clock,
        currency: settings.currency,
        sources: KnownSources::default(),
        queries: Queries::default(),
        answers: Answers::new(settings.cache.bytes.min(memory.bytes() / 2), meters.clone()),
        memory,
        patience: limits.queue,
        places: Places::new(&limits, meters.clone()),
        meters: meters.clone(),
        max_buckets: limits.buckets,
        max_filter_values: limits.filter_values,
        status_bytes: limits.status_bytes,
    };
    let (reporter, health_service) = tonic_health::server::health_reporter();
    health::set(&reporter, false).await;
    let (serving, is_serving) = watch::channel(false);
    let (every, known) = (outages.every, keys.clone());
    let following = health::follow(reporter.clone(), serving, readiness.clone(), draining.clone(), every, known);
    let following = tokio::spawn(following);
    let why = Why::new(readiness.clone(), keys, draining.clone());
    tokio::spawn(why.clone().follow(to_check, pool.connections, stopped.clone()));
    // The first check: without it the health would wait for its first pause. Its outcome is asked for later.
    let first = readiness.clone();
    tokio::spawn(async move { first.check().await.is_ok() });

    let kpis = KpiServiceServer::new(service).max_decoding_message_size(limits.request_bytes);
    let mut routes = Routes::new(health_service);
    if settings.reflection != Access::Off {
        let reflection = || {
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        routes = routes.add_service(reflection().build_v1()?).add_service(reflection().build_v1alpha()?);
    }
    let rules = Rules {
        calls: settings.calls,
        limits,
        compression: settings.compression,
        metrics: metrics.clone(),
        meters: Arc::new(meters),
        ending: ending.clone(),
        watchdog: Watchdog::start(stopped.clone()),
        gate,
        health: settings.health,
        reflection: settings.reflection,
    };
    let front = Front::new(kpis, routes.prepare(), rules);
    let server = Listener::new(front, tls, limits, ending.clone(), metrics.clone());
    let connections = server.tracker.clone();
    connections.spawn(server.accept(listener.0));
    let scraped_at = scraped.as_ref().map(|(_, address)| *address);
    tracing::info!(%address, metrics = scraped_at.map(tracing::field::display), "listening");
    if let Some((listener, _)) = scraped {
        let shown = Shown::new(registry, database.clone(), pool.connections, is_serving.clone(), why.clone());
        tokio::spawn(scrape::serve(listener, Arc::new(shown), stopped.clone()));
    }
    let drain = settings.drain;
    Ok(Running {
        address,
        metrics: scraped_at,
        database,
        readiness,
        serving: is_serving,
        why,
        reporter,
        draining,
        following,
        ending,
        stopped,
        connections,
        counts: metrics,
        drain,
    })
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let to_error = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(to_error)?;
    let address = listener.local_addr().map_err(to_error)?;
    Ok((listener, address))
}

impl Running {
    /// Checks whether the database can be asked, and says why not.
    pub async fn check(&self) -> Result<(), Error> {
        self.readiness.require().await
    }

    /// Looks at the tables now: at what is there, and which columns hold days.
    pub async fn look(&self) -> Result<(), Error> {
        self.readiness.check().await
    }

    /// Why the service cannot answer, in words for an operator. None: it can.
    pub async fn why_not_ready(&self) -> Option<String> {
        // What it comes to is told by what follows. Keys are on their way at first.
        let _ = self.readiness.require().await;
        let _ =
            timeout(KEYS, self.serving.clone().wait_for(|serving| *serving || self.readiness.reason().is_some())).await;
        let why = self.why.not_ready();
        (!why.is_empty()).then(|| why.join("; "))
    }

    /// Returns once the service is ready.
    pub async fn ready(&self) {
        let mut ready = self.serving.clone();
        // An error means that the server is gone: then this was asked in vain anyway.
        let _ = ready.wait_for(|ready| *ready).await;
    }

    /// Stops as the settings say; at once where `at_once` returns before that. Returns whether all calls ended by themselves.
    pub async fn drain(self, at_once: impl Future<Output = ()>) -> bool {
        let drain = self.drain;
        self.stop(drain, at_once).await
    }

    /// Stops: says NOT_SERVING and serves on for a while, then takes no new calls, then ends streams, then cuts off what is
    /// left.
    pub async fn stop(mut self, drain: Drain, at_once: impl Future<Output = ()>) -> bool {
        self.draining.cancel();
        // What it says last must not be said after the next line.
        let _ = (&mut self.following).await;
        health::set(&self.reporter, false).await;
        let ended = tokio::select! {
            ended = self.drain_calls(drain) => ended,
            () = at_once => false,
        };
        // Connections that are left may be of callers who keep them and ask nothing.
        let ended = ended || self.counts.under_way() == 0;
        self.ending.stopping.cancel();
        self.ending.streams.cancel();
        self.ending.cut.cancel();
        self.connections.close();
        self.connections.wait().await;
        self.stopped.cancel();
        let _ = timeout(CLOSE, self.database.connection().clone().close()).await;
        ended
    }

    async fn drain_calls(&mut self, drain: Drain) -> bool {
        sleep(drain.delay).await;
        self.ending.stopping.cancel();
        health::end_watches(&mut self.reporter).await;
        self.connections.close();
        if timeout(drain.streams, self.connections.wait()).await.is_ok() {
            return true;
        }
        self.ending.streams.cancel();
        timeout(drain.calls, self.connections.wait()).await.is_ok()
    }
}
