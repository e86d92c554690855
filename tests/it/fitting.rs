//! Whether a database has the tables and columns that questions read, and what is said where it does not.

use crate::support::{Kind, Refusal, TestDatabase, TestServer, dates, on_every_database, pool, sample, settings};
use crm_kpi::clock::FixedClock;
use crm_kpi::crm;
use crm_kpi::database::connect;
use crm_kpi::error::{Error, Result};
use crm_kpi::import::{Options, Progress, canonical, import};
use crm_kpi::proto;
use crm_kpi::schema::{PrepareError, Schema, inspect, prepare};
use crm_kpi::synthetic;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait};
use std::process::Command;
use std::sync::Arc;
use tonic::Code;
use tonic_types::StatusExt;

on_every_database!(
    everything_that_does_not_fit_is_told_at_once,
    tables_of_somebody_else_are_left_alone,
    whatever_fills_tables_has_them_analysed,
);

async fn run(db: &DatabaseConnection, sql: &str) {
    let transaction = db.begin().await.unwrap();
    if db.get_database_backend() == DbBackend::Sqlite {
        // A connection learns what others did to the schema when it reads, not when it parses.
        transaction.execute_unprepared("SELECT count(*) FROM sqlite_master").await.unwrap();
    }
    transaction.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    transaction.commit().await.unwrap();
}

async fn look(db: &DatabaseConnection) -> Result<Schema> {
    inspect(&pool(db).snapshot().await.unwrap()).await
}

/// What does not fit: table or column, and what is said of it.
async fn misfits(db: &DatabaseConnection) -> Vec<(String, String)> {
    match look(db).await {
        Ok(_) => Vec::new(),
        Err(Error::WrongSchema { misfits, .. }) => {
            misfits.into_iter().map(|misfit| (misfit.field, misfit.description)).collect()
        }
        Err(other) => panic!("{other:?}"),
    }
}

/// A schema spoilt in every way, what is said of it, and what makes it whole again.
fn spoilt(kind: Kind) -> (&'static [&'static str], Vec<(&'static str, &'static str)>, &'static [&'static str]) {
    match kind {
        Kind::Postgres => (
            &[
                "ALTER TABLE teams RENAME TO own_teams",
                "CREATE VIEW teams AS SELECT 7 AS id, name, parent_id FROM own_teams",
                "ALTER TABLE orders ALTER amount_minor TYPE numeric(20, 2)",
                "ALTER TABLE opportunities ALTER created_at TYPE timestamp USING created_at AT TIME ZONE 'UTC'",
                "ALTER TABLE leads RENAME TO own_leads",
                "CREATE VIEW leads AS SELECT id, name, email, company, rep_id, source_id, campaign_id, account_id, \
                 opportunity_id, segment, industry, country, status::char(9) AS status, created_at::date AS created_at, \
                 qualified_at, converted_at FROM own_leads",
                "ALTER TABLE costs DROP COLUMN channel",
                "ALTER TABLE targets RENAME TO own_targets",
                "CREATE DOMAIN short AS varchar(40)",
                "ALTER TABLE accounts ALTER name TYPE short",
            ],
            vec![
                ("teams.id", "is integer, but must be text: write id::text AS id in the view"),
                (
                    "opportunities.created_at",
                    "is timestamp without time zone, but must be timestamp with time zone: ALTER TABLE opportunities ALTER \
                     created_at TYPE timestamp with time zone USING created_at AT TIME ZONE 'UTC', or make a view",
                ),
                (
                    "orders.amount_minor",
                    "is numeric, but must be bigint: ALTER TABLE orders ALTER amount_minor TYPE bigint USING \
                     amount_minor::bigint, or make a view",
                ),
                ("leads.region", "is missing: add it to the view, or NULL::text AS region"),
                ("leads.status", "is character, but must be text: write status::text AS status in the view"),
                ("costs.channel", "is missing: run `crm-kpi migrate up` (text)"),
                ("targets", "is missing: run `crm-kpi migrate up`, or make a view of this name"),
            ],
            &[
                "CREATE OR REPLACE VIEW own AS SELECT 1",
                "DROP VIEW teams",
                "CREATE VIEW teams AS SELECT 7::text AS id, name, parent_id FROM own_teams",
                "ALTER TABLE orders ALTER amount_minor TYPE bigint USING amount_minor::bigint",
                "ALTER TABLE opportunities ALTER created_at TYPE timestamp with time zone USING created_at AT TIME ZONE 'UTC'",
                "DROP VIEW leads",
                "CREATE VIEW leads AS SELECT id, name, email, company, rep_id, source_id, campaign_id, account_id, \
                 opportunity_id, segment, NULL::text AS region, industry, country, status::text AS status, \
                 created_at::date::timestamp AT TIME ZONE 'UTC' AS created_at, qualified_at, converted_at FROM own_leads",
                "ALTER TABLE costs ADD COLUMN channel text",
                "ALTER TABLE own_targets RENAME TO targets",
            ],
        ),
        Kind::Sqlite => (
            &[
                "DROP TABLE teams",
                "CREATE TABLE other_teams (id INTEGER PRIMARY KEY, name NVARCHAR(40), parent INTEGER)",
                "CREATE VIEW teams AS SELECT id, name, parent AS parent_id FROM other_teams",
                "ALTER TABLE costs DROP COLUMN channel",
                "DROP TABLE targets",
                "ALTER TABLE sign_ins RENAME TO own_sign_ins",
                "CREATE TABLE other_sign_ins (id text, rep_id text, at real)",
                "CREATE VIEW sign_ins AS SELECT id, rep_id, at AS signed_in_at FROM other_sign_ins",
            ],
            vec![
                ("teams.id", "is integer, but must be text: write CAST(id AS text) AS id in the view"),
                (
                    "teams.parent_id",
                    "is integer, but must be text: write CAST(parent_id AS text) AS parent_id in the view",
                ),
                ("costs.channel", "is missing: run `crm-kpi migrate up` (text)"),
                (
                    "sign_ins.signed_in_at",
                    "is real, but must be text: write strftime('%Y-%m-%dT%H:%M:%S+00:00', signed_in_at, 'unixepoch') AS \
                     signed_in_at in the view",
                ),
                ("targets", "is missing: run `crm-kpi migrate up`, or make a view of this name"),
            ],
            &[
                "DROP VIEW teams",
                "CREATE VIEW teams AS SELECT CAST(id AS text) AS id, name, CAST(parent AS text) AS parent_id FROM other_teams",
                "ALTER TABLE costs ADD COLUMN channel text",
                "DROP VIEW sign_ins",
                "CREATE VIEW sign_ins AS SELECT * FROM own_sign_ins",
                "CREATE TABLE targets (id text, kpi_id text, rep_id text, team_id text, first_date date, last_date date, \
                 value text, currency text, dimension text, member text)",
            ],
        ),
    }
}

async fn everything_that_does_not_fit_is_told_at_once(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    sample::fill(&database.connection).await;
    assert_eq!(misfits(&database.connection).await, []);
    let (spoil, expected, repair) = spoilt(kind);
    for sql in spoil {
        run(&database.connection, sql).await;
    }
    let expected: Vec<_> = expected.into_iter().map(|(field, text)| (field.to_owned(), text.to_owned())).collect();
    assert_eq!(misfits(&database.connection).await, expected);

    let server = TestServer::start(database).await;
    let query = proto::KpiQuery {
        kpi_ids: vec!["won_value".into()],
        period: dates("2017-01-01", "2017-12-31"),
        ..Default::default()
    };
    let request = proto::QueryKpisRequest { query: Some(query.clone()), ..Default::default() };
    let status = server.client().query_kpis(request).await.unwrap_err();
    let refusal = Refusal::of(&status);
    assert_eq!((refusal.code, refusal.reason.as_str()), (Code::FailedPrecondition, "SCHEMA_NOT_READY"));
    assert!(refusal.message.contains("teams.id is integer, but must be text"), "{}", refusal.message);
    let details = status.get_error_details();
    let told = &details.precondition_failure().unwrap().violations;
    // A status has room for some; its last one says how many more there are.
    let more = told.last().and_then(|last| last.description.strip_prefix("and ")?.split(' ').next()?.parse().ok());
    let shown = &told[..told.len() - usize::from(more.is_some())];
    for (told, (field, description)) in shown.iter().zip(&expected) {
        assert_eq!((&told.r#type[..], &told.subject, &told.description), ("SCHEMA", field, description));
    }
    assert_eq!(shown.len() + more.unwrap_or(0), expected.len(), "{told:?}");
    assert!(shown.len() >= 4, "{told:?}");

    for sql in repair {
        run(&server.database.connection, sql).await;
    }
    assert_eq!(misfits(&server.database.connection).await, []);
    assert_eq!(server.query(query).await.rows.len(), 1, "ready without a restart");
}

async fn tables_of_somebody_else_are_left_alone(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    run(&database.connection, "CREATE TABLE teams (team varchar(10), goals integer)").await;
    run(&database.connection, "INSERT INTO teams VALUES ('ours', 3)").await;
    let error = prepare(&database.connection, None).await.unwrap_err();
    assert!(matches!(&error, PrepareError::Taken { tables, .. } if tables == &["teams"]), "{error:?}");
    let output = Command::new(env!("CARGO_BIN_EXE_crm-kpi"))
        .args(["migrate", "up", "--database", &database.url])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let advice = match kind {
        Kind::Postgres => "--set database_schema=crm_kpi",
        Kind::Sqlite => "Take another file",
    };
    assert!(said.contains("did not make: teams") && said.contains(advice), "{said}");
    assert_eq!(output.status.code(), Some(1));
    run(&database.connection, "SELECT goals FROM teams").await;
}

/// All is done in the schema that is set, beside tables of the same names.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schema_of_its_own() {
    let database = TestDatabase::empty(Kind::Postgres).await;
    run(&database.connection, "CREATE TABLE teams (team varchar(10), goals integer)").await;
    run(&database.connection, "CREATE TABLE orders (id text)").await;
    let migrate = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crm-kpi"));
        command.args(["migrate", "up", "--database", &database.url, "--set", "database_schema=crm-kpi"]);
        command.output().unwrap()
    };
    for output in [migrate(), migrate()] {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let url = settings(&database.url).database.with_schema("crm-kpi").unwrap();
    let own = connect(&url).await.unwrap();
    sample::fill(&own).await;
    let settings = crm_kpi::config::Settings { database: url, ..settings(&database.url) };
    let clock = Arc::new(FixedClock(crate::support::NOW.parse().unwrap()));
    let running = crm_kpi::server::start(&settings, clock).await.unwrap();
    let channel = crate::support::connect(&running).await;
    let server = TestServer { database, running, channel };
    let query = proto::KpiQuery {
        kpi_ids: vec!["order_count".into()],
        period: dates("2017-01-01", "2017-12-31"),
        ..Default::default()
    };
    let first = server.query(query.clone()).await;
    run(&own, "DELETE FROM orders").await;
    let second = server.query(query).await;
    assert_ne!(first.rows[0].values[0].value, second.rows[0].values[0].value);
    assert_eq!(second.rows[0].values[0].null_reason(), proto::NullReason::NoSource);
    assert!(!first.header.unwrap().data_version.is_empty());
    run(&server.database.connection, "SELECT goals FROM public.teams").await;
}

/// What the role may not read, and what it sees only a part of.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn grants_and_row_level_security() {
    let database = TestDatabase::migrated(Kind::Postgres).await;
    let role = format!("partial_{}", database.url.rsplit('/').next().unwrap());
    run(&database.connection, &format!("CREATE ROLE {role} LOGIN PASSWORD '{role}'")).await;
    run(&database.connection, &format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")).await;
    run(&database.connection, &format!("REVOKE SELECT ON targets, reps, crm_kpi_day_columns FROM {role}")).await;
    run(&database.connection, &format!("GRANT SELECT (id, name) ON reps TO {role}")).await;
    run(&database.connection, "ALTER TABLE orders ENABLE ROW LEVEL SECURITY").await;
    assert_eq!(look(&database.connection).await.unwrap(), Schema::default(), "the owner sees all");
    let (_, place) = database.url.split_once('@').unwrap();
    let url = format!("postgres://{role}:{role}@{place}").parse().unwrap();
    let limited = connect(&url).await.unwrap();
    let told = look(&limited).await.unwrap().unreadable;
    let told: Vec<_> = told.into_iter().map(|misfit| (misfit.field, misfit.description)).collect();
    let grant = |table: &str| format!("may not be read: GRANT SELECT ON {table} TO {role}");
    assert!(told.contains(&("targets".to_owned(), grant("targets"))), "{told:?}");
    assert!(told.contains(&("crm_kpi_day_columns".to_owned(), grant("crm_kpi_day_columns"))), "{told:?}");
    assert!(told.contains(&("reps.team_id".to_owned(), grant("reps"))), "{told:?}");
    assert!(told.iter().all(|(field, _)| field != "reps.name"), "{told:?}");
    run(&database.connection, &format!("GRANT SELECT ON targets, reps TO {role}")).await;
    assert_eq!(look(&limited).await.unwrap().hides_rows, ["orders"]);
    limited.close().await.unwrap();
    run(&database.connection, &format!("DROP OWNED BY {role}")).await;
    run(&database.connection, &format!("DROP ROLE {role}")).await;
}

/// The tables that the planner knows something about.
async fn analysed(db: &DatabaseConnection, kind: Kind) -> Vec<String> {
    let sql = match kind {
        Kind::Postgres => "SELECT DISTINCT tablename::text FROM pg_stats WHERE schemaname = 'public' ORDER BY 1",
        Kind::Sqlite => "SELECT DISTINCT tbl FROM sqlite_stat1 ORDER BY 1",
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

async fn whatever_fills_tables_has_them_analysed(kind: Kind) {
    let demo = TestDatabase::empty(kind).await;
    let options = synthetic::Options { reps: 4, years: 1, ..synthetic::Options::demo("2024-09-30".parse().unwrap()) };
    synthetic::fill(&demo.connection, &options, Progress::Silent).await.unwrap();
    let mut all: Vec<_> = crm::TABLE_NAMES.iter().map(|table| (*table).to_owned()).collect();
    all.sort();
    let known = |mut tables: Vec<String>| {
        tables.retain(|table| all.contains(table));
        tables
    };
    assert_eq!(known(analysed(&demo.connection, kind).await), all, "demo");

    let folder = tempfile::tempdir().unwrap();
    let export =
        canonical::ExportOptions { folder: folder.path().to_owned(), overwrite: false, progress: Progress::Silent };
    canonical::export(&demo.connection, &export).await.unwrap();
    let copy = TestDatabase::empty(kind).await;
    let options = Options { folder: folder.path().to_owned(), ..Options::default() };
    import(&copy.connection, &options).await.unwrap();
    assert_eq!(known(analysed(&copy.connection, kind).await), all, "import");
    assert_eq!(look(&copy.connection).await.unwrap(), Schema::default());

    let files = [
        ("reps.csv", crate::import::REPS_CSV),
        ("deals.csv", "id,owner,status,amount,created,closed\na,Ann,won,5,,2023-01-01\n"),
    ];
    let case = crate::import::Case::new(kind, crate::import::DEALS, &files).await;
    case.import().await.unwrap();
    assert_eq!(known(analysed(case.db(), kind).await), ["opportunities", "reps"], "mapping");
}

/// Rows that nothing has analysed, in a table and below a view.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_that_were_never_analysed_are_told() {
    let database = TestDatabase::migrated(Kind::Postgres).await;
    let db = &database.connection;
    for sql in [
        "ALTER TABLE orders RENAME TO own_orders",
        "CREATE VIEW orders AS SELECT * FROM own_orders",
        "ALTER TABLE own_orders SET (autovacuum_enabled = false)",
        "ALTER TABLE reps SET (autovacuum_enabled = false)",
        "INSERT INTO own_orders (id, currency, amount_minor, ordered_at) VALUES ('1', 'USD', 5, now())",
        "INSERT INTO reps (id, name) VALUES ('1', 'Ann')",
    ] {
        run(db, sql).await;
    }
    // The server counts rows with a delay of its own.
    let mut told = Vec::new();
    for _ in 0..600 {
        told = look(db).await.unwrap().never_analysed;
        if told.len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(told, ["own_orders", "reps"]);
    run(db, "ANALYZE own_orders, reps").await;
    assert_eq!(look(db).await.unwrap().never_analysed, [""; 0]);
}
