use super::{Failure, output};
use crate::clock::SystemClock;
use crate::config::{ServiceArgs, Settings};
use crate::server::{self, Signals, telemetry};
use std::net::SocketAddr;
use std::sync::Arc;

/// Options of `serve`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    settings: ServiceArgs,
}

pub(super) async fn run(args: Args) -> Result<(), Failure> {
    let settings = args.settings.load(None)?;
    let ignored = settings.database.ignored();
    let telling = telemetry::start_all(&settings.log, &settings.telemetry)?;
    let database = &settings.database;
    if !ignored.is_empty() {
        tracing::warn!(parameters = ignored.join(", "), "parameters of the database URL have no effect");
    }
    let scheme = scheme(&settings);
    let outcome = serve(&settings, |address| {
        output::tell(format_args!("crm-kpi is ready: {database} at {scheme}://{address}"));
    })
    .await;
    telling.finish().await;
    outcome
}

/// How addresses of the service begin.
pub(super) fn scheme(settings: &Settings) -> &'static str {
    if settings.tls.is_some() { "https" } else { "http" }
}

/// Serves until the process is told to end. `when_ready` is called once, when the database can be asked; until then
/// standard error says what is missing.
pub async fn serve(settings: &Settings, when_ready: impl FnOnce(SocketAddr)) -> Result<(), Failure> {
    allow_files(settings);
    let mut signals = Signals::new().map_err(Failure::new)?;
    let running = server::start(settings, Arc::new(SystemClock)).await?;
    let serving = async {
        if let Some(why) = running.why_not_ready().await {
            let scheme = scheme(settings);
            let address = running.address;
            output::warn(format_args!("crm-kpi listens at {scheme}://{address} but cannot answer yet: {why}"));
        }
        running.ready().await;
        when_ready(running.address);
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = serving => {}
        () = signals.next() => {}
    }
    tracing::info!("stopping");
    if !running.drain(signals.next()).await {
        tracing::warn!("calls did not end in time and were cut off");
    }
    Ok(())
}

/// Has the system allow as many open files as it may: a caller that says nothing has one, too.
fn allow_files(settings: &Settings) {
    let wanted = settings.limits.connections;
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(files) if usize::try_from(files).unwrap_or(usize::MAX) < wanted => {
            tracing::warn!(
                files,
                connections = wanted,
                "fewer files may be open than limits.connections allows: see ulimit -n"
            );
        }
        Ok(files) => tracing::debug!(files, "open files"),
        Err(error) => tracing::warn!(%error, "cannot determine the limit of open files"),
    }
}
