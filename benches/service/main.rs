//! The service beside hand-written SQL and a plain tonic server, as ratios in one run on the same data.
//!
//! `cargo bench --bench service [-- OPTIONS]`, on SQLite and, where CRM_KPI_BENCH_POSTGRES or CRM_KPI_TEST_POSTGRES names a
//! server, on PostgreSQL (`scripts/bench` starts one). Linux only: memory is read from /proc.

mod answers;
mod buckets;
mod catalogue;
mod data;
mod echo;
mod growth;
mod machine;
mod measure;
mod options;
mod oracle;
mod page;
mod polls;
mod questions;
mod server;
mod sql;
mod start;
mod streams;
mod support;
mod table;

use clap::Parser;
use data::Data;
use options::{Options, Row};
use std::error::Error;
use std::process::ExitCode;
use support::Kind;
use table::Table;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = if options.echo { echo::serve().await } else { run(&options).await };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Outcome<()> {
    for kind in options.kinds()? {
        let began = std::time::Instant::now();
        let section = section(kind, options).await?;
        println!("{section}");
        match options.page() {
            Some(path) => page::write(path, kind, &section)?,
            None => progress(kind, "no page is written"),
        }
        progress(kind, &format!("done after {:.0?}", began.elapsed()));
    }
    Ok(())
}

/// Everything that is said about a database.
async fn section(kind: Kind, options: &Options) -> Outcome<String> {
    let wants = |row| options.rows.contains(&row);
    let mut data = data::All::new(kind, options);
    let outcome = async {
        let mut tables: Vec<(Row, Vec<Table>)> = Vec::new();
        let main = data.main().await?;
        if [Row::A, Row::B, Row::E].into_iter().any(wants) {
            let asked = answers::ask(&main, options, true).await?;
            if wants(Row::A) {
                tables.push((Row::A, vec![answers::table(&asked, options)]));
            }
            if wants(Row::B) {
                tables.push((Row::B, catalogue::tables(&asked.catalogue)));
            }
            if wants(Row::E) {
                tables.push((Row::E, vec![growth::table(&mut data, options, asked).await?]));
            }
        }
        if wants(Row::C) {
            tables.push((Row::C, vec![polls::table(&main, options).await?]));
        }
        if wants(Row::F) {
            tables.push((Row::F, vec![start::table(&main, options).await?]));
        }
        if wants(Row::G) {
            tables.push((Row::G, vec![buckets::table(&main, options).await?]));
        }
        if wants(Row::D) {
            tables.push((Row::D, streams::tables(&mut data, options).await?));
        }
        tables.sort_by_key(|(row, _)| *row);
        page::section(&main, options, &tables).await
    };
    let outcome = outcome.await;
    data.remove().await?;
    outcome
}

/// Says what is being done.
fn progress(kind: Kind, what: &str) {
    eprintln!("{kind:?}: {what}");
}

/// Whether two answers are the same; a difference ends the run.
fn same<T: PartialEq + std::fmt::Debug>(what: &str, service: &[T], sql: &[T]) -> Outcome<()> {
    if let Some((ours, theirs)) = service.iter().zip(sql).find(|(ours, theirs)| ours != theirs) {
        return Err(format!("{what}: the service answers {ours:?}, the SQL {theirs:?}").into());
    }
    if service.len() != sql.len() {
        return Err(format!("{what}: the service answers {} rows, the SQL {}", service.len(), sql.len()).into());
    }
    Ok(())
}

/// The database of a run that is asked.
type Database = std::sync::Arc<Data>;
