use crate::crm;
use crate::error::{Error, Result};
use sea_orm::{DatabaseConnection, EntityTrait, QuerySelect};
use tokio::sync::{Mutex, watch};

/// Tells whether the database can be asked: it answers and has all tables (or views in their place).
#[derive(Debug)]
pub struct Readiness {
    connection: DatabaseConnection,
    ready: watch::Sender<bool>,
    checking: Mutex<Failures>,
}

/// Checks in a row that the database did not answer, while it is believed to be ready.
#[derive(Debug, Default)]
struct Failures(u32);

/// So many checks without an answer mean that the database is away: one alone may be a busy pool.
const FAILURES_THAT_COUNT: u32 = 2;

impl Readiness {
    /// Not ready until the first check says so.
    pub fn new(connection: DatabaseConnection) -> Self {
        Self { connection, ready: watch::Sender::new(false), checking: Mutex::default() }
    }

    /// Follows the readiness.
    pub fn subscribe(&self) -> watch::Receiver<bool> {
        self.ready.subscribe()
    }

    /// Fails where the database is not ready. Checks again before it says so.
    pub async fn require(&self) -> Result<()> {
        if *self.ready.borrow() {
            return Ok(());
        }
        self.check().await
    }

    /// Reads the tables, and remembers whether that works.
    pub async fn check(&self) -> Result<()> {
        let mut failures = self.checking.lock().await;
        let outcome = self.read_tables().await;
        failures.0 = if matches!(outcome, Err(Error::Unavailable(_))) { failures.0 + 1 } else { 0 };
        let was_ready = *self.ready.borrow();
        let is_ready = match &outcome {
            Ok(()) => true,
            Err(Error::Unavailable(_)) => was_ready && failures.0 < FAILURES_THAT_COUNT,
            Err(_) => false,
        };
        if self.ready.send_if_modified(|ready| std::mem::replace(ready, is_ready) != is_ready) {
            tracing::info!(ready = is_ready, "the database's readiness changed");
        }
        outcome
    }

    async fn read_tables(&self) -> Result<()> {
        macro_rules! read {
            ($($table:ident),+ $(,)?) => {$(
                crm::$table::Entity::find().limit(0).all(&self.connection).await?;
            )+};
        }
        crm::every_table!(read);
        Ok(())
    }
}
