use crate::proto::kpi_service_server::SERVICE_NAME;
use crate::service::Readiness;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

/// The pause between checks of the database.
const PAUSE: Duration = Duration::from_secs(1);

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

/// Keeps the health at the readiness of the database until the service is to end.
pub(super) async fn follow(
    reporter: HealthReporter,
    serving: watch::Sender<bool>,
    readiness: Arc<Readiness>,
    draining: CancellationToken,
) {
    let mut ready = readiness.subscribe();
    let following = async {
        loop {
            let now = *ready.borrow_and_update();
            if serving.send_replace(now) != now {
                set(&reporter, now).await;
            }
            tokio::select! {
                changed = ready.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(PAUSE) => {
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
