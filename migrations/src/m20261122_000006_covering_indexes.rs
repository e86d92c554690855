//! Indexes that have all that the most frequent scans read, in the place of those by time alone.
//!
//! PostgreSQL then reads the index and not the table, as far as VACUUM has seen the pages: 94,000 deals of a quarter are 94,000
//! reads of the table's pages otherwise. What they cost is said in docs/operate/plans.md.

use crate::columns::index;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// A table, the columns that an index sorts by, and those that it has beside them.
type Covering = (&'static str, &'static [&'static str], &'static [&'static str]);

const INDEXES: [Covering; 3] = [
    ("opportunities", &["closed_at"], &["status", "amount_minor", "currency", "rep_id", "account_id"]),
    ("opportunities", &["rep_id", "closed_at"], &["status", "amount_minor", "currency"]),
    ("opportunity_stages", &["left_at"], &["entered_at", "outcome", "rep_id"]),
];

fn name(table: &str, columns: &[&str]) -> String {
    format!("{table}_{}_covering_idx", columns.join("_"))
}

/// SQLite has no columns beside those that an index sorts by.
fn covering(backend: DbBackend, (table, columns, beside): Covering) -> IndexCreateStatement {
    let mut covering = index(table, columns);
    covering.name(name(table, columns));
    for column in beside {
        match backend {
            DbBackend::Postgres => covering.include(*column),
            _ => covering.col(*column),
        };
    }
    covering
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_database_backend();
        for covered in INDEXES {
            let (table, columns, _) = covered;
            manager.create_index(covering(db, covered)).await?;
            let plain = format!("{table}_{}_idx", columns.join("_"));
            manager.drop_index(Index::drop().name(plain).table(table).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns, _) in INDEXES {
            manager.create_index(index(table, columns)).await?;
            manager.drop_index(Index::drop().name(name(table, columns)).table(table).to_owned()).await?;
        }
        Ok(())
    }
}
