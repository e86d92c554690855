//! A role and a password that change while the service runs.

use super::causes::Postgres;
use super::command::Served;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_file_is_taken_over_without_a_restart() {
    let postgres = Postgres::new().await;
    let [first, second] = [postgres.role("first", "").await, postgres.role("second", "").await];
    postgres.grant(&first).await;
    postgres.grant(&second).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("url");
    std::fs::write(&file, format!("{first}\n")).unwrap();
    let setting = format!("database_file={}", file.display());
    let served = Served::run(&["serve", "--set", &setting], &[]).await;
    served.readiness(200, "ready").await;

    // As a vault rotates: the old password is worth nothing any more, and then the file has the new one.
    let role = first.split_once("://").unwrap().1.split_once(':').unwrap().0;
    postgres.execute(&format!("ALTER ROLE {role} PASSWORD 'another'")).await;
    postgres.execute(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'")).await;
    served.warned("reason", "wrong_password").await;
    std::fs::write(&file, first.replace("s3cret%2F", "another")).unwrap();
    served.readiness(200, "ready").await;

    // Another role, too.
    std::fs::write(&file, &second).unwrap();
    super::command::until("the new role is taken over", async || {
        served.log().contains(&second.replace(":s3cret%2F", "")).then_some(())
    })
    .await;
    postgres.execute(&format!("ALTER ROLE {role} NOLOGIN")).await;
    postgres.execute(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'")).await;
    served.readiness(200, "ready").await;

    // Another database is another matter.
    std::fs::write(&file, format!("{second}_2")).unwrap();
    super::command::until("it is told", async || served.log().contains("needs a restart").then_some(())).await;
    std::fs::write(&file, "postgres://kpi:s3cret#2@127.0.0.1/crm").unwrap();
    super::command::until("it is told", async || served.log().contains("percent-encoded").then_some(())).await;
    served.readiness(200, "ready").await;
    assert!(!served.log().contains("s3cret"), "{}", served.log());
}
