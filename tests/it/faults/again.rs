//! What the database breaks off is asked once more, where that can be done without anybody noticing.

use super::bench::{Answer, Bench, Call, within};
use crate::support::{Kind, Refusal, TestDatabase, bulk, dates, query_of, sample};
use crm_kpi::config::Settings;
use crm_kpi::proto::stream_rep_breakdown_response::Frame;
use crm_kpi::proto::{CheckDataQualityRequest, ResultRow, StreamRepBreakdownRequest};
use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};
use std::time::Duration;
use tonic::{Code, Status};

const PATIENCE: Duration = Duration::from_secs(10);

/// What each reason is called in metrics, and a code of PostgreSQL for it.
const REASONS: [(&str, &str); 5] = [
    ("conflict", "40001"),
    ("deadlock", "40P01"),
    ("cancelled", "57014"),
    ("locked", "55P03"),
    ("connection_lost", "08006"),
];

/// Stands in place of reps, which everything reads: reading those behind `behind` fails as often as `faults` says, in all
/// transactions together. What a session locks it keeps when its transaction is rolled back, and others see it: so it is
/// counted, as readers cannot write anything.
const FAULTY_REPS: &str = "CREATE TABLE faults (code text, times int, behind text); \
    ALTER TABLE reps RENAME TO kept_reps; \
    CREATE FUNCTION fails(rep text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$ \
    DECLARE fault faults; failed int; \
    BEGIN \
        SELECT * INTO fault FROM faults; \
        IF fault.code IS NULL OR rep COLLATE \"C\" <= fault.behind THEN RETURN false; END IF; \
        SELECT count(*) INTO failed FROM pg_locks JOIN pg_database ON pg_locks.database = pg_database.oid \
            WHERE locktype = 'advisory' AND datname = current_database(); \
        IF failed >= fault.times THEN RETURN false; END IF; \
        PERFORM pg_advisory_lock(failed); \
        RAISE EXCEPTION 'made up' USING ERRCODE = fault.code; \
    END $$; \
    CREATE VIEW reps AS SELECT * FROM kept_reps WHERE NOT fails(id)";

async fn start(database: TestDatabase) -> Bench {
    database.connection.execute_unprepared(FAULTY_REPS).await.unwrap();
    Bench::start(database, |settings: &mut Settings| {
        settings.cache.bytes = 0;
        settings.pool.scans = 1;
        // The view counts as watched, so that streams can be resumed.
        settings.changes.notified = true;
    })
    .await
}

/// From now on reps behind one cannot be read so many times.
async fn fail(bench: &Bench, code: &str, times: u32, behind: &str) {
    // Sessions that failed before end, and their locks with them.
    let end = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid() \
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    bench.sql(end).await;
    let locks = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' \
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let locks = Statement::from_string(DbBackend::Postgres, locks);
    let none = async || bench.database.connection.query_all_raw(locks.clone()).await.unwrap().is_empty();
    within(PATIENCE, "none is left", none).await;
    bench.sql(&format!("TRUNCATE faults; INSERT INTO faults VALUES ('{code}', {times}, '{behind}')")).await;
}

async fn retries(bench: &Bench, reason: &str) -> i64 {
    bench.count(&format!("crm_kpi_retries_total{{reason=\"{reason}\"}}")).await
}

async fn filled() -> TestDatabase {
    let database = TestDatabase::migrated(Kind::Postgres).await;
    sample::fill(&database.connection).await;
    database
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_is_not_noticed_and_twice_is_worth_trying_again() {
    let bench = start(filled().await).await;
    // A record that an inspection finds.
    bench.sql("UPDATE kept_reps SET team_id = NULL WHERE id = 'rep-1'").await;
    let mut expected = Vec::new();
    for call in [Call::Query, Call::Batch, Call::Stream, Call::Values, Call::Quality] {
        expected.push((call, make(&bench, call).await.unwrap()));
    }
    for (reason, code) in REASONS {
        for (call, expected) in &expected {
            let before = retries(&bench, reason).await;
            fail(&bench, code, 1, "").await;
            let answer = make(&bench, *call).await;
            assert_eq!(&answer.unwrap_or_else(|status| panic!("{code}: {call:?}: {status:?}")), expected);
            assert_eq!(retries(&bench, reason).await, before + 1, "{code}: {call:?}");

            fail(&bench, code, 2, "").await;
            let refusal = Refusal::of(&make(&bench, *call).await.unwrap_err());
            assert_eq!(refusal.code, Code::Unavailable, "{code}: {call:?}");
            let lost = reason == "connection_lost";
            assert_eq!(refusal.reason, if lost { "DATABASE_UNAVAILABLE" } else { "DATABASE_INTERRUPTED" }, "{code}");
            assert!(refusal.retryable, "{code}: {call:?}");
            assert_eq!(retries(&bench, reason).await, before + 2, "{code}: {call:?}");
        }
    }
    fail(&bench, "22012", 1, "").await;
    let refusal = Refusal::of(&Call::Query.make(bench.plain(), None).await.unwrap_err());
    assert_eq!((refusal.code, refusal.reason.as_str()), (Code::Internal, "DATABASE_ERROR"), "asked once");
}

/// Makes a call, of data quality one that reads reps before it tells anything.
async fn make(bench: &Bench, call: Call) -> Result<Answer, Status> {
    if call != Call::Quality {
        return call.make(bench.plain(), None).await;
    }
    let request = CheckDataQualityRequest { rule_ids: vec!["missing_team".into()], ..Default::default() };
    let mut stream = bench.client().check_data_quality(request).await?.into_inner();
    let mut frames = 0;
    while stream.message().await?.is_some() {
        frames += 1;
    }
    Ok(Answer::Frames(frames))
}

/// Reads a stream to its end: its rows, its last token, and how it ended.
async fn read(bench: &Bench, resume_token: String) -> (Vec<ResultRow>, String, Result<(), Status>) {
    let query = crm_kpi::proto::KpiQuery { period: dates("2024-01-01", "2024-12-31"), ..query_of(&["win_rate"]) };
    let request = StreamRepBreakdownRequest { query: Some(query), resume_token, ..Default::default() };
    let (mut rows, mut token) = (Vec::new(), String::new());
    let mut stream = match bench.client().stream_rep_breakdown(request).await {
        Ok(stream) => stream.into_inner(),
        Err(status) => return (rows, token, Err(status)),
    };
    loop {
        match stream.message().await {
            Ok(Some(message)) => {
                if let Some(Frame::Batch(batch)) = message.frame {
                    rows.extend(batch.rows);
                    token = batch.resume_token;
                }
            }
            Ok(None) => return (rows, token, Ok(())),
            Err(status) => return (rows, token, Err(status)),
        }
    }
}

/// What was sent cannot be taken back: the caller goes on behind it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_has_begun_is_resumed_by_its_caller() {
    let database = TestDatabase::migrated(Kind::Postgres).await;
    bulk::reps_with_a_win_a_month(&database, 800).await;
    let bench = start(database).await;
    let (whole, _, ended) = read(&bench, String::new()).await;
    ended.unwrap();
    // Pages have 100, 400 and 300; when the third one is read, the first one has been sent.
    let behind = whole[700].keys[0].id.clone();
    fail(&bench, "40001", 1, &behind).await;
    let (mut rows, token, ended) = read(&bench, String::new()).await;
    let refusal = Refusal::of(&ended.unwrap_err());
    refusal.must_be(Code::Unavailable, "DATABASE_INTERRUPTED", &[]);
    assert!(refusal.retryable);
    assert!((1..whole.len()).contains(&rows.len()), "{} of {}", rows.len(), whole.len());
    assert_eq!(retries(&bench, "conflict").await, 0);
    let (rest, _, ended) = read(&bench, token).await;
    ended.unwrap();
    rows.extend(rest);
    assert!(rows == whole);
    bench.nothing_is_left().await;
}

/// As an operator's `pg_terminate_backend`, or a failover of which others of the pool have not heard.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_terminated_is_replaced_under_a_question() {
    let bench = Bench::start(filled().await, |settings| settings.cache.bytes = 0).await;
    let expected = Call::Query.make(bench.plain(), None).await.unwrap();
    let lock = bench.database.connection.begin().await.unwrap();
    lock.execute_unprepared("LOCK TABLE opportunities IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let asked = tokio::spawn(Call::Query.make(bench.plain(), None));
    let reads = async || bench.backends().await.iter().any(|found| found.contains("SUM(") || found.contains("COUNT("));
    within(PATIENCE, "it waits", reads).await;
    let terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                     AND application_name = 'crm-kpi' AND wait_event_type = 'Lock' \
                     AND (query LIKE '%SUM(%' OR query LIKE '%COUNT(%')";
    bench.sql(terminate).await;
    within(PATIENCE, "it is asked again", async || retries(&bench, "terminated").await == 1).await;
    lock.rollback().await.unwrap();
    assert_eq!(asked.await.unwrap().unwrap(), expected);
    bench.nothing_is_left().await;
}

/// Connections remember statements, which a migration may outdate: they are replaced.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_column_is_not_noticed() {
    let bench = Bench::start(filled().await, |settings| settings.pool.connections = 1).await;
    let expected = Call::Values.make(bench.plain(), None).await.unwrap();
    bench.all_is_free().await;
    bench.sql("ALTER TABLE reps ALTER COLUMN name TYPE varchar(200)").await;
    assert_eq!(Call::Values.make(bench.plain(), None).await.unwrap(), expected);
    assert_eq!(retries(&bench, "stale").await, 1);
    bench.nothing_is_left().await;
}
