//! The integration tests: the real server on a free port, called with the generated client, on SQLite and PostgreSQL.

mod support;

mod contract;
mod demo;
mod engine;
mod import;
mod large;
mod maven;
mod schema;
