use super::reasons::{Reason, Reasons};
use super::tables::Tables;
use crate::config::Outages;
use crate::database::{Cause, DataVersions, Database, DayColumns, is_of_database};
use crate::error::{Error, Result, Violation};
use sea_orm::{DbErr, RuntimeErr};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, timeout};

/// How long one more connection may take that is to tell why there is none.
const PROBE: Duration = Duration::from_secs(1);

/// Tells whether the database can be asked: it answers and has all tables (or views in their place).
#[derive(Debug)]
pub struct Readiness {
    /// A connection of its own: a pool that is busy is not a database that is away.
    database: Database,
    /// What questions are asked through.
    asked: Database,
    outages: Outages,
    tables: Tables,
    ready: watch::Sender<bool>,
    last: Mutex<Option<Check>>,
    reasons: Reasons,
    /// Who is told that something else changed that answers depend on.
    versions: Option<Arc<DataVersions>>,
}

/// A check that is over.
#[derive(Debug)]
struct Check {
    began: Instant,
    failure: Option<Failure>,
    /// Checks up to this one that did not reach the database, in a row.
    missed: u32,
}

/// Why the database cannot be asked.
#[derive(Clone, Debug)]
enum Failure {
    Unavailable(DbErr),
    Permission(DbErr),
    Schema(Option<DbErr>),
    Misfits(Option<String>, Vec<Violation>),
    Other(String),
}

impl Readiness {
    /// Not ready until the first check says so. Checks through a pool of its own, for those who ask through another one.
    pub fn new(database: Database, asked: Database, outages: Outages) -> Self {
        let (tables, ready) = (Tables::default(), watch::Sender::new(false));
        let (last, reasons) = (Mutex::default(), Reasons::default());
        Self { database, asked, outages, tables, ready, last, reasons, versions: None }
    }

    /// Has these versions move on where other columns hold days than before.
    #[must_use]
    pub fn with_versions(self, versions: Arc<DataVersions>) -> Self {
        Self { versions: Some(versions), ..self }
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
    ///
    /// That the database was ready holds until several checks in a row have not reached it; what the database itself says
    /// of its tables holds at once.
    pub async fn check(&self) -> Result<()> {
        let asked = Instant::now();
        let mut last = self.last.lock().await;
        if let Some(check) = last.as_ref().filter(|check| check.began >= asked) {
            return check.failure.clone().map_or(Ok(()), |failure| Err(failure.into()));
        }
        let (began, was_ready) = (Instant::now(), *self.ready.borrow());
        let Reading { answered, outcome } = self.read_tables().await;
        if answered {
            self.asked.answered();
        }
        let outcome = match outcome {
            Some(outcome) if !matches!(outcome, Err(Error::PoolExhausted)) => outcome,
            // A table that somebody keeps locked is no database that is away.
            None if answered && was_ready => Ok(()),
            // Nobody else uses the one connection of this pool: that it was not there in time is no sign of load.
            _ => Err(Error::Unavailable(DbErr::Conn(RuntimeErr::Internal("it does not answer in time".into())))),
        };
        let missed = match &outcome {
            Err(Error::Unavailable(_) | Error::Interrupted(_) | Error::DatabaseOverloaded(_)) => {
                last.as_ref().map_or(0, |check| check.missed).saturating_add(1)
            }
            _ => 0,
        };
        let is_ready = outcome.is_ok() || was_ready && (1..self.outages.failures).contains(&missed);
        if self.ready.send_if_modified(|ready| std::mem::replace(ready, is_ready) != is_ready) {
            tracing::info!(ready = is_ready, "the database's readiness changed");
        }
        self.reasons.set(match &outcome {
            Err(error) if !is_ready => Some(self.reason_of(error).await),
            _ => None,
        });
        let failure = outcome.err().map(Failure::from);
        *last = Some(Check { began, failure: failure.clone(), missed });
        failure.map_or(Ok(()), |failure| Err(failure.into()))
    }

    /// Why it is not ready, as far as is known.
    pub fn reason(&self) -> Option<Reason> {
        self.reasons.now()
    }

    /// What an error means to an operator.
    async fn reason_of(&self, error: &Error) -> Reason {
        match Reason::of(error) {
            // The pool tries a refused connection again, and says only that its time is over.
            Reason::Database(cause @ (Cause::PoolBusy | Cause::TimedOut)) => {
                Reason::Database(self.database.probe(PROBE).await.err().unwrap_or(cause))
            }
            reason => reason,
        }
    }

    /// Learns which columns hold days. Whoever asks sees that in the version only once it is known here.
    fn learn(&self, days: DayColumns) {
        let known = self.database.days();
        if known == days {
            return;
        }
        let columns: Vec<String> = days.iter().map(|(table, column, _)| format!("{table}.{column}")).collect();
        tracing::info!(columns = columns.join(", "), "the columns that hold days without a time");
        self.database.learn(days.clone());
        self.asked.learn(days);
        if let Some(versions) = &self.versions {
            versions.move_on();
        }
    }

    async fn read_tables(&self) -> Reading {
        let (mut reached, was_ready) = (false, *self.ready.borrow());
        let reading = async {
            let snapshot = self.database.snapshot().await?;
            reached = true;
            let days = self.tables.look(&snapshot, was_ready).await?;
            self.learn(days);
            Ok(())
        };
        let outcome = timeout(self.outages.timeout, reading).await.ok();
        let refused = |error: &Error| error.cause_of_database().is_some_and(is_of_database);
        let answered = reached || outcome.as_ref().is_some_and(|outcome| outcome.as_ref().is_err_and(refused));
        Reading { answered, outcome }
    }
}

/// How far a look at the tables came.
#[derive(Debug)]
struct Reading {
    /// The database has said something, if only that it does not want to.
    answered: bool,
    /// None: not in time.
    outcome: Option<Result<()>>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(cause) | Error::Interrupted(cause) | Error::DatabaseOverloaded(cause) => {
                Self::Unavailable(cause)
            }
            Error::DatabasePermission(cause) => Self::Permission(cause),
            Error::SchemaNotReady(cause) => Self::Schema(cause),
            Error::WrongSchema { schema, misfits } => Self::Misfits(schema, misfits),
            other => Self::Other(other.to_string()),
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable(cause) => Self::Unavailable(cause),
            Failure::Permission(cause) => Self::DatabasePermission(cause),
            Failure::Schema(cause) => Self::SchemaNotReady(cause),
            Failure::Misfits(schema, misfits) => Self::WrongSchema { schema, misfits },
            Failure::Other(cause) => Self::Internal(cause),
        }
    }
}
