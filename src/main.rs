use clap::Parser;
use crm_kpi::cli::Cli;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    Cli::parse().run().await
}
