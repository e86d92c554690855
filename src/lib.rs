//! crm-kpi: a gRPC service that answers KPI questions from a CRM database.
//!
//! Imports point downwards only: `server` and `cli` on top, then `service`, `convert`, `engine`, `catalog`, `period`,
//! `crm`, `database`, and `config`, `error` and `clock` on the ground floor.

pub mod catalog;
pub mod cli;
pub mod clock;
pub mod crm;
pub mod database;
pub mod engine;
pub mod error;
pub mod import;
pub mod period;
pub mod proto;
