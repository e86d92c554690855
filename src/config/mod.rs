//! The service's settings: from `config/default.toml`, a file, the environment and the command line.

mod address;
/// Options of the command line.
mod args;
/// Puts the sources over each other.
mod layers;
/// Where settings come from, and what is wrong with them.
mod problem;
/// Values out of layers: finds every problem.
mod read;
mod redact;
mod sections;
mod settings;
#[cfg(test)]
mod tests;

pub use address::WebAddress;
pub use args::{DatabaseArgs, LogArgs, ServiceArgs};
pub use layers::{DEFAULTS, Layers};
pub use problem::{ConfigError, Origin, Problem};
pub use redact::redact;
pub(crate) use sections::read_url;
pub use settings::{
    Access, Algorithm, Auth, Cache, CallerNames, Calls, Changes, ClientCertificate, Compression, Drain, Jwks, Jwt,
    Limits, LogFormat, LogSettings, Outages, Pool, Settings, Telemetry, Tls,
};
