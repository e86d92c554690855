use crate::proto::kpi_service_server::SERVICE_NAME;
use crate::service::Readiness;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

/// The pause between checks of the database, while it is ready and while it is not.
const PAUSE_WHEN_READY: Duration = Duration::from_secs(10);
const PAUSE_WHEN_NOT: Duration = Duration::from_secs(2);

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

/// Keeps the health at the readiness of the database until the service stops.
pub(super) async fn follow(reporter: HealthReporter, readiness: Arc<Readiness>, stopping: CancellationToken) {
    let mut ready = readiness.subscribe();
    let mut serving = false;
    loop {
        let now = *ready.borrow_and_update();
        if now != serving {
            set(&reporter, now).await;
            serving = now;
        }
        let pause = if serving { PAUSE_WHEN_READY } else { PAUSE_WHEN_NOT };
        tokio::select! {
            () = stopping.cancelled() => return,
            changed = ready.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(pause) => {
                if let Err(error) = readiness.check().await {
                    tracing::debug!(%error, "the database is not ready");
                }
            }
        }
    }
}
