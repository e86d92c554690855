//! Every rule: nothing among good records, and exactly the fault that is planted.

use super::cases::CASES;
use super::data::{one_more, reset, run};
use super::{Inspection, everything, inspect, key, only};
use crate::support::{Kind, TestDatabase, on_every_database};
use crm_kpi::import::Progress;
use crm_kpi::quality::{Finding, Rule, Severity};
use crm_kpi::synthetic::{Options, fill};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use std::collections::BTreeSet;

on_every_database!(
    good_records_break_no_rule,
    an_empty_database_breaks_no_rule,
    a_planted_fault_is_found,
    every_reference_to_nothing_is_found,
    everything_missing_is_found,
    other_words_are_found,
    currencies_are_checked,
    rates_must_be_there_in_time,
    counts_are_complete_where_lists_are_not,
    the_demo_has_no_errors,
);

/// Rules whose cases are made from the tables and fields that they are about.
const BY_FIELD: [&str; 10] = [
    "reference_to_nothing",
    "missing_owner",
    "missing_account",
    "missing_source",
    "amount_without_currency",
    "unknown_currency",
    "currency_without_rate",
    "unknown_word",
    // In spellings.rs.
    "spelling_differs",
    // In tests/it/far/times.rs.
    "time_out_of_range",
];

#[test]
fn every_field_of_every_rule_has_a_case() {
    let covered: BTreeSet<_> =
        CASES.iter().flat_map(|case| case.finds.iter().map(|record| (case.rule, record.0, record.3))).collect();
    let cases: BTreeSet<_> = CASES.iter().map(|case| case.rule).collect();
    for rule in Rule::all() {
        if BY_FIELD.contains(&rule.id) {
            continue;
        }
        assert!(cases.contains(rule.id), "{} has no case", rule.id);
        for (table, field) in rule.fields() {
            assert!(covered.contains(&(rule.id, table, field)), "{} has no case for {table}.{field}", rule.id);
        }
    }
}

#[test]
fn rules_have_ids_of_their_own() {
    let ids: BTreeSet<_> = Rule::all().iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), Rule::all().len());
    for rule in Rule::all() {
        assert!(rule.id.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}", rule.id);
        assert!(rule.law.ends_with('.') && !rule.law.contains("  "), "{}", rule.law);
    }
}

async fn good(kind: Kind) -> TestDatabase {
    let database = TestDatabase::migrated(kind).await;
    reset(&database.connection).await;
    database
}

async fn good_records_break_no_rule(kind: Kind) {
    let database = good(kind).await;
    let report = inspect(&database.connection, &everything()).await.unwrap();
    assert!(report.is_empty(), "{report:#?}");
}

async fn an_empty_database_breaks_no_rule(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let report = inspect(&database.connection, &everything()).await.unwrap();
    assert!(report.is_empty(), "{report:#?}");
}

async fn a_planted_fault_is_found(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    for case in CASES {
        reset(db).await;
        run(db, case.plant).await;
        let (findings, count) = findings(db, &only(case.rule)).await;
        let found: Vec<_> = findings
            .iter()
            .map(|f| (f.table, key(f), f.rep.as_str(), f.field, f.found.as_deref(), f.expected.as_str()))
            .collect();
        let expected = case
            .finds
            .iter()
            .map(|&(table, key, rep, field, found, expected)| (table, key.to_owned(), rep, field, found, expected));
        assert_eq!(found, expected.collect::<Vec<_>>(), "{}: {}", case.rule, case.plant);
        assert_eq!(count, case.finds.len() as u64);
        for finding in findings.iter().filter(|finding| !finding.rep.is_empty()) {
            assert_eq!(finding.rep_label, finding.rep.replace('r', "Rep "));
        }
    }
}

async fn findings(db: &DatabaseConnection, inspection: &Inspection) -> (Vec<Finding>, u64) {
    inspect(db, inspection).await.unwrap().into_values().next().unwrap_or_default()
}

async fn count(db: &DatabaseConnection, sql: &str) -> u64 {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await.unwrap_or_else(|error| panic!("{error}: {sql}")).unwrap();
    row.try_get_by_index::<i64>(0).unwrap().unsigned_abs()
}

/// Changes a field of all records of a table but a copy of one that has it, and checks that all of those that `touched`
/// tells are found by it.
async fn all_are_found(
    db: &DatabaseConnection,
    rule: &str,
    field: (&str, &str),
    value: &str,
    touched: &str,
    is_good: impl Fn(&Finding) -> bool,
) {
    let (table, field) = field;
    reset(db).await;
    let (copy, others) = one_more(table, field);
    run(db, &format!("{copy}; UPDATE {table} SET {field} = {value} WHERE {others}")).await;
    let (findings, total) = findings(db, &only(rule)).await;
    let of_field: Vec<_> = findings.iter().filter(|f| f.table == table && f.field == field).collect();
    let expected = count(db, &format!("SELECT COUNT(*) FROM {table} WHERE {others} AND {touched}")).await;
    assert!(expected > 0, "{table} has rows");
    assert_eq!((of_field.len() as u64, total), (expected, expected), "{rule} of {table}.{field}: {findings:#?}");
    let bad = of_field.iter().find(|finding| !is_good(finding));
    assert!(bad.is_none(), "{rule} of {table}.{field}: {bad:#?}");
}

fn fields(rule: &str) -> Vec<(&'static str, &'static str)> {
    Rule::find(rule).unwrap().fields().collect()
}

async fn every_reference_to_nothing_is_found(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let fields = fields("reference_to_nothing");
    assert!(fields.len() > 60, "{}", fields.len());
    for (table, field) in fields {
        let value = format!("COALESCE({field}, '') || '-nowhere'");
        let is_good = |finding: &Finding| {
            finding.found.as_deref().is_some_and(|found| found.ends_with("-nowhere"))
                && finding.expected.starts_with("the id of a record of ")
        };
        all_are_found(&database.connection, "reference_to_nothing", (table, field), &value, "1 = 1", is_good).await;
    }
}

async fn everything_missing_is_found(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    for rule in ["missing_owner", "missing_account", "missing_source"] {
        for field in fields(rule) {
            for (value, found) in [("NULL", None), ("''", Some(""))] {
                let is_good = |finding: &Finding| finding.found.as_deref() == found && finding.expected == "set";
                all_are_found(&database.connection, rule, field, value, "1 = 1", is_good).await;
            }
        }
    }
}

async fn other_words_are_found(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    for (table, field) in fields("unknown_word") {
        let is_good =
            |finding: &Finding| finding.found.as_deref() == Some("Won") && finding.expected.starts_with("one of ");
        let is_set = format!("{field} IS NOT NULL");
        all_are_found(&database.connection, "unknown_word", (table, field), "'Won'", &is_set, is_good).await;
    }
}

async fn currencies_are_checked(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    let is_good = |found: &'static str, expected: &'static str| {
        move |finding: &Finding| finding.found.as_deref() == Some(found) && finding.expected == expected
    };
    for field in ["currency", "quote_currency"] {
        let code = is_good("usd", "a code of ISO 4217");
        all_are_found(db, "unknown_currency", ("exchange_rates", field), "'usd'", "1 = 1", code).await;
    }
    for (table, field) in fields("amount_without_currency") {
        let has_amount = match table {
            "opportunities" => "amount_minor IS NOT NULL",
            "products" => "list_price_minor IS NOT NULL",
            "targets" => "kpi_id <> 'win_rate'",
            _ => "1 = 1",
        };
        let field = (table, field);
        all_are_found(db, "amount_without_currency", field, "''", has_amount, is_good("", "set")).await;
        let code = is_good("usd", "a code of ISO 4217");
        all_are_found(db, "unknown_currency", field, "'usd'", "1 = 1", code).await;
        let by = match table {
            "opportunities" => " by created_at",
            "orders" => " by ordered_at",
            "costs" => " by starts_at",
            "subscriptions" => " by started_at",
            "mrr_movements" => " by moved_at",
            "targets" => " by first_date",
            _ => "",
        };
        let expected = format!("USD, or a currency with a rate{by}");
        let rate = |finding: &Finding| finding.found.as_deref() == Some("EUR") && finding.expected == expected;
        all_are_found(db, "currency_without_rate", field, "'EUR'", has_amount, rate).await;
    }
    reset(db).await;
    run(db, "UPDATE orders SET currency = 'EUR'").await;
    let euro = Inspection { currency: iso_currency::Currency::EUR, ..only("currency_without_rate") };
    let (findings, _) = findings(db, &euro).await;
    assert!(!findings.is_empty() && findings.iter().all(|finding| finding.table != "orders"), "{findings:#?}");
}

/// Of everything in euros, what an exchange rate comes too late for.
async fn rates_must_be_there_in_time(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    let tables = ["opportunities", "orders", "products", "costs", "subscriptions", "mrr_movements", "targets"];
    let all: Vec<_> = tables.map(|table| format!("UPDATE {table} SET currency = 'EUR';")).into();
    let all = format!(
        "{} UPDATE orders SET ordered_at = '2024-02-29T23:59:59.999+00:00'; UPDATE opportunities SET created_at = NULL",
        all.concat()
    );
    let from_january = ["costs k1", "mrr_movements m1 1", "mrr_movements m2 1"];
    let subscriptions = ["subscriptions m1", "subscriptions m2", "subscriptions m3"];
    let targets = ["targets q1", "targets q3", "targets q4", "targets q5", "targets q7"];
    let always = [&from_january[..], &subscriptions, &targets].concat();
    for (rate, more) in [
        ("('EUR', 'USD', '2024-03-01', '1.1')", vec!["mrr_movements m1 2", "orders o1", "targets q2"]),
        ("('USD', 'EUR', '2024-02-29', '0.9')", vec!["mrr_movements m1 2", "targets q2"]),
        ("('EUR', 'GBP', '2024-02-01', '0.8')", vec![]),
    ] {
        reset(db).await;
        let insert = "INSERT INTO exchange_rates (currency, quote_currency, valid_from, rate) VALUES";
        run(db, &format!("{insert} {rate}; {all}")).await;
        let found = async || {
            let (findings, _) = findings(db, &only("currency_without_rate")).await;
            findings.iter().map(|finding| format!("{} {}", finding.table, key(finding))).collect::<BTreeSet<_>>()
        };
        let late = always.iter().chain(&more).map(|record| (*record).to_owned()).collect();
        assert_eq!(found().await, late, "{rate}");
        run(db, &format!("{insert} ('AUD', 'EUR', '2024-01-01', '0.6')")).await;
        assert_eq!(found().await, BTreeSet::new());
    }
}

async fn counts_are_complete_where_lists_are_not(kind: Kind) {
    let database = good(kind).await;
    let db = &database.connection;
    for table in ["opportunities", "orders", "leads"] {
        let (copy, others) = one_more(table, "rep_id");
        run(db, &format!("{copy}; UPDATE {table} SET rep_id = NULL WHERE {others}")).await;
    }
    let (all, total) = findings(db, &only("missing_owner")).await;
    assert_eq!((all.len(), total), (8, 8));
    for max_records in 1..=9 {
        let (listed, count) = findings(db, &Inspection { max_records, ..only("missing_owner") }).await;
        assert_eq!((&listed[..], count), (&all[..all.len().min(max_records as usize)], 8));
    }
}

async fn the_demo_has_no_errors(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let options = Options { reps: 6, years: 2, ..Options::demo("2024-12-30".parse().unwrap()) };
    fill(&database.connection, &options, Progress::Silent).await.unwrap();
    let report = inspect(&database.connection, &everything()).await.unwrap();
    for (rule, (findings, count)) in &report {
        println!("{kind:?}: {rule} {count}, such as {:?}", findings[0]);
        assert_ne!(Rule::find(rule).unwrap().severity, Severity::Error, "{rule}: {count}, {:#?}", findings[0]);
    }
}
