//! Data in bulk, for benchmarks and load tests: `crm-kpi generate` fills an empty database with up to 50 million
//! opportunities and all that goes with them.
//!
//! Every row is worked out from the seed, its table and its number, by itself and in whole numbers: nothing is held, so
//! memory is flat whatever the size, and the same options give the same rows on every machine and database. What depends on
//! the past of an account, such as the number of an order, is worked out from that account's few deals.

/// An account's customer relationship: orders, tenures, subscriptions.
mod book;
mod deal;
mod draw;
mod fill;
mod keys;
mod lead;
mod options;
mod rows;
mod time;
mod vocabulary;
/// The whole: how many there are of everything, and who belongs to whom.
mod world;

pub use fill::{Filled, GenerateError, fill};
pub use options::Options;
