use super::cancel::Canceller;
use super::pool::PostgresPool;
use futures::stream::{BoxStream, StreamExt, TryStreamExt};
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, AssertSqlSafe, Postgres, Row};
use sea_orm::{QueryResult, Statement, Values};
use sea_query_sqlx::SqlxValues;
use std::sync::Arc;

/// Errors that may be left to read on a connection before it is fit again: a cancelled statement's, and one for a cancellation
/// that came late.
const MAX_ERRORS: usize = 2;

/// A connection within a transaction that only reads.
#[derive(Debug)]
pub struct PostgresConnection {
    connection: PoolConnection<Postgres>,
    /// Of the process that serves it; 0 until the transaction has begun.
    pid: i32,
    canceller: Arc<Canceller>,
}

impl PostgresConnection {
    /// A connection of a pool. Its transaction has not begun.
    pub fn of(pool: &PostgresPool, connection: PoolConnection<Postgres>) -> Self {
        Self { connection, pid: 0, canceller: pool.canceller.clone() }
    }

    /// Begins the transaction, after a statement that says which state it sees.
    pub async fn begin(&mut self, state: &str) -> Result<(), sqlx::Error> {
        // The first statement that reads, or looks as if it did, is what the snapshot begins with.
        let begin = format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {state} SELECT pg_backend_pid()");
        let row = sqlx::raw_sql(AssertSqlSafe(begin)).fetch_one(&mut *self.connection).await?;
        self.pid = row.try_get(0)?;
        Ok(())
    }

    pub fn fetch(&mut self, statement: Statement, remembered: bool) -> BoxStream<'_, Result<QueryResult, sqlx::Error>> {
        let values = SqlxValues(statement.values.unwrap_or_else(|| Values(Vec::new())));
        let query = sqlx::query_with(AssertSqlSafe(statement.sql), values).persistent(remembered);
        query.fetch(&mut *self.connection).map_ok(QueryResult::from).boxed()
    }

    pub async fn end(&mut self) -> Result<(), sqlx::Error> {
        // The driver first reads to the end of what came before: that it was cancelled, mostly, is an error of that.
        let mut errors = 0;
        while let Err(error) = sqlx::raw_sql("ROLLBACK").execute(&mut *self.connection).await {
            errors += 1;
            if !matches!(error, sqlx::Error::Database(_)) || errors > MAX_ERRORS {
                return Err(error);
            }
        }
        Ok(())
    }

    pub async fn into_pool(mut self) {
        self.connection.return_to_pool().await;
    }

    /// Not confirmed, the cancellation may still come, and would hit whatever is asked next on this connection.
    pub async fn stop(&self) -> bool {
        match self.pid {
            // It has sent nothing but the beginning of a transaction, which takes no time.
            0 => true,
            pid => self.canceller.cancel(pid).await,
        }
    }

    pub fn forget(self) {
        drop(self.connection.detach());
    }
}
