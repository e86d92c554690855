use super::Dialect;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};

/// Has the database look at tables that were filled, so that it plans well at once: PostgreSQL would do so by itself only
/// later, and never for a small one.
pub async fn analyse(connection: &DatabaseConnection, tables: &[&str]) -> Result<(), DbErr> {
    let quoted: Vec<String> = tables.iter().map(|table| format!("\"{table}\"")).collect();
    match connection.get_database_backend().try_into()? {
        Dialect::Postgres if quoted.is_empty() => {}
        Dialect::Postgres => {
            connection.execute_unprepared(&format!("ANALYZE {}", quoted.join(", "))).await?;
        }
        Dialect::Sqlite => {
            for table in quoted {
                connection.execute_unprepared(&format!("ANALYZE {table}")).await?;
            }
        }
    }
    Ok(())
}
