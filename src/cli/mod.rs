//! The command line, one file a subcommand.

mod catalog;
mod check;
mod config;
mod connection;
#[cfg(feature = "synthetic")]
mod demo;
mod explain;
mod export;
mod failure;
#[cfg(feature = "synthetic")]
mod generate;
mod import;
mod migrate;
mod output;
pub mod query;
mod question;
mod schema;
/// Serves until a signal stops it.
pub mod serve;
mod token;
mod values;

pub use failure::Failure;

use crate::config::redact;
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
    #[cfg(feature = "synthetic")]
    Demo(demo::Args),
    /// Fill an empty database with data in bulk, for benchmarks and load tests
    #[cfg(feature = "synthetic")]
    Generate(generate::Args),
    /// Load CSV files: those of `export`, or others as a mapping file describes them
    Import(import::Args),
    /// Write every table to a CSV file, which `import` loads again
    Export(export::Args),
    /// Serve a database
    Serve(serve::Args),
    /// Create, update or remove the tables, or show their state
    Migrate(migrate::Args),
    /// Ask a running service
    Query(Box<query::Args>),
    /// List the values of a dimension, to filter by
    Values(values::Args),
    /// Print the SQL that answers a question, and the database's plans for it
    Explain(Box<explain::Args>),
    /// Have a running service check the quality of its records
    Check(check::Args),
    /// Check the settings of the service, or print their defaults
    Config(config::Args),
    /// Make a token for a caller, and its entry for the file of tokens
    Token(token::Args),
    /// Print the catalogue of KPIs
    Catalog(catalog::Args),
    /// Print the tables and their columns as Markdown, with diagrams
    Schema,
}

/// The exit status where nobody reads the output: that of a program which the signal of a closed pipe ends.
const NOT_READ: u8 = 141;

fn done((): ()) -> ExitCode {
    ExitCode::SUCCESS
}

impl Cli {
    /// Reads the command line. What is wrong with it is told on standard error, and ends the process.
    pub fn from_command_line() -> Self {
        Self::try_parse().unwrap_or_else(|error| {
            // What is quoted may be a URL with its password, in the wrong place.
            let text = error.render().to_string();
            match redact(&text) {
                shown if shown != text && error.use_stderr() => {
                    output::warn(shown.trim_end());
                    std::process::exit(error.exit_code());
                }
                _ => error.exit(),
            }
        })
    }

    /// Runs the command. A failure is told on standard error, with what to do about it.
    pub async fn run(self) -> ExitCode {
        let outcome = match self.command {
            #[cfg(feature = "synthetic")]
            Command::Demo(args) => demo::run(args).await.map(done),
            #[cfg(feature = "synthetic")]
            Command::Generate(args) => generate::run(args).await.map(done),
            Command::Import(args) => import::run(args).await,
            Command::Serve(args) => serve::run(args).await.map(done),
            Command::Export(args) => export::run(args).await.map(done),
            Command::Migrate(args) => migrate::run(args).await.map(done),
            Command::Query(args) => query::run(*args).await.map(done),
            Command::Values(args) => values::run(args).await.map(done),
            Command::Explain(args) => explain::run(*args).await.map(done),
            Command::Check(args) => check::run(args).await,
            Command::Config(args) => config::run(&args).await.map(done),
            Command::Token(args) => token::run(&args).map(done),
            Command::Catalog(args) => catalog::run(&args).await.map(done),
            Command::Schema => schema::run().map(done),
        };
        match outcome {
            Ok(status) => status,
            Err(failure) if failure.is_not_read() => ExitCode::from(NOT_READ),
            Err(failure) => {
                output::warn(format_args!("error: {failure}"));
                ExitCode::FAILURE
            }
        }
    }
}
