//! Loads CSV exports, as a TOML mapping file describes them, into the CRM schema.
//!
//! The mapping is read and checked against the files ([`ImportError::Mapping`] lists all that is wrong with it), every
//! row is read and checked ([`BadRows`]), and only then is anything written, in one transaction. The language of the
//! mapping is documented in `examples/import/README.md`.

mod derive;
mod error;
mod file;
mod lookup;
mod mapping;
mod plan;
mod progress;
mod read;
mod report;
mod rows;
mod run;
mod settle;
mod table;
mod value;
mod write;

pub use error::{ImportError, MappingProblem};
pub(crate) use plan::suggestion;
pub use progress::{Progress, Step};
pub(crate) use report::Problems;
pub use report::{BadRows, Problem, Summary};
pub use run::{Options, import};
pub use table::Table;
