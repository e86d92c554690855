//! Listening, limits, deadlines, health, reflection, metrics, logging and stopping.

mod connection;
/// What every call passes.
mod front;
/// Answers on their way.
mod guard;
mod health;
/// The accept loop.
mod listen;
mod metrics;
mod rpc;
mod run;
/// The listener of metrics.
mod scrape;
mod size;
pub mod telemetry;
/// What a call is known by.
mod trace;

pub use run::{Running, StartError, start, told_to_end};
