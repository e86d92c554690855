//! What only PostgreSQL does.

pub mod cancel;
pub mod changes;
pub mod columns;
pub mod connect;
pub mod connection;
pub mod copy;
pub mod copying;
pub mod errors;
pub mod load;
pub mod pool;
pub mod sql;
pub mod staging;
pub mod times;
pub mod url;
