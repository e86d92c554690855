//! The program's commands, from their start to their end.

use serde_json::Value;
use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
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

/// `crm-kpi serve` whose log, probes and metrics are looked at. It need not become ready.
pub struct Served {
    child: Child,
    pub address: SocketAddr,
    metrics: SocketAddr,
    log: Arc<Mutex<Vec<Value>>>,
}

impl Served {
    /// Serves a database on free ports.
    pub async fn start(database: &str, settings: &[&str]) -> Self {
        Self::run(&["serve", "--database", database], settings).await
    }

    /// Runs a command that serves.
    pub async fn run(arguments: &[&str], settings: &[&str]) -> Self {
        let mut command = program(&[]);
        command.args(arguments).args(["--listen", "127.0.0.1:0", "--log", "info", "--log-format", "json"]);
        for setting in ["metrics.listen=127.0.0.1:0", "reload=100ms"].iter().chain(settings) {
            command.args(["--set", setting]);
        }
        let mut child = command.spawn().expect("the program");
        let log: Arc<Mutex<Vec<Value>>> = Arc::default();
        let mut lines = BufReader::new(child.stderr.take().expect("standard error")).lines();
        let kept = log.clone();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                let entry = serde_json::from_str(&line).unwrap_or(Value::String(line));
                kept.lock().expect("the log").push(entry);
            }
        });
        let listening = until("it listens", async || {
            let log = log.lock().expect("the log");
            log.iter().find(|entry| entry["fields"]["message"] == "listening").cloned()
        });
        let listening = listening.await;
        let address = |field: &str| listening["fields"][field].as_str().expect(field).parse().expect("an address");
        Self { child, address: address("address"), metrics: address("metrics"), log }
    }

    /// The first entry of the log at WARN that has a field with this value.
    pub async fn warned(&self, field: &str, value: &str) -> Value {
        until(&format!("a warning with {field} = {value}"), async || {
            let log = self.log.lock().expect("the log");
            let is_it = |entry: &&Value| entry["level"] == "WARN" && entry["fields"][field] == value;
            log.iter().find(is_it).cloned()
        })
        .await
    }

    /// All of the log.
    pub fn log(&self) -> String {
        self.log.lock().expect("the log").iter().map(|entry| format!("{entry}\n")).collect()
    }

    /// The status and the body of a page beside the metrics.
    pub async fn page(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.metrics).await.expect("a connection");
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.expect("a status"), body.to_owned())
    }

    /// What `/readyz` says once it has this status and this part.
    pub async fn readiness(&self, status: u16, part: &str) -> String {
        until(&format!("/readyz says {status} {part:?}"), async || {
            let (found, body) = self.page("/readyz").await;
            (found == status && body.contains(part)).then_some(body)
        })
        .await
    }

    /// What it writes to standard output first.
    pub async fn first_line(&mut self) -> String {
        let mut lines = BufReader::new(self.child.stdout.take().expect("standard output")).lines();
        timeout(PATIENCE, lines.next_line()).await.expect("in time").expect("UTF-8").expect("a line")
    }
}

/// Waits for something.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let looking = async {
        loop {
            match look().await {
                Some(found) => return found,
                None => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("in time: {what}"))
}
