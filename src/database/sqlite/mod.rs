//! What only SQLite does.

pub mod changes;
pub mod errors;
pub mod sql;
