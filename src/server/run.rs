use super::connection::Connection;
use super::health;
use crate::clock::SharedClock;
use crate::config::Settings;
use crate::database::{self, ConnectError, DataVersions};
use crate::engine::Engine;
use crate::error::Error;
use crate::proto::FILE_DESCRIPTOR_SET;
use crate::proto::kpi_service_server::KpiServiceServer;
use crate::quality::Quality;
use crate::service::{Readiness, Service};
use futures::TryStreamExt;
use sea_orm::DatabaseConnection;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic_health::server::HealthReporter;

/// How long calls may go on once the service stops.
pub const HARD_STOP: Duration = Duration::from_secs(10);

/// How often a silent connection is asked whether its caller is still there.
const KEEPALIVE: Duration = Duration::from_secs(60);

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no connection to the database.
    #[error(transparent)]
    Database(#[from] ConnectError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The descriptors of the contract cannot be served.
    #[error("cannot serve reflection: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
}

/// A server that runs. It goes on when this is dropped.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    connection: DatabaseConnection,
    readiness: Arc<Readiness>,
    reporter: HealthReporter,
    stopping: CancellationToken,
    server: JoinHandle<Result<(), tonic::transport::Error>>,
}

/// Starts the server. It listens when this returns; whether it is ready, [`Running::ready`] tells.
pub async fn start(settings: &Settings, clock: SharedClock) -> Result<Running, StartError> {
    let connection = database::connect_when_needed(&settings.database).await?;
    let address = settings.listen;
    let to_listen_error = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(to_listen_error)?;
    let address = listener.local_addr().map_err(to_listen_error)?;

    let stopping = CancellationToken::new();
    let readiness = Arc::new(Readiness::new(connection.clone()));
    let service = Service {
        engine: Engine::new(connection.clone()),
        quality: Quality::new(connection.clone()),
        versions: Arc::new(DataVersions::start(&connection, clock.clone()).await),
        readiness: readiness.clone(),
        clock,
        currency: settings.currency,
        stopping: stopping.clone(),
    };
    let (reporter, health_service) = tonic_health::server::health_reporter();
    health::set(&reporter, false).await;
    tokio::spawn(health::follow(reporter.clone(), readiness.clone(), stopping.clone()));
    // The first check: without it the health would wait for its first pause. Its outcome is asked for later.
    let first = readiness.clone();
    tokio::spawn(async move { first.check().await.is_ok() });

    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let router = Server::builder()
        .http2_keepalive_interval(Some(KEEPALIVE))
        .tcp_nodelay(true)
        .add_service(KpiServiceServer::new(service))
        .add_service(health_service)
        .add_service(reflection().build_v1()?)
        .add_service(reflection().build_v1alpha()?);
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true)).map_ok(Connection::from);
    let stop = stopping.clone();
    let server =
        tokio::spawn(async move { router.serve_with_incoming_shutdown(incoming, stop.cancelled_owned()).await });
    Ok(Running { address, connection, readiness, reporter, stopping, server })
}

impl Running {
    /// Checks whether the database can be asked, and says why not.
    pub async fn check(&self) -> Result<(), Error> {
        self.readiness.require().await
    }

    /// Returns once the database can be asked.
    pub async fn ready(&self) {
        let mut ready = self.readiness.subscribe();
        // An error means that the server is gone: then this was asked in vain anyway.
        let _ = ready.wait_for(|ready| *ready).await;
    }

    /// Stops: says NOT_SERVING, takes no new calls, ends streams, lets calls end by themselves for at most `patience`.
    /// Returns whether they all did.
    pub async fn stop(mut self, patience: Duration) -> bool {
        health::set(&self.reporter, false).await;
        self.stopping.cancel();
        health::end_watches(&mut self.reporter).await;
        let ended = tokio::time::timeout(patience, &mut self.server).await.is_ok();
        if !ended {
            self.server.abort();
        }
        let _ = tokio::time::timeout(patience, self.connection.close()).await;
        ended
    }
}

/// Waits for SIGTERM or SIGINT.
pub async fn told_to_end() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
