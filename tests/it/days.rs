//! Columns of days without a time: a day is the same calendar day in every time zone, a last day is included, and days and
//! instants compare by calendar day.

mod columns;
mod imports;
mod laws;
mod quality;

use crate::engine::{lines, question};
use crate::support::{Kind, TestDatabase, dates, on_every_database, pool, settings};
use chrono_tz::Tz;
use columns::{Stored, become_days};
use crm_kpi::clock::FixedClock;
use crm_kpi::engine::{Engine, Question};
use crm_kpi::period::{Calendar, Grain, Period, Timeline};
use crm_kpi::proto::{self, KpiQuery};
use crm_kpi::schema::inspect;
use crm_kpi::server;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::sync::Arc;

on_every_database!(
    a_day_falls_on_that_day_in_every_zone,
    days_and_instants_compare_by_calendar_day,
    a_last_day_is_included,
    a_due_day_is_in_time_to_its_end,
    costs_between_days_are_spread_by_days,
    the_service_learns_of_days_while_it_runs,
);

/// Twenty zones from UTC−11 to UTC+14, some with half hours, some where clocks are changed at midnight.
pub const ZONES: [Tz; 20] = [
    Tz::UTC,
    Tz::America__New_York,
    Tz::America__Los_Angeles,
    Tz::America__Sao_Paulo,
    Tz::America__St_Johns,
    Tz::America__Havana,
    Tz::Pacific__Pago_Pago,
    Tz::Pacific__Honolulu,
    Tz::Pacific__Kiritimati,
    Tz::Pacific__Chatham,
    Tz::Pacific__Apia,
    Tz::Asia__Tehran,
    Tz::Asia__Kathmandu,
    Tz::Asia__Kolkata,
    Tz::Asia__Tokyo,
    Tz::Asia__Beirut,
    Tz::Australia__Lord_Howe,
    Tz::Europe__Berlin,
    Tz::Europe__Moscow,
    Tz::Africa__Casablanca,
];

/// The same question in a time zone.
pub fn in_zone(question: Question, zone: Tz) -> Question {
    let Timeline { grain, calendar, .. } = question.timeline;
    let period = Period::Dates { first: question.timeline.first(), last: question.timeline.last() };
    let timeline = period.resolve(grain, Calendar { zone, ..calendar }, chrono::Utc::now()).expect("a period");
    Question { timeline, ..question }
}

/// An engine that knows which columns hold days.
pub async fn engine(db: &DatabaseConnection) -> Engine {
    let database = pool(db);
    let schema = inspect(&database.snapshot().await.unwrap()).await.unwrap();
    database.learn(schema.days);
    Engine::new(database)
}

/// The lines of the totals of an answer.
pub async fn totals(engine: &Engine, question: Question) -> Vec<String> {
    lines(&engine.answer(&[question]).await.expect("an answer")[0].totals)
}

async fn run(db: &DatabaseConnection, statements: &[&str]) {
    for sql in statements {
        db.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    }
}

/// A database with some rows, in each of the two ways to hold days.
async fn with_days(kind: Kind, rows: &[&str], days: &[(&str, &str)]) -> Vec<TestDatabase> {
    let mut databases = Vec::new();
    for stored in Stored::ALL {
        let database = TestDatabase::migrated(kind).await;
        run(&database.connection, rows).await;
        become_days(&database.connection, days, stored).await;
        databases.push(database);
    }
    databases
}

/// 67 deals won in March: 7 on its first day, 60 on the 15th; 5 on the first of April. As instants, midnight in UTC is 19:00 or
/// 20:00 of the day before in New York: March would lack the 7 and have the 5.
async fn a_day_falls_on_that_day_in_every_zone(kind: Kind) {
    let won = |day: &str, from: usize, count: usize| {
        let rows: Vec<String> =
            (from..from + count).map(|n| format!("('d{n}', 'won', '{day}T00:00:00+00:00')")).collect();
        format!("INSERT INTO opportunities (id, status, closed_at) VALUES {}", rows.join(", "))
    };
    let rows = [won("2024-03-01", 0, 7), won("2024-03-15", 7, 60), won("2024-04-01", 67, 5)];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let asked = || question(&["opportunities_won"], ["2024-03-01", "2024-04-30"], Some(Grain::Month), &[]);
    for database in with_days(kind, &rows, &[("opportunities", "closed_at")]).await {
        let engine = engine(&database.connection).await;
        for zone in ZONES {
            assert_eq!(totals(&engine, in_zone(asked(), zone)).await, ["0 67", "1 5", "T 72"], "{zone}");
        }
    }
    let database = TestDatabase::migrated(kind).await;
    run(&database.connection, &rows).await;
    let instants = engine(&database.connection).await;
    let new_york = in_zone(asked(), Tz::America__New_York);
    assert_eq!(totals(&instants, new_york).await, ["0 65", "1 0", "T 65"], "60 of March and 5 of April, at instants");
}

/// Won on 5 March (a day): first contact on that day at 15:36 UTC, which as instants would be −0.65 days; and on 4 March at
/// 03:00 UTC, which is 3 March in New York.
async fn days_and_instants_compare_by_calendar_day(kind: Kind) {
    let rows = [
        "INSERT INTO opportunities (id, status, created_at, first_contact_at, closed_at) VALUES \
         ('same day', 'won', '2024-03-05T15:36:00+00:00', '2024-03-05T15:36:00+00:00', '2024-03-05T00:00:00+00:00'), \
         ('longer', 'won', '2024-03-04T03:00:00+00:00', '2024-03-04T03:00:00+00:00', '2024-03-05T00:00:00+00:00')",
        "INSERT INTO stages (id, name, position, probability_bp) VALUES ('s', 'Talks', 1, 5000)",
        // Moved on at noon of the day on which the deal was closed, and in a stage until then.
        "INSERT INTO opportunity_stages (opportunity_id, number, stage_id, entered_at, left_at, outcome) VALUES \
         ('longer', 1, 's', '2024-03-04T03:00:00+00:00', '2024-03-05T12:00:00+00:00', 'won')",
    ];
    let cycle = || question(&["sales_cycle_length"], ["2024-03-01", "2024-03-31"], None, &[]);
    let open = || question(&["open_opportunities"], ["2024-03-03", "2024-03-06"], Some(Grain::Day), &[]);
    let by_stage = || {
        let stage = crm_kpi::catalog::Dimension::Stage;
        question(&["open_opportunities"], ["2024-03-03", "2024-03-06"], Some(Grain::Day), &[stage])
    };
    for database in with_days(kind, &rows, &[("opportunities", "closed_at")]).await {
        let engine = engine(&database.connection).await;
        // (0 + 1) ÷ 2 days in UTC, (0 + 2) ÷ 2 in New York.
        assert_eq!(totals(&engine, in_zone(cycle(), Tz::UTC)).await, ["0 0.5000=1/2"]);
        assert_eq!(totals(&engine, in_zone(cycle(), Tz::America__New_York)).await, ["0 1.0000=2/2"]);
        // At the end of 5 March neither is open; at the end of the 4th the longer one is, in New York from the 3rd on.
        let utc = ["0 0", "1 1", "2 0", "3 0", "T 0"];
        let new_york = ["0 1", "1 1", "2 0", "3 0", "T 0"];
        for asked in [open, by_stage as fn() -> Question] {
            assert_eq!(totals(&engine, in_zone(asked(), Tz::UTC)).await, utc);
            assert_eq!(totals(&engine, in_zone(asked(), Tz::America__New_York)).await, new_york);
        }
    }
}

/// A tenure through 31 December, another that goes on: on the 31st both are customers, on 1 January one is. December is the
/// month that the other was lost in: 1 of 2, and January begins with one customer, who stays. The campaign ran on the 31st, the
/// rep was employed on it, and neither on 1 January.
async fn a_last_day_is_included(kind: Kind) {
    let rows = [
        "INSERT INTO customer_tenures (account_id, number, started_at, ended_at) VALUES \
         ('goes', 1, '2024-01-01T00:00:00+00:00', '2024-12-31T00:00:00+00:00'), \
         ('stays', 1, '2024-01-01T00:00:00+00:00', NULL)",
        "INSERT INTO campaigns (id, name, starts_at, ends_at) VALUES \
         ('one day', 'Fair', '2024-12-31T00:00:00+00:00', '2024-12-31T00:00:00+00:00')",
        "INSERT INTO reps (id, name, hired_at, left_at) VALUES \
         ('r', 'Rep', '2024-01-01T00:00:00+00:00', '2024-12-31T00:00:00+00:00')",
        "INSERT INTO sign_ins (id, rep_id, signed_in_at) VALUES ('1', 'r', '2024-12-31T12:00:00+00:00')",
        "INSERT INTO orders (id, amount_minor, currency, ordered_at, by_subscriber) VALUES \
         ('o', 10000, 'USD', '2024-12-15T12:00:00+00:00', true)",
    ];
    let days = [
        ("customer_tenures", "started_at"),
        ("customer_tenures", "ended_at"),
        ("campaigns", "starts_at"),
        ("campaigns", "ends_at"),
        ("reps", "hired_at"),
        ("reps", "left_at"),
    ];
    let asked = |kpi, days, grain| question(&[kpi], days, Some(grain), &[]);
    for database in with_days(kind, &rows, &days).await {
        let engine = engine(&database.connection).await;
        for zone in ZONES {
            let around =
                async |kpi| totals(&engine, in_zone(asked(kpi, ["2024-12-30", "2025-01-01"], Grain::Day), zone)).await;
            assert_eq!(around("customers").await, ["0 2", "1 2", "2 1", "T 1"], "{zone}");
            assert_eq!(around("lost_customers").await, ["0 0", "1 1", "2 0", "T 1"], "{zone}");
            assert_eq!(around("campaigns_run").await, ["0 0", "1 1", "2 0", "T 1"], "{zone}");
            let months = asked("churn_rate", ["2024-12-01", "2025-01-31"], Grain::Month);
            let months = totals(&engine, in_zone(months, zone)).await;
            assert_eq!(months, ["0 0.500000=1/2", "1 0.000000=0/1", "T 0.500000=1/2"], "{zone}");
        }
        // 100.00 × 2 customers at the start ÷ (2 on the last day × 1 lost); none is lost in January.
        let value = asked("customer_lifetime_value", ["2024-12-01", "2025-01-31"], Grain::Month);
        assert_eq!(totals(&engine, value).await[..2], ["0 100.00=200/2", "1 ZeroDenominator"]);
        let utc = asked("adoption_rate", ["2024-12-31", "2025-01-01"], Grain::Day);
        assert_eq!(totals(&engine, utc).await, ["0 1.000000=1/1", "1 ZeroDenominator", "T 1.000000=1/1"]);
    }
}

/// Due on 10 March: resolved at 23:00 of that day in New York (03:00 UTC of the 11th) is in time there, and late in UTC.
async fn a_due_day_is_in_time_to_its_end(kind: Kind) {
    let rows = ["INSERT INTO service_cases (id, kind, opened_at, resolved_at, due_at) VALUES \
         ('c', 'question', '2024-03-09T12:00:00+00:00', '2024-03-11T03:00:00+00:00', '2024-03-10T00:00:00+00:00')"];
    let asked = || question(&["sla_compliance_rate"], ["2024-03-01", "2024-03-31"], None, &[]);
    for database in with_days(kind, &rows, &[("service_cases", "due_at")]).await {
        let engine = engine(&database.connection).await;
        assert_eq!(totals(&engine, in_zone(asked(), Tz::America__New_York)).await, ["0 1.000000=1/1"]);
        assert_eq!(totals(&engine, in_zone(asked(), Tz::UTC)).await, ["0 0.000000=0/1"]);
    }
}

/// 310.00 from 1 to 31 January is 10.00 a day: 310.00 in January, nothing in February; 600.00 from 31 January to 1 February is
/// 300.00 in each month, though clocks differ. 50.00 without an end falls due on its day.
async fn costs_between_days_are_spread_by_days(kind: Kind) {
    let rows = [
        "INSERT INTO costs (id, kind, amount_minor, currency, starts_at, ends_at) VALUES \
         ('a', 'marketing', 31000, 'USD', '2024-01-01T00:00:00+00:00', '2024-01-31T00:00:00+00:00'), \
         ('b', 'marketing', 60000, 'USD', '2024-01-31T00:00:00+00:00', '2024-02-01T00:00:00+00:00'), \
         ('c', 'marketing', 5000, 'USD', '2024-02-29T00:00:00+00:00', NULL)",
        "INSERT INTO leads (id, status, created_at) VALUES \
         ('1', 'new', '2024-01-15T12:00:00+00:00'), ('2', 'new', '2024-02-15T12:00:00+00:00')",
    ];
    let asked = || question(&["cost_per_lead"], ["2024-01-01", "2024-02-29"], Some(Grain::Month), &[]);
    for database in with_days(kind, &rows, &[("costs", "starts_at"), ("costs", "ends_at")]).await {
        let engine = engine(&database.connection).await;
        for zone in ZONES {
            let expected = ["0 610.00=610/1", "1 350.00=350/1", "T 480.00=960/2"];
            assert_eq!(totals(&engine, in_zone(asked(), zone)).await, expected, "{zone}");
        }
    }
}

/// Declared while the service runs: the next look at the tables finds it, and answers from before are no more kept.
async fn the_service_learns_of_days_while_it_runs(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let won = "INSERT INTO opportunities (id, status, closed_at) VALUES ('d', 'won', '2024-03-01T00:00:00+00:00')";
    run(&database.connection, &[won]).await;
    let clock = Arc::new(FixedClock("2024-12-30T12:00:00Z".parse().unwrap()));
    let running = server::start(&settings(&database.url), clock).await.unwrap();
    running.ready().await;
    let mut client = proto::kpi_service_client::KpiServiceClient::new(crate::support::connect(&running).await);
    let query = KpiQuery {
        kpi_ids: vec!["opportunities_won".into()],
        period: dates("2024-03-01", "2024-03-31"),
        calendar: Some(proto::Calendar { time_zone: "America/New_York".into(), ..Default::default() }),
        ..Default::default()
    };
    let mut ask = async || {
        let request = proto::QueryKpisRequest { query: Some(query.clone()), ..Default::default() };
        let answer = client.query_kpis(request).await.unwrap().into_inner();
        (answer.totals[0].values[0].value.clone().unwrap_or_default(), answer.etag)
    };
    let (before, etag) = ask().await;
    assert_eq!(before, "0", "19:00 on 29 February");
    let declare = "INSERT INTO crm_kpi_day_columns (table_name, column_name) VALUES ('opportunities', 'closed_at')";
    run(&database.connection, &[declare]).await;
    running.look().await.unwrap();
    let (after, other) = ask().await;
    assert_eq!(after, "1");
    assert_ne!(etag, other);
}
