use super::UnsupportedDatabase;
use super::either::Either;
use sea_orm::sqlx::{self, PgPool, SqlitePool};
use sea_orm::{DatabaseConnection, DatabaseConnectionType, DbErr, RuntimeErr};

/// A pool of connections, as its driver has it.
pub type DriverPool = Either<PgPool, SqlitePool>;

impl TryFrom<&DatabaseConnection> for DriverPool {
    type Error = UnsupportedDatabase;

    fn try_from(connection: &DatabaseConnection) -> Result<Self, UnsupportedDatabase> {
        match &connection.inner {
            DatabaseConnectionType::SqlxPostgresPoolConnection(_) => {
                Ok(Self::Postgres(connection.get_postgres_connection_pool().clone()))
            }
            DatabaseConnectionType::SqlxSqlitePoolConnection(_) => {
                Ok(Self::Sqlite(connection.get_sqlite_connection_pool().clone()))
            }
            _ => Err(UnsupportedDatabase),
        }
    }
}

/// A driver's error.
pub fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

/// Column names as SQL has them.
pub fn quoted(columns: &[&str]) -> String {
    columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::{Database, Dialect};
    use sea_orm::DbBackend;

    #[test]
    fn another_database_is_refused_and_not_taken_for_sqlite() {
        assert_eq!(Dialect::try_from(DbBackend::Postgres), Ok(Dialect::Postgres));
        assert_eq!(Dialect::try_from(DbBackend::Sqlite), Ok(Dialect::Sqlite));
        assert_eq!(Dialect::try_from(DbBackend::MySql), Err(UnsupportedDatabase));
        assert_eq!(Database::try_from(DatabaseConnection::default()).err(), Some(UnsupportedDatabase));
    }
}
