//! The real server in a process of its own. Linux only: memory is read from /proc.

use crate::Outcome;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A server that is ready. It ends when it is dropped.
pub struct Server {
    process: Child,
    /// Where it listens, as a URL.
    pub address: String,
}

impl Server {
    /// Serves a database on a free port, with settings such as `limits.queue=10m`. Returns once it is ready.
    pub async fn start(database: &str, settings: &[&str]) -> Outcome<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crm-kpi"));
        command.args(["serve", "--database", database, "--listen", "127.0.0.1:0", "--log", "warn"]);
        for setting in settings {
            command.args(["--set", setting]);
        }
        Self::spawn(command).await
    }

    /// Starts a program that prints a line when it is ready, whose last word is its address.
    pub async fn spawn(mut command: Command) -> Outcome<Self> {
        let mut process = command.stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let output = process.stdout.take().ok_or("no output")?;
        let line = BufReader::new(output).lines().next_line().await?.ok_or("the server ended")?;
        let address = line.rsplit(' ').next().ok_or("no address")?.to_owned();
        Ok(Self { process, address })
    }

    /// Ends it.
    pub async fn stop(mut self) -> Outcome<()> {
        Ok(self.process.kill().await?)
    }

    /// Resident memory in KiB now; its peak counts anew from here.
    #[allow(dead_code)]
    pub fn memory(&self) -> Outcome<u64> {
        std::fs::write(format!("/proc/{}/clear_refs", self.id()?), "5")?;
        self.status("VmRSS")
    }

    /// The most resident memory in KiB since [`Self::memory`].
    #[allow(dead_code)]
    pub fn peak(&self) -> Outcome<u64> {
        self.status("VmHWM")
    }

    fn id(&self) -> Outcome<u32> {
        Ok(self.process.id().ok_or("the server ended")?)
    }

    fn status(&self, field: &str) -> Outcome<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()?))?;
        let line = status.lines().find(|line| line.starts_with(field)).ok_or("no memory figure")?;
        Ok(line.split_whitespace().nth(1).ok_or("no memory figure")?.parse()?)
    }
}
