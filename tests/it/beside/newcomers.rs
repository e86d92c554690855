//! Targets of reps who are employed only for a part of a period, and why a target is absent.

use super::targets::{QUARTER, aimed, ask, target};
use super::{lines, order, run};
use crate::support::{Kind, TestDatabase, TestServer, any_of, on_every_database};
use crm_kpi::proto::{Calendar, Grain, KpiQuery, KpiValue};
use sea_orm::DatabaseConnection;

on_every_database!(
    a_newcomer_has_the_targets_of_their_time,
    the_days_of_an_employment_are_days,
    whoever_leaves_has_the_target_of_the_last_day,
    an_absent_target_says_why,
);

const YEAR: [&str; 2] = ["2024-01-01", "2024-12-31"];

const QUARTERS: [[&str; 2]; 4] = [
    ["2024-01-01", "2024-03-31"],
    ["2024-04-01", "2024-06-30"],
    ["2024-07-01", "2024-09-30"],
    ["2024-10-01", "2024-12-31"],
];

/// Target and attainment, or why there is no target.
fn reached(value: &KpiValue) -> String {
    let absent = value.target_null_reason().as_str_name().trim_start_matches("NULL_REASON_").to_owned();
    match (&value.target, &value.attainment) {
        (Some(target), attainment) => {
            assert_eq!(value.target_null_reason, 0);
            format!("{target} {}", attainment.clone().unwrap_or_default())
        }
        (None, _) => absent,
    }
}

/// Reps, each with when they came and left, and quarterly targets of 100 from one of the quarters on.
async fn staff(db: &DatabaseConnection, reps: &[(&str, &str, &str, usize)]) {
    for (rep, hired, left, from) in reps {
        let at = |at: &str| if at.is_empty() { "NULL".to_owned() } else { format!("'{at}+00:00'") };
        let values = format!("'{rep}', '{rep}', {}, {}", at(hired), at(left));
        run(db, &format!("INSERT INTO reps (id, name, hired_at, left_at) VALUES ({values})")).await;
        for (place, days) in QUARTERS.into_iter().enumerate().skip(*from) {
            target(db, &format!("{rep}{place}"), "total_sales", (rep, ""), days, "100 USD").await;
        }
        order(db, (rep, rep), 36_000, "USD", "2024-05-10T00:00:00").await;
    }
}

/// Whoever came on 1 April has three quarters of 100: 360 sold are 120 %. So has whoever came within the second quarter, which
/// is theirs as a whole; and whoever came in March has not, who lacks a target for March.
async fn a_newcomer_has_the_targets_of_their_time(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    let reps = [
        ("april", "2024-04-01T09:00:00", "", 1),
        ("ever", "", "", 1),
        ("future", "2025-01-01T00:00:00", "", 0),
        ("gone", "", "2023-12-31T23:59:59", 0),
        ("march", "2024-03-31T23:59:59", "", 1),
        ("mid", "2024-05-15T00:00:00", "", 1),
        ("summer", "2024-01-01T00:00:00", "2024-07-01T00:00:00", 0),
    ];
    staff(db, &reps).await;
    let year = ask(&["total_sales"], YEAR, Grain::Unspecified, &["rep"]);
    let expected = [
        "0 april 300.00 1.200000",
        "0 ever TARGET_OF_OTHER_DAYS",
        "0 future NO_TARGET",
        "0 gone NO_TARGET",
        "0 march TARGET_OF_OTHER_DAYS",
        "0 mid 300.00 1.200000",
        // Until midnight after 30 June: two of four.
        "0 summer 200.00 1.800000",
    ];
    assert_eq!(lines(&server.query(year.clone()).await.rows, reached), expected);
    // Everybody's in their time: 3 + 3 + 3 + 3 + 2 quarters of 100, and 7 × 360.
    let total = &server.query(year).await.totals[0].values[0];
    assert_eq!((total.reps_target.as_deref(), total.value.as_deref()), (Some("1400.00"), Some("2520.00")));
    assert_eq!(reached(total), "NO_TARGET", "the company's");
    let months = ask(&["total_sales"], QUARTERS[1], Grain::Month, &["rep"]);
    let mid = KpiQuery { filters: vec![any_of("rep", &["mid"])], ..months };
    let answer = lines(&server.query(mid).await.rows, reached);
    let other = ["1 mid TARGET_OF_OTHER_DAYS", "2 mid TARGET_OF_OTHER_DAYS"];
    assert_eq!(answer[..], [&["0 mid NO_TARGET"][..], &other].concat(), "a quarter's target is never split");
}

/// Days, each stored as its midnight, are days in every zone: hired on 1 April, left on 30 June, also where midnight in UTC is the
/// evening before.
async fn the_days_of_an_employment_are_days(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    staff(db, &[("days", "2024-04-01T00:00:00", "2024-06-30T00:00:00", 1)]).await;
    let ask = |zone: &str| {
        let calendar = Some(Calendar { time_zone: zone.into(), ..Calendar::default() });
        KpiQuery { calendar, ..ask(&["total_sales"], YEAR, Grain::Unspecified, &["rep"]) }
    };
    let declare = "INSERT INTO crm_kpi_day_columns (table_name, column_name) VALUES";
    run(db, &format!("{declare} ('reps', 'hired_at'), ('reps', 'left_at')")).await;
    let server = TestServer::start(database).await;
    for zone in ["America/New_York", "UTC", "Asia/Tehran"] {
        let answer = server.query(ask(zone)).await;
        assert_eq!(lines(&answer.rows, reached), ["0 days 100.00 3.600000"], "{zone}");
    }
}

/// A ratio's target is that of the last day in the bucket that the rep is there.
async fn whoever_leaves_has_the_target_of_the_last_day(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    staff(db, &[("r", "2024-02-01T00:00:00", "2024-03-01T12:00:00", 4)]).await;
    target(db, "1", "average_sale_value", ("r", ""), ["2024-02-01", "2024-03-15"], "40 USD").await;
    target(db, "2", "average_sale_value", ("r", ""), ["2024-03-16", "2024-06-30"], "60 USD").await;
    let quarter = ask(&["average_sale_value"], QUARTER, Grain::Unspecified, &["rep"]);
    let quarter = KpiQuery { include_empty: true, ..quarter };
    assert_eq!(lines(&server.query(quarter).await.rows, aimed), ["0 r -|40.00|-|-|-"]);
}

async fn an_absent_target_says_why(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    run(db, "INSERT INTO teams (id, name) VALUES ('t', 'T')").await;
    run(db, "INSERT INTO reps (id, name, team_id) VALUES ('a', 'A', 't'), ('b', 'B', 't')").await;
    for rep in ["a", "b"] {
        order(db, (rep, rep), 30_00, "USD", "2024-01-10T00:00:00").await;
    }
    target(db, "1", "total_sales", ("a", ""), ["2024-01-01", "2024-02-29"], "10 USD").await;
    target(db, "2", "total_sales", ("", "t"), QUARTER, "60 USD").await;
    target(db, "3", "total_sales", ("", ""), QUARTER, "60 USD").await;
    let ask = |by: &[&str]| ask(&["total_sales"], QUARTER, Grain::Unspecified, by);
    let filtered = |by: &[&str], dimension: &str, ids: &[&str]| {
        let filters = vec![any_of(dimension, ids)];
        KpiQuery { filters, ..ask(by) }
    };
    for (query, rows) in [
        (ask(&[]), vec!["0 60.00 1.000000"]),
        (ask(&["team"]), vec!["0 t 60.00 1.000000"]),
        // The rep's, whose team is beside.
        (ask(&["team", "rep"]), vec!["0 t a TARGET_OF_OTHER_DAYS", "0 t b NO_TARGET"]),
        (ask(&["segment", "region"]), vec!["0   TARGET_OF_OTHER_ROWS"]),
        (filtered(&["team"], "rep", &["a"]), vec!["0 t TARGET_OF_OTHER_ROWS"]),
        (filtered(&[], "rep", &["a"]), vec!["0 TARGET_OF_OTHER_DAYS"]),
        (filtered(&[], "rep", &["a", "b"]), vec!["0 TARGET_OF_OTHER_ROWS"]),
        (filtered(&["rep"], "segment", &[""]), vec!["0 a NO_TARGET", "0 b NO_TARGET"]),
        (filtered(&["rep"], "segment", &["", "x"]), vec!["0 a TARGET_OF_OTHER_ROWS", "0 b TARGET_OF_OTHER_ROWS"]),
        (filtered(&["segment"], "region", &[""]), vec!["0  TARGET_OF_OTHER_ROWS"]),
        // Each row in its own currency.
        (ask(&["currency"]), vec!["0 USD TARGET_OF_OTHER_ROWS"]),
    ] {
        assert_eq!(lines(&server.query(query.clone()).await.rows, reached), rows, "{query:?}");
    }
    let unasked = KpiQuery { include_targets: false, ..ask(&["rep"]) };
    assert_eq!(server.query(unasked).await.rows[0].values[0].target_null_reason, 0);
}
