//! Loads CSV files into the CRM schema, and writes them.
//!
//! There are two readers: `mapping` reads files of other programs as a mapping describes them, [`canonical`] reads and
//! writes files in the form of the schema itself. What they share is here.

pub mod canonical;
mod error;
mod mapping;
mod options;
mod progress;
mod records;
mod report;
mod row;
mod run;
mod suggest;
mod times;
mod write;

pub use error::{FileProblem, ImportError, MappingProblem};
pub use mapping::{FieldName, field};
pub use options::Options;
pub use progress::{Progress, Step};
pub use report::{BadRows, Problem, Summary};
pub use run::import;
