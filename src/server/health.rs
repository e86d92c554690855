use super::auth::KnownKeys;
use crate::proto::kpi_service_server::SERVICE_NAME;
use crate::service::Readiness;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

/// The services that have a health: the server as a whole and its one service.
const SERVICES: [&str; 2] = ["", SERVICE_NAME];

/// Says the same of all services.
pub(super) async fn set(reporter: &HealthReporter, serving: bool) {
    let status = if serving { ServingStatus::Serving } else { ServingStatus::NotServing };
    for service in SERVICES {
        reporter.set_service_status(service, status).await;
    }
}

/// Ends the streams of those who watch.
pub(super) async fn end_watches(reporter: &mut HealthReporter) {
    for service in SERVICES {
        reporter.clear_service_status(service).await;
    }
}

/// Keeps the health at the readiness of the database, which is looked at so often, and of the keys that tokens are checked by,
/// until the service is to end.
pub(super) async fn follow(
    reporter: HealthReporter,
    serving: watch::Sender<bool>,
    readiness: Arc<Readiness>,
    draining: CancellationToken,
    every: Duration,
    keys: KnownKeys,
) {
    let mut ready = readiness.subscribe();
    let mut next = Instant::now() + every;
    let following = async {
        loop {
            let has_keys = keys.missing().is_none();
            let now = *ready.borrow_and_update() && has_keys;
            if serving.send_replace(now) != now {
                set(&reporter, now).await;
            }
            tokio::select! {
                changed = ready.changed() => if changed.is_err() { return },
                () = keys.known(), if !has_keys => {}
                () = sleep_until(next) => {
                    // From beginning to beginning: looks that take long do not make an outage take longer to notice.
                    next = Instant::now() + every;
                    if let Err(error) = readiness.check().await {
                        tracing::debug!(%error, "the database is not ready");
                    }
                }
            }
        }
    };
    tokio::select! {
        () = draining.cancelled() => {}
        () = following => {}
    }
    serving.send_replace(false);
}
