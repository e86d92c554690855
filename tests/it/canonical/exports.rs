//! What an export leaves in its folder, and the commands.

use super::{edges, export_to, exported, files, folder, imported};
use crate::support::{Kind, TestDatabase, on_every_database};
use crm_kpi::crm;
use crm_kpi::import::canonical::ExportError;
use sea_orm::ConnectionTrait;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

on_every_database!(
    files_of_an_earlier_export_are_kept_unless_they_may_go,
    a_failed_export_leaves_nothing,
    an_export_that_is_dropped_leaves_nothing,
    an_export_is_of_one_snapshot,
    the_commands_say_what_to_do
);

async fn files_of_an_earlier_export_are_kept_unless_they_may_go(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let folder = folder(&[("orders.csv", "mine"), ("notes.txt", "mine")]);
    let error = export_to(&database.connection, folder.path(), false).await.unwrap_err();
    assert!(matches!(&error, ExportError::Exists { file, .. } if file == "orders.csv"), "{error}");
    assert_eq!(files(folder.path()).len(), 2);
    let tables = export_to(&database.connection, folder.path(), true).await.unwrap();
    assert_eq!(tables.len(), crm::TABLE_NAMES.len());
    let files = files(folder.path());
    assert_eq!(files.len(), crm::TABLE_NAMES.len() + 1);
    assert_eq!(files["notes.txt"], "mine");
    assert!(files["orders.csv"].starts_with("id,rep_id,"));
}

async fn a_failed_export_leaves_nothing(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    edges::fill(&database.connection).await;
    let bad = "INSERT INTO survey_answers (id, kind, score, answered_at) \
               VALUES ('x', 'mood', 1, '2024-03-01T00:00:00+00:00')";
    database.connection.execute_unprepared(bad).await.unwrap();
    let folder = folder(&[]);
    let error = export_to(&database.connection, folder.path(), false).await.unwrap_err().to_string();
    assert!(error.starts_with("cannot read the table survey_answers: ") && error.contains("mood"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

async fn an_export_that_is_dropped_leaves_nothing(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    // So many that they cannot all have arrived whenever they are asked for.
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) \
                INSERT INTO sign_ins (id, signed_in_at) SELECT 'sign-in ' || i, '2024-03-01T00:00:00+00:00' FROM n";
    let many = match kind {
        Kind::Sqlite => many.to_owned(),
        Kind::Postgres => many.replace("00:00' FROM", "00:00'::timestamptz FROM"),
    };
    database.connection.execute_unprepared(&many).await.unwrap();
    let folder = folder(&[]);
    let there = || std::fs::read_dir(folder.path()).unwrap().count();
    let mut export = Box::pin(export_to(&database.connection, folder.path(), false));
    while there() == 0 {
        assert!(futures::poll!(&mut export).is_pending());
        tokio::task::yield_now().await;
    }
    assert!(files_named(folder.path(), ".csv").is_empty(), "no file has its name yet");
    drop(export);
    assert_eq!(there(), 0);
}

fn files_named(folder: &std::path::Path, end: &str) -> Vec<String> {
    let names =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(end)).collect()
}

async fn an_export_is_of_one_snapshot(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let done = Arc::new(AtomicBool::new(false));
    let (connection, stop) = (database.connection.clone(), done.clone());
    let (began, begins) = tokio::sync::oneshot::channel();
    // A row in the first and in the last table at once, over and over.
    let writer = tokio::spawn(async move {
        let mut began = Some(began);
        for n in 0.. {
            let both = format!(
                "BEGIN; INSERT INTO teams (id, name) VALUES ('{n}', 'n'); \
                 INSERT INTO exchange_rates VALUES ('{n}', 'USD', '2024-03-01', '1.5'); COMMIT"
            );
            connection.execute_unprepared(&both).await.unwrap();
            if let Some(began) = began.take() {
                began.send(()).unwrap();
            }
            if stop.load(Ordering::Relaxed) {
                return n + 1;
            }
        }
        unreachable!()
    });
    begins.await.unwrap();
    let folder = exported(&database.connection).await;
    done.store(true, Ordering::Relaxed);
    let written: usize = writer.await.unwrap();
    let files = files(folder.path());
    let rows = |name: &str| files[name].lines().count() - 1;
    assert_eq!(rows("teams.csv"), rows("exchange_rates.csv"), "of {written}");
    assert!(rows("teams.csv") > 0);
}

async fn run(arguments: &[&str], database: &TestDatabase) -> (Option<i32>, String, String) {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_crm-kpi"));
    let output = command.args(arguments).args(["--database", &database.url]).output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

async fn the_commands_say_what_to_do(kind: Kind) {
    let empty = TestDatabase::empty(kind).await;
    let to = tempfile::tempdir().unwrap();
    let to = to.path().join("new").join("folder");
    let path = to.to_str().unwrap();
    let (status, _, error) = run(&["export", path], &empty).await;
    assert_eq!(status, Some(1));
    assert!(error.contains("the table teams") && error.contains("crm-kpi migrate up"), "{error}");
    assert!(!to.exists());

    let teams = "id,name\n1,A\n2,B\n";
    let database = imported(kind, folder(&[("teams.csv", teams)]).path()).await;
    let (status, output, progress) = run(&["export", path], &database).await;
    assert_eq!(status, Some(0), "{progress}");
    assert!(output.starts_with(&format!("exported to {path}:\n  teams ")), "{output}");
    assert!(progress.contains("export teams: 2 rows"), "{progress}");
    let (status, _, error) = run(&["export", path], &database).await;
    assert_eq!(status, Some(1));
    assert!(
        error.ends_with("already holds teams.csv\nTake another folder, or replace the files with --overwrite\n"),
        "{error}"
    );
    assert_eq!(run(&["export", "--overwrite", path], &database).await.0, Some(0));

    let (status, output, _) = run(&["import", path], &empty).await;
    assert_eq!(status, Some(0));
    assert!(output.starts_with("loaded:\n  teams "), "{output}");
    std::fs::write(to.join("teams.csv"), "id,name\n1,\n3,C\n").unwrap();
    let (status, _, error) = run(&["import", path], &empty).await;
    assert_eq!(status, Some(1));
    assert!(error.contains("teams.csv:2: column \"name\", value \"\": must be set"), "{error}");
    assert_eq!(run(&["import", "--lenient", path], &empty).await.0, Some(3));
    std::fs::write(to.join("deals.csv"), "id\n").unwrap();
    let (status, _, error) = run(&["import", path], &empty).await;
    assert_eq!(status, Some(1));
    assert!(error.contains("deals.csv: is the file of no table") && error.contains("--mapping FILE"), "{error}");
}
