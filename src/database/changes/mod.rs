//! Tells whether the data have changed, table by table.

/// Counts changes.
pub(super) mod count;
pub(super) mod version;
mod watch;
mod watching;

pub use version::DataVersion;
pub use watch::DataVersions;
pub use watching::Watching;
