use super::either::{Either, either};
use super::meters::{Meters, Outcome};
use super::postgres::connection::PostgresConnection;
use super::sqlite::connection::SqliteConnection;
use futures::stream::BoxStream;
use sea_orm::{QueryResult, Statement, sqlx};
use std::time::Duration;
use tokio::time::timeout;

/// How long a connection may take to become fit for the next question. One that takes longer is closed.
const PATIENCE: Duration = Duration::from_secs(2);

/// Bytes of a statement that connections remember, to send it in fewer words the next time: each remembers a hundred.
const MAX_REMEMBERED: usize = 16 << 10;

/// A connection of a pool, within a transaction that only reads.
pub type Connection = Either<PostgresConnection, SqliteConnection>;

impl Connection {
    /// Begins the transaction. PostgreSQL begins it where others are, if it is told by which statement.
    pub async fn begin(&mut self, state: &str) -> Result<(), sqlx::Error> {
        match self {
            Self::Postgres(connection) => connection.begin(state).await,
            Self::Sqlite(connection) => connection.begin().await,
        }
    }

    /// The rows of a statement as they come.
    pub fn fetch(&mut self, statement: Statement) -> BoxStream<'_, Result<QueryResult, sqlx::Error>> {
        let remembered = statement.sql.len() <= MAX_REMEMBERED;
        either!(self, connection => connection.fetch(statement, remembered))
    }

    /// Ends the transaction and gives the connection back; closes it where that takes too long. Returns whether it was given
    /// back.
    pub async fn give_back(mut self) -> bool {
        match timeout(PATIENCE, self.end()).await {
            // What does not come back in time is closed there: it is not ours any more.
            Ok(Ok(())) => timeout(PATIENCE, self.into_pool()).await.is_ok(),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a connection was not fit to be used again");
                self.forget();
                false
            }
            Err(_) => {
                self.forget();
                false
            }
        }
    }

    /// Reads what is left of the answer to a statement that was stopped, and ends the transaction.
    async fn end(&mut self) -> Result<(), sqlx::Error> {
        either!(self, connection => connection.end().await)
    }

    async fn into_pool(self) {
        either!(self, connection => connection.into_pool().await)
    }

    /// Stops what the database does, and gives the connection back where the database confirms that in time. It counts as
    /// used until then.
    pub async fn stop(self, meters: Meters) {
        let stopped = either!(&self, connection => connection.stop().await);
        let kept = match stopped {
            true => self.give_back().await,
            false => {
                self.forget();
                false
            }
        };
        meters.ended(if kept { Outcome::Kept } else { Outcome::Closed });
    }

    /// Closes the connection without a word.
    pub fn forget(self) {
        either!(self, connection => connection.forget())
    }
}
