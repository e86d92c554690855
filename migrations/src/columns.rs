//! Column types as every table of the schema has them. They follow from what a column holds ([`Kind`]), as the entities say it.

use crm_kpi_crm::Kind;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// A column that may be unset. Text is in byte order on every database: keys must sort the same everywhere, because pages and
/// totals go by them.
pub fn column(backend: DbBackend, name: &'static str, kind: &Kind) -> ColumnDef {
    let in_bytes = match (kind, backend) {
        (Kind::Text | Kind::Word(_) | Kind::Decimal, DbBackend::Postgres) => " COLLATE \"C\"",
        _ => "",
    };
    let mut column = ColumnDef::new(name);
    column.custom(format!("{}{in_bytes}", kind.sql_type(backend)));
    column
}

/// Any text.
pub fn text(backend: DbBackend, name: &'static str) -> ColumnDef {
    column(backend, name, &Kind::Text)
}

/// A text key that a row must have.
pub fn key(backend: DbBackend, name: &'static str) -> ColumnDef {
    let mut column = text(backend, name);
    column.not_null();
    column
}

/// A UTC instant: `timestamptz` on PostgreSQL; on SQLite text, RFC 3339 in UTC with `+00:00`, which sorts by time.
pub fn instant(backend: DbBackend, name: &'static str) -> ColumnDef {
    column(backend, name, &Kind::Instant)
}

/// A calendar day: `date` on PostgreSQL; on SQLite text, `YYYY-MM-DD`, which sorts by time.
pub fn day(backend: DbBackend, name: &'static str) -> ColumnDef {
    column(backend, name, &Kind::Day)
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
