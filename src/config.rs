//! The service's settings. Every one is an option of the command line and a `CRM_KPI_…` environment variable.

use clap::{Args, ValueEnum};
use iso_currency::Currency;
use std::net::SocketAddr;

/// Where the data are.
#[derive(Args, Clone, Debug)]
pub struct DatabaseSettings {
    /// The database: sqlite://FILE or postgres://USER@HOST/DATABASE
    #[arg(
        long,
        value_name = "URL",
        env = "CRM_KPI_DATABASE",
        default_value = "sqlite://crm-kpi.db",
        hide_env_values = true
    )]
    pub database: String,
}

/// How the service runs.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub database: DatabaseSettings,
    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", env = "CRM_KPI_LISTEN", default_value = "127.0.0.1:50051")]
    pub listen: SocketAddr,
    /// The currency (ISO 4217) that amounts are answered in where a query does not filter by one
    #[arg(long, value_name = "CODE", env = "CRM_KPI_CURRENCY", default_value = "USD", value_parser = currency)]
    pub currency: Currency,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub log: LogSettings,
}

/// What is logged, to standard error.
#[derive(Args, Clone, Debug, Default)]
pub struct LogSettings {
    /// What to log: a level or tracing directives, such as `info,crm_kpi=debug`; RUST_LOG works too [default: info]
    #[arg(long = "log", value_name = "FILTER", env = "CRM_KPI_LOG")]
    pub filter: Option<String>,
    /// How log lines look
    #[arg(long = "log-format", value_name = "FORMAT", env = "CRM_KPI_LOG_FORMAT", default_value = "text")]
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For a reader.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

fn currency(code: &str) -> Result<Currency, String> {
    Currency::from_code(code).ok_or_else(|| format!("{code:?} is not a currency code of ISO 4217, such as USD"))
}
