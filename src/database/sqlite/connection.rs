use futures::stream::{BoxStream, StreamExt, TryStreamExt};
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, AssertSqlSafe, Sqlite};
use sea_orm::{QueryResult, Statement, Values};
use sea_query_sqlx::SqlxValues;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Instructions between two looks at whether to stop: well below a millisecond.
const INSTRUCTIONS: i32 = 10_000;

/// A connection within a transaction that only reads.
#[derive(Debug)]
pub struct SqliteConnection {
    connection: PoolConnection<Sqlite>,
    stop: Arc<AtomicBool>,
}

impl SqliteConnection {
    /// A connection of a pool. Its transaction has not begun.
    pub fn of(connection: PoolConnection<Sqlite>) -> Self {
        Self { connection, stop: Arc::default() }
    }

    pub async fn begin(&mut self) -> Result<(), sqlx::Error> {
        let stop = self.stop.clone();
        let mut handle = self.connection.lock_handle().await?;
        handle.set_progress_handler(INSTRUCTIONS, move || !stop.load(Ordering::Relaxed));
        drop(handle);
        sqlx::raw_sql("BEGIN").execute(&mut *self.connection).await.map(|_| ())
    }

    pub fn fetch(&mut self, statement: Statement, remembered: bool) -> BoxStream<'_, Result<QueryResult, sqlx::Error>> {
        let values = SqlxValues(statement.values.unwrap_or_else(|| Values(Vec::new())));
        let query = sqlx::query_with(AssertSqlSafe(statement.sql), values).persistent(remembered);
        query.fetch(&mut *self.connection).map_ok(QueryResult::from).boxed()
    }

    pub async fn end(&mut self) -> Result<(), sqlx::Error> {
        // Once the statement has ended. What stops statements would stop the next one too.
        self.connection.lock_handle().await?.remove_progress_handler();
        sqlx::raw_sql("ROLLBACK").execute(&mut *self.connection).await.map(|_| ())
    }

    pub async fn into_pool(mut self) {
        self.connection.return_to_pool().await;
    }

    pub async fn stop(&self) -> bool {
        self.stop.store(true, Ordering::Relaxed);
        true
    }

    pub fn forget(self) {
        drop(self.connection.detach());
    }
}
