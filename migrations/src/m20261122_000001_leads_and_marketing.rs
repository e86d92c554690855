//! Leads and their history, campaigns and the responses to them, costs, referrals, web sessions and mailing lists.

use crate::columns::{amount, big_integer, flag, index, instant, integer, key, text};
use crate::notify;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 8] = [
    "leads",
    "lead_stages",
    "campaigns",
    "campaign_responses",
    "costs",
    "referrals",
    "web_sessions",
    "mailing_list_subscriptions",
];

const INDEXES: [(&str, &[&str]); 21] = [
    ("leads", &["created_at"]),
    ("leads", &["qualified_at"]),
    ("leads", &["converted_at"]),
    ("leads", &["rep_id", "created_at"]),
    ("leads", &["rep_id", "qualified_at"]),
    ("leads", &["rep_id", "converted_at"]),
    ("lead_stages", &["entered_at"]),
    ("campaigns", &["starts_at"]),
    ("campaigns", &["ends_at"]),
    ("campaign_responses", &["responded_at"]),
    ("campaign_responses", &["rep_id", "responded_at"]),
    ("costs", &["starts_at"]),
    ("costs", &["ends_at"]),
    ("costs", &["rep_id", "starts_at"]),
    ("referrals", &["referred_at"]),
    ("referrals", &["rep_id", "referred_at"]),
    ("web_sessions", &["started_at"]),
    ("web_sessions", &["rep_id", "started_at"]),
    ("mailing_list_subscriptions", &["subscribed_at"]),
    ("mailing_list_subscriptions", &["unsubscribed_at"]),
    ("mailing_list_subscriptions", &["rep_id", "subscribed_at"]),
];

/// Columns that earlier tables get.
fn added(db: DbBackend) -> [(&'static str, ColumnDef); 6] {
    [
        ("reps", text(db, "segment")),
        ("reps", text(db, "region")),
        ("reps", instant(db, "hired_at")),
        ("reps", instant(db, "left_at")),
        ("accounts", text(db, "rep_id")),
        ("orders", text(db, "campaign_id")),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_database_backend();
        for (table, column) in added(db) {
            manager.alter_table(Table::alter().table(table).add_column(column).take()).await?;
        }
        let tables = [
            Table::create()
                .table("leads")
                .col(key(db, "id").primary_key())
                .col(text(db, "name"))
                .col(text(db, "email"))
                .col(text(db, "company"))
                .col(text(db, "rep_id"))
                .col(text(db, "source_id"))
                .col(text(db, "campaign_id"))
                .col(text(db, "account_id"))
                .col(text(db, "opportunity_id"))
                .col(text(db, "segment"))
                .col(text(db, "region"))
                .col(text(db, "industry"))
                .col(text(db, "country"))
                .col(key(db, "status"))
                .col(instant(db, "created_at").not_null())
                .col(instant(db, "qualified_at"))
                .col(instant(db, "converted_at"))
                .take(),
            Table::create()
                .table("lead_stages")
                .col(key(db, "lead_id"))
                .col(integer("number").not_null())
                .col(key(db, "status"))
                .col(text(db, "rep_id"))
                .col(instant(db, "entered_at"))
                .col(instant(db, "left_at"))
                .primary_key(Index::create().col("lead_id").col("number"))
                .take(),
            Table::create()
                .table("campaigns")
                .col(key(db, "id").primary_key())
                .col(key(db, "name"))
                .col(text(db, "channel"))
                .col(text(db, "source_id"))
                .col(text(db, "rep_id"))
                .col(text(db, "segment"))
                .col(text(db, "region"))
                .col(text(db, "industry"))
                .col(text(db, "country"))
                .col(instant(db, "starts_at"))
                .col(instant(db, "ends_at"))
                .take(),
            Table::create()
                .table("campaign_responses")
                .col(key(db, "campaign_id"))
                .col(integer("number").not_null())
                .col(text(db, "rep_id"))
                .col(text(db, "account_id"))
                .col(text(db, "lead_id"))
                .col(instant(db, "responded_at").not_null())
                .primary_key(Index::create().col("campaign_id").col("number"))
                .take(),
            Table::create()
                .table("costs")
                .col(key(db, "id").primary_key())
                .col(key(db, "kind"))
                .col(text(db, "rep_id"))
                .col(text(db, "campaign_id"))
                .col(text(db, "channel"))
                .col(text(db, "source_id"))
                .col(text(db, "account_id"))
                .col(text(db, "segment"))
                .col(text(db, "region"))
                .col(text(db, "industry"))
                .col(text(db, "country"))
                .col(amount("amount_minor").not_null())
                .col(key(db, "currency"))
                .col(instant(db, "starts_at").not_null())
                .col(instant(db, "ends_at"))
                .take(),
            Table::create()
                .table("referrals")
                .col(key(db, "id").primary_key())
                .col(text(db, "account_id"))
                .col(text(db, "rep_id"))
                .col(text(db, "lead_id"))
                .col(instant(db, "referred_at").not_null())
                .take(),
            Table::create()
                .table("web_sessions")
                .col(key(db, "id").primary_key())
                .col(text(db, "rep_id"))
                .col(text(db, "account_id"))
                .col(text(db, "lead_id"))
                .col(text(db, "source_id"))
                .col(text(db, "campaign_id"))
                .col(text(db, "segment"))
                .col(text(db, "region"))
                .col(text(db, "industry"))
                .col(text(db, "country"))
                .col(instant(db, "started_at").not_null())
                .col(big_integer("duration_seconds"))
                .col(integer("page_views").not_null())
                .col(flag("goal_completed"))
                .take(),
            Table::create()
                .table("mailing_list_subscriptions")
                .col(key(db, "id").primary_key())
                .col(text(db, "email"))
                .col(text(db, "list"))
                .col(text(db, "rep_id"))
                .col(text(db, "account_id"))
                .col(text(db, "lead_id"))
                .col(text(db, "source_id"))
                .col(text(db, "campaign_id"))
                .col(text(db, "segment"))
                .col(text(db, "region"))
                .col(text(db, "industry"))
                .col(text(db, "country"))
                .col(instant(db, "subscribed_at").not_null())
                .col(instant(db, "unsubscribed_at"))
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
        for (table, column) in added(manager.get_database_backend()) {
            manager.alter_table(Table::alter().table(table).drop_column(column.get_column_name()).take()).await?;
        }
        Ok(())
    }
}
