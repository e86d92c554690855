//! What is kept, and what makes it go.

use crate::faults::bench::Bench;
use crate::support::{Kind, TestDatabase, TestServer, on_every_database, query_of, sample};
use crm_kpi::database::upsert;
use crm_kpi::proto::{BatchQueryKpisRequest, KpiQuery, NullReason, QueryKpisRequest, QueryKpisResponse};
use sea_orm::ConnectionTrait;

on_every_database!(
    an_answer_is_given_again,
    pages_come_from_one_reading,
    a_batch_is_kept_part_by_part,
    nothing_is_kept_where_nothing_may_be,
    a_large_answer_does_not_push_out_the_limit
);

async fn filled(kind: Kind) -> TestDatabase {
    let database = TestDatabase::migrated(kind).await;
    sample::fill(&database.connection).await;
    database
}

async fn bench(kind: Kind) -> Bench {
    Bench::start(filled(kind).await, |_| {}).await
}

pub async fn statements(bench: &Bench) -> i64 {
    // Health looks at the tables through a pool of its own, which is not counted here.
    bench.count("crm_kpi_statements_total").await
}

pub async fn answers(bench: &Bench) -> [i64; 3] {
    let mut counts = [0; 3];
    for (count, from) in counts.iter_mut().zip(["database", "kept", "shared"]) {
        *count = bench.count(&format!("crm_kpi_answers_total{{from=\"{from}\"}}")).await;
    }
    counts
}

fn request(query: KpiQuery) -> QueryKpisRequest {
    QueryKpisRequest { query: Some(query), ..Default::default() }
}

async fn ask(bench: &Bench, request: QueryKpisRequest) -> QueryKpisResponse {
    bench.client().query_kpis(request).await.unwrap().into_inner()
}

fn by_rep() -> KpiQuery {
    KpiQuery { group_by: vec!["rep".into()], ..query_of(&["won_value", "win_rate"]) }
}

async fn an_answer_is_given_again(kind: Kind) {
    let bench = bench(kind).await;
    let first = ask(&bench, request(by_rep())).await;
    let read = statements(&bench).await;
    assert!(read > 0);
    assert_eq!(ask(&bench, request(by_rep())).await, first);
    assert_eq!((statements(&bench).await, answers(&bench).await), (read, [1, 1, 0]));

    // Another question is not answered by it.
    let other = ask(&bench, request(KpiQuery { limit: 1, ..by_rep() })).await;
    assert_eq!((other.rows.len(), answers(&bench).await), (1, [2, 1, 0]));

    // Products are none of its tables; deals are.
    bench.sql("INSERT INTO products (id, name) VALUES ('product-1', 'Product 1')").await;
    let again = ask(&bench, request(by_rep())).await;
    assert_eq!((&again.rows, &again.totals), (&first.rows, &first.totals));
    if kind == Kind::Postgres {
        assert_eq!((answers(&bench).await, &again.etag), ([2, 2, 0], &first.etag));
        assert_ne!(again.header.unwrap().data_version, first.header.unwrap().data_version);
    }
    sample::change_deals(&bench.database.connection).await;
    let changed = ask(&bench, request(by_rep())).await;
    assert_ne!(changed.totals, first.totals);
    assert_ne!(changed.etag, first.etag);
}

async fn pages_come_from_one_reading(kind: Kind) {
    let bench = bench(kind).await;
    let whole = ask(&bench, request(by_rep())).await;
    let read = statements(&bench).await;
    let mut rows = Vec::new();
    let mut next = QueryKpisRequest { page_size: 2, ..request(by_rep()) };
    loop {
        let page = ask(&bench, next.clone()).await;
        assert_eq!(page.totals.is_empty(), !next.page_token.is_empty());
        rows.extend(page.rows);
        if page.next_page_token.is_empty() {
            break;
        }
        next.page_token = page.next_page_token;
    }
    assert_eq!(rows, whole.rows);
    assert_eq!(statements(&bench).await, read);
}

async fn a_batch_is_kept_part_by_part(kind: Kind) {
    let bench = bench(kind).await;
    let queries = [by_rep(), query_of(&["order_count"]), KpiQuery { limit: 2, ..by_rep() }];
    let batch =
        |queries: &[KpiQuery]| BatchQueryKpisRequest { requests: queries.iter().cloned().map(request).collect() };
    let first = bench.client().batch_query_kpis(batch(&queries)).await.unwrap().into_inner();
    assert_eq!((first.responses.len(), answers(&bench).await), (3, [1, 0, 0]));
    for (query, response) in queries.iter().zip(&first.responses) {
        assert_eq!(ask(&bench, request(query.clone())).await, *response);
    }
    assert_eq!(answers(&bench).await, [1, 3, 0]);
    // In another order, and only some.
    let some = [queries[2].clone(), queries[0].clone()];
    let again = bench.client().batch_query_kpis(batch(&some)).await.unwrap().into_inner();
    assert_eq!(again.responses, [first.responses[2].clone(), first.responses[0].clone()]);
    assert_eq!(answers(&bench).await, [1, 4, 0]);
    // One that is not kept has all of them read again, so that they are of one snapshot.
    bench.client().batch_query_kpis(batch(&[by_rep(), query_of(&["won_value"])])).await.unwrap();
    assert_eq!(answers(&bench).await, [2, 4, 0]);
}

async fn nothing_is_kept_where_nothing_may_be(kind: Kind) {
    let bench = Bench::start(filled(kind).await, |settings| settings.cache.bytes = 0).await;
    let first = ask(&bench, request(by_rep())).await;
    assert_eq!(ask(&bench, request(by_rep())).await, first);
    assert_eq!(answers(&bench).await, [2, 0, 0]);
    let known = QueryKpisRequest { known_etag: first.etag, ..request(by_rep()) };
    assert!(ask(&bench, known).await.not_modified);
    assert_eq!(answers(&bench).await, [2, 0, 0]);
}

/// The limit is less than one answer takes: it is given, and not kept.
async fn a_large_answer_does_not_push_out_the_limit(kind: Kind) {
    let bench = Bench::start(filled(kind).await, |settings| settings.cache.bytes = 600).await;
    let first = ask(&bench, request(by_rep())).await;
    assert_eq!(ask(&bench, request(by_rep())).await, first);
    assert_eq!(answers(&bench).await, [2, 0, 0]);
}

/// Another scope has answers of its own: what is kept of one is not shown to the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_dates_are_another_question() {
    let server = TestServer::start(filled(Kind::Sqlite).await).await;
    let whole = server.query(query_of(&["won_value"])).await;
    let october = KpiQuery { period: crate::support::dates("2017-10-01", "2017-10-31"), ..query_of(&["won_value"]) };
    assert_ne!(server.query(october).await.totals, whole.totals);
    upsert(&server.database.connection, vec![sample::order(7)]).await.unwrap();
    server.database.connection.execute_unprepared("DELETE FROM opportunities").await.unwrap();
    let value = server.query(query_of(&["won_value"])).await.totals[0].values[0].clone();
    assert_eq!((value.value.as_deref(), value.null_reason()), (None, NullReason::NoSource));
}
