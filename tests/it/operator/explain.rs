//! `crm-kpi explain` on a database: each statement is one that it can run.

use super::command::run;
use crate::support::{Kind, TestDatabase, on_every_database};

on_every_database!(plans_are_printed_of_every_statement);

async fn plans_are_printed_of_every_statement(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let url = database.url.as_str();
    let question =
        "explain total_sales win_rate churn_rate cost_per_lead pipeline_value --period 2025 --grain month --by region";
    let asked: Vec<&str> = question.split(' ').collect();
    let said = run(&[asked.clone(), vec!["--plan", "--database", url]].concat(), &[]).await;
    assert_eq!(said.code, Some(0), "{}", said.all());
    let plans = said.stdout.lines().filter(|line| match kind {
        Kind::Sqlite => line.starts_with("--   SCAN ") || line.starts_with("--   SEARCH "),
        Kind::Postgres => line.starts_with("--   ") && line.contains("(cost=") && !line.contains("->"),
    });
    let statements = said.stdout.lines().filter(|line| line.starts_with("SELECT") || line.starts_with("WITH")).count();
    assert!(statements > 4 && plans.count() >= statements, "{}", said.stdout);

    // The same SQL without asking the database, and without one.
    let sql = |text: &str| text.lines().filter(|line| !line.starts_with("--   ")).collect::<Vec<_>>().join("\n");
    let dialect = match kind {
        Kind::Sqlite => "sqlite",
        Kind::Postgres => "postgres",
    };
    let alone = run(&[asked, vec!["--dialect", dialect, "--database", "sqlite://nowhere/none.db"]].concat(), &[]).await;
    assert_eq!((alone.code, sql(&alone.stdout)), (Some(0), sql(&said.stdout)), "{}", alone.stderr);
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_told() {
    let said = run(&["explain", "win_rates", "--period", "2025", "--by", "planet"], &[]).await;
    assert_eq!(said.code, Some(1), "{}", said.all());
    for part in ["query.kpi_ids[0]", "query.group_by[0]", "win_rate", "crm-kpi catalog"] {
        assert!(said.stderr.contains(part), "{part}: {}", said.stderr);
    }
}
