//! What is not yet due is not missed, and what is to end has not ended: some KPIs are judged by now.

use crate::days::engine;
use crate::engine::{lines, question};
use crate::support::{Kind, TestDatabase, connect, dates, on_every_database, settings, stop};
use chrono::{DateTime, Utc};
use crm_kpi::clock::Clock;
use crm_kpi::engine::Question;
use crm_kpi::period::{Grain, Period};
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::{self, KpiQuery, NullReason, QueryKpisRequest};
use crm_kpi::server;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::sync::{Arc, Mutex};

on_every_database!(
    a_renewal_is_judged_once_it_is_due,
    a_case_is_judged_once_it_is_due,
    a_scheduled_end_is_no_churn_before_it_happens,
    a_cohort_is_judged_a_year_later,
    a_deal_stalls_when_its_time_is_over,
    a_day_is_due_when_it_is_over,
    answers_that_are_judged_by_now_change_with_it,
);

/// The totals of KPIs over a year by quarter, seen at some instant: four quarters and the year.
async fn of_2024(db: &DatabaseConnection, kpis: &[&str], now: &str) -> Vec<String> {
    let [first, last] = ["2024-01-01", "2024-12-31"];
    let question = question(kpis, [first, last], Some(Grain::Quarter), &[]);
    let period = Period::Dates { first: first.parse().unwrap(), last: last.parse().unwrap() };
    let calendar = question.timeline.calendar;
    let timeline = period.resolve(Some(Grain::Quarter), calendar, now.parse().unwrap()).unwrap();
    let answers = engine(db).await.answer(&[Question { timeline, ..question }]).await.expect("an answer");
    lines(&answers[0].totals)
}

async fn with(kind: Kind, rows: &[&str]) -> TestDatabase {
    let database = TestDatabase::migrated(kind).await;
    for sql in rows {
        database.connection.execute_unprepared(sql).await.expect(sql);
    }
    database
}

const JULY: &str = "2024-07-01T12:00:00Z";
const AFTERWARDS: &str = "2025-01-01T00:00:00Z";

/// Four are due in the year: two of them by July, both renewed, then one that will not be and one that is renewed already.
async fn a_renewal_is_judged_once_it_is_due(kind: Kind) {
    let rows = "INSERT INTO renewals (subscription_id, number, due_at, renewed_at) VALUES
        ('s', 1, '2024-03-01T00:00:00+00:00', '2024-03-01T00:00:00+00:00'),
        ('s', 2, '2024-06-01T00:00:00+00:00', '2024-05-20T00:00:00+00:00'),
        ('s', 3, '2024-08-01T00:00:00+00:00', NULL),
        ('s', 4, '2024-12-01T00:00:00+00:00', '2024-06-20T00:00:00+00:00')";
    let database = with(kind, &[rows]).await;
    let rate = async |now| of_2024(&database.connection, &["renewal_rate"], now).await;
    assert_eq!(
        rate(JULY).await,
        ["0 1.000000=1/1", "1 1.000000=1/1", "2 ZeroDenominator", "3 NotYetDue", "T 1.000000=2/2"]
    );
    assert_eq!(
        rate(AFTERWARDS).await,
        ["0 1.000000=1/1", "1 1.000000=1/1", "2 0.000000=0/1", "3 1.000000=1/1", "T 0.750000=3/4"]
    );
    assert_eq!(
        rate("2023-12-31T12:00:00Z").await,
        ["0 NotYetDue", "1 NotYetDue", "2 NotYetDue", "3 NotYetDue", "T NotYetDue"]
    );
}

/// One resolved in time, one missed in June, one open and due in September: half is kept by July, not a third.
async fn a_case_is_judged_once_it_is_due(kind: Kind) {
    let rows = "INSERT INTO service_cases (id, opened_at, due_at, resolved_at) VALUES
        ('1', '2024-05-01T00:00:00+00:00', '2024-05-03T00:00:00+00:00', '2024-05-02T00:00:00+00:00'),
        ('2', '2024-06-01T00:00:00+00:00', '2024-06-03T00:00:00+00:00', NULL),
        ('3', '2024-06-20T00:00:00+00:00', '2024-09-01T00:00:00+00:00', NULL)";
    let database = with(kind, &[rows]).await;
    let kept = async |now| of_2024(&database.connection, &["sla_compliance_rate"], now).await;
    assert_eq!(
        kept(JULY).await,
        ["0 ZeroDenominator", "1 0.500000=1/2", "2 ZeroDenominator", "3 NotYetDue", "T 0.500000=1/2"]
    );
    assert_eq!(kept(AFTERWARDS).await[2], "2 0.000000=0/1");
    assert_eq!(kept(AFTERWARDS).await[4], "T 0.333333=1/3");
}

/// Three customers from the year before: one left in March, one will at the end of October.
async fn a_scheduled_end_is_no_churn_before_it_happens(kind: Kind) {
    let rows = "INSERT INTO customer_tenures (account_id, number, started_at, ended_at) VALUES
        ('a', 1, '2023-01-01T00:00:00+00:00', '2024-03-10T00:00:00+00:00'),
        ('b', 1, '2023-01-01T00:00:00+00:00', '2024-10-31T00:00:00+00:00'),
        ('c', 1, '2023-01-01T00:00:00+00:00', NULL)";
    let deal = "INSERT INTO opportunities (id, status, created_at) VALUES ('d', 'open', '2020-01-01T00:00:00+00:00')";
    let database = with(kind, &[rows, deal]).await;
    let kpis = ["customers", "lost_customers", "churn_rate", "retained_customers", "opportunities_created"];
    let figures = async |now| of_2024(&database.connection, &kpis, now).await;
    assert_eq!(
        figures(JULY).await,
        [
            "0 2 1 0.333333=1/3 2 0",
            "1 2 0 0.000000=0/2 2 0",
            "2 2 0 0.000000=0/2 2 0",
            // What is not judged by now is as ever.
            "3 NotYetDue NotYetDue NotYetDue NotYetDue 0",
            "T 2 1 0.333333=1/3 2 0",
        ]
    );
    let afterwards = figures(AFTERWARDS).await;
    assert_eq!(afterwards[3..], ["3 1 1 0.500000=1/2 1 0", "T 1 2 0.666667=2/3 1 0"]);
}

/// Two began in the second quarter of 2023: one ended within its first year, one has just begun its second. Of those that began
/// in the third quarter nothing can be said by July.
async fn a_cohort_is_judged_a_year_later(kind: Kind) {
    let rows = "INSERT INTO customer_tenures (account_id, number, started_at, ended_at) VALUES
        ('a', 1, '2023-04-10T00:00:00+00:00', '2024-03-10T00:00:00+00:00'),
        ('b', 1, '2023-05-10T00:00:00+00:00', NULL),
        ('c', 1, '2023-08-10T00:00:00+00:00', '2024-08-01T00:00:00+00:00'),
        ('d', 1, '2023-09-10T00:00:00+00:00', NULL)";
    let database = with(kind, &[rows]).await;
    let lost = async |now| of_2024(&database.connection, &["first_year_loss_rate"], now).await;
    assert_eq!(
        lost(JULY).await,
        ["0 ZeroDenominator", "1 0.500000=1/2", "2 ZeroDenominator", "3 NotYetDue", "T 0.500000=1/2"]
    );
    assert_eq!(lost(AFTERWARDS).await[2], "2 0.500000=1/2");
}

/// It entered a stage of 30 days on 20 June: by 1 July it is not stalled, however far the quarter reaches.
async fn a_deal_stalls_when_its_time_is_over(kind: Kind) {
    let rows = [
        "INSERT INTO stages (id, name, position, probability_bp, expected_days) VALUES ('s', 'Talks', 1, 2500, 30)",
        "INSERT INTO opportunities (id, status, stage_id, created_at) VALUES
            ('d', 'open', 's', '2024-06-20T00:00:00+00:00')",
        "INSERT INTO opportunity_stages (opportunity_id, number, stage_id, entered_at) VALUES
            ('d', 1, 's', '2024-06-20T00:00:00+00:00')",
    ];
    let database = with(kind, &rows).await;
    let stalled = async |now| of_2024(&database.connection, &["stalled_opportunities"], now).await;
    assert_eq!(stalled(JULY).await, ["0 0", "1 0", "2 0", "3 NotYetDue", "T 0"]);
    assert_eq!(stalled("2024-07-21T00:00:00Z").await, ["0 0", "1 0", "2 1", "3 NotYetDue", "T 1"]);
}

/// On its own day a renewal is not due, and a tenure that ends with the day lasts.
async fn a_day_is_due_when_it_is_over(kind: Kind) {
    let rows = [
        "INSERT INTO renewals (subscription_id, number, due_at) VALUES ('s', 1, '2024-07-01T00:00:00+00:00')",
        "INSERT INTO customer_tenures (account_id, number, started_at, ended_at) VALUES
            ('a', 1, '2024-07-01T00:00:00+00:00', NULL),
            ('b', 1, '2023-01-01T00:00:00+00:00', '2024-07-01T00:00:00+00:00'),
            ('c', 1, '2023-01-01T00:00:00+00:00', '2024-07-02T00:00:00+00:00')",
        "INSERT INTO crm_kpi_day_columns (table_name, column_name) VALUES ('renewals', 'due_at'), ('customer_tenures', 'started_at'),
            ('customer_tenures', 'ended_at')",
    ];
    let database = with(kind, &rows).await;
    let third = async |now| {
        of_2024(&database.connection, &["renewal_rate", "customers", "new_customers"], now).await.swap_remove(2)
    };
    assert_eq!(third("2024-07-01T08:00:00Z").await, "2 ZeroDenominator 3 1");
    assert_eq!(third("2024-07-01T23:59:59Z").await, "2 ZeroDenominator 3 1");
    assert_eq!(third("2024-07-02T00:00:00Z").await, "2 0.000000=0/1 2 1");
    assert_eq!(third("2024-07-03T00:00:00Z").await, "2 0.000000=0/1 1 1");
}

/// A clock that is set.
struct Hands(Mutex<DateTime<Utc>>);

impl Hands {
    fn set(&self, now: &str) {
        *self.0.lock().unwrap() = now.parse().unwrap();
    }
}

impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// Its etag holds for a minute and its pages belong together, and that of any other question holds as ever.
async fn answers_that_are_judged_by_now_change_with_it(kind: Kind) {
    let rows = "INSERT INTO renewals (subscription_id, number, rep_id, due_at) VALUES
        ('s', 1, 'ann', '2024-06-01T00:00:00+00:00'), ('s', 2, 'bob', '2024-06-01T00:00:00+00:00'),
        ('s', 3, 'bob', '2024-07-01T12:01:10+00:00')";
    let database = with(kind, &[rows]).await;
    let clock = Arc::new(Hands(Mutex::new(JULY.parse().unwrap())));
    let running = server::start(&settings(&database.url), clock.clone()).await.unwrap();
    let client = KpiServiceClient::new(connect(&running).await);
    let ask = async |request: &QueryKpisRequest| client.clone().query_kpis(request.clone()).await.unwrap().into_inner();
    let query = |kpi: &str| KpiQuery {
        kpi_ids: vec![kpi.into()],
        period: dates("2024-04-01", "2024-09-30"),
        grain: proto::Grain::Quarter.into(),
        group_by: vec!["rep".into()],
        ..Default::default()
    };
    let of = |kpi| QueryKpisRequest { query: Some(query(kpi)), ..Default::default() };
    let due = |answer: &proto::QueryKpisResponse| answer.totals[2].values[0].denominator.clone().unwrap();

    let (renewals, deals) = (ask(&of("renewal_rate")).await, ask(&of("opportunities_won")).await);
    assert_eq!(due(&renewals), "2");
    let unfinished: Vec<bool> = renewals.header.as_ref().unwrap().buckets.iter().map(|one| one.unfinished).collect();
    assert_eq!(unfinished, [false, true]);
    let page = QueryKpisRequest { page_size: 1, ..of("renewal_rate") };
    let first = ask(&page).await;
    let stream =
        proto::StreamRepBreakdownRequest { query: Some(query("renewal_rate")), batch_rows: 1, ..Default::default() };
    let mut batches = client.clone().stream_rep_breakdown(stream.clone()).await.unwrap().into_inner();
    let resume_token = loop {
        use proto::stream_rep_breakdown_response::Frame;
        if let Frame::Batch(batch) = batches.message().await.unwrap().unwrap().frame.unwrap() {
            break batch.resume_token;
        }
    };

    clock.set("2024-07-01T12:00:40Z");
    let known =
        |kpi, answer: &proto::QueryKpisResponse| QueryKpisRequest { known_etag: answer.etag.clone(), ..of(kpi) };
    assert!(ask(&known("renewal_rate", &renewals)).await.not_modified, "within the minute");

    clock.set("2024-07-01T12:01:30Z");
    let later = ask(&known("renewal_rate", &renewals)).await;
    assert!(!later.not_modified);
    assert_eq!(due(&later), "3", "the third is due by now");
    assert!(ask(&known("opportunities_won", &deals)).await.not_modified, "not judged by now");

    // What has begun before goes on as it was.
    let second = ask(&QueryKpisRequest { page_token: first.next_page_token.clone(), ..page }).await;
    assert_eq!(second.rows[..], renewals.rows[1..2]);
    let resumed = proto::StreamRepBreakdownRequest { resume_token, ..stream };
    let mut batches = client.clone().stream_rep_breakdown(resumed).await.unwrap().into_inner();
    let mut summary = None;
    while let Some(message) = batches.message().await.unwrap() {
        if let Some(proto::stream_rep_breakdown_response::Frame::Summary(last)) = message.frame {
            summary = Some(last);
        }
    }
    assert_eq!(summary.unwrap().totals, renewals.totals);

    // The quarter is over.
    clock.set("2024-10-01T00:00:00Z");
    let over = ask(&known("opportunities_won", &deals)).await;
    assert!(!over.not_modified && over.header.unwrap().buckets.iter().all(|bucket| !bucket.unfinished));
    clock.set("2024-03-31T23:59:59Z");
    let ahead = ask(&of("renewal_rate")).await;
    assert!(ahead.totals.iter().all(|row| row.values[0].null_reason() == NullReason::NotYetDue));
    stop(running, std::time::Duration::from_secs(10)).await;
}
