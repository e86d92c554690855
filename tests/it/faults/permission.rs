//! A role that may not read all tables: whoever operates the database has to grant that.

use super::bench::{Bench, Call, within};
use crate::support::{Kind, Refusal, TestDatabase, sample};
use std::time::Duration;
use tonic::Code;

const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_grant_is_said_to_be_one() {
    let database = TestDatabase::migrated(Kind::Postgres).await;
    sample::fill(&database.connection).await;
    // The password is not secret: the role cannot do anything, and lives as long as the test.
    let (before, behind) = database.url.split_at(database.url.rfind('@').expect("a user"));
    let scheme = &before[..before.find("://").expect("a scheme") + 3];
    let role = format!("reader_of_{}", behind.rsplit('/').next().expect("a database"));
    let url = format!("{scheme}{role}:password{behind}");
    let bench = Bench::serve(database, url, None, |_| {}).await;
    bench.sql(&format!("CREATE ROLE {role} LOGIN PASSWORD 'password'")).await;
    let grant = async |what: &str| bench.sql(&format!("GRANT SELECT ON {what} TO {role}")).await;
    grant("ALL TABLES IN SCHEMA public").await;
    bench.sql(&format!("REVOKE SELECT ON opportunities FROM {role}")).await;
    let refused = async || {
        let Err(status) = Call::Query.make(bench.plain(), None).await else { return false };
        let refusal = Refusal::of(&status);
        assert!(!refusal.message.contains("opportunities"), "{status:?}");
        (refusal.code, refusal.reason.as_str(), refusal.retryable)
            == (Code::FailedPrecondition, "DATABASE_PERMISSION", false)
    };
    within(PATIENCE, "it is refused for that reason", refused).await;
    assert!(bench.get("/readyz").await.contains(" 503 "));
    grant("opportunities").await;
    within(PATIENCE, "it is ready", async || bench.get("/readyz").await.contains(" 200 ")).await;
    Call::Query.make(bench.plain(), None).await.unwrap();
    // Taken away while it serves.
    bench.sql(&format!("REVOKE SELECT ON opportunities FROM {role}")).await;
    within(PATIENCE, "it is refused again", refused).await;
    bench.sql(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
}
