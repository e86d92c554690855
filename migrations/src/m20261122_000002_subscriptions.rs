//! Subscriptions, the movements of their recurring value and their renewals.

use crate::columns::{amount, index, instant, integer, key, text};
use crate::notify;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 3] = ["subscriptions", "mrr_movements", "renewals"];

const INDEXES: [(&str, &[&str]); 6] = [
    ("subscriptions", &["account_id"]),
    ("subscriptions", &["rep_id", "started_at"]),
    ("mrr_movements", &["moved_at"]),
    ("mrr_movements", &["rep_id", "moved_at"]),
    ("renewals", &["due_at"]),
    ("renewals", &["rep_id", "due_at"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_database_backend();
        let tables = [
            Table::create()
                .table("subscriptions")
                .col(key(db, "id").primary_key())
                .col(text(db, "account_id"))
                .col(text(db, "rep_id"))
                .col(text(db, "product_id"))
                .col(amount("monthly_amount_minor").not_null())
                .col(key(db, "currency"))
                .col(instant(db, "started_at").not_null())
                .col(instant(db, "ended_at"))
                .take(),
            Table::create()
                .table("mrr_movements")
                .col(key(db, "subscription_id"))
                .col(integer("number").not_null())
                .col(text(db, "rep_id"))
                .col(key(db, "kind"))
                .col(amount("change_minor").not_null())
                .col(key(db, "currency"))
                .col(instant(db, "moved_at").not_null())
                .primary_key(Index::create().col("subscription_id").col("number"))
                .take(),
            Table::create()
                .table("renewals")
                .col(key(db, "subscription_id"))
                .col(integer("number").not_null())
                .col(text(db, "rep_id"))
                .col(instant(db, "due_at").not_null())
                .col(instant(db, "renewed_at"))
                .primary_key(Index::create().col("subscription_id").col("number"))
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
