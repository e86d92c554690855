//! Pipelines, and what is expected of deals: when they close, how likely, in which category of the forecast.

use crate::columns::{column, day, integer, key, text};
use crate::notify;
use crm_kpi_crm::Kind;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const DEALS: &str = "opportunities";

/// Few deals are open: what is expected of them is read apart from the rest, by day.
const INDEX: &str = "opportunities_expected_close_on_idx";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_database_backend();
        let pipelines = Table::create()
            .table("pipelines")
            .col(key(db, "id").primary_key())
            .col(column(db, "name", &Kind::Text).not_null())
            .take();
        manager.create_table(pipelines).await?;
        notify::watch(manager, "pipelines").await?;
        manager.alter_table(Table::alter().table("stages").add_column(text(db, "pipeline_id")).take()).await?;
        let columns = [
            text(db, "pipeline_id"),
            text(db, "sale_type"),
            integer("probability_bp"),
            day(db, "expected_close_on"),
            text(db, "forecast_category"),
        ];
        for column in columns {
            manager.alter_table(Table::alter().table(DEALS).add_column(column).take()).await?;
        }
        let index = format!("CREATE INDEX {INDEX} ON {DEALS} (expected_close_on) WHERE status = 'open'");
        manager.get_connection().execute_unprepared(&index).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(INDEX).table(DEALS).to_owned()).await?;
        for column in ["pipeline_id", "sale_type", "probability_bp", "expected_close_on", "forecast_category"] {
            manager.alter_table(Table::alter().table(DEALS).drop_column(column).take()).await?;
        }
        manager.alter_table(Table::alter().table("stages").drop_column("pipeline_id").take()).await?;
        manager.drop_table(Table::drop().table("pipelines").take()).await
    }
}
