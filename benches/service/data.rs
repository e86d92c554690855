//! The databases that are measured.

use crate::options::Options;
use crate::support::Kind;
use crate::{Database, Outcome, progress};
use chrono::NaiveDate;
use sea_orm::sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Instant;
use tempfile::TempDir;
use tokio::process::Command;

/// The last day of the data, of which there are three years.
pub const LAST_DAY: &str = "2026-06-30";
pub const YEARS: u32 = 3;

/// The server that databases are created on, if one is named.
pub fn postgres_server() -> Option<String> {
    let named =
        ["CRM_KPI_BENCH_POSTGRES", "CRM_KPI_TEST_POSTGRES"].into_iter().find_map(|name| std::env::var(name).ok());
    named.filter(|server| !server.is_empty()).map(|server| server.trim_end_matches('/').to_owned())
}

/// A database full of data.
pub struct Data {
    pub kind: Kind,
    pub url: String,
    pub reps: u32,
    pub opportunities: u32,
    /// What it takes to remove it.
    name: String,
    /// The folder of an SQLite database: goes with it.
    _folder: Option<TempDir>,
}

/// The databases of a run, each made when it is first needed.
pub struct All {
    kind: Kind,
    reps: u32,
    opportunities: u32,
    made: BTreeMap<(u32, u32), Database>,
}

impl All {
    pub fn new(kind: Kind, options: &Options) -> Self {
        Self { kind, reps: options.reps(), opportunities: options.opportunities(), made: BTreeMap::new() }
    }

    /// The one that the options describe.
    pub async fn main(&mut self) -> Outcome<Database> {
        self.of(self.reps, self.opportunities).await
    }

    /// One with so many reps and opportunities.
    pub async fn of(&mut self, reps: u32, opportunities: u32) -> Outcome<Database> {
        if let Some(database) = self.made.get(&(reps, opportunities)) {
            return Ok(database.clone());
        }
        let place = self.made.len();
        let database = Arc::new(Data::create(self.kind, reps, opportunities, place).await?);
        // Also one that is filled only in part is to be removed.
        self.made.insert((reps, opportunities), database.clone());
        database.fill().await?;
        Ok(database)
    }

    /// Removes one that is not needed any more.
    pub async fn drop(&mut self, database: Database) -> Outcome<()> {
        if (database.reps, database.opportunities) == (self.reps, self.opportunities) {
            return Ok(());
        }
        self.made.remove(&(database.reps, database.opportunities));
        database.remove().await
    }

    /// Removes them all.
    pub async fn remove(&mut self) -> Outcome<()> {
        for (_, database) in std::mem::take(&mut self.made) {
            database.remove().await?;
        }
        Ok(())
    }
}

impl Data {
    async fn create(kind: Kind, reps: u32, opportunities: u32, place: usize) -> Outcome<Self> {
        let name = format!("crm_kpi_bench_{}_{place}", std::process::id());
        let (url, folder) = match kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir()?;
                (format!("sqlite://{}", folder.path().join("bench.db").display()), Some(folder))
            }
            Kind::Postgres => {
                administer(&format!("CREATE DATABASE {name}")).await?;
                (format!("{}/{name}", postgres_server().unwrap_or_default()), None)
            }
        };
        Ok(Self { kind, url, reps, opportunities, name, _folder: folder })
    }

    async fn fill(&self) -> Outcome<()> {
        let Self { kind, reps, opportunities, .. } = *self;
        progress(kind, &format!("making {opportunities} opportunities of {reps} reps"));
        let began = Instant::now();
        let mut generate = Command::new(env!("CARGO_BIN_EXE_crm-kpi"));
        generate
            .args(["generate", "--database", &self.url, "--reps", &reps.to_string()])
            .args(["--opportunities", &opportunities.to_string(), "--years", &YEARS.to_string()])
            .args(["--seed", "1", "--last-day", LAST_DAY])
            .stdin(Stdio::null());
        // Its progress is for a terminal; elsewhere it is shown only where it fails.
        if std::io::stderr().is_terminal() {
            generate.stderr(Stdio::inherit());
        }
        let ended = generate.stdout(Stdio::piped()).output().await?;
        if !ended.status.success() {
            let said = String::from_utf8_lossy(&ended.stderr);
            return Err(format!("crm-kpi generate ended with {}\n{said}", ended.status).into());
        }
        progress(kind, &format!("made after {:.0?}", began.elapsed()));
        Ok(())
    }

    async fn remove(&self) -> Outcome<()> {
        match self.kind {
            Kind::Sqlite => Ok(()),
            Kind::Postgres => administer(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).await,
        }
    }
}

async fn administer(statement: &str) -> Outcome<()> {
    let server = postgres_server().ok_or("no PostgreSQL server is named")?;
    let mut connection = PgConnection::connect(&format!("{server}/postgres")).await?;
    connection.execute(AssertSqlSafe(statement)).await?;
    Ok(connection.close().await?)
}

/// A day that is written in the source.
pub fn day(text: &str) -> Outcome<NaiveDate> {
    Ok(text.parse()?)
}
