//! What movements of recurring value change a year, where that is not twelve times what they change a month.

use crate::columns::amount;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbErr;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "mrr_movements";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut annual = amount("annual_change_minor");
        manager.alter_table(Table::alter().table(TABLE).add_column(&mut annual).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table(TABLE).drop_column("annual_change_minor").take()).await
    }
}
