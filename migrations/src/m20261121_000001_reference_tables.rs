//! Teams, reps, accounts, sources, products and stages: the small tables that facts point to.

use crate::columns::{amount, index, instant, key, text};
use crate::notify;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 6] = ["teams", "reps", "accounts", "sources", "products", "stages"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_database_backend();
        notify::create_function(manager).await?;
        let tables = [
            Table::create()
                .table("teams")
                .col(key(db, "id").primary_key())
                .col(key(db, "name"))
                .col(text(db, "parent_id"))
                .take(),
            Table::create()
                .table("reps")
                .col(key(db, "id").primary_key())
                .col(key(db, "name"))
                .col(text(db, "team_id"))
                .take(),
            Table::create()
                .table("accounts")
                .col(key(db, "id").primary_key())
                .col(key(db, "name"))
                .col(text(db, "segment"))
                .col(text(db, "region"))
                .col(text(db, "industry"))
                .col(text(db, "country"))
                .col(instant(db, "customer_since"))
                .take(),
            Table::create()
                .table("sources")
                .col(key(db, "id").primary_key())
                .col(key(db, "name"))
                .col(text(db, "kind"))
                .take(),
            Table::create()
                .table("products")
                .col(key(db, "id").primary_key())
                .col(key(db, "name"))
                .col(text(db, "family"))
                .col(amount("list_price_minor"))
                .col(text(db, "currency"))
                .take(),
            Table::create()
                .table("stages")
                .col(key(db, "id").primary_key())
                .col(key(db, "name"))
                .col(ColumnDef::new("position").integer().not_null())
                .col(ColumnDef::new("probability_bp").integer().not_null())
                .col(ColumnDef::new("expected_days").integer())
                .take(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        manager.create_index(index("teams", &["parent_id"])).await?;
        manager.create_index(index("reps", &["team_id"])).await?;
        for table in TABLES {
            notify::watch(manager, table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        notify::drop_function(manager).await
    }
}
