//! The command line, one file a subcommand.

mod catalog;
mod demo;
mod failure;
mod migrate;
pub mod query;
pub mod serve;

pub use failure::Failure;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Answers KPI questions from a CRM database over gRPC.
#[derive(Debug, Parser)]
#[command(name = "crm-kpi", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Fill an empty database with demo data and serve it
    Demo(demo::Args),
    /// Serve a database
    Serve(serve::Args),
    /// Create, update or remove the tables, or show their state
    Migrate(migrate::Args),
    /// Ask a running service
    Query(Box<query::Args>),
    /// Print the catalogue of KPIs
    Catalog(catalog::Args),
}

impl Cli {
    /// Runs the command. A failure is told on standard error, with what to do about it.
    pub async fn run(self) -> ExitCode {
        let outcome = match self.command {
            Command::Demo(args) => demo::run(args).await,
            Command::Serve(args) => serve::run(args).await,
            Command::Migrate(args) => migrate::run(args).await,
            Command::Query(args) => query::run(*args).await,
            Command::Catalog(args) => catalog::run(&args),
        };
        match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                eprintln!("error: {failure}");
                ExitCode::FAILURE
            }
        }
    }
}
