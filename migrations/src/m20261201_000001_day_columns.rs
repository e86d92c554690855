//! Which columns of instants hold days without a time: each stored as its midnight in UTC.

use crate::columns::key;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbErr;

/// The table of these declarations.
pub const TABLE: &str = "crm_kpi_day_columns";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_database_backend();
        let table = Table::create()
            .table(TABLE)
            .col(key(db, "table_name"))
            .col(key(db, "column_name"))
            .primary_key(Index::create().col("table_name").col("column_name"))
            .take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(TABLE).take()).await
    }
}
