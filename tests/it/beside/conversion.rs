//! Amounts told in other currencies are worth the same.

use super::rate;
use crate::oracle::data;
use crate::support::{Kind, TestDatabase, TestServer, dates, on_every_database};
use crm_kpi::catalog::Catalog;
use crm_kpi::proto::{Grain, KpiQuery, QueryKpisResponse};
use rust_decimal::{Decimal, RoundingStrategy};
use sea_orm::{ConnectionTrait, Statement};
use std::collections::BTreeMap;

on_every_database!(
    every_kpi_is_worth_the_same_in_any_mixture_of_currencies,
    amounts_are_converted_as_hand_written_sql_does,
);

/// All KPIs over everything, by rep, by team and by segment; by month, and over a stretch that is none.
async fn ask_everything(server: &TestServer) -> Vec<QueryKpisResponse> {
    let mut answers = Vec::new();
    for by in [None, Some("rep"), Some("team"), Some("segment")] {
        for (grain, (first, last)) in [(Grain::Month, data::PERIODS[0]), (Grain::Unspecified, data::PERIODS[1])] {
            let kpi_ids = Catalog::get().kpis().iter().map(|kpi| kpi.id.into()).collect();
            let group_by = by.into_iter().map(String::from).collect();
            let query =
                KpiQuery { kpi_ids, period: dates(first, last), grain: grain.into(), group_by, ..Default::default() };
            answers.push(server.query(query).await);
        }
    }
    answers
}

/// N cents are N/100 dollars: N yen at 0.01 dollars, N fils at 10 dollars for a dinar. So the numbers of minor units stay,
/// and only the currency of some rows becomes another. Yen are told the other way round, and dinars by way of euros.
async fn every_kpi_is_worth_the_same_in_any_mixture_of_currencies(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    data::fill(&database.connection, 5).await;
    let server = TestServer::start(database).await;
    let db = &server.database.connection;
    let dollars = ask_everything(&server).await;
    rate(db, ("USD", "JPY"), "1990-01-01", "100").await;
    for day in ["1990-01-01", "2024-02-10", "2024-03-31"] {
        rate(db, ("KWD", "EUR"), day, "8").await;
        rate(db, ("EUR", "USD"), day, "1.25").await;
    }
    for table in ["orders", "opportunities", "costs", "mrr_movements", "subscriptions"] {
        for (currency, ends) in [("JPY", "13579"), ("KWD", "2468")] {
            let key = if table == "mrr_movements" { "subscription_id" } else { "id" };
            let like: Vec<_> = ends.chars().map(|digit| format!("{key} LIKE '%{digit}'")).collect();
            let sql = format!(
                "UPDATE {table} SET currency = '{currency}' WHERE currency = 'USD' AND ({})",
                like.join(" OR ")
            );
            let changed = db.execute_unprepared(&sql).await.expect(&sql).rows_affected();
            assert!(changed > 0, "no row of {table} is in {currency}");
        }
    }
    for (mixed, dollars) in ask_everything(&server).await.iter().zip(&dollars) {
        for (mixed, dollars) in mixed.rows.iter().zip(&dollars.rows).chain(mixed.totals.iter().zip(&dollars.totals)) {
            assert_eq!((&mixed.keys, mixed.bucket), (&dollars.keys, dollars.bucket));
            for ((kpi, mixed_value), value) in Catalog::get().kpis().iter().zip(&mixed.values).zip(&dollars.values) {
                assert_eq!(mixed_value, value, "{} of {:?} in bucket {}", kpi.id, mixed.keys, mixed.bucket);
            }
        }
        assert_eq!((mixed.rows.len(), mixed.totals.len()), (dollars.rows.len(), dollars.totals.len()));
    }
}

/// Dollars in yen, which have no decimals, at rates that change every eleven days and are whole numbers: SQL adds up cents
/// times rates exactly, on both databases.
async fn amounts_are_converted_as_hand_written_sql_does(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    data::fill(&database.connection, 6).await;
    let server = TestServer::start(database).await;
    let db = &server.database.connection;
    let mut day = chrono::NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
    for step in 0..200_u32 {
        rate(db, ("USD", "JPY"), &day.to_string(), &(100 + step * 37 % 61).to_string()).await;
        day = day + chrono::Days::new(11);
    }
    let (first, last) = data::PERIODS[0];
    // A refund that nobody is credited with is its order's rep's.
    let orders = "(SELECT o.ordered_at, o.amount_minor, CASE WHEN COALESCE(o.rep_id, '') = '' THEN \
                  COALESCE(of_order.rep_id, o.rep_id) ELSE o.rep_id END AS rep_id \
                  FROM orders o LEFT JOIN orders of_order ON of_order.id = o.refund_of) o";
    for (kpi, table, at, when) in
        [("total_sales", orders, "ordered_at", "1 = 1"), ("won_value", "opportunities", "closed_at", "status = 'won'")]
    {
        let (of_day, whole) = match kind {
            Kind::Sqlite => (format!("substr({at}, 1, 10)"), "INTEGER"),
            Kind::Postgres => (format!("({at} AT TIME ZONE 'UTC')::date"), "BIGINT"),
        };
        let rate = format!(
            "(SELECT CAST(rate AS {whole}) FROM exchange_rates WHERE currency = 'USD' AND quote_currency = 'JPY' \
             AND valid_from <= {of_day} ORDER BY valid_from DESC LIMIT 1)"
        );
        let sql = format!(
            "SELECT COALESCE(rep_id, ''), CAST(SUM(amount_minor * {rate}) AS {whole}) FROM {table} \
             WHERE {when} AND {of_day} >= '{first}' AND {of_day} <= '{last}' AND amount_minor IS NOT NULL GROUP BY 1"
        );
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
        let hundredths = rows.iter().map(|row| {
            let (rep, sum): (String, i64) = (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
            (rep, sum)
        });
        let expected: BTreeMap<String, i64> = hundredths.filter(|(_, sum)| *sum != 0).collect();
        let yen = |hundredths: i64| {
            Decimal::new(hundredths, 2).round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven).to_string()
        };
        let query = KpiQuery {
            kpi_ids: vec![kpi.into()],
            period: dates(first, last),
            group_by: vec!["rep".into()],
            currency_code: "JPY".into(),
            ..Default::default()
        };
        let answer = server.query(query).await;
        let found: BTreeMap<String, String> =
            answer.rows.iter().map(|row| (row.keys[0].id.clone(), row.values[0].value.clone().unwrap())).collect();
        let total = yen(expected.values().sum());
        assert!(expected.len() > 3, "{expected:?}");
        assert_eq!(found, expected.into_iter().map(|(rep, sum)| (rep, yen(sum))).collect(), "{kpi}");
        assert_eq!(answer.totals[0].values[0].value.as_deref(), Some(total.as_str()), "{kpi}");
    }
}
