use crate::database::{Database, is_of_database};
use crate::error::{Error, Result};
use sea_orm::{DbErr, RuntimeErr};
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, timeout};

/// How long the database may take to show its tables.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Tells whether the database can be asked: it answers and has all tables (or views in their place).
#[derive(Debug)]
pub struct Readiness {
    /// A connection of its own: a pool that is busy is not a database that is away.
    database: Database,
    /// What questions are asked through.
    asked: Database,
    ready: watch::Sender<bool>,
    last: Mutex<Option<Check>>,
}

/// A check that is over.
#[derive(Debug)]
struct Check {
    began: Instant,
    failure: Option<Failure>,
}

/// Why the database cannot be asked.
#[derive(Clone, Debug)]
enum Failure {
    Unavailable(DbErr),
    Schema(Option<DbErr>),
    Other(String),
}

impl Readiness {
    /// Not ready until the first check says so. Checks through a pool of its own, for those who ask through another one.
    pub fn new(database: Database, asked: Database) -> Self {
        Self { database, asked, ready: watch::Sender::new(false), last: Mutex::default() }
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
        // Boxed: what is seldom done takes no room in every call.
        Box::pin(self.check()).await
    }

    /// Reads the tables, and remembers whether that works. Those who ask while a check is under way share the next one.
    pub async fn check(&self) -> Result<()> {
        let asked = Instant::now();
        let mut last = self.last.lock().await;
        if let Some(check) = last.as_ref().filter(|check| check.began >= asked) {
            return check.failure.clone().map_or(Ok(()), |failure| Err(failure.into()));
        }
        let (began, was_ready) = (Instant::now(), *self.ready.borrow());
        let mut reading = self.read_tables().await;
        if was_ready && (reading.is_lost() || matches!(reading.outcome, Some(Err(Error::Unavailable(_))))) {
            // The connection alone may have been lost.
            reading = self.read_tables().await;
        }
        if reading.is_lost() {
            self.asked.abandon();
        }
        let outcome = match reading.outcome {
            Some(outcome) => outcome,
            // A table that somebody keeps locked is no database that is away.
            None if reading.reached && was_ready => Ok(()),
            None => Err(Error::Unavailable(DbErr::Conn(RuntimeErr::Internal("it does not answer in time".into())))),
        };
        let is_ready = outcome.is_ok();
        if self.ready.send_if_modified(|ready| std::mem::replace(ready, is_ready) != is_ready) {
            tracing::info!(ready = is_ready, "the database's readiness changed");
        }
        let failure = outcome.err().map(Failure::from);
        *last = Some(Check { began, failure: failure.clone() });
        failure.map_or(Ok(()), |failure| Err(failure.into()))
    }

    async fn read_tables(&self) -> Reading {
        let mut reached = false;
        let reading = async {
            let snapshot = self.database.snapshot().await?;
            reached = true;
            super::tables::look(&snapshot).await
        };
        let outcome = timeout(PATIENCE, reading).await.ok();
        Reading { reached, outcome }
    }
}

/// How far a look at the tables came.
#[derive(Debug)]
struct Reading {
    /// There is a connection that answers.
    reached: bool,
    /// None: not in time.
    outcome: Option<Result<()>>,
}

impl Reading {
    /// No connection answers, and it is not the database that says so.
    fn is_lost(&self) -> bool {
        let unavailable = match &self.outcome {
            None => true,
            Some(Err(Error::Unavailable(cause))) => !is_of_database(cause),
            Some(_) => false,
        };
        !self.reached && unavailable
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(cause) => Self::Unavailable(cause),
            Error::SchemaNotReady(cause) => Self::Schema(cause),
            other => Self::Other(other.to_string()),
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable(cause) => Self::Unavailable(cause),
            Failure::Schema(cause) => Self::SchemaNotReady(cause),
            Failure::Other(cause) => Self::Internal(cause),
        }
    }
}
