//! Texts to group by that are spelled in several ways: each told once, with its spellings.

use super::data::{one_more, reset, run};
use super::{Inspection, inspect_all, only};
use crate::support::{Kind, TestDatabase, on_every_database};
use crm_kpi::quality::{Finding, Rule};
use crm_kpi::scope::Scope;
use sea_orm::DatabaseConnection;

on_every_database!(
    spellings_are_one_text,
    every_text_to_group_by_is_checked,
    spellings_are_compared_within_a_scope,
    filters_choose_texts,
    texts_are_counted_and_listed,
    many_spellings_are_named_in_part,
);

/// Some columns of free text to group by, and names that are shown for what is grouped by.
const FIELDS: [(&str, &[&str]); 16] = [
    ("teams", &["name"]),
    ("reps", &["segment", "region"]),
    ("accounts", &["segment", "region", "industry", "country"]),
    ("sources", &["name"]),
    ("products", &["name"]),
    ("stages", &["name"]),
    ("opportunities", &["loss_reason"]),
    ("customer_tenures", &["end_reason"]),
    ("leads", &["segment", "region", "industry", "country"]),
    ("campaigns", &["name", "channel", "segment", "region", "industry", "country"]),
    ("costs", &["channel", "segment", "region", "industry", "country"]),
    ("web_sessions", &["segment", "region", "industry", "country"]),
    ("mailing_list_subscriptions", &["segment", "region", "industry", "country"]),
    ("social_profile_snapshots", &["network"]),
    ("social_posts", &["network"]),
    ("service_cases", &["channel"]),
];

/// Spellings of accounts' segments, in this order; and how they are told, if they are of one text.
const SPELLINGS: [(&[&str], Option<&str>); 15] = [
    (&["SMB", "smb", "SMB"], Some(r#""SMB" (2), "smb" (1)"#)),
    (&["smb", "SMB", "Smb"], Some(r#""SMB" (1), "Smb" (1), "smb" (1)"#)),
    (&["Mid Market", " Mid  Market ", "MidMarket"], Some(r#"" Mid  Market " (1), "Mid Market" (1), "MidMarket" (1)"#)),
    (&["Mid\u{a0}Market", "Mid\tMarket"], Some(r#""Mid\u{9}Market" (1), "Mid\u{a0}Market" (1)"#)),
    (&["Малый бизнес", "МАЛЫЙ БИЗНЕС"], Some(r#""МАЛЫЙ БИЗНЕС" (1), "Малый бизнес" (1)"#)),
    (&["Café", "CAFÉ"], Some(r#""CAFÉ" (1), "Café" (1)"#)),
    // Arabic ي and ك, Persian ی and ک.
    (&["بازرگاني", "بازرگانی"], Some("\"بازرگاني\" (1), \"بازرگانی\" (1)")),
    (&["كوچک", "کوچک", "کوچك"], Some("\"كوچک\" (1), \"کوچك\" (1), \"کوچک\" (1)")),
    (&["منطقه ۱", "منطقه ١", "منطقه 1"], Some("\"منطقه 1\" (1), \"منطقه ١\" (1), \"منطقه ۱\" (1)")),
    // With a zero-width non-joiner, a blank, and neither.
    (
        &["خرده\u{200c}فروشی", "خرده فروشی", "خردهفروشی"],
        Some("\"خرده فروشی\" (1), \"خردهفروشی\" (1), \"خرده\\u{200c}فروشی\" (1)"),
    ),
    (&["مُحَلّی", "محلی"], Some("\"محلی\" (1), \"مُحَلّی\" (1)")),
    (&["SMB", "SMB", "SMB"], None),
    (&["Mid-Market", "MidMarket", "Enterprise", "Cafe", "Café"], None),
    (&["Retail", "Retail Inc.", "Retail Co"], None),
    (&["", " ", "\u{200c}", "\u{a0}"], None),
];

/// Findings as they are told of a rule, and what is counted of all.
async fn told(db: &DatabaseConnection, inspection: &Inspection) -> (Vec<Finding>, u64, (u64, bool, u64)) {
    let (report, whole) = inspect_all(db, inspection).await.unwrap();
    let (findings, count) = report.into_values().next().unwrap_or_default();
    (findings, count, whole)
}

fn rule() -> Inspection {
    only("spelling_differs")
}

/// Accounts of a rep with these segments.
async fn add(db: &DatabaseConnection, rep: &str, segments: &[&str]) {
    for (number, segment) in segments.iter().enumerate() {
        let insert = "INSERT INTO accounts (id, name, rep_id, segment) VALUES";
        run(db, &format!("{insert} ('{rep}-{number}', '', '{rep}', '{segment}')")).await;
    }
}

async fn spellings_are_one_text(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    for (segments, expected) in SPELLINGS {
        reset(&database.connection).await;
        add(&database.connection, "r1", segments).await;
        let (findings, count, whole) = told(&database.connection, &rule()).await;
        let found: Vec<_> = findings.iter().map(|finding| finding.found.as_deref().unwrap()).collect();
        assert_eq!(found, expected.as_slice(), "{segments:?}");
        assert_eq!((count, whole), (found.len() as u64, (0, false, found.len() as u64)));
        for finding in findings {
            assert_eq!(finding.records, segments.len() as u64);
        }
    }
    reset(&database.connection).await;
    add(&database.connection, "r1", &["SMB", "smb", "SMB"]).await;
    let expected = Finding {
        table: "accounts",
        key: vec![],
        rep: String::new(),
        rep_label: String::new(),
        field: "segment",
        found: Some(r#""SMB" (2), "smb" (1)"#.into()),
        expected: r#"one spelling, such as "SMB""#.into(),
        records: 3,
        never_filled: false,
    };
    assert_eq!(told(&database.connection, &rule()).await.0, [expected]);
}

async fn every_text_to_group_by_is_checked(kind: Kind) {
    let of_rule: Vec<_> = Rule::find("spelling_differs").unwrap().fields().collect();
    for field in FIELDS.iter().flat_map(|(table, fields)| fields.iter().map(move |field| (*table, *field))) {
        assert!(of_rule.contains(&field), "{field:?}");
    }
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    for (table, field) in of_rule {
        reset(db).await;
        run(db, &format!("UPDATE {table} SET {field} = 'Mid Market'")).await;
        let (copy, others) = one_more(table, field);
        run(db, &format!("{copy}; UPDATE {table} SET {field} = 'mid market' WHERE NOT ({others})")).await;
        let (findings, ..) = told(db, &rule()).await;
        let found: Vec<_> = findings.iter().map(|finding| (finding.table, finding.field)).collect();
        assert_eq!(found, [(table, field)]);
        let text = format!(r#""Mid Market" ({}), "mid market" (1)"#, findings[0].records - 1);
        assert_eq!(findings[0].found.as_deref(), Some(text.as_str()));
    }
}

async fn spellings_are_compared_within_a_scope(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    reset(db).await;
    add(db, "r1", &["SMB", "SMB", "Big", "big"]).await;
    add(db, "r2", &["smb", "BIG"]).await;
    run(db, "INSERT INTO sources (id, name) VALUES ('s2', 'FAIR')").await;
    let within = async |scope| {
        let findings = told(db, &Inspection { scope, ..rule() }).await.0;
        findings.into_iter().map(|finding| finding.found.unwrap()).collect::<Vec<_>>()
    };
    let accounts = [r#""BIG" (1), "Big" (1), "big" (1)"#, r#""SMB" (2), "smb" (1)"#];
    let sources = r#""FAIR" (1), "Fair" (1)"#;
    assert_eq!(within(Scope::All).await, [&accounts[..], &[sources]].concat());
    // Sources are credited to nobody.
    assert_eq!(within(Scope::reps(["r1", "r2"])).await, accounts);
    assert_eq!(within(Scope::teams(["t1"])).await, accounts);
    assert_eq!(within(Scope::teams(["t2"])).await, [r#""Big" (1), "big" (1)"#]);
    assert_eq!(within(Scope::reps(["r1"])).await, [r#""Big" (1), "big" (1)"#]);
    assert_eq!(within(Scope::reps(["r2"])).await, [""; 0]);
    assert_eq!(within(Scope::reps([""; 0])).await, [""; 0]);
}

/// Whoever has one of the spellings is told of all.
async fn filters_choose_texts(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    reset(db).await;
    add(db, "r1", &["SMB", "SMB", "Big", "big"]).await;
    add(db, "r2", &["smb", "Small"]).await;
    run(db, "INSERT INTO sources (id, name) VALUES ('s2', 'FAIR')").await;
    let told = async |reps: &[&str], teams: &[&str]| {
        let ids = |ids: &[&str]| ids.iter().map(ToString::to_string).collect();
        let findings = told(db, &Inspection { reps: ids(reps), teams: ids(teams), ..rule() }).await.0;
        findings.into_iter().map(|finding| finding.found.unwrap()).collect::<Vec<_>>()
    };
    let [big, smb, fair] = [r#""Big" (1), "big" (1)"#, r#""SMB" (2), "smb" (1)"#, r#""FAIR" (1), "Fair" (1)"#];
    assert_eq!(told(&[], &[]).await, [big, smb, fair]);
    assert_eq!(told(&["r1"], &[]).await, [big, smb]);
    assert_eq!(told(&["r2"], &[]).await, [smb]);
    assert_eq!(told(&[""], &[]).await, [fair]);
    assert_eq!(told(&[], &["t1"]).await, [big, smb]);
    assert_eq!(told(&["r2"], &["t2"]).await, [""; 0]);
    assert_eq!(told(&["r9"], &[]).await, [""; 0]);
}

async fn texts_are_counted_and_listed(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    reset(db).await;
    add(db, "r1", &["A", "a", "B", "b", "C", "c"]).await;
    run(db, "INSERT INTO sources (id, name) VALUES ('s2', 'FAIR'); UPDATE leads SET region = 'N'").await;
    run(db, "UPDATE leads SET region = 'n' WHERE id = 'l1'").await;
    let (all, count, whole) = told(db, &rule()).await;
    let found: Vec<_> = all.iter().map(|finding| finding.found.as_deref().unwrap()).collect();
    let expected = [
        r#""A" (1), "a" (1)"#,
        r#""B" (1), "b" (1)"#,
        r#""C" (1), "c" (1)"#,
        r#""FAIR" (1), "Fair" (1)"#,
        r#""N" (3), "n" (1)"#,
    ];
    assert_eq!((&found[..], count, whole), (&expected[..], 5, (0, false, 5)));
    for max_records in 1..=6 {
        let (listed, count, whole) = told(db, &Inspection { max_records, ..rule() }).await;
        assert_eq!((&listed[..], count, whole), (&all[..all.len().min(max_records as usize)], 5, (0, false, 5)));
    }
}

async fn many_spellings_are_named_in_part(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    reset(db).await;
    // Every way to write four letters large or small, and the first one twice.
    let spellings: Vec<String> = (0..16u32)
        .map(|way| {
            "abcd"
                .chars()
                .zip(0..)
                .map(|(letter, bit)| if way >> bit & 1 == 0 { letter } else { letter.to_ascii_uppercase() })
                .collect()
        })
        .collect();
    add(db, "r1", &spellings.iter().map(String::as_str).collect::<Vec<_>>()).await;
    add(db, "r2", &["abcd"]).await;
    let found = told(db, &rule()).await.0.remove(0);
    let named =
        r#""abcd" (2), "ABCD" (1), "ABCd" (1), "ABcD" (1), "ABcd" (1), "AbCD" (1), "AbCd" (1), "AbcD" (1), and 8 more"#;
    assert_eq!((found.found.as_deref(), found.records), (Some(named), 17));

    let long = "x".repeat(100);
    run(
        db,
        &format!(
            "UPDATE accounts SET segment = '{long}'; UPDATE accounts SET segment = '{}' WHERE id = 'a1'",
            long.to_uppercase()
        ),
    )
    .await;
    let found = told(db, &rule()).await.0.remove(0);
    let (short, large) = (format!("{}…", "x".repeat(40)), format!("{}…", "X".repeat(40)));
    assert_eq!(found.found, Some(format!(r#""{short}" (21), "{large}" (1)"#)));
}
