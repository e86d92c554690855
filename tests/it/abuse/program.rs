//! The program itself.

use serde_json::Value;
use std::net::SocketAddr;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// `crm-kpi serve`, whose log is read.
pub struct Program {
    child: Child,
    pub address: SocketAddr,
    pub metrics: SocketAddr,
    log: Arc<Mutex<Vec<Value>>>,
    reading: JoinHandle<()>,
}

/// A line of the log.
pub fn message(entry: &Value) -> &str {
    entry["fields"]["message"].as_str().unwrap_or_default()
}

impl Program {
    /// Serves a database. `filter` is what it logs beside its start.
    pub async fn start(database: &str, filter: &str, settings: &[&str]) -> Self {
        Self::run(Command::new(env!("CARGO_BIN_EXE_crm-kpi")), database, filter, settings).await
    }

    /// Has `command` run it, whose last arguments are the program's.
    pub async fn run(mut command: Command, database: &str, filter: &str, settings: &[&str]) -> Self {
        command.args(["serve", "--database", database, "--listen", "127.0.0.1:0", "--log-format", "json"]);
        command.args(["--log", &format!("{filter},crm_kpi::server::run=info"), "--set", "metrics.listen=127.0.0.1:0"]);
        for setting in settings {
            command.args(["--set", setting]);
        }
        command.env_remove("RUST_LOG").stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("the program");
        let log: Arc<Mutex<Vec<Value>>> = Arc::default();
        let mut lines = BufReader::new(child.stderr.take().expect("standard error")).lines();
        let kept = log.clone();
        let reading = tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                // A panic's text, above all.
                let entry = serde_json::from_str(&line).unwrap_or(Value::String(line));
                kept.lock().expect("the log").push(entry);
            }
        });
        let mut ready = BufReader::new(child.stdout.take().expect("standard output")).lines();
        let ready = timeout(super::PATIENCE, ready.next_line()).await;
        assert!(matches!(ready, Ok(Ok(Some(_)))), "{ready:?} {:?}", log.lock());
        let find = |log: &[Value]| log.iter().find(|entry| message(entry) == "listening").cloned();
        let mut listening = None;
        super::until("it tells where it listens", async || {
            listening = find(&log.lock().expect("the log"));
            listening.is_some()
        })
        .await;
        let listening = listening.expect("an entry");
        let address = |field: &str| listening["fields"][field].as_str().expect(field).parse().expect("an address");
        Self { child, address: address("address"), metrics: address("metrics"), log, reading }
    }

    /// What it has logged.
    pub fn log(&self) -> Vec<Value> {
        self.log.lock().expect("the log").clone()
    }

    /// Kilobytes of memory that it has.
    pub fn resident_kib(&self) -> u64 {
        self.status_kib("VmRSS:")
    }

    /// Kilobytes of memory that it had at most.
    pub fn peak_kib(&self) -> u64 {
        self.status_kib("VmHWM:")
    }

    fn status_kib(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).expect("a status");
        let line = status.lines().find_map(|line| line.strip_prefix(name)).expect(name);
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        let sent = std::process::Command::new("kill").args(["-TERM", &self.pid().to_string()]).status();
        assert!(sent.expect("kill").success());
    }

    /// Waits for its end, and returns all that it logged.
    pub async fn ended(mut self) -> (ExitStatus, Vec<Value>) {
        let status = timeout(super::PATIENCE, self.child.wait()).await.expect("it ends").expect("a status");
        self.reading.await.expect("the log");
        let log = self.log.lock().expect("the log").clone();
        (status, log)
    }
}
