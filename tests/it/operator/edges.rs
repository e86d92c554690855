//! Databases that are not as usual, and what commands say of them.

use super::causes::Postgres;
use super::command::{Served, run};
use crate::support::{Kind, TestDatabase, sample};
use chrono::Utc;
use sea_orm::{ConnectionTrait, Statement};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_only_read_is_served() {
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    sample::fill(&database.connection).await;
    database.connection.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    for parameters in ["mode=ro", "immutable=1", "mode=ro&immutable=1"] {
        let url = format!("{}?{parameters}", database.url);
        let served = Served::start(&url, &[]).await;
        served.readiness(200, "ready").await;
        let endpoint = format!("http://{}", served.address);
        let said = run(&["query", "won_value", "--period", "2017", "--endpoint", &endpoint], &[]).await;
        assert_eq!(said.code, Some(0), "{parameters}: {said:?} {}", served.log());
    }
    let said = run(&["migrate", "down", "--database", &format!("{}?mode=ro", database.url)], &[]).await;
    assert!(said.code == Some(1) && said.stderr.contains("cannot be written"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_schema_is_told() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = TestDatabase::migrated(kind).await;
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_later', 0)";
        database.connection.execute_unprepared(newer).await.unwrap();
        let served = Served::start(&database.url, &[]).await;
        let body = served.readiness(200, "newer version of crm-kpi").await;
        assert!(body.starts_with("ready\n") && body.contains("m29990101_000001_later"), "{body}");
        assert!(served.log().contains("newer version of crm-kpi"), "{}", served.log());
        for action in ["status", "up", "down"] {
            let said = run(&["migrate", action, "--database", &database.url], &[]).await;
            assert_eq!((said.code, said.stdout.as_str()), (Some(1), ""), "{said:?}");
            assert!(
                said.stderr.contains("newer version") && said.stderr.contains("m29990101_000001_later"),
                "{said:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_of_connections_below_the_pool_is_told() {
    let postgres = Postgres::new().await;
    let few = postgres.role("few", "CONNECTION LIMIT 8").await;
    postgres.grant(&few).await;
    let served = Served::start(&few, &[]).await;
    let body = served.readiness(200, "allows 8 connections").await;
    assert!(body.contains("may open 13") && body.contains("pool.connections"), "{body}");
    assert!(served.log().contains("CONNECTION LIMIT"), "{}", served.log());
    let served = Served::start(&few, &["pool.connections=5"]).await;
    let body = served.readiness(200, "ready").await;
    assert!(!body.contains("connections"), "{body}");
}

#[tokio::test]
async fn a_fresh_demo_lies_in_the_past() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("demo.db").display());
    let mut served = Served::run(&["demo", "--database", &url, "--reps", "2", "--years", "1"], &[]).await;
    let ready = served.first_line().await;
    assert!(ready.starts_with("crm-kpi is ready: demo data in sqlite://"), "{ready}");
    let connection = crm_kpi::database::connect_existing(&url.parse().unwrap()).await.unwrap();
    let now = Utc::now().format("%Y-%m-%d %H:%M:%S").to_string();
    for column in [
        "opportunities.closed_at",
        "opportunities.created_at",
        "leads.created_at",
        "orders.ordered_at",
        "activities.occurred_at",
    ] {
        let (table, column) = column.split_once('.').unwrap();
        let sql = format!("SELECT count(*) AS later FROM {table} WHERE {column} > '{now}'");
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let row = connection.query_one_raw(statement).await.unwrap().unwrap();
        assert_eq!(row.try_get::<i64>("", "later").unwrap(), 0, "{table}.{column}");
    }
}

#[tokio::test]
async fn help_names_the_file_that_is_taken() {
    for (command, file) in [("demo", "crm-kpi-demo.db"), ("generate", "crm-kpi-generated.db"), ("serve", "crm-kpi.db")]
    {
        let said = run(&[command, "--help"], &[]).await;
        assert!(said.stdout.contains(&format!("sqlite://{file}]")), "{said:?}");
        assert_eq!(said.stdout.matches("[default: sqlite://").count(), 1, "{said:?}");
    }
}
