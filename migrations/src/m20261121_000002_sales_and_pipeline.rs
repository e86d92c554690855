//! Opportunities with their stage history and proposals, orders and customer tenures.
//!
//! A fact distributes by its own id, a child by its parent's id, which its key begins with. Every fact has an index for
//! a scan by time and one for a scan by rep and time.

use crate::columns::{amount, index, instant, key, text};
use crate::notify;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 5] = ["opportunities", "opportunity_stages", "proposals", "orders", "customer_tenures"];

const INDEXES: [(&str, &[&str]); 18] = [
    ("opportunities", &["created_at"]),
    ("opportunities", &["closed_at"]),
    ("opportunities", &["rep_id", "created_at"]),
    ("opportunities", &["rep_id", "closed_at"]),
    ("opportunities", &["account_id"]),
    ("opportunity_stages", &["entered_at"]),
    ("opportunity_stages", &["left_at"]),
    ("opportunity_stages", &["rep_id", "left_at"]),
    ("proposals", &["sent_at"]),
    ("proposals", &["rep_id", "sent_at"]),
    ("orders", &["ordered_at"]),
    ("orders", &["rep_id", "ordered_at"]),
    ("orders", &["account_id", "ordered_at"]),
    ("orders", &["opportunity_id"]),
    ("customer_tenures", &["started_at"]),
    ("customer_tenures", &["ended_at"]),
    ("customer_tenures", &["rep_id", "started_at"]),
    ("customer_tenures", &["rep_id", "ended_at"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_database_backend();
        let tables = [
            Table::create()
                .table("opportunities")
                .col(key(db, "id").primary_key())
                .col(text(db, "name"))
                .col(text(db, "rep_id"))
                .col(text(db, "account_id"))
                .col(text(db, "product_id"))
                .col(text(db, "source_id"))
                .col(text(db, "stage_id"))
                .col(key(db, "status"))
                .col(text(db, "loss_reason"))
                .col(amount("amount_minor"))
                .col(amount("monthly_amount_minor"))
                .col(text(db, "currency"))
                .col(instant(db, "created_at"))
                .col(instant(db, "first_contact_at"))
                .col(instant(db, "closed_at"))
                .take(),
            Table::create()
                .table("opportunity_stages")
                .col(key(db, "opportunity_id"))
                .col(ColumnDef::new("number").integer().not_null())
                .col(text(db, "stage_id"))
                .col(text(db, "rep_id"))
                .col(instant(db, "entered_at"))
                .col(instant(db, "left_at"))
                .col(text(db, "outcome"))
                .primary_key(Index::create().col("opportunity_id").col("number"))
                .take(),
            Table::create()
                .table("proposals")
                .col(key(db, "opportunity_id"))
                .col(ColumnDef::new("number").integer().not_null())
                .col(text(db, "rep_id"))
                .col(instant(db, "sent_at").not_null())
                .primary_key(Index::create().col("opportunity_id").col("number"))
                .take(),
            Table::create()
                .table("orders")
                .col(key(db, "id").primary_key())
                .col(text(db, "rep_id"))
                .col(text(db, "account_id"))
                .col(text(db, "opportunity_id"))
                .col(text(db, "product_id"))
                .col(text(db, "source_id"))
                .col(text(db, "kind"))
                .col(amount("amount_minor").not_null())
                .col(key(db, "currency"))
                .col(instant(db, "ordered_at").not_null())
                .col(ColumnDef::new("customer_order_number").integer())
                .col(ColumnDef::new("by_subscriber").boolean().not_null().default(false))
                .take(),
            Table::create()
                .table("customer_tenures")
                .col(key(db, "account_id"))
                .col(ColumnDef::new("number").integer().not_null())
                .col(text(db, "rep_id"))
                .col(instant(db, "started_at").not_null())
                .col(instant(db, "ended_at"))
                .col(text(db, "end_reason"))
                .primary_key(Index::create().col("account_id").col("number"))
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
