//! What far times come to, worked out by hand.

use crate::support::{Kind, TestDatabase, TestServer, dates, on_every_database};
use crm_kpi::proto;
use sea_orm::ConnectionTrait;

on_every_database!(what_never_ends_lasts, a_far_time_is_a_long_way);

async fn server(kind: Kind, rows: &[&str]) -> TestServer {
    let database = TestDatabase::migrated(kind).await;
    for sql in rows {
        database.connection.execute_unprepared(sql).await.unwrap();
    }
    TestServer::start(database).await
}

async fn value(server: &TestServer, kpi: &str) -> proto::KpiValue {
    let query = proto::KpiQuery {
        kpi_ids: vec![kpi.into()],
        period: dates("2017-01-01", "2017-12-31"),
        include_targets: true,
        ..Default::default()
    };
    server.query(query).await.rows[0].values[0].clone()
}

async fn what_never_ends_lasts(kind: Kind) {
    let server = server(
        kind,
        &[
            "INSERT INTO customer_tenures (account_id, number, started_at, ended_at) VALUES \
             ('a', 1, '-infinity', 'infinity'), ('b', 1, '2016-01-01T00:00:00+00:00', 'infinity'), \
             ('c', 1, 'infinity', NULL), ('d', 1, '-infinity', '-infinity')",
            "INSERT INTO opportunities (id, status, amount_minor, currency, created_at, closed_at) VALUES \
             ('1', 'won', 100, 'EUR', '-infinity', '2017-05-01T00:00:00+00:00'), \
             ('2', 'won', 700, 'USD', '-infinity', 'infinity'), ('3', 'open', 9, 'USD', '-infinity', 'infinity')",
            "INSERT INTO exchange_rates (currency, quote_currency, valid_from, rate) VALUES \
             ('EUR', 'USD', '-infinity', '1.5'), ('EUR', 'USD', 'infinity', '99')",
            "INSERT INTO targets (id, kpi_id, first_date, last_date, value) VALUES \
             ('t', 'customers_at_end', '-infinity', 'infinity', '4')",
        ],
    )
    .await;
    let customers = value(&server, "customers").await;
    assert_eq!(customers.value.as_deref(), Some("2"));
    assert_eq!(value(&server, "won_value").await.value.as_deref(), Some("1.50"), "by the rate since ever");
}

async fn a_far_time_is_a_long_way(kind: Kind) {
    let server = server(
        kind,
        &["INSERT INTO opportunities (id, status, amount_minor, currency, first_contact_at, closed_at) VALUES \
           ('1', 'won', 100, 'USD', '-infinity', '2017-01-01T00:00:00+00:00')"],
    )
    .await;
    // From 0001-01-01 on.
    assert_eq!(value(&server, "sales_cycle_length").await.value.as_deref(), Some("736329.0000"));
}
