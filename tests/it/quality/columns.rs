//! Columns that nobody fills: told once, not record by record.

use super::data::{one_more, reset, run};
use super::{Inspection, inspect, key, only};
use crate::support::{Kind, TestDatabase, on_every_database};
use crm_kpi::quality::Finding;
use crm_kpi::scope::Scope;
use sea_orm::DatabaseConnection;

on_every_database!(
    a_column_that_nobody_fills_is_one_finding,
    one_record_is_named,
    one_record_with_it_is_enough,
    only_records_in_the_scope_decide,
    filters_choose_what_is_told,
    a_column_counts_as_one,
);

/// What leaves a column empty in all records, and how many of them should have it.
const NEVER: [(&str, &str, &str, &str, u64); 10] = [
    ("missing_account", "opportunities", "account_id", "UPDATE opportunities SET account_id = NULL", 3),
    ("missing_account", "opportunities", "account_id", "UPDATE opportunities SET account_id = ''", 3),
    (
        "missing_source",
        "leads",
        "source_id",
        "UPDATE leads SET source_id = NULL WHERE id <> 'l1'; UPDATE leads SET source_id = '' WHERE id = 'l1'",
        4,
    ),
    ("missing_owner", "leads", "rep_id", "UPDATE leads SET rep_id = NULL", 4),
    ("missing_team", "reps", "team_id", "UPDATE reps SET team_id = NULL", 2),
    (
        "lost_without_reason",
        "opportunities",
        "loss_reason",
        "UPDATE opportunities SET status = 'lost', loss_reason = NULL WHERE id <> 'd1'",
        2,
    ),
    ("closed_without_time", "opportunities", "closed_at", "UPDATE opportunities SET closed_at = NULL", 2),
    (
        "won_without_amount",
        "opportunities",
        "amount_minor",
        "UPDATE opportunities SET amount_minor = NULL, status = 'won' WHERE id <> 'd3'",
        2,
    ),
    ("amount_without_currency", "subscriptions", "currency", "UPDATE subscriptions SET currency = ''", 3),
    ("unknown_word", "leads", "status", "UPDATE leads SET status = ''", 4),
];

async fn good(kind: Kind) -> TestDatabase {
    let database = TestDatabase::migrated(kind).await;
    reset(&database.connection).await;
    database
}

/// What an inspection of one rule lists, and how many findings it counts.
async fn told(db: &DatabaseConnection, inspection: &Inspection) -> (Vec<Finding>, u64) {
    inspect(db, inspection).await.unwrap().into_values().next().unwrap_or_default()
}

/// Findings in short: the key, or how many records stand for a column.
async fn short(db: &DatabaseConnection, inspection: &Inspection) -> Vec<String> {
    let short = |finding: &Finding| match finding.never_filled {
        true => format!("{}: {} records", finding.field, finding.records),
        false => format!("{} {}", key(finding), finding.rep),
    };
    told(db, inspection).await.0.iter().map(short).collect()
}

async fn a_column_that_nobody_fills_is_one_finding(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    for (rule, table, field, empty, records) in NEVER {
        reset(&database.connection).await;
        run(&database.connection, empty).await;
        let expected = Finding {
            table,
            key: vec![],
            rep: String::new(),
            rep_label: String::new(),
            field,
            found: None,
            expected: format!("set: no record has it, and {records} should"),
            records,
            never_filled: true,
        };
        assert_eq!(told(&database.connection, &only(rule)).await, (vec![expected], 1), "{empty}");
    }
}

async fn one_record_is_named(kind: Kind) {
    let database = good(kind).await;
    let db = &database.connection;
    // The only order there is, and the only deal of three that is lost.
    run(db, "UPDATE orders SET account_id = NULL; UPDATE opportunities SET loss_reason = NULL").await;
    assert_eq!(short(db, &only("missing_account")).await, ["o1 r1"]);
    assert_eq!(short(db, &only("lost_without_reason")).await, ["d3 r2"]);
}

async fn one_record_with_it_is_enough(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    for (rule, table, field, empty, records) in NEVER {
        if ["closed_at", "amount_minor", "status"].contains(&field) {
            continue;
        }
        reset(db).await;
        let (copy, others) = one_more(table, field);
        let fill = format!("UPDATE {table} SET {field} = 'x' WHERE NOT ({others})");
        run(db, &format!("{copy}; {empty}; {fill}")).await;
        let (findings, count) = told(db, &only(rule)).await;
        assert_eq!(count, records, "{empty}");
        assert!(findings.iter().all(|finding| !finding.key.is_empty() && !finding.never_filled), "{findings:#?}");
    }
}

async fn only_records_in_the_scope_decide(kind: Kind) {
    let database = good(kind).await;
    let db = &database.connection;
    // Of r1 one deal, with a source; of r2 two, without.
    run(db, "UPDATE opportunities SET source_id = NULL WHERE rep_id = 'r2'").await;
    let within = |scope| Inspection { scope, ..only("missing_source") };
    assert_eq!(short(db, &within(Scope::All)).await, ["d2 r2", "d3 r2"]);
    assert_eq!(short(db, &within(Scope::reps(["r1", "r2"]))).await, ["d2 r2", "d3 r2"]);
    assert_eq!(short(db, &within(Scope::teams(["t1"]))).await, ["d2 r2", "d3 r2"]);
    assert_eq!(short(db, &within(Scope::reps(["r2"]))).await, ["source_id: 2 records"]);
    assert_eq!(short(db, &within(Scope::reps(["r1"]))).await, [""; 0]);
    assert_eq!(short(db, &within(Scope::reps([""; 0]))).await, [""; 0]);

    // Nobody's deal has a source: whoever sees nothing of nobody is not told.
    run(db, "INSERT INTO opportunities (id, status, source_id) VALUES ('d4', 'open', 's1')").await;
    run(db, "UPDATE opportunities SET source_id = NULL WHERE id = 'd1'").await;
    assert_eq!(short(db, &within(Scope::All)).await, ["d1 r1", "d2 r2", "d3 r2"]);
    assert_eq!(short(db, &within(Scope::teams(["t1"]))).await, ["source_id: 3 records"]);
    // Reps are in their own scope.
    let teams = |scope| Inspection { scope, ..only("missing_team") };
    run(db, "UPDATE reps SET team_id = NULL WHERE id = 'r1'; INSERT INTO reps (id, name) VALUES ('r3', 'Rep 3')").await;
    assert_eq!(short(db, &teams(Scope::All)).await, ["r1 r1", "r3 r3"]);
    assert_eq!(short(db, &teams(Scope::reps(["r1", "r3"]))).await, ["team_id: 2 records"]);
}

async fn filters_choose_what_is_told(kind: Kind) {
    let database = good(kind).await;
    let db = &database.connection;
    let by = |reps: &[&str], teams: &[&str]| Inspection {
        reps: reps.iter().map(ToString::to_string).collect(),
        teams: teams.iter().map(ToString::to_string).collect(),
        ..only("missing_source")
    };
    run(db, "UPDATE opportunities SET source_id = NULL WHERE rep_id = 'r2'").await;
    // None of r2's deals has a source, but another's has: it is r2 who does not fill it.
    assert_eq!(short(db, &by(&["r2"], &[])).await, ["d2 r2", "d3 r2"]);
    run(db, "UPDATE opportunities SET source_id = NULL").await;
    assert_eq!(short(db, &by(&["r2"], &[])).await, ["source_id: 2 records"]);
    assert_eq!(short(db, &by(&[], &["t1"])).await, ["source_id: 3 records"]);
    // One record: it is named.
    assert_eq!(short(db, &by(&["r1"], &[])).await, ["d1 r1"]);
    assert_eq!(short(db, &by(&[], &["t2"])).await, ["d1 r1"]);
    assert_eq!(short(db, &by(&[""], &[])).await, [""; 0]);
}

/// In counts and in lists.
async fn a_column_counts_as_one(kind: Kind) {
    let database = good(kind).await;
    let db = &database.connection;
    run(db, "UPDATE opportunities SET source_id = NULL; UPDATE orders SET source_id = NULL").await;
    let (copy, others) = one_more("leads", "source_id");
    run(db, &format!("{copy}; UPDATE leads SET source_id = NULL WHERE {others}")).await;
    let all = ["l1 r1", "l2 r2", "l3 r2", "l4 r2", "source_id: 3 records", "o1 r1"];
    assert_eq!(told(db, &only("missing_source")).await.1, 6);
    for max_records in 1..=7 {
        let inspection = Inspection { max_records, ..only("missing_source") };
        assert_eq!(short(db, &inspection).await, all[..all.len().min(max_records as usize)]);
        assert_eq!(told(db, &inspection).await.1, 6);
    }
}
