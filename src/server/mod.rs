//! Listening, limits, deadlines, health, reflection, metrics, logging and stopping.

/// Who may call, and what they see.
pub mod auth;
mod available;
mod check;
mod compression;
mod connection;
/// What is to end when the service stops.
mod ending;
mod expiry;
/// The formats of metrics.
mod exposition;
/// What every call passes.
mod front;
/// Answers on their way.
mod guard;
mod handshakes;
mod health;
/// The accept loop.
mod listen;
mod metrics;
/// What a connection begins with.
mod opening;
/// Where a call comes from.
mod origin;
mod process;
/// What is left out of the log.
mod repeats;
mod rotate;
mod rpc;
mod run;
/// The listener of metrics.
mod scrape;
mod signals;
mod size;
pub mod telemetry;
mod tls;
/// What a call is known by.
mod trace;
mod watch;
mod why;

pub use check::check;
pub use tls::Tls;
pub use watch::{Reload, Unusable};

pub use run::{Running, StartError, start};
pub use signals::Signals;
