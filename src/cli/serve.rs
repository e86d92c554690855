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
    let scheme = scheme(&settings);
    let outcome = serve(&settings, |address| println!("crm-kpi is ready: {database} at {scheme}://{address}")).await;
    traces.finish().await;
    outcome
}

/// How addresses of the service begin.
pub(super) fn scheme(settings: &Settings) -> &'static str {
    if settings.tls.is_some() { "https" } else { "http" }
}

/// Serves until the process is told to end. `when_ready` is called once, when the database can be asked; until then
/// standard error says what is missing.
pub async fn serve(settings: &Settings, when_ready: impl FnOnce(SocketAddr)) -> Result<(), Failure> {
    let running = server::start(settings, Arc::new(SystemClock)).await?;
    if let Err(error) = running.check().await {
        let scheme = scheme(settings);
        eprintln!("crm-kpi listens at {scheme}://{} but cannot answer yet: {error}", running.address);
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
