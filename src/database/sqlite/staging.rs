use super::inserting::Inserting;
use crate::database::driver::{failed, quoted};
use sea_orm::DbErr;
use sea_orm::sqlx::{self, AssertSqlSafe, Executor, Sqlite, SqlitePool, Transaction};

/// A transaction with staging tables.
pub struct SqliteStaging {
    transaction: Transaction<'static, Sqlite>,
}

impl SqliteStaging {
    /// The type of texts.
    pub const TEXT: &str = "text";

    /// Whether a value is another than one beside it, or one of them unset.
    pub const DIFFERS: &str = "IS NOT";

    pub async fn begin(pool: SqlitePool) -> Result<Self, DbErr> {
        Ok(Self { transaction: pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)? })
    }

    /// The name of a staging table, as statements have it.
    pub fn named(&self, name: &str) -> String {
        format!("temp.\"{name}\"")
    }

    /// The statement that makes a table of the given columns or of what a query finds.
    pub fn create(&self, name: &str, columns: &str, query: &str) -> String {
        format!("CREATE TABLE {} {columns} {query}", self.named(name))
    }

    /// The condition that no row of a staging table has the key of a table's row. NOT EXISTS would look through all of them
    /// each time.
    pub fn is_not_in(&self, staging: &str, _table: &str, key: &[&str]) -> String {
        let key = quoted(key);
        format!("({key}) NOT IN (SELECT {key} FROM {staging})")
    }

    pub async fn fill(&mut self, name: &str, columns: &[&'static str]) -> Result<Inserting<'_>, DbErr> {
        Ok(Inserting::begin(&mut self.transaction, name, columns))
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
        let midnights = "'', 'T00:00:00+00:00', 'T00:00:00Z'";
        format!("\"{column}\" IS NULL OR substr(\"{column}\", 11) IN ({midnights})")
    }

    pub async fn commit(self) -> Result<(), DbErr> {
        self.transaction.commit().await.map_err(failed)
    }
}
