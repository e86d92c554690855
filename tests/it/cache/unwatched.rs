//! Tables that do not tell of their changes: a view stands in place of orders.

use super::kept::answers;
use crate::faults::bench::{Bench, within};
use crate::support::{Kind, Refusal, TestDatabase, query_of, sample};
use crm_kpi::config::Settings;
use crm_kpi::proto::{GetDataVersionRequest, Grain, KpiQuery, QueryKpisRequest, QueryKpisResponse};
use sea_orm::ConnectionTrait;
use std::time::Duration;
use tonic::{Code, Status};

/// Orders are a view over a table without triggers.
const VIEW: &str = "ALTER TABLE orders RENAME TO orders_below; ALTER TABLE orders_below DISABLE TRIGGER ALL; \
     CREATE VIEW orders AS SELECT * FROM orders_below";

const PAYS_MORE: &str = "UPDATE orders_below SET amount_minor = amount_minor + 100";

async fn bench(change: impl FnOnce(&mut Settings)) -> Bench {
    let database = TestDatabase::migrated(Kind::Postgres).await;
    sample::fill(&database.connection).await;
    database.connection.execute_unprepared(VIEW).await.unwrap();
    Bench::start(database, change).await
}

async fn ask(bench: &Bench, request: QueryKpisRequest) -> Result<QueryKpisResponse, Status> {
    Ok(bench.client().query_kpis(request).await?.into_inner())
}

fn request(kpi: &str) -> QueryKpisRequest {
    QueryKpisRequest { query: Some(query_of(&[kpi])), ..Default::default() }
}

async fn sales(bench: &Bench) -> QueryKpisResponse {
    ask(bench, request("total_sales")).await.unwrap()
}

fn value(answer: &QueryKpisResponse) -> &str {
    answer.totals[0].values[0].value.as_deref().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_tell_is_read_anew() {
    let bench = bench(|_| {}).await;
    let first = sales(&bench).await;
    assert_eq!(value(&first), "1.00");
    bench.sql(PAYS_MORE).await;
    assert_eq!(value(&sales(&bench).await), "2.00");
    let known = QueryKpisRequest { known_etag: sales(&bench).await.etag, ..request("total_sales") };
    assert!(!ask(&bench, known).await.unwrap().not_modified);
    assert_eq!(answers(&bench).await, [4, 0, 0]);
    // Deals do tell.
    let deals = ask(&bench, request("won_value")).await.unwrap();
    assert_eq!(ask(&bench, request("won_value")).await.unwrap().etag, deals.etag);
    assert_eq!(answers(&bench).await, [5, 1, 0]);
    let version = || async { bench.client().get_data_version(GetDataVersionRequest {}).await.unwrap().into_inner() };
    assert_ne!(version().await.data_version, version().await.data_version, "nobody knows whether it is the same");
}

/// A row a quarter.
fn pages() -> QueryKpisRequest {
    let query = KpiQuery { grain: Grain::Quarter.into(), ..query_of(&["total_sales"]) };
    QueryKpisRequest { query: Some(query), page_size: 1, ..Default::default() }
}

/// The pages of an answer are of one reading, whatever has changed below the view since.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_of_one_reading() {
    let bench = bench(|_| {}).await;
    let mut next = pages();
    let mut values = Vec::new();
    loop {
        let page = ask(&bench, next.clone()).await.unwrap();
        bench.sql(PAYS_MORE).await;
        values.extend(page.rows.iter().map(|row| row.values[0].value.clone().unwrap()));
        if page.next_page_token.is_empty() {
            break;
        }
        next.page_token = page.next_page_token;
    }
    assert_eq!(values, ["0.00", "0.00", "0.00", "1.00"]);
    assert_eq!(answers(&bench).await[0], 1);
}

/// Where the reading is not kept, no page can belong to it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_what_was_not_kept_is_refused() {
    let bench = bench(|settings| settings.cache.bytes = 0).await;
    let page_token = ask(&bench, pages()).await.unwrap().next_page_token;
    let refused = ask(&bench, QueryKpisRequest { page_token, ..pages() }).await.unwrap_err();
    Refusal::of(&refused).must_be(Code::Aborted, "DATA_VERSION_CHANGED", &[]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_counts_as_unchanged_for_as_long_as_is_allowed() {
    let bench = bench(|settings| settings.changes.unwatched = Duration::from_secs(3600)).await;
    let first = sales(&bench).await;
    bench.sql(PAYS_MORE).await;
    bench.sql("UPDATE opportunities SET amount_minor = amount_minor + 1").await;
    assert_eq!(sales(&bench).await.totals, first.totals);
    let known = QueryKpisRequest { known_etag: first.etag, ..request("total_sales") };
    assert!(ask(&bench, known).await.unwrap().not_modified);
    let read = answers(&bench).await[0];
    ask(&bench, request("won_value")).await.unwrap();
    assert_eq!(answers(&bench).await[0], read + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_changes_it_can_tell() {
    let bench = bench(|settings| settings.changes.notified = true).await;
    let first = sales(&bench).await;
    bench.sql(PAYS_MORE).await;
    assert_eq!(sales(&bench).await, first);
    for notify in ["NOTIFY crm_kpi_data_changed, 'orders'", "NOTIFY crm_kpi_data_changed"] {
        let before = sales(&bench).await.etag;
        bench.sql(notify).await;
        assert_ne!(sales(&bench).await.etag, before, "{notify}");
    }
    assert_eq!(value(&sales(&bench).await), "2.00");
}

/// Somebody takes the triggers away while the service runs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_that_stops_telling_is_noticed() {
    let database = TestDatabase::migrated(Kind::Postgres).await;
    let bench = Bench::start(database, |_| {}).await;
    assert_eq!(sales(&bench).await.etag, sales(&bench).await.etag);
    bench.sql("ALTER TABLE orders DISABLE TRIGGER orders_notify_change").await;
    let noticed = async || sales(&bench).await.etag != sales(&bench).await.etag;
    within(Duration::from_secs(30), "it is noticed", noticed).await;
}
