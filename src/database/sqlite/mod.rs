//! What only SQLite does.

pub mod changes;
pub mod columns;
pub mod connect;
pub mod connection;
pub mod errors;
pub mod inserting;
pub mod load;
pub mod sql;
pub mod staging;
pub mod times;
pub mod url;
