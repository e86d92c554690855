//! The integration tests: the real server on a free port, called with the generated client, on SQLite and PostgreSQL.

// Rows end with `..Default::default()` even where they name every column: a new column shall need no change here.
#![allow(clippy::needless_update)]

mod support;

mod absent;
mod abuse;
mod auth;
mod bad_input;
mod beside;
mod cache;
mod calendars;
mod canonical;
mod contract;
mod data_version;
mod demo;
mod dialect;
mod engine;
mod far;
mod faults;
mod fitting;
mod generate;
mod import;
mod large;
mod laws;
mod maven;
mod names;
mod observability;
mod operator;
mod oracle;
mod paging;
mod paper;
mod pipes;
mod quality;
mod readme;
mod same_day;
mod schema;
mod soak;
mod stopping;
mod streaming;
mod tls;
mod wire;
