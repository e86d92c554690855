use crate::crm;
use crate::database::Dialect;
use crm_kpi_migrations::{MigrationStatus, Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};

/// Why the schema was not brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// There are tables or views of the same names that no migration has made.
    #[error(
        "{place} already has {} that crm-kpi did not make: {}", if .tables.len() == 1 { "a table or view" } else { "tables or views" },
        .tables.join(", ")
    )]
    Taken {
        /// Where.
        place: String,
        /// Their names.
        tables: Vec<String>,
        /// It is PostgreSQL, which has schemas.
        has_schemas: bool,
    },
    /// The database does not do its part.
    #[error("the tables cannot be made: {0}")]
    Database(#[from] DbErr),
}

/// Creates the schema that is set (PostgreSQL) where it is missing, and brings its tables up to date by so many migrations, or
/// by all. Changes nothing where tables of somebody else have the names of ours.
pub async fn prepare(connection: &DatabaseConnection, steps: Option<u32>) -> Result<(), PrepareError> {
    let dialect = Dialect::try_from(connection.get_database_backend()).map_err(DbErr::from)?;
    let schema = match dialect {
        Dialect::Postgres => Some(schema(connection).await?),
        Dialect::Sqlite => None,
    };
    let migrations = Migrator::get_migration_with_status_read_only(connection).await?;
    if migrations.iter().all(|migration| migration.status() == MigrationStatus::Pending) {
        let tables = taken(connection, dialect).await?;
        if !tables.is_empty() {
            let place = schema.map_or_else(|| "the file".to_owned(), |schema| format!("the schema {schema}"));
            return Err(PrepareError::Taken { place, tables, has_schemas: dialect == Dialect::Postgres });
        }
    }
    // Looking for work would need the right to make tables, though there is none.
    if migrations.iter().any(|migration| migration.status() == MigrationStatus::Pending) {
        Migrator::up(connection, steps).await?;
    }
    Ok(())
}

/// The schema that tables are made in. The one that the search path begins with is made where there is none.
async fn schema(connection: &DatabaseConnection) -> Result<String, DbErr> {
    let ask = "SELECT current_schema()::text, current_setting('search_path')";
    let statement = Statement::from_string(connection.get_database_backend(), ask);
    let row = connection.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| DbErr::Type("the database does not tell its schema".into()))?;
    if let Some(schema) = row.try_get_by_index::<Option<String>>(0)? {
        return Ok(schema);
    }
    let path: String = row.try_get_by_index(1)?;
    // As `DatabaseUrl` writes it.
    let name = path.trim_matches('"').to_owned();
    connection.execute_unprepared(&format!("CREATE SCHEMA \"{}\"", name.replace('"', "\"\""))).await?;
    Ok(name)
}

/// Which of the names of our tables are in use.
async fn taken(connection: &DatabaseConnection, dialect: Dialect) -> Result<Vec<String>, DbErr> {
    let names = crm::TABLE_NAMES.iter().map(|table| format!("'{table}'")).collect::<Vec<_>>().join(", ");
    let ask = match dialect {
        Dialect::Postgres => format!(
            "SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace \
             AND relkind IN ('r', 'v', 'm', 'f', 'p') AND relname IN ({names}) ORDER BY 1"
        ),
        Dialect::Sqlite => {
            format!("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name IN ({names}) ORDER BY 1")
        }
    };
    let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), ask)).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
