//! What breaks, and what callers, the database and the counts show then.

mod again;
mod away;
pub mod bench;
mod cancel;
mod fair;
mod interrupt;
mod limits;
mod locked;
mod many_buckets;
mod pause;
mod permission;
mod pool;
mod readers;
mod scans;
