//! What nobody fills is not 0, and callers learn what is missing.

use crate::support::{Kind, TestDatabase, TestServer, dates, on_every_database};
use crm_kpi::proto::{self, Kpi, KpiQuery, KpiValue, ListKpisRequest, ListKpisResponse, NullReason};
use sea_orm::ConnectionTrait;

on_every_database!(
    a_table_without_rows_is_no_zero,
    a_column_without_values_is_no_zero,
    what_nobody_expects_is_no_zero,
    a_sum_does_with_the_terms_that_are_there,
    the_catalogue_tells_what_is_missing,
    the_catalogue_is_listed_without_a_database,
);

async fn run(server: &TestServer, sql: &str) {
    server.database.connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
}

fn query(kpis: &[&str]) -> KpiQuery {
    KpiQuery {
        kpi_ids: kpis.iter().map(ToString::to_string).collect(),
        period: dates("2024-01-01", "2024-12-31"),
        ..Default::default()
    }
}

/// "12.50", or the reason why there is no value.
fn said(value: &KpiValue) -> String {
    value.value.clone().unwrap_or_else(|| format!("{:?}", value.null_reason()))
}

async fn totals(server: &TestServer, kpis: &[&str]) -> Vec<String> {
    server.query(query(kpis)).await.totals[0].values.iter().map(said).collect()
}

async fn listed(server: &TestServer, request: ListKpisRequest) -> ListKpisResponse {
    server.client().list_kpis(request).await.unwrap().into_inner()
}

fn kpi<'a>(listed: &'a ListKpisResponse, id: &str) -> &'a Kpi {
    listed.kpis.iter().find(|kpi| kpi.id == id).unwrap()
}

/// No orders at all have no sum; orders of another year add up to 0.00 in this one.
async fn a_table_without_rows_is_no_zero(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let kpis = ["total_sales", "average_sale_value", "open_opportunities", "mrr", "service_calls_per_day"];
    assert_eq!(totals(&server, &kpis).await, ["NoSource"; 5]);
    run(
        &server,
        "INSERT INTO orders (id, account_id, rep_id, ordered_at, amount_minor, currency)
         VALUES ('o', 'a', 'r', '2020-05-01T00:00:00+00:00', 1250, 'USD')",
    )
    .await;
    let with_orders = ["0.00", "ZeroDenominator", "NoSource", "NoSource", "NoSource"];
    assert_eq!(totals(&server, &kpis).await, with_orders);
    // Whatever is filtered by, the orders are there; and in every row, of a breakdown too.
    let mut by_rep = KpiQuery { include_empty: true, group_by: vec!["rep".into()], ..query(&kpis) };
    run(&server, "INSERT INTO reps (id, name) VALUES ('r', 'Ann'), ('s', 'Bob')").await;
    let rows = server.query(by_rep.clone()).await.rows;
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row.values.iter().map(said).collect::<Vec<_>>() == with_orders));
    by_rep.compare_to = proto::Comparison::PreviousYear.into();
    let stream = server.stream(by_rep, 1).await;
    let rows = stream.batches.iter().flat_map(|batch| &batch.rows);
    assert!(rows.clone().all(|row| row.values.iter().map(said).collect::<Vec<_>>() == with_orders));
    assert_eq!(rows.count(), 2);
}

/// A won deal whose first contact nobody knows has no cycle of 0 days; orders that are not numbered have no first ones.
async fn a_column_without_values_is_no_zero(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    run(
        &server,
        "INSERT INTO opportunities (id, status, created_at, closed_at, amount_minor, currency)
         VALUES ('d', 'won', '2024-03-01T00:00:00+00:00', '2024-03-11T00:00:00+00:00', 100, 'USD')",
    )
    .await;
    run(
        &server,
        "INSERT INTO orders (id, account_id, campaign_id, ordered_at, amount_minor, currency)
         VALUES ('o', 'a', 'c', '2024-03-11T00:00:00+00:00', 100, 'USD')",
    )
    .await;
    let kpis = ["won_value", "sales_cycle_length", "total_sales", "campaign_purchases", "campaign_new_customers"];
    assert_eq!(totals(&server, &kpis).await, ["1.00", "NoSource", "1.00", "1", "NoSource"]);
    run(&server, "UPDATE opportunities SET first_contact_at = '2024-03-01T00:00:00+00:00'").await;
    run(&server, "UPDATE orders SET customer_order_number = 2").await;
    assert_eq!(totals(&server, &kpis).await, ["1.00", "10.0000", "1.00", "1", "0"]);
}

/// A company that records no expected days has no forecast of 0, and so with trials, first responses and stages' lengths. Once
/// some record has them, what is not among them is 0. A deal of the forecast moves with its day.
async fn what_nobody_expects_is_no_zero(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    for rows in [
        "stages (id, name, position, probability_bp) VALUES ('g', 'First', 1, 5000)",
        "opportunities (id, status, stage_id, amount_minor, currency, created_at)
         VALUES ('d', 'open', 'g', 100, 'USD', '2024-03-01T00:00:00+00:00')",
        "opportunity_stages (opportunity_id, number, stage_id, entered_at) VALUES ('d', 1, 'g', '2024-03-01T00:00:00+00:00')",
        "subscriptions (id, monthly_amount_minor, currency, started_at) VALUES ('s', 100, 'USD', '2024-03-01T00:00:00+00:00')",
        "service_cases (id, opened_at, resolved_at) VALUES ('c', '2024-03-01T00:00:00+00:00', '2024-03-02T00:00:00+00:00')",
    ] {
        run(&server, &format!("INSERT INTO {rows}")).await;
    }
    let kpis = [
        "expected_closes",
        "expected_value",
        "weighted_expected_value",
        "overdue_opportunities",
        "stalled_opportunities",
        "trials_started",
        "trial_conversion_rate",
        "first_contact_resolution_rate",
    ];
    assert_eq!(totals(&server, &kpis).await, ["NoSource"; 8]);
    let expected = listed(&server, ListKpisRequest::default()).await;
    assert_eq!(kpi(&expected, "expected_value").missing, ["opportunities.expected_close_on"]);
    for change in [
        "opportunities SET expected_close_on = '2025-01-01'",
        "stages SET expected_days = 3650",
        "subscriptions SET trial_ends_at = '2025-03-01T00:00:00+00:00', started_at = '2023-01-01T00:00:00+00:00'",
        "service_cases SET first_response_at = '2024-03-01T10:00:00+00:00'",
    ] {
        run(&server, &format!("UPDATE {change}")).await;
    }
    let zeros = ["0", "0.00", "0.00", "0", "0", "0", "ZeroDenominator", "0.000000"];
    assert_eq!(totals(&server, &kpis).await, zeros);
    run(&server, "UPDATE opportunities SET expected_close_on = '2024-12-31'").await;
    assert_eq!(totals(&server, &kpis[..4]).await, ["1", "1.00", "0.50", "0"]);
    run(&server, "UPDATE opportunities SET expected_close_on = '2024-12-30'").await;
    assert_eq!(totals(&server, &kpis[..4]).await, ["1", "1.00", "0.50", "1"]);
}

/// Calls without cases are interactions, and their cost is known once some cost is.
async fn a_sum_does_with_the_terms_that_are_there(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    run(&server, "INSERT INTO service_calls (id, outcome, callback, offered_at) VALUES ('c', 'answered', FALSE, '2024-03-02T00:00:00+00:00')").await;
    assert_eq!(totals(&server, &["service_cost_per_interaction"]).await, ["NoSource"]);
    run(
        &server,
        "INSERT INTO costs (id, kind, amount_minor, currency, starts_at)
         VALUES ('1', 'service', 6100, 'USD', '2024-03-01T00:00:00+00:00')",
    )
    .await;
    assert_eq!(totals(&server, &["service_cost_per_interaction"]).await, ["61.00"]);
    let listed = listed(&server, ListKpisRequest::default()).await;
    let kpi = kpi(&listed, "service_cost_per_interaction");
    assert_eq!((kpi.available, &kpi.missing[..]), (true, &["service_cases".to_owned()][..]));
}

async fn the_catalogue_tells_what_is_missing(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let nothing = listed(&server, ListKpisRequest::default()).await;
    assert!(nothing.sources_known && nothing.kpis.iter().all(|kpi| !kpi.available && !kpi.missing.is_empty()));
    assert_eq!(kpi(&nothing, "campaign_new_customers").tables, ["orders"]);
    assert_eq!(kpi(&nothing, "clv_to_cac").tables, ["costs", "customer_tenures", "orders"]);
    let only = ListKpisRequest { available_only: true, ..Default::default() };
    assert_eq!(listed(&server, only.clone()).await.kpis, []);
    run(
        &server,
        "INSERT INTO orders (id, account_id, ordered_at, amount_minor, currency)
         VALUES ('o', 'a', '2024-03-11T00:00:00+00:00', 100, 'USD')",
    )
    .await;
    let some = listed(&server, ListKpisRequest::default()).await;
    assert!(kpi(&some, "total_sales").available && kpi(&some, "total_sales").missing.is_empty());
    let first = kpi(&some, "campaign_new_customers");
    assert!(!first.available);
    assert_eq!(first.missing, ["orders.campaign_id", "orders.customer_order_number"]);
    // What is said to be there is answered, and nothing else is.
    let available: Vec<String> = listed(&server, only).await.kpis.into_iter().map(|kpi| kpi.id).collect();
    let all: Vec<&str> = some.kpis.iter().map(|kpi| kpi.id.as_str()).collect();
    let answer = server.query(query(&all)).await;
    let answered = answer.totals[0].values.iter().map(|value| value.null_reason() != NullReason::NoSource);
    let answered: Vec<&str> = all.iter().zip(answered).filter(|(_, answered)| *answered).map(|(id, _)| *id).collect();
    assert_eq!(answered, available);
    assert!(available.contains(&"total_sales".to_owned()));
}

async fn the_catalogue_is_listed_without_a_database(kind: Kind) {
    let server = TestServer::start(TestDatabase::empty(kind).await).await;
    let all = listed(&server, ListKpisRequest::default()).await;
    assert!(!all.sources_known && all.kpis.len() > 100 && all.kpis.iter().all(|kpi| !kpi.available));
    let only = ListKpisRequest { available_only: true, ..Default::default() };
    let refused = server.client().list_kpis(only).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::FailedPrecondition, "{refused}");
}
