//! What the program logs of calls that are refused.

use crate::auth::key_set::{Key, set};
use crate::support::{Kind, TestDatabase};
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::{ListKpisRequest, QueryKpisRequest};
use serde_json::{Value, json};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::Child;
use tonic::Request;

/// The program, and where it listens.
struct Program {
    child: Child,
    endpoint: String,
}

impl Program {
    async fn start(database: &TestDatabase, settings: &[String]) -> Self {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_crm-kpi"));
        command.args(["serve", "--database", &database.url, "--listen", "127.0.0.1:0", "--log-format", "json"]);
        for setting in settings {
            command.args(["--set", setting]);
        }
        command.env_remove("RUST_LOG").stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("the program");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.next_line().await.unwrap().expect("a line");
        let endpoint = ready.split_whitespace().last().unwrap().to_owned();
        Self { child, endpoint }
    }

    /// Ends it. Returns what it has logged.
    async fn log(mut self) -> (String, Vec<Value>) {
        let pid = self.child.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
        assert!(self.child.wait().await.unwrap().success(), "{log}");
        let entries = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
        (log, entries)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_again_and_again_is_counted() {
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    let program = Program::start(&database, &["log_repeats=3".into()]).await;
    let mut client = KpiServiceClient::connect(program.endpoint.clone()).await.unwrap();
    for _ in 0..20 {
        client.query_kpis(QueryKpisRequest::default()).await.unwrap_err();
    }
    for _ in 0..5 {
        client.list_kpis(ListKpisRequest::default()).await.unwrap();
    }
    drop(client);
    let (log, entries) = program.log().await;
    let with = |name: &str, value: &str| {
        entries.iter().filter(|entry| entry["fields"][name] == value).cloned().collect::<Vec<_>>()
    };
    assert_eq!(with("message", "refused").len(), 3, "{log}");
    let answered = with("message", "answered");
    assert_eq!(answered.iter().filter(|entry| entry["fields"]["code"] == "InvalidArgument").count(), 3, "{log}");
    assert_eq!(answered.iter().filter(|entry| entry["fields"]["code"] == "OK").count(), 5, "{log}");
    let left_out: Vec<_> = entries.iter().filter(|entry| entry["fields"]["more"].is_number()).collect();
    assert_eq!(left_out.len(), 1, "{log}");
    assert_eq!(left_out[0]["fields"]["more"], 17);
    assert_eq!(left_out[0]["fields"]["reason"], "INVALID_REQUEST");
    assert_eq!(left_out[0]["fields"]["caller"], "anybody");
    assert!(!log.contains("WARN"), "nobody was cut off: {log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_is_an_address_stays_out_of_the_log() {
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys.json");
    let key = Key::ec("one");
    std::fs::write(&keys, set(&[&key])).unwrap();
    let settings = [
        format!("auth.jwt.jwks_file={}", keys.display()),
        "auth.jwt.issuer=https://issuer.example".into(),
        "auth.jwt.audience=crm-kpi".into(),
        "auth.jwt.caller_names=hash".into(),
    ];
    let program = Program::start(&database, &settings).await;
    let exp = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() + 600;
    let claims = json!({
        "iss": "https://issuer.example", "aud": "crm-kpi", "sub": "ann@example.com", "exp": exp,
        "crm_kpi_everything": true,
    });
    let mut client = KpiServiceClient::connect(program.endpoint.clone()).await.unwrap();
    let mut request = Request::new(ListKpisRequest::default());
    request.metadata_mut().insert("authorization", format!("Bearer {}", key.sign(&claims)).parse().unwrap());
    client.list_kpis(request).await.unwrap();
    drop(client);
    let (log, entries) = program.log().await;
    assert!(!log.contains("ann@example.com"), "{log}");
    let answered = entries.iter().find(|entry| entry["fields"]["message"] == "answered").expect(&log);
    // printf ann@example.com | sha256sum
    assert_eq!(answered["span"]["caller"], "71d4f55f72fa128d");
}
