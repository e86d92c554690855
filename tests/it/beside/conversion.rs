//! Amounts told in other currencies are worth the same.

use super::rate;
use crate::oracle::data;
use crate::support::{Kind, TestDatabase, TestServer, dates, on_every_database};
use crm_kpi::catalog::Catalog;
use crm_kpi::proto::{Grain, KpiQuery, QueryKpisResponse};
use sea_orm::ConnectionTrait;

on_every_database!(every_kpi_is_worth_the_same_in_any_mixture_of_currencies);

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
