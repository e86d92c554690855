//! The integration tests: the real server on a free port, called with the generated client, on SQLite and PostgreSQL.

mod support;

mod import;
mod maven;
mod schema;
