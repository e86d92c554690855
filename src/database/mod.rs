//! Connections, and everything that SQLite and PostgreSQL do differently. Knows no table but by its name or description.
//!
//! | what | where |
//! | --- | --- |
//! | what only one of them does, under the same names where both do it | `postgres`, `sqlite`; `either` holds what one of them has |
//! | how to reach a database, and why that fails | `url`, `connect`, `driver`, `probe`, `reach`, `cause`, `errors` |
//! | reading | `pool`, `snapshot`, `connection`, `each`, `again`, `times`, `columns`, `plan`, `meters` |
//! | writing | `load`, `staging`, `sink`, `bulk`, `analyse` |
//! | SQL | `dialect`, `sql`, `precision` |
//! | what has changed | `changes` |

mod again;
mod analyse;
mod bulk;
mod cause;
mod changes;
mod columns;
mod connect;
mod connection;
mod dialect;
mod driver;
mod each;
mod either;
mod errors;
mod load;
mod meters;
mod plan;
mod pool;
mod postgres;
mod precision;
mod probe;
mod reach;
mod sink;
mod snapshot;
mod sql;
mod sqlite;
mod staging;
mod times;
mod url;

pub use self::url::{DatabaseUrl, UrlError};
pub use again::{Pieces, Unwanted};
pub use analyse::analyse;
pub use bulk::upsert;
pub use cause::Cause;
pub use changes::{DataVersion, DataVersions, Watching};
pub use columns::{ColumnType, Relation, Relations, relations};
pub use connect::{ConnectError, PoolOptions, connect, connect_existing, connect_when_needed};
pub use dialect::{Dialect, UnsupportedDatabase, begin_snapshot};
pub(crate) use errors::is_of_database;
pub use load::{Indexes, Load, Rows};
pub use meters::Meters;
pub use pool::{Connections, Database};
pub use precision::{DayColumns, Precision};
pub use sink::Sink;
pub use snapshot::Snapshot;
pub use sql::{BucketSql, Choices, NUMBER_COLUMN, Sql, TimeSql, ValueSql};
pub use staging::{Staging, StagingError};
pub use times::{Time, time, whole};
