use super::inserting::Inserting;
use crate::database::driver::failed;
use sea_orm::DbErr;
use sea_orm::sqlx::{self, AssertSqlSafe, Executor, Row, Sqlite, SqlitePool, Transaction};

/// What SQLite may hold in memory while it loads, in KiB, as `PRAGMA cache_size` wants it.
const CACHE: i64 = -65_536;

/// A transaction in which the file grows in place, without a copy in the write-ahead log where nobody else has it open.
pub struct SqliteLoad {
    transaction: Transaction<'static, Sqlite>,
    pool: SqlitePool,
    /// The connection's own `cache_size`.
    cache: i64,
}

impl SqliteLoad {
    pub async fn begin(pool: SqlitePool) -> Result<Self, DbErr> {
        Self::try_begin(pool).await.map_err(failed)
    }

    async fn try_begin(pool: SqlitePool) -> Result<Self, sqlx::Error> {
        // What is new in the file needs no journal. Refused where others have it open: the log does too then.
        let _ = pool.execute("PRAGMA journal_mode = DELETE").await;
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
        let cache = transaction.fetch_one("PRAGMA cache_size").await?.try_get(0)?;
        let larger = AssertSqlSafe(format!("PRAGMA cache_size = {CACHE}"));
        transaction.execute(sqlx::raw_sql(larger)).await?;
        Ok(Self { transaction, pool, cache })
    }

    /// Asks for the indexes of a table that keep nothing unique: their names, and the statements that make them.
    pub fn indexes(&self, table: &str) -> String {
        format!(
            "SELECT '\"' || name || '\"', sql FROM sqlite_master
              WHERE type = 'index' AND tbl_name = '{table}' AND sql IS NOT NULL AND sql NOT LIKE 'CREATE UNIQUE %'
              ORDER BY 1"
        )
    }

    pub async fn rows(&mut self, table: &str, columns: &[&'static str]) -> Result<Inserting<'_>, DbErr> {
        Ok(Inserting::begin(&mut self.transaction, &format!("\"{table}\""), columns))
    }

    pub async fn execute(&mut self, sql: &str) -> Result<(), DbErr> {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        self.transaction.execute(statement).await.map(|_| ()).map_err(failed)
    }

    pub async fn pairs(&mut self, sql: String) -> Result<Vec<(String, String)>, DbErr> {
        let rows = self.transaction.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql))).await.map_err(failed)?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, _>>().map_err(failed)
    }

    pub async fn commit(mut self) -> Result<(), DbErr> {
        self.execute("ANALYZE").await?;
        self.execute(&format!("PRAGMA cache_size = {}", self.cache)).await?;
        self.transaction.commit().await.map_err(failed)?;
        // Every later connection asks for it, too.
        let _ = self.pool.execute("PRAGMA journal_mode = WAL").await;
        Ok(())
    }
}
