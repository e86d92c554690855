//! Connections, and everything that SQLite and PostgreSQL do differently. Knows tables only by name.

mod bulk;
mod connect;
mod count;
mod dialect;
mod errors;
mod fold;
mod listener;
mod version;

pub use bulk::{delete_all, upsert};
pub use connect::{ConnectError, connect, connect_when_needed, describe};
pub use dialect::{Dialect, begin_snapshot};
pub use version::DataVersions;
