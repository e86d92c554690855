use super::copying::Copying;
use crate::database::driver::failed;
use sea_orm::DbErr;
use sea_orm::sqlx::{self, AssertSqlSafe, Executor, PgPool, Postgres, Row, Transaction};
use std::collections::HashSet;

/// A transaction that copies rows in frozen, so that index-only scans work at once.
pub struct PostgresLoad {
    transaction: Transaction<'static, Postgres>,
    pool: PgPool,
    tables: String,
    /// Tables that rows have been copied into.
    begun: HashSet<String>,
}

impl PostgresLoad {
    pub async fn begin(pool: PgPool, tables: &[&str]) -> Result<Self, DbErr> {
        let transaction = pool.begin().await.map_err(failed)?;
        let mut load = Self { transaction, pool, tables: tables.join(", "), begun: HashSet::new() };
        load.execute(&format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", load.tables)).await?;
        load.execute("SET LOCAL maintenance_work_mem = '256MB'").await?;
        Ok(load)
    }

    /// Asks for the indexes of a table that keep nothing unique: their names, and the statements that make them.
    pub fn indexes(&self, table: &str) -> String {
        format!(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
              WHERE indrelid = '\"{table}\"'::regclass AND NOT indisunique ORDER BY 1"
        )
    }

    pub async fn rows(&mut self, table: &str, columns: &[&'static str]) -> Result<Copying<'_>, DbErr> {
        let quoted = format!("\"{table}\"");
        if self.begun.insert(table.to_owned()) {
            // Only what was made or truncated in the same transaction can be copied into frozen.
            self.execute(&format!("TRUNCATE {quoted}")).await?;
        }
        Copying::begin(&mut self.transaction, &quoted, columns, " WITH (FREEZE)").await
    }

    pub async fn execute(&mut self, sql: &str) -> Result<(), DbErr> {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        self.transaction.execute(statement).await.map(|_| ()).map_err(failed)
    }

    pub async fn pairs(&mut self, sql: String) -> Result<Vec<(String, String)>, DbErr> {
        let rows = self.transaction.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql))).await.map_err(failed)?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, _>>().map_err(failed)
    }

    pub async fn commit(self) -> Result<(), DbErr> {
        self.transaction.commit().await.map_err(failed)?;
        let vacuum = AssertSqlSafe(format!("VACUUM (ANALYZE) {}", self.tables));
        self.pool.execute(sqlx::raw_sql(vacuum)).await.map(|_| ()).map_err(failed)
    }
}
