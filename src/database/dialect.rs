use super::postgres::sql::PostgresSql;
use super::sql::Sql;
use super::sqlite::sql::SqliteSql;
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, IsolationLevel, Statement, TransactionTrait,
};
use std::ops::Deref;

/// Whose SQL is written. What they write differently are its methods: those of [`Sql`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Embedded.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// The database is neither SQLite nor PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the database is neither SQLite nor PostgreSQL")]
pub struct UnsupportedDatabase;

impl TryFrom<DbBackend> for Dialect {
    type Error = UnsupportedDatabase;

    fn try_from(backend: DbBackend) -> Result<Self, UnsupportedDatabase> {
        match backend {
            DbBackend::Postgres => Ok(Self::Postgres),
            DbBackend::Sqlite => Ok(Self::Sqlite),
            _ => Err(UnsupportedDatabase),
        }
    }
}

impl From<UnsupportedDatabase> for DbErr {
    fn from(error: UnsupportedDatabase) -> Self {
        Self::Custom(error.to_string())
    }
}

impl From<Dialect> for DbBackend {
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Postgres => Self::Postgres,
            Dialect::Sqlite => Self::Sqlite,
        }
    }
}

impl Deref for Dialect {
    type Target = dyn Sql;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Postgres => &PostgresSql,
            Self::Sqlite => &SqliteSql,
        }
    }
}

impl Dialect {
    /// The statement of a query.
    pub fn statement(self, select: &SelectStatement) -> Statement {
        DbBackend::from(self).build(select)
    }

    /// Whether a text is one of these. They take one parameter together; on SQLite, which plans better for a list, only where
    /// they are many.
    pub fn one_of<'v>(self, text: Expr, values: impl IntoIterator<Item = &'v str>) -> Expr {
        self.is_among(text, values.into_iter().collect())
    }
}

/// Begins a read-only transaction whose reads all see the same data.
pub async fn begin_snapshot(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    match connection.get_database_backend().try_into()? {
        Dialect::Postgres => {
            connection.begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)).await
        }
        // In SQLite every transaction reads one snapshot.
        Dialect::Sqlite => connection.begin().await,
    }
}
