//! crm-kpi: a gRPC service that answers KPI questions from a CRM database.
//!
//! Imports point downwards only: `cli` and `server` on top, then `service`, `convert`, `engine` beside `quality`, which checks the
//! records, `scope`, `catalog`, `names`, `period`, `crm`, `database`, and `config`, `memory`, `error` and `clock` on the ground
//! floor. `synthetic` fills a database with made-up data, `import` reads and writes its files: they stand on `crm`.

pub mod catalog;
pub mod cli;
pub mod clock;
pub mod config;
pub mod convert;
pub mod database;
pub mod engine;
pub mod error;
pub mod import;
pub mod memory;
pub mod names;
pub mod period;
pub mod predicate;
pub mod proto;
pub mod quality;
pub mod schema;
pub mod scope;
pub mod server;
pub mod service;
#[cfg(feature = "synthetic")]
pub mod synthetic;

/// The CRM schema: its tables, described once, by their entities.
pub use crm_kpi_crm as crm;

/// Compiles the Rust of the page about clients.
#[cfg(doctest)]
#[doc = include_str!("../docs/guide/clients.md")]
struct Clients;
