use super::driver::{DriverPool, failed};
use super::sink::Sink;
use sea_orm::sqlx::{self, AssertSqlSafe, Executor, PgPool, Postgres, Row, Sqlite, SqlitePool, Transaction};
use sea_orm::{DatabaseConnection, DbErr, EntityTrait, IdenStatic, Iterable, ModelTrait};
use std::collections::HashSet;

/// What SQLite may hold in memory while it loads, in KiB, as `PRAGMA cache_size` wants it.
const SQLITE_CACHE: i64 = -65_536;

/// A transaction that fills empty tables as fast as the database can: all or nothing.
///
/// On PostgreSQL rows are copied in frozen, so that index-only scans work at once; on SQLite the file grows in place, without
/// a copy in the write-ahead log where nobody else has it open. Dropped before [`Load::commit`], nothing is left of it.
pub struct Load(Inner);

enum Inner {
    Postgres { transaction: Transaction<'static, Postgres>, pool: PgPool, tables: String, begun: HashSet<String> },
    Sqlite { transaction: Transaction<'static, Sqlite>, pool: SqlitePool, cache: i64 },
}

/// Indexes that are not there while their table is filled, as statements that make them.
pub type Indexes = Vec<String>;

impl Load {
    /// Begins, alone with these tables.
    pub async fn begin(connection: &DatabaseConnection, tables: &[&str]) -> Result<Self, DbErr> {
        let mut load = match connection.try_into()? {
            DriverPool::Postgres(pool) => {
                let transaction = pool.begin().await.map_err(failed)?;
                Self(Inner::Postgres { transaction, pool, tables: tables.join(", "), begun: HashSet::new() })
            }
            DriverPool::Sqlite(pool) => Self::begin_sqlite(&pool).await.map_err(failed)?,
        };
        if let Inner::Postgres { .. } = load.0 {
            load.execute(&format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", tables.join(", "))).await?;
            load.execute("SET LOCAL maintenance_work_mem = '256MB'").await?;
        }
        Ok(load)
    }

    async fn begin_sqlite(pool: &SqlitePool) -> Result<Self, sqlx::Error> {
        // What is new in the file needs no journal. Refused where others have it open: the log does too then.
        let _ = pool.execute("PRAGMA journal_mode = DELETE").await;
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
        let cache = transaction.fetch_one("PRAGMA cache_size").await?.try_get(0)?;
        let larger = AssertSqlSafe(format!("PRAGMA cache_size = {SQLITE_CACHE}"));
        transaction.execute(sqlx::raw_sql(larger)).await?;
        Ok(Self(Inner::Sqlite { transaction, pool: pool.clone(), cache }))
    }

    /// The first of the tables that has rows.
    pub async fn first_with_rows(&mut self, tables: &[&'static str]) -> Result<Option<&'static str>, DbErr> {
        for table in tables {
            let sql = format!("SELECT '{table}', '' FROM \"{table}\" LIMIT 1");
            if !self.pairs(sql).await?.is_empty() {
                return Ok(Some(table));
            }
        }
        Ok(None)
    }

    /// Drops the indexes of a table that keep nothing unique.
    pub async fn drop_indexes(&mut self, table: &str) -> Result<Indexes, DbErr> {
        let sql = match self.0 {
            Inner::Postgres { .. } => format!(
                "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
                  WHERE indrelid = '\"{table}\"'::regclass AND NOT indisunique ORDER BY 1"
            ),
            Inner::Sqlite { .. } => format!(
                "SELECT '\"' || name || '\"', sql FROM sqlite_master
                  WHERE type = 'index' AND tbl_name = '{table}' AND sql IS NOT NULL AND sql NOT LIKE 'CREATE UNIQUE %'
                  ORDER BY 1"
            ),
        };
        let mut indexes = Indexes::new();
        for (name, create) in self.pairs(sql).await? {
            self.execute(&format!("DROP INDEX {name}")).await?;
            indexes.push(create);
        }
        Ok(indexes)
    }

    /// Begins to fill a table, which must have been empty when the transaction began, or goes on filling it.
    pub async fn rows<E: EntityTrait>(&mut self) -> Result<Rows<'_, E>, DbErr> {
        let table = E::default().table_name();
        let columns: Vec<E::Column> = E::Column::iter().collect();
        let names: Vec<&'static str> = columns.iter().map(|column| column.as_str()).collect();
        if let Inner::Postgres { begun, .. } = &mut self.0
            && begun.insert(table.to_owned())
        {
            // Only what was made or truncated in the same transaction can be copied into frozen.
            self.execute(&format!("TRUNCATE \"{table}\"")).await?;
        }
        let table = format!("\"{table}\"");
        let sink = match &mut self.0 {
            Inner::Postgres { transaction, .. } => Sink::copy(transaction, &table, names, " WITH (FREEZE)").await?,
            Inner::Sqlite { transaction, .. } => Sink::insert(transaction, &table, names),
        };
        Ok(Rows { columns, sink })
    }

    /// Executes a statement.
    pub async fn execute(&mut self, sql: &str) -> Result<(), DbErr> {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match &mut self.0 {
            Inner::Postgres { transaction, .. } => transaction.execute(statement).await.map(|_| ()),
            Inner::Sqlite { transaction, .. } => transaction.execute(statement).await.map(|_| ()),
        }
        .map_err(failed)
    }

    async fn pairs(&mut self, sql: String) -> Result<Vec<(String, String)>, DbErr> {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql));
        let pairs: Result<_, sqlx::Error> = match &mut self.0 {
            Inner::Postgres { transaction, .. } => {
                let rows = transaction.fetch_all(statement).await.map_err(failed)?;
                rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
            }
            Inner::Sqlite { transaction, .. } => {
                let rows = transaction.fetch_all(statement).await.map_err(failed)?;
                rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
            }
        };
        pairs.map_err(failed)
    }

    /// Makes all of it visible, and has the database look at it, so that it plans well at once.
    pub async fn commit(mut self) -> Result<(), DbErr> {
        if let Inner::Sqlite { cache, .. } = self.0 {
            self.execute("ANALYZE").await?;
            self.execute(&format!("PRAGMA cache_size = {cache}")).await?;
        }
        match self.0 {
            Inner::Postgres { transaction, pool, tables, .. } => {
                transaction.commit().await.map_err(failed)?;
                let vacuum = AssertSqlSafe(format!("VACUUM (ANALYZE) {tables}"));
                pool.execute(sqlx::raw_sql(vacuum)).await.map_err(failed)?;
            }
            Inner::Sqlite { transaction, pool, .. } => {
                transaction.commit().await.map_err(failed)?;
                // Every later connection asks for it, too.
                let _ = pool.execute("PRAGMA journal_mode = WAL").await;
            }
        }
        Ok(())
    }
}

/// Rows on their way into a table. [`Rows::finish`] writes the last of them; dropped before, the transaction is of no use.
pub struct Rows<'a, E: EntityTrait> {
    columns: Vec<E::Column>,
    sink: Sink<'a>,
}

impl<E> Rows<'_, E>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E>,
{
    /// Adds a row. It goes to the database with the next [`Rows::write`].
    pub fn push(&mut self, row: &E::Model) {
        self.sink.push(self.columns.iter().map(|column| row.get(*column)));
    }

    /// Whether there is enough to be written.
    pub fn is_full(&self) -> bool {
        self.sink.is_full()
    }

    /// Writes what was added.
    pub async fn write(&mut self) -> Result<(), DbErr> {
        self.sink.write().await
    }

    /// Writes the last rows.
    pub async fn finish(self) -> Result<(), DbErr> {
        self.sink.finish().await
    }
}
