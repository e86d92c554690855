//! StreamRepBreakdown: it equals the unary answer, and goes on behind every token.

use crate::support::{Kind, Refusal, TestDatabase, TestServer, bulk, dates, on_every_database, query_of, sample};
use crm_kpi::proto::order_by::Key;
use crm_kpi::proto::{self, KpiQuery, ListKpisRequest, StreamRepBreakdownRequest};
use tonic::Code;

on_every_database!(
    a_stream_equals_the_unary_answer,
    a_stream_goes_on_behind_every_token,
    a_stream_of_changed_data_is_refused,
    rep_comes_first,
    messages_stay_under_4_mib,
    callers_who_go_away_leave_nothing_behind,
);

async fn server(kind: Kind) -> TestServer {
    let database = TestDatabase::migrated(kind).await;
    sample::fill(&database.connection).await;
    TestServer::start(database).await
}

fn queries() -> Vec<KpiQuery> {
    let base = KpiQuery {
        grain: proto::Grain::Month.into(),
        period: dates("2017-09-01", "2017-12-31"),
        group_by: vec!["rep".into()],
        ..query_of(&["won_value", "win_rate", "open_opportunities"])
    };
    let by_value = proto::OrderBy { descending: true, key: Some(Key::KpiId("won_value".into())) };
    let by_rate = proto::OrderBy { descending: false, key: Some(Key::KpiId("win_rate".into())) };
    vec![
        base.clone(),
        KpiQuery { group_by: vec!["rep".into(), "segment".into()], ..base.clone() },
        KpiQuery { order_by: vec![by_rate, by_value.clone()], ..base.clone() },
        KpiQuery { order_by: vec![by_value], limit: 3, ..base.clone() },
        KpiQuery { include_empty: true, grain: 0, ..base },
    ]
}

async fn a_stream_equals_the_unary_answer(kind: Kind) {
    let server = server(kind).await;
    for query in queries() {
        let answer = server.query(query.clone()).await;
        assert!(answer.rows.len() > 2);
        for batch_rows in [1, 7, 1000] {
            let stream = server.stream(query.clone(), batch_rows).await;
            assert_eq!(stream.rows(), answer.rows, "{query:?} in batches of {batch_rows}");
            assert_eq!(stream.totals(), answer.totals);
            assert_eq!(stream.header, answer.header);
            assert_eq!(stream.summary.as_ref().unwrap().row_count, i64::try_from(answer.rows.len()).unwrap());
            let sizes: Vec<_> = stream.batches.iter().map(|batch| batch.rows.len()).collect();
            let size = usize::try_from(batch_rows).unwrap();
            assert!(sizes.iter().rev().skip(1).all(|&rows| rows == size) && *sizes.last().unwrap() <= size);
        }
    }
}

async fn a_stream_goes_on_behind_every_token(kind: Kind) {
    let server = server(kind).await;
    for query in queries() {
        let whole = server.stream(query.clone(), 3).await;
        let rows = whole.rows();
        let mut read = 0;
        for batch in &whole.batches {
            read += batch.rows.len();
            let request = StreamRepBreakdownRequest {
                query: Some(query.clone()),
                resume_token: batch.resume_token.clone(),
                batch_rows: 5,
            };
            let rest = server.stream_request(request).await.unwrap();
            assert_eq!(rest.rows(), rows[read..], "{query:?} resumed behind row {read}");
            assert_eq!((&rest.header, &rest.summary), (&whole.header, &whole.summary));
        }
    }
}

async fn a_stream_of_changed_data_is_refused(kind: Kind) {
    let server = server(kind).await;
    let query = queries().swap_remove(0);
    let token = server.stream(query.clone(), 3).await.batches[0].resume_token.clone();
    sample::change_deals(&server.database.connection).await;
    let request = StreamRepBreakdownRequest { query: Some(query), resume_token: token, batch_rows: 3 };
    let refusal = Refusal::of(&server.stream_request(request).await.unwrap_err());
    refusal.must_be(Code::Aborted, "DATA_VERSION_CHANGED", &[]);
}

async fn rep_comes_first(kind: Kind) {
    let server = server(kind).await;
    for (group_by, expected) in [
        (vec![], vec!["rep"]),
        (vec!["segment"], vec!["rep", "segment"]),
        (vec!["segment", "rep", "team"], vec!["rep", "segment", "team"]),
    ] {
        let query = KpiQuery { group_by: group_by.into_iter().map(String::from).collect(), ..query_of(&["win_rate"]) };
        let stream = server.stream(query, 0).await;
        let keys: Vec<_> = stream.header.as_ref().unwrap().keys.iter().map(|key| key.id.as_str()).collect();
        assert_eq!(keys, expected);
        assert!(stream.rows().iter().all(|row| row.keys.len() == expected.len()));
        let ids: Vec<_> = stream.rows().into_iter().map(|row| row.keys[0].id.clone()).collect();
        assert!(ids.is_sorted() && ids[0].is_empty(), "deals without a rep have a row: {ids:?}");
    }
}

/// All KPIs that a rep has, by month: many rows of many values.
async fn all_kpis(server: &TestServer) -> KpiQuery {
    let kpis = server.client().list_kpis(ListKpisRequest::default()).await.unwrap().into_inner().kpis;
    let ids = kpis.into_iter().map(|kpi| kpi.id).collect();
    let grain = proto::Grain::Month.into();
    KpiQuery {
        kpi_ids: ids,
        grain,
        group_by: vec!["rep".into()],
        period: dates("2024-01-01", "2024-12-31"),
        ..KpiQuery::default()
    }
}

/// The generated client refuses what is larger.
async fn messages_stay_under_4_mib(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    bulk::reps_with_a_win_a_month(&database, 500).await;
    sample::lengthen_team_names(&database.connection).await;
    let server = TestServer::start_at(database, "2024-12-31T12:00:00Z").await;
    let query = KpiQuery { group_by: vec!["rep".into(), "team".into()], ..all_kpis(&server).await };
    let stream = server.stream(query.clone(), 10_000).await;
    assert_eq!(stream.rows().len(), 6_000);
    assert!(stream.batches.len() > 1, "{} batches", stream.batches.len());
    let answer = server.query(query).await;
    assert_eq!((answer.rows, answer.totals), (stream.rows(), stream.totals()));
}

async fn callers_who_go_away_leave_nothing_behind(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    bulk::reps_with_a_win_a_month(&database, 100).await;
    let server = TestServer::start_at(database, "2024-12-31T12:00:00Z").await;
    let query = all_kpis(&server).await;
    // More than the pool has connections.
    for _ in 0..15 {
        let request = StreamRepBreakdownRequest { query: Some(query.clone()), batch_rows: 1, ..Default::default() };
        let mut stream = server.client().stream_rep_breakdown(request).await.unwrap().into_inner();
        for _ in 0..3 {
            assert!(stream.message().await.unwrap().is_some());
        }
    }
    let answer = server.query(query_of(&["opportunities_won"])).await;
    assert_eq!(answer.totals[0].values[0].value.as_deref(), Some("0"));
}
