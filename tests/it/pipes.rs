//! Output that nobody reads: a command ends without a word, a server goes on.

use crate::support::{Kind, TestDatabase, TestServer, sample};
use crm_kpi::proto::GetDataVersionRequest;
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use sea_orm::ConnectionTrait;
use std::process::{Command, Stdio};
use std::time::Duration;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crm-kpi"));
    command.args(arguments).env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

/// The end of a pipe whose other end is closed already.
fn unread() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

/// What a command writes to standard error, and its exit status, where nobody reads its output.
fn without_reader(arguments: &[&str]) -> (String, Option<i32>) {
    let output = program(arguments).stdout(unread()).stderr(Stdio::piped()).output().unwrap();
    (String::from_utf8_lossy(&output.stderr).into_owned(), output.status.code())
}

#[test]
fn what_is_printed_need_not_be_read() {
    for arguments in [&["catalog"][..], &["catalog", "--markdown"], &["schema"], &["config", "default"]] {
        assert_eq!(without_reader(arguments), (String::new(), Some(141)), "{arguments:?}");
    }
    // With standard error on the same closed pipe nothing can be said at all.
    let mut failing = program(&["catalog", "no such text"]);
    assert_eq!(failing.stdout(unread()).stderr(unread()).status().unwrap().code(), Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_need_not_be_read() {
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    sample::fill(&database.connection).await;
    database.connection.execute_unprepared("UPDATE opportunities SET rep_id = 'nobody'").await.unwrap();
    let server = TestServer::start(database).await;
    let endpoint = format!("http://{}", server.running.address);
    let query = ["query", "opportunities_won", "--period", "2017", "--endpoint", &endpoint];
    for arguments in [
        query.to_vec(),
        [&query[..], &["--json"]].concat(),
        vec!["check", "--endpoint", &endpoint],
        vec!["check", "--json", "--endpoint", &endpoint],
    ] {
        let shown = format!("{arguments:?}");
        let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
        let ended = tokio::task::spawn_blocking(move || {
            without_reader(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
        });
        assert_eq!(ended.await.unwrap(), (String::new(), Some(141)), "{shown}");
    }
}

/// Where a command changes something its exit status tells how that went, read or not.
#[test]
fn a_migration_that_nobody_reads_about_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("a.db").display());
    assert_eq!(without_reader(&["migrate", "up", "--database", &database]), (String::new(), Some(0)));
    let export = folder.path().join("export").display().to_string();
    let mut command = program(&["export", &export, "--database", &database]);
    assert_eq!(command.stdout(unread()).stderr(unread()).status().unwrap().code(), Some(0));
    assert!(folder.path().join("export/orders.csv").exists());
}

/// A log that nobody reads any more stops no call.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_log_is_not_read_answers() {
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    // A port that was free a moment ago: the log, which would tell it, goes nowhere.
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let arguments = ["serve", "--database", &database.url, "--listen", &address, "--log", "trace"];
    let mut child = program(&arguments).stdout(unread()).stderr(unread()).spawn().unwrap();
    let mut client = loop {
        assert!(child.try_wait().unwrap().is_none(), "it ended");
        match KpiServiceClient::connect(format!("http://{address}")).await {
            Ok(client) => break client,
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    for _ in 0..3 {
        client.get_data_version(GetDataVersionRequest {}).await.unwrap();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}
