//! Connections, and everything that SQLite and PostgreSQL do differently. Knows tables only by name.

mod again;
mod bulk;
mod cancel;
mod cause;
mod connect;
mod copy;
mod dialect;
mod each;
mod errors;
mod fold;
mod load;
mod meters;
mod pool;
mod postgres;
mod probe;
mod reach;
mod snapshot;
mod times;
mod url;
mod versions;

pub use self::url::{DatabaseUrl, UrlError};
pub use again::{Pieces, Unwanted};
pub use bulk::{delete_all, upsert};
pub use cause::Cause;
pub use connect::{ConnectError, PoolOptions, connect, connect_existing, connect_when_needed};
pub use dialect::{Dialect, begin_snapshot};
pub(crate) use errors::is_of_database;
pub use load::{Indexes, Load, Rows};
pub use meters::Meters;
pub use pool::{Connections, Database};
pub use snapshot::Snapshot;
pub use times::{Time, time, whole};
pub use versions::{DataVersion, DataVersions, Watching};
