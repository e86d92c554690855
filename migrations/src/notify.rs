//! Tells listeners on PostgreSQL which table a commit has changed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// The channel that a commit notifies, with the changed table's name as payload.
pub const CHANNEL: &str = "crm_kpi_data_changed";

/// The function that triggers call.
pub const FUNCTION: &str = "crm_kpi_notify_change";

/// Creates the trigger function. Does nothing on SQLite, which counts commits by itself (`PRAGMA data_version`).
pub async fn create_function(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    postgres(
        manager,
        &format!(
            "CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ \
             BEGIN PERFORM pg_notify('{CHANNEL}', TG_TABLE_NAME); RETURN NULL; END $$"
        ),
    )
    .await
}

/// Drops the trigger function.
pub async fn drop_function(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    postgres(manager, &format!("DROP FUNCTION {FUNCTION}()")).await
}

/// Has every statement that changes the table notify at commit; several in one transaction notify once.
pub async fn watch(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    postgres(
        manager,
        &format!(
            "CREATE TRIGGER {table}_notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} \
             FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
        ),
    )
    .await
}

async fn postgres(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        manager.get_connection().execute_unprepared(sql).await?;
    }
    Ok(())
}
