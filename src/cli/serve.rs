use super::Failure;
use crate::clock::SystemClock;
use crate::config::{ServiceArgs, Settings};
use crate::database::describe;
use crate::server::{self, telemetry};
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
    let traces = telemetry::start_all(&settings.log, &settings.telemetry)?;
    let database = describe(&settings.database);
    let outcome = serve(&settings, |address| println!("crm-kpi is ready: {database} at http://{address}")).await;
    traces.finish().await;
    outcome
}

/// Serves until the process is told to end. `when_ready` is called once, when the database can be asked; until then
/// standard error says what is missing.
pub async fn serve(settings: &Settings, when_ready: impl FnOnce(SocketAddr)) -> Result<(), Failure> {
    allow_files(settings);
    let running = server::start(settings, Arc::new(SystemClock)).await?;
    if let Err(error) = running.check().await {
        eprintln!("crm-kpi listens at http://{} but cannot answer yet: {error}", running.address);
    }
    let mut told_to_end = std::pin::pin!(server::told_to_end());
    tokio::select! {
        () = running.ready() => {
            when_ready(running.address);
            told_to_end.await;
        }
        () = &mut told_to_end => {}
    }
    tracing::info!("stopping");
    if !running.drain(server::told_to_end()).await {
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
        Err(error) => tracing::warn!(%error, "the limit of open files is not known"),
    }
}
