//! Of the tests.

#[path = "../../tests/it/support/database.rs"]
#[allow(dead_code)]
mod database;

pub use database::{Kind, TestDatabase};
