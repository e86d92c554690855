//! Pages, etags, batches and the values of dimensions.

use crate::support::{Kind, Refusal, TestDatabase, TestServer, any_of, on_every_database, query_of, sample};
use crm_kpi::database::upsert;
use crm_kpi::proto::{self, KpiQuery, QueryKpisRequest, QueryKpisResponse};
use tonic::Code;

on_every_database!(
    pages_make_up_the_whole,
    a_page_of_changed_data_is_refused,
    an_etag_holds_until_the_data_change,
    a_batch_answers_like_its_queries,
    values_of_a_dimension_come_in_pages,
);

async fn server(kind: Kind) -> TestServer {
    let database = TestDatabase::migrated(kind).await;
    sample::fill(&database.connection).await;
    TestServer::start(database).await
}

fn by_rep_and_month() -> KpiQuery {
    KpiQuery {
        grain: proto::Grain::Month.into(),
        group_by: vec!["rep".into(), "segment".into()],
        ..query_of(&["won_value", "win_rate"])
    }
}

async fn page(server: &TestServer, request: &QueryKpisRequest) -> QueryKpisResponse {
    server.client().query_kpis(request.clone()).await.unwrap().into_inner()
}

async fn pages_make_up_the_whole(kind: Kind) {
    let server = server(kind).await;
    let mut request = QueryKpisRequest { query: Some(by_rep_and_month()), ..Default::default() };
    let whole = page(&server, &request).await;
    assert!(whole.rows.len() > 30 && whole.next_page_token.is_empty());
    assert_eq!(whole.totals.len(), 13);
    for size in [1, 7, i32::try_from(whole.rows.len()).unwrap()] {
        request.page_token.clear();
        request.page_size = size;
        let mut rows = Vec::new();
        loop {
            let page = page(&server, &request).await;
            assert_eq!(page.totals.is_empty(), !request.page_token.is_empty(), "totals on the first page only");
            assert_eq!((&page.etag, &page.header), (&whole.etag, &whole.header));
            assert!(!page.rows.is_empty() && page.rows.len() <= usize::try_from(size).unwrap());
            rows.extend(page.rows);
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
        assert_eq!(rows, whole.rows, "pages of {size}");
    }
}

async fn a_page_of_changed_data_is_refused(kind: Kind) {
    let server = server(kind).await;
    let mut request = QueryKpisRequest { query: Some(by_rep_and_month()), page_size: 5, ..Default::default() };
    request.page_token = page(&server, &request).await.next_page_token;
    page(&server, &request).await;
    sample::change_deals(&server.database.connection).await;
    let refusal = Refusal::of(&server.client().query_kpis(request.clone()).await.unwrap_err());
    refusal.must_be(Code::Aborted, "DATA_VERSION_CHANGED", &[]);
    request.page_token.clear();
    assert_eq!(page(&server, &request).await.rows.len(), 5);
}

async fn an_etag_holds_until_the_data_change(kind: Kind) {
    let server = server(kind).await;
    let filters = vec![any_of("team", &["east", "west"]), any_of("segment", &["smb", "enterprise"])];
    let query = KpiQuery { filters, ..query_of(&["total_sales"]) };
    let mut request = QueryKpisRequest { query: Some(query.clone()), ..Default::default() };
    let first = page(&server, &request).await;

    // The same query, written in another way.
    let filters = vec![any_of("segment", &["enterprise", "smb", "smb"]), any_of("team", &["west", "east"])];
    request.query = Some(KpiQuery { filters, ..query });
    request.known_etag = first.etag.clone();
    let unchanged = page(&server, &request).await;
    assert_eq!(unchanged, QueryKpisResponse { etag: first.etag.clone(), not_modified: true, ..Default::default() });

    upsert(&server.database.connection, vec![sample::order(2)]).await.unwrap();
    let changed = page(&server, &request).await;
    assert!(!changed.not_modified && changed.etag != first.etag);
    let value = |answer: &QueryKpisResponse| answer.totals[0].values[0].value.clone();
    assert_eq!((value(&first).as_deref(), value(&changed).as_deref()), (Some("1.00"), Some("2.00")));

    request.known_etag = changed.etag.clone();
    request.query.as_mut().unwrap().limit = 1;
    assert!(!page(&server, &request).await.not_modified, "another query");
    request.validate_only = true;
    let checked = page(&server, &request).await;
    assert!(checked.header.is_some() && checked.rows.is_empty() && checked.totals.is_empty());
}

async fn a_batch_answers_like_its_queries(kind: Kind) {
    let server = server(kind).await;
    let by_rep = QueryKpisRequest { query: Some(by_rep_and_month()), page_size: 3, ..Default::default() };
    let first = page(&server, &by_rep).await;
    let second = QueryKpisRequest { page_token: first.next_page_token.clone(), ..by_rep.clone() };
    let known = QueryKpisRequest { known_etag: first.etag.clone(), ..by_rep.clone() };
    let checked =
        QueryKpisRequest { query: Some(query_of(&["order_count"])), validate_only: true, ..Default::default() };
    let sales = QueryKpisRequest { query: Some(query_of(&["total_sales"])), ..Default::default() };
    let requests = vec![checked, by_rep, second, known, sales];
    let mut expected = Vec::new();
    for request in &requests {
        expected.push(page(&server, request).await);
    }
    let batch = proto::BatchQueryKpisRequest { requests };
    let responses = server.client().batch_query_kpis(batch).await.unwrap().into_inner().responses;
    assert_eq!(responses, expected);
    assert!(responses[3].not_modified);
}

async fn values_of_a_dimension_come_in_pages(kind: Kind) {
    let server = server(kind).await;
    let list = |request: &proto::ListDimensionValuesRequest| {
        let (mut client, request) = (server.client(), request.clone());
        async move { client.list_dimension_values(request).await.unwrap().into_inner() }
    };
    let mut request = proto::ListDimensionValuesRequest { dimension: "rep".into(), page_size: 4, ..Default::default() };
    let mut pages = Vec::new();
    loop {
        let page = list(&request).await;
        pages.push(page.values);
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 1]);
    let ids: Vec<_> = pages.concat().into_iter().map(|value| (value.id, value.label)).collect();
    let expected: Vec<_> = (1..=sample::REPS).map(|n| (format!("rep-{n}"), format!("Rep {n}"))).collect();
    assert_eq!(ids, expected);

    let search = proto::ListDimensionValuesRequest { search: "REP 7".into(), ..Default::default() };
    let found = list(&proto::ListDimensionValuesRequest { dimension: "rep".into(), ..search }).await;
    assert_eq!(found.values.iter().map(|value| value.id.as_str()).collect::<Vec<_>>(), ["rep-7"]);
    let segments = proto::ListDimensionValuesRequest { dimension: "segment".into(), ..Default::default() };
    let segments = list(&segments).await.values;
    assert_eq!(segments.iter().map(|value| value.id.as_str()).collect::<Vec<_>>(), ["enterprise", "smb"]);
}
