//! What reps do: activities, social profiles and posts, trainings.

use crate::columns::{flag, index, instant, integer, key, text};
use crate::notify;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 4] = ["activities", "social_profile_snapshots", "social_posts", "training_results"];

const INDEXES: [(&str, &[&str]); 9] = [
    ("activities", &["occurred_at"]),
    ("activities", &["rep_id", "occurred_at"]),
    ("social_profile_snapshots", &["taken_at"]),
    ("social_profile_snapshots", &["replaced_at"]),
    ("social_profile_snapshots", &["rep_id", "taken_at"]),
    ("social_posts", &["published_at"]),
    ("social_posts", &["rep_id", "published_at"]),
    ("training_results", &["completed_at"]),
    ("training_results", &["rep_id", "completed_at"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_database_backend();
        let tables = [
            Table::create()
                .table("activities")
                .col(key(db, "id").primary_key())
                .col(key(db, "kind"))
                .col(key(db, "direction"))
                .col(text(db, "rep_id"))
                .col(text(db, "account_id"))
                .col(text(db, "lead_id"))
                .col(text(db, "opportunity_id"))
                .col(flag("prospecting"))
                .col(flag("personalized"))
                .col(instant(db, "occurred_at").not_null())
                .take(),
            Table::create()
                .table("social_profile_snapshots")
                .col(key(db, "id").primary_key())
                .col(text(db, "rep_id"))
                .col(text(db, "network"))
                .col(integer("followers"))
                .col(integer("strength"))
                .col(integer("profile_views").not_null())
                .col(integer("requests_sent").not_null())
                .col(integer("requests_accepted").not_null())
                .col(integer("inbound_requests").not_null())
                .col(instant(db, "taken_at").not_null())
                .col(instant(db, "replaced_at"))
                .take(),
            Table::create()
                .table("social_posts")
                .col(key(db, "id").primary_key())
                .col(text(db, "rep_id"))
                .col(text(db, "network"))
                .col(integer("shares").not_null())
                .col(integer("comments").not_null())
                .col(integer("likes").not_null())
                .col(instant(db, "published_at").not_null())
                .take(),
            Table::create()
                .table("training_results")
                .col(key(db, "id").primary_key())
                .col(text(db, "rep_id"))
                .col(text(db, "product_id"))
                .col(integer("score"))
                .col(instant(db, "completed_at").not_null())
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
