//! Which order another one refunds or corrects, and an index of those that do.

use crate::columns::text;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Few orders are refunds: what belongs to others is read apart from the rest, by time.
const INDEX: &str = "orders_refunds_ordered_at_idx";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_database_backend();
        let refund_of = Table::alter().table("orders").add_column(text(db, "refund_of")).take();
        manager.alter_table(refund_of).await?;
        let index = format!("CREATE INDEX {INDEX} ON orders (ordered_at) WHERE refund_of IS NOT NULL");
        manager.get_connection().execute_unprepared(&index).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(INDEX).table("orders").to_owned()).await?;
        manager.alter_table(Table::alter().table("orders").drop_column("refund_of").take()).await
    }
}
