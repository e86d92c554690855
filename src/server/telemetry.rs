//! Logging: structured, to standard error.

use crate::config::{LogFormat, LogSettings};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// What is logged by default: migrations tell of each of their steps at info.
const DEFAULT: &str = "info,sea_orm_migration=warn";

/// Starts logging. Directives of the filter that make no sense are left out. Does nothing the second time.
pub fn start(settings: &LogSettings) {
    let rust_log = || std::env::var("RUST_LOG").ok();
    let filter = settings.filter.clone().or_else(rust_log).unwrap_or_else(|| DEFAULT.into());
    let builder = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // An error means that a subscriber is set already.
    let _ = match settings.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
}
