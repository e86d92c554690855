//! The CRM schema, as migrations that run on SQLite and PostgreSQL, up and down.
//!
//! Facts have no foreign keys: CRM exports hold references to nothing, the tables may be views over another database,
//! and distributed PostgreSQL wants facts free of them.

mod columns;
mod notify;
mod unknown;

mod m20261121_000001_reference_tables;
mod m20261121_000002_sales_and_pipeline;
mod m20261122_000001_leads_and_marketing;
mod m20261122_000002_subscriptions;
mod m20261122_000003_activity_and_expertise;
mod m20261122_000004_service_and_usage;
mod m20261122_000005_targets_and_exchange_rates;
mod m20261122_000006_covering_indexes;
mod m20261201_000001_day_columns;
mod m20261201_000002_refunds;
mod m20261201_000003_open_deals;
mod m20261201_000004_targets_by_dimension;
mod m20261201_000005_annual_amounts;
mod m20261202_000001_pipelines_and_forecast;
mod m20261202_000002_trials_and_priorities;

pub use m20261201_000001_day_columns::TABLE as DAY_COLUMNS;
pub use notify::{CHANNEL as DATA_CHANGED_CHANNEL, FUNCTION as DATA_CHANGED_TRIGGER};
pub use sea_orm_migration::{MigrationStatus, MigratorTrait};
use sea_orm_migration::{MigrationTrait, async_trait};
pub use unknown::unknown_migrations;

/// All migrations, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_reference_tables::Migration),
            Box::new(m20261121_000002_sales_and_pipeline::Migration),
            Box::new(m20261122_000001_leads_and_marketing::Migration),
            Box::new(m20261122_000002_subscriptions::Migration),
            Box::new(m20261122_000003_activity_and_expertise::Migration),
            Box::new(m20261122_000004_service_and_usage::Migration),
            Box::new(m20261122_000005_targets_and_exchange_rates::Migration),
            Box::new(m20261122_000006_covering_indexes::Migration),
            Box::new(m20261201_000001_day_columns::Migration),
            Box::new(m20261201_000002_refunds::Migration),
            Box::new(m20261201_000003_open_deals::Migration),
            Box::new(m20261201_000004_targets_by_dimension::Migration),
            Box::new(m20261201_000005_annual_amounts::Migration),
            Box::new(m20261202_000001_pipelines_and_forecast::Migration),
            Box::new(m20261202_000002_trials_and_priorities::Migration),
        ]
    }
}
