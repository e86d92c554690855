//! The canonical form of the CRM data: a CSV file for every table, with the table's columns as its header.
//!
//! [`export`] writes it from one snapshot; it is imported in one transaction. Both go by the description of the tables,
//! so a new table or column needs nothing here. The form is documented in `docs/reference/import.md`.

mod cell;
mod error;
mod export;
mod file;
mod folder;
mod import;

pub use error::ExportError;
pub use export::{ExportOptions, export};
pub(super) use import::import;
