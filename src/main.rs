//! The program: a service and the commands around it.

use crm_kpi::cli::Cli;
use std::process::ExitCode;

/// Many small pieces of memory are taken and given back by several threads at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    Cli::from_command_line().run().await
}
