//! The program's commands, from their start to their end.

use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;
use tokio::time::timeout;

/// How long a command may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Said {
    /// All of it.
    pub fn all(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// The program with these variables in place of all of its own.
pub fn program(variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crm-kpi"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CRM_KPI_") || name.starts_with("PG")) {
        command.env_remove(name);
    }
    command.env_remove("RUST_LOG").envs(variables.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// Runs a command until it ends.
pub async fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Said {
    let output = program(variables).args(arguments).output();
    let output = timeout(PATIENCE, output).await.unwrap_or_else(|_| panic!("{arguments:?} does not end"));
    let output = output.expect("the program");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Said { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}
