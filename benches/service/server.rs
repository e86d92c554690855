//! The service as it is measured.

#[path = "../support/server.rs"]
mod process;

pub use process::Server;

use crate::{Database, Outcome};
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use tonic::transport::Channel;

/// Nothing is cut off for taking long.
const PATIENT: [&str; 3] = ["calls.default_deadline=6h", "calls.max_deadline=6h", "limits.queue=1h"];

/// Every question is answered by the database.
const UNCACHED: [&str; 1] = ["cache.bytes=0"];

/// Serves a database without keeping answers.
pub async fn uncached(database: &Database) -> Outcome<Server> {
    let settings: Vec<_> = PATIENT.into_iter().chain(UNCACHED).collect();
    Server::start(&database.url, &settings).await
}

/// Serves a database as by default.
pub async fn cached(database: &Database) -> Outcome<Server> {
    Server::start(&database.url, &PATIENT).await
}

/// A client of a server, on a connection of its own.
pub async fn client(server: &Server) -> Outcome<KpiServiceClient<Channel>> {
    Ok(KpiServiceClient::connect(server.address.clone()).await?)
}
