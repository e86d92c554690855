//! Tells whether the data have changed, table by table.

/// Counts changes.
mod count;
/// Listens for notifications of PostgreSQL.
mod listener;
/// Asks SQLite.
mod pragma;
mod version;
mod watch;
mod watched;
mod watching;

pub use version::DataVersion;
pub use watch::DataVersions;
pub use watching::Watching;
