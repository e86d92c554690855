//! An index of deals that are open though they have a closing time: few or none, which are open all the same.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEX: &str = "opportunities_open_with_closing_time_idx";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = format!(
            "CREATE INDEX {INDEX} ON opportunities (created_at) WHERE status = 'open' AND closed_at IS NOT NULL"
        );
        manager.get_connection().execute_unprepared(&index).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(INDEX).table("opportunities").to_owned()).await
    }
}
