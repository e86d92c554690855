//! Until when subscriptions are trials, and how urgent cases are.

use crate::columns::{instant, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_database_backend();
        let trial = Table::alter().table("subscriptions").add_column(instant(db, "trial_ends_at")).take();
        manager.alter_table(trial).await?;
        manager.alter_table(Table::alter().table("service_cases").add_column(text(db, "priority")).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("service_cases").drop_column("priority").take()).await?;
        manager.alter_table(Table::alter().table("subscriptions").drop_column("trial_ends_at").take()).await
    }
}
