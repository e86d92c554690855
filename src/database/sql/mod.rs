//! What PostgreSQL and SQLite write differently: an interface, which the folder of each database implements.

mod buckets;
pub(super) mod fold;
mod times;
mod values;

pub use buckets::{BucketSql, Choices, NUMBER_COLUMN};
pub use times::TimeSql;
pub use values::ValueSql;

/// Everything that is written differently.
pub trait Sql: TimeSql + ValueSql + BucketSql {}

impl<T: TimeSql + ValueSql + BucketSql> Sql for T {}
