//! Listening, health, reflection, logging and stopping.

mod connection;
mod health;
mod run;
pub mod telemetry;

pub use run::{HARD_STOP, Running, StartError, start, told_to_end};
