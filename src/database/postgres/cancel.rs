use sea_orm::sqlx::{self, ConnectOptions, PgConnection, PgPool};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::timeout;

/// How long PostgreSQL may take to be told.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long it may take on a connection from before, which may have died unnoticed.
const PATIENCE_BEFORE: Duration = Duration::from_millis(300);

/// What PostgreSQL shows for the connection.
const APPLICATION_NAME: &str = "crm-kpi canceller";

/// Has PostgreSQL stop what other connections do: closing a connection alone does not, before it has a row to send.
#[derive(Debug)]
pub struct Canceller {
    /// Whose statements are stopped: it knows how to connect.
    pool: PgPool,
    connection: Mutex<Option<PgConnection>>,
}

impl Canceller {
    /// Connects once it is needed.
    pub fn new(pool: PgPool) -> Self {
        Self { pool, connection: Mutex::default() }
    }

    /// Stops what the process of this id does. Returns whether PostgreSQL has confirmed that the process was told: no
    /// cancellation is on its way any more. Where PostgreSQL cannot be reached it finds out by itself.
    pub async fn cancel(&self, pid: i32) -> bool {
        match timeout(PATIENCE, self.try_cancel(pid)).await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => tracing::debug!(%error, "a statement could not be stopped"),
            Err(_) => tracing::debug!("a statement could not be stopped in time"),
        }
        false
    }

    async fn try_cancel(&self, pid: i32) -> Result<(), sqlx::Error> {
        let mut place = self.connection.lock().await;
        // Taken out: what is dropped halfway is not used again.
        if let Some(connection) = place.take()
            && let Ok(Ok(connection)) = timeout(PATIENCE_BEFORE, cancel(connection, pid)).await
        {
            *place = Some(connection);
            return Ok(());
        }
        let options = (*self.pool.connect_options()).clone().application_name(APPLICATION_NAME);
        *place = Some(cancel(options.connect().await?, pid).await?);
        Ok(())
    }
}

async fn cancel(mut connection: PgConnection, pid: i32) -> Result<PgConnection, sqlx::Error> {
    sqlx::query("SELECT pg_cancel_backend($1)").bind(pid).execute(&mut connection).await?;
    Ok(connection)
}
