//! What only PostgreSQL does.

pub mod cancel;
pub mod changes;
pub mod copy;
pub mod errors;
pub mod pool;
pub mod sql;
