//! Listening, health, reflection, logging and stopping.

/// Who may call, and what they see.
pub mod auth;
mod connection;
mod health;
mod run;
pub mod telemetry;
mod tls;
mod watch;

pub use tls::Tls;
pub use watch::Unusable;

pub use run::{HARD_STOP, Running, StartError, start, told_to_end};
