use super::copying::Copying;
use crate::database::driver::failed;
use crate::database::staging::StagingError;
use sea_orm::DbErr;
use sea_orm::sqlx::{self, AssertSqlSafe, Executor, PgPool, Postgres, Row, Transaction};

/// What a role may do, and its name and the database's.
const RIGHTS: &str = "\
SELECT has_database_privilege(current_database(), 'TEMPORARY'), \
       COALESCE(has_schema_privilege(current_schema(), 'CREATE'), false), \
       quote_ident(current_user), quote_ident(current_database())";

/// A transaction with staging tables. A role that may not make temporary ones makes ordinary ones.
pub struct PostgresStaging {
    transaction: Transaction<'static, Postgres>,
    temporary: bool,
}

impl PostgresStaging {
    /// The type of texts.
    pub const TEXT: &str = "text COLLATE \"C\"";

    /// Whether a value is another than one beside it, or one of them unset.
    pub const DIFFERS: &str = "IS DISTINCT FROM";

    pub async fn begin(pool: PgPool) -> Result<Self, StagingError> {
        let mut transaction = pool.begin().await.map_err(failed)?;
        let rights = transaction.fetch_one(sqlx::raw_sql(RIGHTS)).await.map_err(failed)?;
        let temporary: bool = rights.try_get(0).map_err(failed)?;
        let ordinary: bool = rights.try_get(1).map_err(failed)?;
        if !temporary && !ordinary {
            let (role, database) = (rights.try_get(2).map_err(failed)?, rights.try_get(3).map_err(failed)?);
            return Err(StagingError::NotAllowed { role, database });
        }
        // Counting among all orders sorts them.
        transaction.execute(sqlx::raw_sql("SET LOCAL work_mem = '64MB'")).await.map_err(failed)?;
        Ok(Self { transaction, temporary })
    }

    /// The name of a staging table, as statements have it.
    pub fn named(&self, name: &str) -> String {
        format!("{}\"{name}\"", if self.temporary { "pg_temp." } else { "" })
    }

    /// The statement that makes a table of the given columns or of what a query finds.
    pub fn create(&self, name: &str, columns: &str, query: &str) -> String {
        match self.temporary {
            true => format!("CREATE TEMPORARY TABLE \"{name}\" {columns} ON COMMIT DROP {query}"),
            false => format!("CREATE UNLOGGED TABLE {} {columns} {query}", self.named(name)),
        }
    }

    /// The condition that no row of a staging table has the key of a table's row. NOT IN would compare each with each where
    /// they do not fit into memory.
    pub fn is_not_in(&self, staging: &str, table: &str, key: &[&str]) -> String {
        let same = key.iter().map(|column| format!("staged.\"{column}\" = \"{table}\".\"{column}\""));
        let same = same.collect::<Vec<_>>().join(" AND ");
        format!("NOT EXISTS (SELECT FROM {staging} AS staged WHERE {same})")
    }

    pub async fn fill(&mut self, name: &str, columns: &[&'static str]) -> Result<Copying<'_>, DbErr> {
        Copying::begin(&mut self.transaction, name, columns, "").await
    }

    pub async fn execute(&mut self, sql: &str) -> Result<u64, DbErr> {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        self.transaction.execute(statement).await.map(|done| done.rows_affected()).map_err(failed)
    }

    /// Whether a query finds anything.
    pub async fn exists(&mut self, query: &str) -> Result<bool, DbErr> {
        let sql = AssertSqlSafe(format!("SELECT EXISTS ({query})"));
        sqlx::query_scalar(sql).fetch_one(&mut *self.transaction).await.map_err(failed)
    }

    /// The condition that a column of instants is unset or at midnight in UTC.
    pub fn is_midnight(&self, column: &str) -> String {
        let midnight = format!("date_trunc('day', \"{column}\" AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'");
        format!("\"{column}\" IS NULL OR \"{column}\" = {midnight}")
    }

    pub async fn commit(self) -> Result<(), DbErr> {
        self.transaction.commit().await.map_err(failed)
    }
}
