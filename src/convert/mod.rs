//! The contract to the domain and back. Parsing is validating: it collects everything that is wrong with a request.

mod catalog;
mod fingerprint;
mod hierarchy;
mod language;
mod nearest;
mod period;
mod quality;
mod query;
mod reach;
mod result;
mod token;
mod violations;
mod wire;

pub use catalog::{dimension, dimensions, kpi};
pub use fingerprint::Fingerprint;
pub use language::{language, query_language};
pub use nearest::{named_dimension, nearest};
pub use quality::{finding, inspection, inspection_header, severity};
pub use query::{Context, Shape, question};
pub use result::{header, key, timestamp};
pub use token::{PageToken, ResumeToken, ValueToken};
pub use violations::{Violations, bounded, without_nul};
pub use wire::put_row;
