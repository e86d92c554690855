//! Column types as every table of the schema has them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Text in byte order on every database: keys must sort the same everywhere, because pages and totals go by them.
pub fn text(backend: DbBackend, name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    match backend {
        DbBackend::Postgres => column.custom("text COLLATE \"C\""),
        _ => column.text(),
    };
    column
}

/// A text key that a row must have.
pub fn key(backend: DbBackend, name: &'static str) -> ColumnDef {
    let mut column = text(backend, name);
    column.not_null();
    column
}

/// A UTC instant: `timestamptz` on PostgreSQL; on SQLite text, RFC 3339 in UTC with `+00:00`, which sorts by time.
pub fn instant(backend: DbBackend, name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    match backend {
        DbBackend::Postgres => column.timestamp_with_time_zone(),
        _ => column.text(),
    };
    column
}

/// A calendar day: `date` on PostgreSQL; on SQLite text, `YYYY-MM-DD`, which sorts by time.
pub fn day(backend: DbBackend, name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    match backend {
        DbBackend::Postgres => column.date(),
        _ => column.text(),
    };
    column
}

/// An amount in minor units of its row's currency.
pub fn amount(name: &'static str) -> ColumnDef {
    big_integer(name)
}

/// A 64-bit integer.
pub fn big_integer(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.big_integer();
    column
}

/// A 32-bit integer.
pub fn integer(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.integer();
    column
}

/// Yes or no; no where nothing is said.
pub fn flag(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.boolean().not_null().default(false);
    column
}

/// An index named after its table and columns.
pub fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}_idx", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}
