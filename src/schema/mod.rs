//! Whether a database has the tables and columns that questions read, and what to do where it does not.

mod days;
mod fit;
mod prepare;
/// Types that columns must have, and how to come to them.
mod types;

pub use days::{Declared, declared};
pub use fit::{Schema, inspect};
pub use prepare::{PrepareError, prepare};
