//! Connections, and everything that SQLite and PostgreSQL do differently. Knows tables only by name.

mod bulk;
mod connect;
mod dialect;
mod errors;

pub use bulk::{delete_all, upsert};
pub use connect::{ConnectError, connect, describe};
pub use dialect::{Dialect, begin_snapshot};
