use crate::Outcome;
use crate::support::Kind;
use clap::{Parser, ValueEnum};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The size that the goals are set for.
pub const GOAL_OPPORTUNITIES: u32 = 2_000_000;

/// Measures the service beside hand-written SQL and a plain tonic server, and writes the ratios to a page.
#[derive(Debug, Parser)]
#[command(name = "cargo bench --bench service --")]
pub struct Options {
    /// Opportunities of the database that is asked; everything else is in proportion [default: 2000000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1_000..=50_000_000))]
    opportunities: Option<u32>,
    /// Sales reps of that database [default: 1000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    reps: Option<u32>,
    /// What to measure, as docs/operate/benchmarks.md describes it
    #[arg(long, value_name = "ROWS", value_delimiter = ',', default_value = "a,b,c,d,e,f,g")]
    pub rows: Vec<Row>,
    /// Which databases [default: sqlite, and postgres where a server is named]
    #[arg(long, value_name = "DATABASES", value_delimiter = ',')]
    databases: Vec<DatabaseName>,
    /// The smallest sizes, to see that everything works; writes no page
    #[arg(long, conflicts_with = "output")]
    pub quick: bool,
    /// The page
    #[arg(long, value_name = "FILE", default_value = "docs/operate/benchmarks.md")]
    output: PathBuf,
    /// Be the plain server that polls are compared with.
    #[arg(long, hide = true)]
    pub echo: bool,
    /// What cargo adds.
    #[arg(long, hide = true)]
    bench: bool,
}

/// A part of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
#[allow(missing_docs)]
pub enum Row {
    A,
    B,
    C,
    D,
    E,
    F,
    G,
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.to_possible_value().map_or(Ok(()), |value| f.write_str(value.get_name()))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DatabaseName {
    Sqlite,
    Postgres,
}

impl Options {
    pub fn opportunities(&self) -> u32 {
        self.opportunities.unwrap_or(if self.quick { 5_000 } else { GOAL_OPPORTUNITIES })
    }

    pub fn reps(&self) -> u32 {
        self.reps.unwrap_or(if self.quick { 50 } else { 1_000 })
    }

    /// Whether the goals are set for this size.
    pub fn is_goal_size(&self) -> bool {
        self.opportunities() == GOAL_OPPORTUNITIES
    }

    /// How often a pair is measured.
    pub fn pairs(&self) -> usize {
        if self.quick { 3 } else { 15 }
    }

    /// How long one side of a poll is measured at a time.
    pub fn slice(&self) -> Duration {
        if self.quick { Duration::from_millis(100) } else { Duration::from_secs(1) }
    }

    /// The databases that are measured.
    pub fn kinds(&self) -> Outcome<Vec<Kind>> {
        let named = crate::data::postgres_server().is_some();
        let names = match self.databases.as_slice() {
            [] if named => vec![DatabaseName::Sqlite, DatabaseName::Postgres],
            [] => vec![DatabaseName::Sqlite],
            names => names.to_vec(),
        };
        if names.contains(&DatabaseName::Postgres) && !named {
            return Err("no PostgreSQL server is named: set CRM_KPI_BENCH_POSTGRES=postgres://USER@HOST:PORT, or use \
                        scripts/bench"
                .into());
        }
        let kind = |name: DatabaseName| match name {
            DatabaseName::Sqlite => Kind::Sqlite,
            DatabaseName::Postgres => Kind::Postgres,
        };
        Ok(names.into_iter().map(kind).collect())
    }

    /// Where the page is written, if at all.
    pub fn page(&self) -> Option<&Path> {
        (!self.quick).then_some(&self.output)
    }
}
