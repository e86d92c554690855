//! Loads CSV exports of other programs, as a TOML mapping file describes them, into the CRM schema.
//!
//! The mapping is read and checked against the files ([`ImportError::Mapping`] lists all that is wrong with it), every
//! row is read and checked ([`BadRows`]), and only then is anything written, in one transaction. The language of the
//! mapping is documented in `docs/reference/import.md`.
//!
//! [`ImportError::Mapping`]: super::ImportError::Mapping
//! [`BadRows`]: super::BadRows

mod derive;
mod file;
mod known;
mod language;
mod lookup;
mod plan;
mod read;
mod remove;
mod run;
mod settle;
mod stored;
mod table;
mod value;

pub(super) use run::import;
pub use table::{FieldName, field};
