//! Targets of KPIs, and what currencies are worth in others.

use crate::columns::{day, index, key, text};
use crate::notify;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 2] = ["targets", "exchange_rates"];

const INDEXES: [(&str, &[&str]); 1] = [("targets", &["kpi_id", "first_date"])];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_database_backend();
        let tables = [
            Table::create()
                .table("targets")
                .col(key(db, "id").primary_key())
                .col(key(db, "kpi_id"))
                .col(text(db, "rep_id"))
                .col(text(db, "team_id"))
                .col(day(db, "first_date").not_null())
                .col(day(db, "last_date").not_null())
                .col(key(db, "value"))
                .col(text(db, "currency"))
                .take(),
            Table::create()
                .table("exchange_rates")
                .col(key(db, "currency"))
                .col(key(db, "quote_currency"))
                .col(day(db, "valid_from").not_null())
                .col(key(db, "rate"))
                .primary_key(Index::create().col("currency").col("quote_currency").col("valid_from"))
                .take(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        for (table, columns) in INDEXES {
            manager.create_index(index(table, columns)).await?;
        }
        for table in TABLES {
            notify::watch(manager, table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
